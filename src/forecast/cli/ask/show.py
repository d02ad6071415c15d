"""``forecast show``: one declaration, whole."""

from __future__ import annotations

import click
from pydantic import BaseModel

from forecast.cli.options import format_option
from forecast.cli.output import print_json, say


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
    from forecast.reporting.figures.exhibits import Exhibit
    from forecast.sources.package.package import DataPackage
    from forecast.specs.model import ModelSpec
    from forecast.specs.scenario import ScenarioSpec
    from forecast.study.questions.at_hand import show
    from forecast.variables import Variable

    found = show(name)
    if isinstance(found, ModelSpec):
        return "model", {"formula": found.formula, **_dump(found)}
    if isinstance(found, DataPackage):
        keys = ("name", "vintage", "folder", "sha256")
        return "data package", {key: str(getattr(found, key)) for key in keys}
    if isinstance(found, Exhibit):
        return "exhibit", {"shows": found.shows, "table": found.table}
    kinds = {ScenarioSpec: "scenario", Variable: "variable"}
    return kinds.get(type(found), "study"), _dump(found)


def _dump(record: BaseModel) -> dict[str, object]:
    return record.model_dump(by_alias=True, exclude_defaults=True)


def _print(record: dict[str, object], depth: int) -> None:
    for key, value in record.items():
        if isinstance(value, dict):
            say(f"{'  ' * depth}{key}:")
            _print(value, depth + 1)
        else:
            say(f"{'  ' * depth}{key}: {value}")
