"""``forecast list``: what is at hand."""

from __future__ import annotations

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_rows


@click.command("list")
@click.argument(
    "what",
    type=click.Choice(["models", "scenarios", "data", "variables", "exhibits", "countries"]),
)
@options("data")
@format_option()
def command(what: str, data: str | None, form: str) -> None:
    """List the models, scenarios, data packages, variables, exhibits or countries at hand.

    `variables` shows which of the study's weighted models contain each: a scenario acts through
    those alone. `countries` tries every economy of the data package: whether it can have a
    baseline and scenarios, which weighted models serve it, its last known year, the first year of
    its nominal history, and why anything is left out.
    """
    if what == "countries":
        print_rows(_countries(data), form)
        return
    if data is not None:
        raise click.UsageError("--data goes with `countries`")
    print_rows(LISTS[what](), form)


def _countries(data: str | None) -> list[dict[str, object]]:
    from forecast.cli.output import rows_of
    from forecast.cli.progress import progress
    from forecast.projection.futures.subjects import subject_table
    from forecast.reporting.run_folder.stopwatch import Stopwatch
    from forecast.study.declare import declare
    from forecast.study.prepare import estimate_study

    found = estimate_study(declare(scenarios=[], data=data), Stopwatch(progress))
    inputs = found.inputs
    known = inputs.chain.state.index if inputs.chain is not None else ()
    countries = sorted({*inputs.annual.countries(), *inputs.growth_panel.countries(), *known})
    table = subject_table(inputs, found.plan, found.estimates, countries, progress)
    plain = table.astype(object).where(table.notna(), None)
    return rows_of(plain)


def _models() -> list[dict[str, object]]:
    from forecast import catalog

    specs = [catalog.model(name) for name in catalog.models()]
    return [
        {"name": s.name, "estimator": s.estimator, "covariance": s.covariance, "formula": s.formula}
        for s in specs
    ]


def _scenarios() -> list[dict[str, object]]:
    from forecast import catalog

    specs = [catalog.scenario(name) for name in catalog.scenarios()]
    return [{"name": s.name, "kind": s.kind, "country": s.country, "label": s.label} for s in specs]


def _data() -> list[dict[str, object]]:
    from forecast import catalog

    return [{"name": f.name, "folder": str(f)} for f in catalog.package_folders()]


def _variables() -> list[dict[str, object]]:
    from forecast import catalog
    from forecast.study.acting import acting_drivers

    table = catalog.variables().table
    acting = acting_drivers(catalog.model(name) for name in catalog.study().effects.weights)
    return [
        {
            "name": v.name,
            "role": v.role,
            "unit": v.unit,
            "label": v.label,
            "code": v.code,
            "models": ", ".join(acting.get(v.name, [])),
        }
        for v in table.values()
    ]


def _exhibits() -> list[dict[str, object]]:
    from forecast.reporting.figures.exhibits import EXHIBITS

    return [{"name": name, "shows": e.shows, "table": e.table} for name, e in EXHIBITS.items()]


LISTS = {
    "models": _models,
    "scenarios": _scenarios,
    "data": _data,
    "variables": _variables,
    "exhibits": _exhibits,
}
