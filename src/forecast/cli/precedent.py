"""``forecast precedent``: a scenario's changes beside those on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from forecast.cli.output import format_option, print_json, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from forecast.projection.precedent import Precedents
    from forecast.run import Results


@click.command("precedent")
@click.argument("scenarios", nargs=-1, required=True)
@click.option("--data", help="Data package, by name or folder, in place of the study's.")
@click.option("--country", help="Subject in place of the study's, ISO code.")
@format_option("csv")
def command(scenarios: tuple[str, ...], data: str | None, country: str | None, form: str) -> None:
    """Set the changes of SCENARIOS beside those that economies have made.

    SCENARIOS are names from `forecast list scenarios` or TOML files. Shares are of all economies'
    changes of five-year means over as many years, the subject's own left out. With --format csv
    the table of shares.
    """
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.errors import SpecError
    from forecast.projection.plausibility import plausibility
    from forecast.sources.countries import read_countries

    results = _results(scenarios, data, country, progress)
    places = read_countries(catalog.home() / "data" / "countries.csv")
    aggregates = [code for code, kind in places.kind.items() if kind == "aggregate"]
    paths = {p.scenario: p.drivers for p in results.projections[1:]}
    for name in paths:
        if results.scenarios[name].mixture:
            raise SpecError(f"scenario {name!r} is a mixture and has no one path: name its parts")
    found, ranges = plausibility(results.futures, paths, aggregates)
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
        _print_text(found, ranges, results, places.name)


def _results(
    scenarios: tuple[str, ...], data: str | None, country: str | None, progress: Any
) -> Results:
    """Return a run of few draws: paths are wanted, and the median gap."""
    from forecast import catalog
    from forecast.run import run

    study = catalog.study()
    progress(f"laying out {len(scenarios)} scenarios")
    behind = [*study.effects.weights, study.baseline.convergence_model]
    fewer = study.model_copy(update={"models": list(dict.fromkeys(behind))})
    return run(fewer, scenarios=scenarios, out=None, data=data, country=country, draws=1000)


def _print_text(found: Precedents, ranges: pd.DataFrame, results: Results, economies: Any) -> None:
    from forecast.reporting.precedent_text import precedent_section

    labels = {name: spec.label for name, spec in results.scenarios.items()}
    said = precedent_section(found, ranges, results.variables, labels, economies)
    click.echo("\n\n".join(said) if said else "These scenarios move no driver.")
