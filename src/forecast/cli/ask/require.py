"""``forecast require``: what would have to happen for the line to be passed in time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, format_option, options
from forecast.cli.output import print_json, rows_of

if TYPE_CHECKING:
    from forecast.projection.require.record import Requirement


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
@options(*SUBJECT_OPTIONS, "seed", "draws", "jobs", "figure")
@format_option("csv")
def command(drivers: tuple[str, ...], growth: bool, figure: Path | None, **given: Any) -> None:
    """Find the least departure that passes the line by a year with a probability.

    Names drivers (their path is linear to the year and level afterwards, or a step), or --growth
    for a constant addition to growth of output per worker. With --format csv the frontier:
    probability by effort.
    """
    if growth == bool(drivers):
        raise click.UsageError("name a --driver, or --growth, and not both")
    weights = parsed_weights(drivers, given.pop("weights"))
    form = given.pop("form")
    found = _found(weights, growth, given)
    if figure is not None:
        _draw(figure, found)
    if form == "json":
        print_json(
            {
                "answer": found.glance(),
                "needs": rows_of(found.needs),
                "frontier": rows_of(found.frontier),
            }
        )
    elif form == "csv":
        click.echo(found.frontier.to_csv(index=False), nl=False)
    else:
        from forecast import catalog
        from forecast.reporting.report.requirement_text import requirement_lines

        click.echo("\n".join(requirement_lines(found, catalog.variables())))


def parsed_weights(drivers: Sequence[str], weights: Sequence[str]) -> dict[str, float]:
    """Return weight by driver, 1 where none is given.

    Raises
    ------
    click.UsageError
        If a weight is not ``DRIVER=NUMBER`` or its driver is not among those named.
    """
    found = dict.fromkeys(drivers, 1.0)
    for text in weights:
        name, _, number = text.partition("=")
        if name not in found:
            named = ", ".join(found) or "none"
            raise click.UsageError(f"--weight {text}: its driver must be named; found {named}")
        try:
            found[name] = float(number)
        except ValueError:
            raise click.UsageError(f"--weight {text}: must be DRIVER=NUMBER") from None
    return found


def _found(weights: dict[str, float], growth: bool, given: dict[str, Any]) -> Requirement:
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.projection.require.drivers import required_drivers
    from forecast.projection.require.growth import required_growth
    from forecast.projection.require.record import Question
    from forecast.reporting.run_folder.stopwatch import Stopwatch
    from forecast.study.declare import declare
    from forecast.study.prepare import prepare

    question = Question(
        by=given.pop("by"),
        asked=given.pop("probability"),
        shape=given.pop("shape"),
        direction=given.pop("direction"),
    )
    unit, jobs, variables = given.pop("unit"), given.pop("jobs"), catalog.variables()
    for name in weights:
        variables.find(name)
    declared = declare(scenarios=[], **given)
    prepared = prepare(declared, Stopwatch(progress), drivers=list(weights), jobs=jobs)
    progress(f"drawing {declared.study.draws} futures")
    futures = prepared.futures(jobs)
    if growth:
        return required_growth(futures, question)
    return required_drivers(futures, weights, variables, question, unit)


def _draw(path: Path, found: Requirement) -> None:
    from forecast import catalog
    from forecast.reporting.figures.frontier import draw_frontier
    from forecast.reporting.figures.single_figure import write_figure
    from forecast.reporting.figures.style import Lettering

    lettering = Lettering(
        source="own calculations, forecast require",
        country=catalog.countries().name[found.country],
        scenarios={},
        kinds={},
        models={},
        terms={},
        variables=catalog.variables(),
        first_projected=int(found.question.by),
    )
    write_figure(draw_frontier(found.frontier, lettering), path)
