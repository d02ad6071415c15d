"""``forecast project``: scenarios without writing files."""

from __future__ import annotations

from typing import Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, format_option, options, worker_options
from forecast.cli.output import line_width, print_csv, print_json, print_notes, say


@click.command("project")
@click.argument("scenarios", nargs=-1)
@options(*SUBJECT_OPTIONS, "line", "lasting", "years", "channel", "seed", "draws")
@worker_options
@format_option("csv")
def command(scenarios: tuple[str, ...], form: str, **given: Any) -> None:
    """Project SCENARIOS, each a name from `forecast list scenarios` or a TOML file.

    The study's baseline is always projected beside them. Prints when income passes the line, in the
    years in which something happens or in --years, with Monte Carlo standard errors in brackets
    (points), how many of the paths that pass it are below it again by the horizon, and how
    scenarios differ from the baseline; with --format csv the quantiles of income, line, ratio and
    growth by year.
    """
    if not scenarios and given["country"] is None and given["study"] is None:
        raise click.UsageError(
            "name SCENARIOS, a --study for those it lists, or a --country for its baseline alone"
        )
    from forecast.cli.progress import progress
    from forecast.projection.scenarios.effect_channel import CHANNELS, PANEL
    from forecast.reporting.run_folder.tables import (
        crossing_probability_table,
        crossing_summary_table,
        fan_table,
        income_change_table,
    )
    from forecast.reporting.terminal import scenario_json, scenario_lines
    from forecast.study.questions.project import project

    results = project(scenarios or None, progress=progress, **given)
    print_notes(results.remarks)
    summary = crossing_summary_table(results.projections)
    by_year = crossing_probability_table(results.projections)
    said = results.projections[0]
    lasts = f", {said.crossing.lasting} years in a row" if said.crossing.lasting > 1 else ""
    say(f"above the {said.line}{lasts}", err=True)
    if given["channel"] != PANEL:
        say(f"effects through {CHANNELS[given['channel']]}", err=True)
    if form == "json":
        fan = fan_table(results.projections)
        print_json(
            {
                "scenarios": scenario_json(summary),
                "years": list(results.years),
                "by_year": by_year.to_dict("records"),
                "fan": fan.to_dict("records"),
            }
        )
    elif form == "csv":
        print_csv(fan_table(results.projections))
    else:
        change = income_change_table(results.projections)
        say(scenario_lines(summary, by_year, change, results.years, width=line_width()))
