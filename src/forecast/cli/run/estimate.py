"""``forecast estimate``: models of the project, or any model on any panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option, labels_for, options, worker_options
from forecast.cli.output import line_width, print_json, say
from forecast.cli.run.formula_options import formula_options

if TYPE_CHECKING:
    from forecast.specs.model import ModelSpec


@click.command("estimate")
@click.argument("models", nargs=-1, required=True)
@formula_options
@options("data", "panel", "entity", "time", "step", "countries", "sheet")
@worker_options
@format_option("csv", "md", "html", "tex")
def command(
    *,
    models: tuple[str, ...],
    given: dict[str, Any],
    data: str | None,
    panel: Path | None,
    entity: str | None,
    time: str | None,
    step: int | None,
    countries: str | None,
    sheet: str | None,
    form: str,
) -> None:
    """Estimate MODELS, each a name from `forecast list models`, a TOML file or a formula.

    A formula is "y ~ x + log(z) | country + year": outcome, regressors, effects. Without --panel
    the sample comes from the data package; with it, from any table with a column of entities and
    one of periods (CSV, TSV, Excel, Stata, Parquet).
    """
    from forecast.cli.own_panel import own_panel
    from forecast.cli.progress import progress
    from forecast.estimation.estimate import estimate
    from forecast.estimation.record import SUMMARY, summary
    from forecast.reporting.run_folder.tables import estimates_table, models_table

    specs = [_model(name, given) for name in models]
    own = own_panel(panel, entity, time, specs, step=step, countries=countries, sheet=sheet)
    if own is not None:
        panels = {spec.table: own for spec in specs}
    else:
        from forecast.study.declare import study_package

        package = study_package(data)
        panels = {spec.table: package.panel(spec.table) for spec in specs}
    found = []
    for spec in specs:
        progress(f"estimating {spec.name}: {spec.formula}")
        found.append(estimate(panels[spec.table], spec))
    table, glance = estimates_table(found), models_table(found)
    if form == "json":
        print_json({"estimates": table.to_dict("records"), "models": glance.to_dict("records")})
    elif form == "csv":
        click.echo(table.to_csv(index=False), nl=False)
    elif form == "text":
        width = min(line_width() or SUMMARY, SUMMARY)
        texts = [f"{e.spec.label}\n{e.spec.formula}\n\n{summary(e, width)}" for e in found]
        say("\n\n".join(texts))
    else:
        from forecast.reporting.regression.regression_table import regression_cells
        from forecast.reporting.regression.typeset import typeset
        from forecast.specs.table import TableSpec

        click.echo(typeset(regression_cells(found, labels_for(panel), TableSpec()), form))


def _model(name: str, given: dict[str, Any]) -> ModelSpec:
    """Return a model by name, or the one that a formula and the options declare."""
    from forecast import catalog
    from forecast.specs.formulas.formula import as_model

    return as_model(name if "~" in name else catalog.model(name), **given)
