"""``forecast compare``: scenarios side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, format_option, options
from forecast.cli.output import draw_single, print_csv, print_json, print_notes, rows_of, say


@click.command("compare")
@click.argument("scenarios", nargs=-1, required=True)
@click.option(
    "--against",
    default="baseline",
    show_default=True,
    help="Scenario that differences are from, by name or file.",
)
@options(*SUBJECT_OPTIONS, "years", "seed", "draws", "figure")
@format_option("csv")
def command(
    *, scenarios: tuple[str, ...], against: str, figure: Path | None, form: str, **subject: Any
) -> None:
    """Set SCENARIOS side by side, each a name from `forecast list scenarios` or a TOML file.

    Income and growth to 2030, 2035 and 2050 or to --years, the chance of having passed the
    high-income line in these or in the years in which something happens, the study's marks,
    drivers, what each adds, and how common such changes are. Differences are path by path on shared
    draws, with intervals of 80 % of the paths; the figure shows those of income. With --format csv
    one row a scenario.
    """
    from forecast.cli.progress import progress
    from forecast.reporting.report.comparison_text import comparison_lines
    from forecast.study.compare import compare

    found = compare(scenarios, against, progress=progress, **subject)
    print_notes(found.remarks)
    table = found.to_frame()
    draw_single(figure, found)
    if form == "json":
        print_json(
            {
                "country": found.country,
                "line": found.line,
                "draws": found.draws,
                "scenarios": rows_of(table),
                "marks": rows_of(found.marks),
                "drivers": rows_of(found.moves),
                "attribution": rows_of(found.attribution),
                "unidentified": dict(found.notes),
            }
        )
    elif form == "csv":
        print_csv(table)
    else:
        words = found.lettering
        say("\n".join(comparison_lines(found, words.country, words.variables)))
