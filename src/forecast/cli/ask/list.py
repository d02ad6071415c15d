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
@click.option("--region", default="", help="With `countries`: EAS, ECS, LCN, MEA, NAC, SAS, SSF.")
@click.option(
    "--group",
    default="",
    help="With `countries`: an income class (high, upper_middle, lower_middle, low), or a named "
    "group such as oil_exporters.",
)
@click.option(
    "--can",
    type=click.Choice(["baseline", "scenarios", "nothing"]),
    help="With `countries`: those of which this can be made.",
)
@format_option()
def command(
    what: str, data: str | None, region: str, group: str, can: str | None, form: str
) -> None:
    """List the models, scenarios, data packages, variables, exhibits or countries at hand.

    `variables` shows which of the study's weighted models contain each: a scenario acts through
    those alone. `countries` shows every economy of the data package: income class, region, what
    the package has of it (annual series; its income alone; period means alone), whether it can
    have a baseline and scenarios, and why not.
    """
    if what == "countries":
        print_rows(_countries(form, data, region, group, can or ""), form)
        return
    given = {"--data": data, "--region": region, "--group": group, "--can": can}
    for name, value in given.items():
        if value:
            raise click.UsageError(f"{name} goes with `countries`")
    print_rows(LISTS[what](), form)


def _countries(
    form: str, data: str | None, region: str, group: str, can: str
) -> list[dict[str, object]]:
    from forecast.cli.output import rows_of
    from forecast.study.country_index import country_index

    table = country_index(data, region, group, can)
    rows = rows_of(table.astype(object).where(table.notna(), None))
    if form == "json":
        return rows
    return [
        {
            "code": row["country"],
            "name": row["name"],
            "group": str(row["group"]).replace("_", " "),
            "region": row["region"],
            "data": row["data"],
            "can": _can(row),
            "why not": row["reason"],
        }
        for row in rows
    ]


def _can(row: dict[str, object]) -> str:
    said = [name for name in ("baseline", "scenarios") if row[name]]
    return ", ".join(said) or "nothing"


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
