"""``forecast list``: what is at hand."""

from __future__ import annotations

import click

from forecast.cli.output import format_option, print_rows


@click.command("list")
@click.argument("what", type=click.Choice(["models", "scenarios", "data", "variables", "exhibits"]))
@format_option()
def command(what: str, form: str) -> None:
    """List the models, scenarios, data packages, variables or exhibits at hand."""
    print_rows(LISTS[what](), form)


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

    table = catalog.variables().table
    return [
        {"name": v.name, "role": v.role, "unit": v.unit, "label": v.label, "code": v.code}
        for v in table.values()
    ]


def _exhibits() -> list[dict[str, object]]:
    from forecast.reporting.figures import EXHIBITS

    return [{"name": name, "shows": e.shows, "table": e.table} for name, e in EXHIBITS.items()]


LISTS = {
    "models": _models,
    "scenarios": _scenarios,
    "data": _data,
    "variables": _variables,
    "exhibits": _exhibits,
}
