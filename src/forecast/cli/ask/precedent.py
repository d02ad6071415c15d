"""``forecast precedent``: a scenario's changes beside those on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, format_option, options
from forecast.cli.output import print_json, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from forecast.projection.precedent.precedent import Precedents
    from forecast.study.declare import Declared

DRAWS = 1000  # enough for the median gap, which is all that is drawn


@click.command("precedent")
@click.argument("scenarios", nargs=-1, required=True)
@options(*SUBJECT_OPTIONS)
@format_option("csv")
def command(scenarios: tuple[str, ...], form: str, **subject: Any) -> None:
    """Set the changes of SCENARIOS beside those that economies have made.

    SCENARIOS are names from `forecast list scenarios` or TOML files. Shares are of all economies'
    changes of five-year means over as many years, the subject's own left out. With --format csv
    the table of shares.
    """
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.errors import SpecError
    from forecast.projection.precedent.plausibility import plausibility
    from forecast.projection.scenarios.scenario_drivers import scenario_drivers
    from forecast.reporting.run_folder.stopwatch import Stopwatch
    from forecast.study.declare import declare
    from forecast.study.prepare import prepare

    declared = declare(scenarios=scenarios, draws=DRAWS, effects=False, **subject)
    asked = [declared.scenarios[name] for name in declared.study.scenarios[1:]]
    for one in asked:
        if one.mixture:
            raise SpecError(
                f"scenario {one.name!r} is a mixture and has no one path: name its parts"
            )
    futures = prepare(declared, Stopwatch(progress)).futures()
    paths = {
        one.name: scenario_drivers(futures, one, declared.known, declared.variables)
        for one in asked
    }
    places = catalog.countries()
    found, ranges = plausibility(futures, paths, places.aggregates())
    if form == "json":
        print_json(
            {
                "shares": rows_of(found.shares),
                "nearest": rows_of(found.nearest),
                "ranges": rows_of(ranges),
            }
        )
    elif form == "csv":
        click.echo(found.shares.to_csv(index=False), nl=False)
    else:
        _print_text(found, ranges, declared, places.name)


def _print_text(
    found: Precedents, ranges: pd.DataFrame, declared: Declared, economies: Any
) -> None:
    from forecast.reporting.report.precedent_text import precedent_section

    labels = {name: spec.label for name, spec in declared.known.items()}
    said = precedent_section(found, ranges, declared.variables, labels, economies)
    click.echo("\n\n".join(said) if said else "These scenarios move no driver.")
