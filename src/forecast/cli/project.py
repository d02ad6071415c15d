"""``forecast project``: scenarios without writing files."""

from __future__ import annotations

from typing import Any

import click

from forecast.cli.output import format_option, print_json


@click.command("project")
@click.argument("scenarios", nargs=-1)
@click.option("--data", help="Data package, by name or folder, in place of the study's.")
@click.option(
    "--country", help="Subject in place of the study's, ISO code; SCENARIOS may then be left out."
)
@click.option(
    "--line",
    help="high (default), upper_middle, lower_middle, us_share:0.4, constant:20000@2024, or a file "
    "(.toml, or .csv with year,value in current US$).",
)
@click.option(
    "--lasting",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Years in a row above the line for a crossing to count.",
)
@click.option(
    "--channel",
    type=click.Choice(["panel", "bvar"]),
    default="panel",
    show_default=True,
    help="How drivers become growth: the study's regressions, or the subject's own record.",
)
@click.option("--seed", type=click.IntRange(min=0), help="Seed in place of the study's.")
@click.option("--draws", type=click.IntRange(100, 1_000_000), help="Paths in place of the study's.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes; the numbers do not depend on it.",
)
@format_option("csv")
def command(scenarios: tuple[str, ...], form: str, **options: Any) -> None:
    """Project SCENARIOS, each a name from `forecast list scenarios` or a TOML file.

    The study's baseline is always projected beside them. Prints when income passes the line, with
    Monte Carlo standard errors in brackets (points), and how many of the paths that pass it are
    below it again by the horizon; with --format csv the quantiles of income, line, ratio and
    growth by year.
    """
    if not scenarios and options["country"] is None:
        raise click.UsageError("name SCENARIOS, or a --country for its baseline alone")
    from forecast.cli.progress import progress
    from forecast.projection.effect_channel import CHANNELS, PANEL
    from forecast.reporting.tables import (
        crossing_probability_table,
        crossing_summary_table,
        fan_table,
    )
    from forecast.reporting.terminal import scenario_json, scenario_lines
    from forecast.run import run

    results = run(scenarios=scenarios or None, out=None, progress=progress, **options)
    for name, message in results.failures.items():
        click.echo(f"left out: {name}: {message}", err=True)
    summary = crossing_summary_table(results.projections)
    said = results.projections[0]
    lasts = f", {said.crossing.lasting} years in a row" if said.crossing.lasting > 1 else ""
    click.echo(f"above the {said.line}{lasts}", err=True)
    if options["channel"] != PANEL:
        click.echo(f"effects through {CHANNELS[options['channel']]}", err=True)
    if form == "json":
        fan = fan_table(results.projections)
        by_year = crossing_probability_table(results.projections)
        print_json(
            {
                "scenarios": scenario_json(summary),
                "by_year": by_year.to_dict("records"),
                "fan": fan.to_dict("records"),
            }
        )
    elif form == "csv":
        click.echo(fan_table(results.projections).to_csv(index=False), nl=False)
    else:
        click.echo(scenario_lines(summary))
