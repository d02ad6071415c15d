"""``forecast show``: one declaration, whole."""

from __future__ import annotations

import click
from pydantic import BaseModel

from forecast.cli.options import format_option
from forecast.cli.output import print_json, say
from forecast.errors import SpecError, unknown


@click.command("show")
@click.argument("name")
@click.argument("of", nargs=-1, metavar="[COMMAND]")
@format_option()
def command(name: str, of: tuple[str, ...], form: str) -> None:
    """Show the model, scenario, study, variable, data package or exhibit called NAME.

    `forecast show schema COMMAND` prints the JSON Schema of what a command prints with --format
    json.
    """
    if name == "schema":
        from forecast.cli.payload_schema import payload_schema

        print_json(payload_schema(" ".join(of)))
        return
    if of:
        raise click.UsageError(f"found {' '.join(of)!r} after {name!r}, must be one NAME")
    kind, record = _find(name)
    if form == "json":
        print_json({"what": kind, **record})
        return
    say(f"{kind}: {name}")
    _print(record, 0)


def _find(name: str) -> tuple[str, dict[str, object]]:
    from forecast import catalog
    from forecast.reporting.figures.exhibits import EXHIBITS
    from forecast.sources.package.package import load

    table = catalog.variables().table
    packages = {folder.name: folder for folder in catalog.package_folders()}
    if name == "study":
        return "study", _dump(catalog.study())
    if name in catalog.models():
        spec = catalog.model(name)
        return "model", {"formula": spec.formula, **_dump(spec)}
    if name in catalog.scenarios():
        return "scenario", _dump(catalog.scenario(name))
    if name in table:
        return "variable", _dump(table[name])
    if name in packages:
        package = load(packages[name])
        return "data package", {
            "name": package.name,
            "vintage": package.vintage,
            "folder": str(package.folder),
            "sha256": package.sha256,
        }
    if name in EXHIBITS:
        return "exhibit", {"shows": EXHIBITS[name].shows, "table": EXHIBITS[name].table}
    allowed = ["study", *catalog.models(), *catalog.scenarios(), *table, *packages, *EXHIBITS]
    raise SpecError(unknown(name, allowed, "name"))


def _dump(record: BaseModel) -> dict[str, object]:
    return record.model_dump(by_alias=True, exclude_defaults=True)


def _print(record: dict[str, object], depth: int) -> None:
    for key, value in record.items():
        if isinstance(value, dict):
            say(f"{'  ' * depth}{key}:")
            _print(value, depth + 1)
        else:
            say(f"{'  ' * depth}{key}: {value}")
