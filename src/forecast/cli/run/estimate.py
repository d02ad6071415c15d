"""``forecast estimate``: models of the project, or any model on any panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.formula_options import formula_options
from forecast.cli.options import options, worker_options
from forecast.cli.output import json_text, line_width, rows_of, say
from forecast.cli.run.table_options import TABLES, TITLES, table_options
from forecast.cli.table_output import hand_over, table_output
from forecast.reporting.regression.words import form_of

if TYPE_CHECKING:
    import pandas as pd

    from forecast.estimation.record import Estimate
    from forecast.panel import Panel
    from forecast.variables import Variables


@click.command("estimate")
@click.argument("models", nargs=-1, required=True)
@formula_options
@table_options
@options("figure", "data", "panel", "entity", "time", "step", "countries", "sheet")
@worker_options
@table_output
def command(
    *,
    models: tuple[str, ...],
    data: str | None,
    panel: Path | None,
    entity: str | None,
    time: str | None,
    step: int | None,
    countries: str | None,
    sheet: str | None,
    form: str | None,
    out: Path | None,
    given: dict[str, Any],
    asked: dict[str, Any],
    figure: Path | None,
) -> None:
    """Estimate MODELS, each a name from `forecast list models`, a TOML file or a formula.

    A formula is "y ~ x + log(z) | country + year": outcome, regressors, effects. Without --panel
    the sample comes from the data package; with it, from any table with a column of entities and
    one of periods (CSV, TSV, Excel, Stata, Parquet).

    Tables that are asked for follow the coefficients; in any form but text and json one table
    stands alone. --figure draws the coefficients, or the effects of --marginal "x by z".
    """
    from forecast.cli.own_panel import own_panel
    from forecast.cli.progress import progress
    from forecast.reporting.write import check_file
    from forecast.study.own_panel import labels_for
    from forecast.study.questions.estimate import estimate, named_model

    form = form_of(form, out)
    if out is not None:
        check_file(out, "--out")
    _refuse(asked, form, figure, len(models))
    specs = [named_model(name, given) for name in models]
    own = own_panel(panel, entity, time, specs, step=step, countries=countries, sheet=sheet)
    found = estimate(specs, data=data, panel=own, progress=progress)
    tables = _tables(found, asked, data, own) if asked else {}
    made = _made(found, tables, form, labels_for(own), line_width() if out is None else None)
    hand_over(made, out)
    _draw(found, tables, figure)


def _refuse(asked: dict[str, Any], form: str, figure: Path | None, models: int) -> None:
    """Refuse what would fail after the work."""
    if not asked and models == 1:
        return
    from forecast.study.questions.inference_tables import ALONG

    if figure is not None and "level" in asked:
        raise click.UsageError("--figure: bands are of 95 %; leave out --level")
    along = [bool(ALONG.fullmatch(one.strip())) for one in asked.get("marginal", ())]
    if figure is not None and models > 1 and not any(along):
        raise click.UsageError("--figure: draws one model, or the effects of --marginal 'x by z'")
    told = [name for name in asked if name in TABLES and name != "marginal"]
    told += ["marginal"] * len(set(along))
    if form not in {"text", "json"} and len(told) > 1:
        spelt = ", ".join(f"--{TABLES[name]}" for name in told)
        raise click.UsageError(f"--format {form}: takes one table; asked for {spelt}")


def _tables(
    found: list[Estimate], asked: dict[str, Any], data: str | None, own: Panel | None
) -> dict[str, pd.DataFrame]:
    from forecast.study.questions.estimate import sample_panels
    from forecast.study.questions.inference_tables import inference_tables

    panels = sample_panels([one.spec for one in found], data, own)
    return inference_tables(found, panels, **asked)


def _made(
    found: list[Estimate],
    tables: dict[str, pd.DataFrame],
    form: str,
    labels: Variables,
    width: int | None,
) -> str | bytes:
    """Return what is printed or written; lines of text are ``width`` wide, if it is given."""
    from forecast.estimation.record import SUMMARY, summary
    from forecast.faces import table_text
    from forecast.reporting.columns import wrap_text
    from forecast.reporting.run_folder.tables import estimates_table, models_table
    from forecast.reporting.write import csv_text

    if form == "json":
        told = {"estimates": estimates_table(found), "models": models_table(found), **tables}
        return json_text({name: rows_of(table) for name, table in told.items()}) + "\n"
    if form == "csv":
        shown = next(iter(tables.values())) if tables else estimates_table(found)
        return csv_text(shown)
    if form == "text":
        narrow = min(width or SUMMARY, SUMMARY)
        texts = [f"{e.spec.label}\n{e.spec.formula}\n\n{summary(e, narrow)}" for e in found]
        texts += [f"{TITLES[name]}\n\n{table_text(t)}" for name, t in tables.items()]
        return "\n".join(wrap_text("\n\n".join(texts), width, indent=2)) + "\n"
    from forecast.reporting.regression.frame_cells import frame_cells
    from forecast.reporting.regression.regression_table import regression_cells
    from forecast.reporting.regression.typeset import typeset
    from forecast.specs.table import TableSpec

    cells = [frame_cells(table, TITLES[name]) for name, table in tables.items()]
    return typeset(cells[0] if cells else regression_cells(found, labels, TableSpec()), form)


def _draw(found: list[Estimate], tables: dict[str, pd.DataFrame], figure: Path | None) -> None:
    if figure is None:
        return
    from forecast.reporting.figures.single_figure import write_figure
    from forecast.study.faces.plot import plot_effects

    if "effects_along" in tables:
        drawn = plot_effects(found, tables["effects_along"])
    else:
        drawn = found[0].plot()
    write_figure(drawn, figure)
    say(f"figure: {figure}", err=True)
