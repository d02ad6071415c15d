"""``forecast world``: every economy's chances of passing a line."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, options, worker_options, years_option
from forecast.cli.output import draw_single, print_csv, print_json, print_notes, rows_of, say


@click.command("world")
@options("class-line", "view")
@years_option("Years by comma; 1, 2, 3, 5 and 10 years after the last known one if not given.")
@click.option("--group", "groups", multiple=True, help="Only this class: L, LM, UM or H.")
@click.option("--region", "regions", multiple=True, help="Only this World Bank region, as EAS.")
@options("data", "figure")
@worker_options
@format_option("csv")
def command(
    line: str,
    view: str,
    by: tuple[int, ...] | None,
    groups: tuple[str, ...],
    regions: tuple[str, ...],
    data: str | None,
    figure: Path | None,
    form: str,
) -> None:
    """Show every economy's chance of passing a line, and of being below it again.

    From the income chain that the data package carries; within ten years without Monte Carlo
    error. With --format csv one row an economy and year; --figure draws the economies whose
    passage within ten years is most open.
    """
    from forecast.reporting.report.world_text import world_lines
    from forecast.study.world import world

    found = world(data, line=line, view=view, by=by, groups=groups, regions=regions)
    print_notes(found.remarks)
    if form == "csv":
        print_csv(found.to_frame())
    elif form == "json":
        print_json(
            {
                "data": found.package,
                "line": line,
                "view": found.view,
                "origin": found.table.origin,
                "people": found.people,
                "economies": rows_of(found.table.economies),
                "chances": rows_of(found.table.chances),
                "totals": rows_of(found.table.totals),
            }
        )
    else:
        say("\n".join(world_lines(found.table, found.people)))
    draw_single(figure, found)
