"""``forecast require``: what would have to happen for the line to be passed in time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, format_option, options, worker_options
from forecast.cli.output import draw_single, print_csv, print_json, print_notes, rows_of, say


@click.command("require")
@click.option("--by", type=int, required=True, help="Last year that counts.")
@click.option(
    "--probability",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    required=True,
    help="Probability asked for, between 0 and 1.",
)
@click.option("--driver", "drivers", multiple=True, help="Driver that departs; may be repeated.")
@click.option("--growth", is_flag=True, help="Ask for productivity growth in place of drivers.")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="DRIVER=NUMBER",
    help="How much of the effort a driver takes; 1 unless given.",
)
@click.option(
    "--unit",
    type=click.Choice(["sd", "own"]),
    default="sd",
    show_default=True,
    help="A unit of effort: the driver's standard deviation on record, or one of its own unit.",
)
@click.option(
    "--shape",
    type=click.Choice(["ramp", "step"]),
    default="ramp",
    show_default=True,
    help="Linear to the last year that counts, or at once.",
)
@click.option(
    "--direction",
    type=click.Choice(["up", "down", "either"]),
    default="up",
    show_default=True,
    help="Signs of effort that are searched.",
)
@options(*SUBJECT_OPTIONS, "seed", "draws", "figure")
@worker_options
@format_option("csv")
def command(
    drivers: tuple[str, ...], growth: bool, figure: Path | None, form: str, **given: Any
) -> None:
    """Find the least departure that passes the line by a year with a probability.

    Names drivers (their path is linear to the year and level afterwards, or a step), or --growth
    for a constant addition to growth of output per worker. With --format csv the frontier:
    probability by effort.
    """
    if growth == bool(drivers):
        raise click.UsageError("name a --driver, or --growth, and not both")
    from forecast.cli.progress import progress
    from forecast.study.questions.require import require

    given["weights"] = _weights(given["weights"])
    found = require(drivers=drivers, growth=growth, progress=progress, **given)
    print_notes(found.remarks)
    draw_single(figure, found)
    if form == "json":
        print_json(
            {
                "answer": found.glance(),
                "needs": rows_of(found.needs),
                "frontier": rows_of(found.frontier),
            }
        )
    elif form == "csv":
        print_csv(found.frontier)
    else:
        from forecast import catalog
        from forecast.reporting.report.requirement_text import requirement_lines

        say("\n".join(requirement_lines(found, catalog.variables())))


def _weights(texts: Sequence[str]) -> dict[str, float]:
    """Return weight by driver."""
    found = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            raise click.UsageError(f"--weight {text}: must be DRIVER=NUMBER") from None
    return found
