"""``forecast case``: what the method said of one economy at intervals of ten years."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, rows_of


@click.command("case")
@click.argument("country")
@click.option("--data", help="Data package, by name or folder; default: the newest at hand.")
@options("figure")
@format_option("csv")
def command(country: str, data: str | None, figure: Path | None, form: str) -> None:
    """Show what the shipped growth forecast said of COUNTRY in 1980, 1990, 2000 and 2010.

    Beside it stands what came: average growth of output per capita over ten years, or as far as
    the Penn World Table goes. With --format csv the paths behind the figure.
    """
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.cli.score.backtest import newest_package
    from forecast.evaluation.growth.backtest import backtest_growth
    from forecast.evaluation.growth.case_file import CASE_ORIGINS, case_file, case_verdicts
    from forecast.reporting.figures.case import draw_case
    from forecast.reporting.figures.single_figure import write_figure

    package, table = newest_package(data, ("pwt1001", "pwt91"))
    panel = package.panel(table)
    country = catalog.countries().find(country)
    rows = panel.rows(country)
    cases = backtest_growth(
        panel,
        origins=(CASE_ORIGINS[0], min(CASE_ORIGINS[-1], int(rows.index.max()) - 1)),
        step=CASE_ORIGINS[1] - CASE_ORIGINS[0],
        models=("pool",),
        progress=progress,
    )
    case = case_file(cases, rows["rgdpna"] / rows["pop"], country)
    verdicts = case_verdicts(cases, (country,))
    if figure is not None:
        source = f"Penn World Table, {package.name} ({table}), own calculations"
        write_figure(draw_case(case, catalog.countries().name[country], source), figure)
        progress(f"figure: {figure}")
    if form == "csv":
        click.echo(case.to_csv(index=False), nl=False)
    elif form == "json":
        print_json({"data": f"{package.name}, {table}", "verdicts": rows_of(verdicts)})
    else:
        print_rows(rows_of(verdicts.round(2)), form)
