"""``forecast estimate``: models of the project, or any model on any panel."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, labels_for, options, worker_options
from forecast.cli.output import print_json


@click.command("estimate")
@click.argument("models", nargs=-1, required=True)
@options("data", "panel", "entity", "time", "step", "countries", "sheet")
@worker_options
@format_option("csv", "md", "html", "tex")
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
    form: str,
) -> None:
    """Estimate MODELS, each a name from `forecast list models` or a TOML file.

    Without --panel the sample comes from the data package; with it, from any table with a column
    of entities and one of periods (CSV, TSV, Excel, Stata, Parquet).
    """
    from forecast import catalog
    from forecast.cli.own_panel import own_panel
    from forecast.cli.progress import progress
    from forecast.estimation.estimate import estimate
    from forecast.reporting.run_folder.tables import estimates_table, models_table

    specs = [catalog.model(name) for name in models]
    own = own_panel(panel, entity, time, step=step, countries=countries, sheet=sheet)
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
        click.echo("\n\n".join(f"{one.spec.label}\n{one.spec.formula}\n\n{one}" for one in found))
    else:
        from forecast.reporting.regression.regression_table import regression_table

        click.echo(regression_table(found, labels_for(panel), form))
