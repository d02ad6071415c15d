"""``forecast case``: what the method said of one economy at intervals of ten years."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.output import format_option, print_json, print_rows, rows_of


@click.command("case")
@click.argument("country")
@click.option("--data", help="Data package, by name or folder; default: the newest at hand.")
@click.option(
    "--figure",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also draw it to this file, .png or .svg.",
)
@format_option("csv")
def command(country: str, data: str | None, figure: Path | None, form: str) -> None:
    """Show what the shipped growth forecast said of COUNTRY in 1980, 1990, 2000 and 2010.

    Beside it stands what came: average growth of output per capita over ten years, or as far as
    the Penn World Table goes. With --format csv the paths behind the figure.
    """
    from forecast import catalog
    from forecast.cli.backtest import newest_package
    from forecast.cli.progress import progress
    from forecast.evaluation.case_file import CASE_ORIGINS, case_file, case_verdicts
    from forecast.evaluation.growth_backtest import backtest_growth
    from forecast.reporting.figure_case import draw_case
    from forecast.reporting.figure_file import write_figure
    from forecast.sources.countries import read_countries

    package, table = newest_package(data, ("pwt1001", "pwt91"))
    panel = package.panel(table)
    rows = panel.rows(country)
    cases = backtest_growth(
        panel,
        origins=(CASE_ORIGINS[0], min(CASE_ORIGINS[-1], int(rows.index.max()) - 1)),
        models=("pool",),
        progress=progress,
    )
    case = case_file(cases, rows["rgdpna"] / rows["pop"], country)
    verdicts = case_verdicts(cases, (country,))
    if figure is not None:
        names = read_countries(catalog.home() / "data" / "countries.csv").name
        source = f"Penn World Table, {package.name} ({table}), own calculations"
        write_figure(draw_case(case, str(names.get(country, country)), source), figure)
        progress(f"figure: {figure}")
    if form == "csv":
        click.echo(case.to_csv(index=False), nl=False)
    elif form == "json":
        print_json({"data": f"{package.name}, {table}", "verdicts": rows_of(verdicts)})
    else:
        print_rows(rows_of(verdicts.round(2)), form)
