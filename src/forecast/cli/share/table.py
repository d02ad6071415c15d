"""``forecast table``: models side by side, and tables of a model's sample."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import options
from forecast.cli.output import line_width
from forecast.cli.table_output import hand_over, table_output
from forecast.errors import SpecError
from forecast.reporting.regression.words import FOOT, form_of
from forecast.specs.tests.table import FOOT_TESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from forecast.panel import Panel
    from forecast.specs.model import ModelSpec
    from forecast.specs.table import TableSpec


def _names(allowed: Sequence[str]) -> Callable[..., list[str] | None]:
    """Return what reads names by comma from a closed list, or none."""

    def read(ctx: click.Context, param: click.Parameter, value: str | None) -> list[str] | None:
        if value is None:
            return None
        names = [] if value == "none" else [name.strip() for name in value.split(",")]
        for name in names:
            if name not in allowed:
                said = f"found {name!r}, allowed: {', '.join(allowed)}, none"
                raise SpecError(f"--{param.name}: {said}")
        return names

    return read


def _spanners(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> dict[str, list[int]] | None:
    """Return headings over columns: "OLS=1-3" gives columns 1, 2 and 3."""
    found = {}
    for one in value:
        text, _, columns = one.rpartition("=")
        first, _, last = columns.partition("-")
        if not text or not first.isdecimal() or (last and not last.isdecimal()):
            raise SpecError(f"--spanner: found {one!r}, must be TEXT=FIRST-LAST, such as OLS=1-3")
        found[text] = list(range(int(first), int(last or first) + 1))
    return found or None


@click.command("table")
@click.argument("models", nargs=-1)
@table_output
@click.option("--spec", "layout", type=click.Path(path_type=Path), help="A table's TOML file.")
@click.option("--caption", help="Title; Word, LaTeX and Typst number it.")
@click.option("--label", help="Name by which a text refers to the table, such as tab:growth.")
@click.option(
    "--spanner",
    "spanners",
    metavar="TEXT=FIRST-LAST",
    multiple=True,
    callback=_spanners,
    help="Heading over neighbouring columns; may be given several times.",
)
@click.option("--stars/--no-stars", default=None, help="Mark coefficients at 10, 5 and 1 %.")
@click.option("--digits", type=click.IntRange(0, 10), help="Decimals.  [default: 3]")
@click.option(
    "--below",
    type=click.Choice(["std_error", "statistic", "p_value", "interval", "none"]),
    help="What stands under a coefficient.  [default: std_error]",
)
@click.option(
    "--foot",
    callback=_names(list(FOOT)),
    help=f"Rows about the models, by comma: {', '.join(FOOT)}; or none.",
)
@click.option(
    "--tests",
    callback=_names(list(FOOT_TESTS)),
    help=f"Tests at the foot, by comma: {', '.join(FOOT_TESTS)}; or none.",
)
@click.option("--note", help="Said before the notes that the table writes itself.")
@click.option("--notes", type=click.Choice(["all", "own"]), help="own: nothing but --note.")
@click.option(
    "--escape/--no-escape",
    default=None,
    help="Show signs of LaTeX and Typst as they are, or leave them to act.  [default: escape]",
)
@click.option("--most", type=click.IntRange(1, 12), help="Models of a panel.  [default: 6]")
@click.option(
    "--apart/--no-apart",
    default=None,
    help="Terms of one model alone in a list, where they are many.  [default: apart]",
)
@click.option("--descriptive", "kind", flag_value="descriptive", help="Moments of the sample.")
@click.option("--correlation", "kind", flag_value="correlation", help="Correlations in the sample.")
@click.option("--coverage", "kind", flag_value="coverage", help="What each column has and costs.")
@click.option("--balance", "kind", flag_value="balance", help="Rows used against rows left out.")
@click.option("--unit-roots", "kind", flag_value="unit_roots", help="Panel unit-root tests.")
@options("data", "panel", "entity", "time", "step", "countries", "sheet")
def command(
    *,
    models: tuple[str, ...],
    form: str | None,
    out: Path | None,
    layout: Path | None,
    kind: str | None,
    data: str | None,
    panel: Path | None,
    entity: str | None,
    time: str | None,
    step: int | None,
    countries: str | None,
    sheet: str | None,
    **said: Any,
) -> None:
    """Set MODELS side by side, or describe the sample of one of them.

    MODELS are names from `forecast list models` or TOML files. With --spec the table's file says
    which models, rows, labels and tests; what is said here goes before it.
    """
    from forecast import catalog
    from forecast.cli.own_panel import own_panel
    from forecast.reporting.regression.typeset import typeset
    from forecast.reporting.write import check_file
    from forecast.study.own_panel import labels_for

    form = form_of(form, out)
    if out is not None:
        check_file(out, "--out")
    spec = _layout(layout, models, said)
    specs = [catalog.model(_near(c.model, layout)) for c in spec.columns]
    if not specs:
        raise SpecError("table: name at least one model, or --spec FILE.toml with columns")
    own = own_panel(panel, entity, time, specs, step=step, countries=countries, sheet=sheet)
    panels, source = _panels(specs, data, own)
    variables = labels_for(own)
    if kind is None:
        from forecast.cli.progress import progress
        from forecast.study.questions.estimate import estimate
        from forecast.study.sharing.table import model_cells

        found = estimate(specs, data=data, panel=own, progress=progress)
        cells = model_cells(found, panels, spec, variables, source)
    else:
        if len(specs) > 1:
            option = kind.replace("_", "-")
            raise SpecError(f"--{option} is of one model's sample, found {len(specs)} models")
        from forecast.reporting.regression.sample_tables import sample_cells

        cells = sample_cells(kind, panels[specs[0].table], specs[0], variables, source)
        given = {name: said[name] for name in ("caption", "label", "escape", "most")}
        cells = replace(cells, **{name: v for name, v in given.items() if v is not None})
    hand_over(typeset(cells, form, line_width() if out is None else None), out)


def _layout(path: Path | None, models: Sequence[str], said: dict[str, Any]) -> TableSpec:
    """Return the table's declaration, what the command line says taking precedence."""
    from forecast.specs.changed import changed
    from forecast.specs.read import read_declaration
    from forecast.specs.table import TableColumn, TableSpec

    spec = TableSpec(tests=["pesaran_cd"]) if path is None else read_declaration(path, TableSpec)
    changes = {name: value for name, value in said.items() if value is not None}
    if models:
        changes["columns"] = [TableColumn(model=name) for name in models]
    return changed(spec, **changes)


def _near(model: str, layout: Path | None) -> str:
    """Return the path of a TOML file that a table names beside itself, or the name."""
    if layout is not None and model.endswith(".toml") and not Path(model).is_absolute():
        beside = layout.parent / model
        return str(beside) if beside.is_file() else model
    return model


def _panels(
    specs: Sequence[ModelSpec], data: str | None, own: Panel | None
) -> tuple[dict[str, Panel], str]:
    """Return the panel of each table that the models name, and what to call the data."""
    if own is not None:
        if data is not None:
            raise SpecError("--data and --panel are two sources of one sample; give one")
        return {spec.table: own for spec in specs}, own.source
    from forecast.study.declare import study_package

    package = study_package(data)
    tables = {spec.table: package.panel(spec.table) for spec in specs}
    return tables, f"{package.name}, vintage {package.vintage}"
