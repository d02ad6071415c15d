"""``forecast table``: models side by side, and tables of a model's sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import labels_for, options
from forecast.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forecast.estimation.record import Estimate
    from forecast.panel import Panel
    from forecast.reporting.regression.typeset import TableCells
    from forecast.specs.model import ModelSpec
    from forecast.specs.table import TableSpec
    from forecast.variables import Variables

FORMS = ("text", "md", "html", "tex", "docx", "typst", "csv", "json")
ENDINGS = {".txt": "text", ".typ": "typst", **{f".{form}": form for form in FORMS[1:]}}
TESTS = {
    "pesaran_cd": "Cross-section dependence, Pesaran CD",
    "weighted_cd": "Cross-section dependence, CDw",
    "wooldridge": "Serial correlation, Wooldridge",
    "breusch_godfrey": "Serial correlation, Breusch-Godfrey",
    "breusch_pagan": "Country effects, Breusch-Pagan",
    "f_effects": "Fixed effects, F",
    "hausman": "Hausman, auxiliary regression",
    "slope_homogeneity": "Equal slopes, Pesaran-Yamagata",
}


@click.command("table")
@click.argument("models", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Form of the table; docx goes to --out.  [default: by the ending of --out, or text]",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file.")
@click.option("--spec", "layout", type=click.Path(path_type=Path), help="A table's TOML file.")
@click.option("--stars", is_flag=True, help="Mark coefficients at 10, 5 and 1 %.")
@click.option("--tests", help=f"Tests at the foot, by comma: {', '.join(TESTS)}; or none.")
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
    stars: bool,
    tests: str | None,
    kind: str | None,
    data: str | None,
    panel: Path | None,
    entity: str | None,
    time: str | None,
    step: int | None,
    countries: str | None,
    sheet: str | None,
) -> None:
    """Set MODELS side by side, or describe the sample of one of them.

    MODELS are names from `forecast list models` or TOML files. With --spec the table's file says
    which models, rows, labels and tests.
    """
    from forecast import catalog
    from forecast.cli.own_panel import own_panel
    from forecast.reporting.regression.typeset import typeset

    form = _form(form, out)
    spec = _layout(layout, models, stars, tests)
    specs = [catalog.model(_near(c.model, layout)) for c in spec.columns]
    if not specs:
        raise SpecError("table: name at least one model, or --spec FILE.toml with columns")
    own = own_panel(panel, entity, time, specs, step=step, countries=countries, sheet=sheet)
    panels, source = _panels(specs, data, own)
    if kind is None:
        cells = _regressions(spec, specs, panels, source, labels_for(panel))
    else:
        if len(specs) > 1:
            option = kind.replace("_", "-")
            raise SpecError(f"--{option} is of one model's sample, found {len(specs)} models")
        from forecast.reporting.regression.sample_tables import sample_cells

        variables = labels_for(panel)
        cells = sample_cells(kind, panels[specs[0].table], specs[0], variables, source)
    made = typeset(cells, form)
    if out is None:
        click.echo(made, nl=False)
        return
    from forecast.reporting.write import write_bytes

    write_bytes(out, made if isinstance(made, bytes) else made.encode("utf-8"))


def _form(form: str | None, out: Path | None) -> str:
    """Return the form asked for, or the one that the file's ending names; try the file."""
    if out is None:
        if form == "docx":
            raise SpecError("--format docx needs --out FILE.docx: a Word file is not text")
        return form or "text"
    from forecast.reporting.write import check_file

    check_file(out, "--out")
    ending = out.suffix.lower()
    found = form or ENDINGS.get(ending)
    if found is None:
        raise SpecError(
            f"--out {out}: found {ending!r}, must end in {', '.join(ENDINGS)}, or give --format"
        )
    if form == "docx" and ending != ".docx":
        raise SpecError(f"--out {out}: found {ending!r}, a Word file must end in .docx")
    return found


def _layout(path: Path | None, models: Sequence[str], stars: bool, tests: str | None) -> TableSpec:
    """Return the table's declaration, what the command line says taking precedence."""
    from forecast.specs.changed import changed
    from forecast.specs.read import read_declaration
    from forecast.specs.table import TableColumn, TableSpec

    spec = TableSpec(tests=["pesaran_cd"]) if path is None else read_declaration(path, TableSpec)
    changes: dict[str, Any] = {}
    if models:
        changes["columns"] = [TableColumn(model=name) for name in models]
    if stars:
        changes["stars"] = True
    if tests is not None:
        names = [] if tests == "none" else [name.strip() for name in tests.split(",")]
        for name in names:
            if name not in TESTS:
                raise SpecError(f"--tests: found {name!r}, allowed: {', '.join(TESTS)}, none")
        changes["tests"] = names
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
        return {spec.table: own for spec in specs}, own.source
    from forecast.study.declare import study_package

    package = study_package(data)
    tables = {spec.table: package.panel(spec.table) for spec in specs}
    return tables, f"{package.name}, vintage {package.vintage}"


def _regressions(
    layout: TableSpec,
    specs: Sequence[ModelSpec],
    panels: dict[str, Panel],
    source: str,
    variables: Variables,
) -> TableCells:
    from forecast.cli.progress import progress
    from forecast.estimation.averaging.with_prior import beside_data_alone
    from forecast.estimation.estimate import estimate
    from forecast.reporting.regression.regression_table import regression_cells

    found = []
    for spec in specs:
        progress(f"estimating {spec.name}: {spec.formula}")
        found.append(estimate(panels[spec.table], spec))
    found = beside_data_alone(found)
    tests = [_tests(layout, panels[one.spec.table], one) for one in found]
    return regression_cells(found, variables, layout, source=source, tests=tests)


def _tests(layout: TableSpec, panel: Panel, one: Estimate) -> dict[str, str]:
    """Return each test's row at the foot: the p-value, empty where the test does not apply."""
    import numpy as np

    from forecast.diagnostics.table_tests import table_test

    rows = {}
    for name in layout.tests:
        # the same weights each time: a table's bytes depend on its data alone
        found = table_test(name, panel, one, np.random.default_rng(0))
        known = found is not None and np.isfinite(found.p_value)
        rows[f"{TESTS[name]} (p)"] = f"{found.p_value:.3f}" if found and known else ""
    return rows
