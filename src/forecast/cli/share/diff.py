"""``forecast diff``: what differs between two runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option
from forecast.cli.output import print_json, print_rows, rows_of, say

if TYPE_CHECKING:
    from forecast.reporting.run_folder.changes import RunChanges, TableChange

DIFFERENT = 1


@click.command("diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0, max=1, max_open=True),
    default=1e-8,
    show_default=True,
    help="Relative difference up to which two numbers count as the same.",
)
@click.option(
    "--largest",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="Changed cells listed a table.",
)
@format_option()
def command(before: Path, after: Path, tolerance: float, largest: int, form: str) -> None:
    """List what differs between the runs BEFORE and AFTER: data, specs, code, settings, numbers.

    Exit status 0 where nothing does, 1 where something does, 2 where they cannot be compared.
    """
    from forecast.study.sharing.diff_runs import diff

    found = diff(before, after, tolerance)
    if form == "json":
        print_json(_record(found, largest))
    else:
        _print(found, largest)
    if not found.same:
        sys.exit(DIFFERENT)


def _record(found: RunChanges, largest: int) -> dict[str, Any]:
    return {
        "same": found.same,
        "facts": rows_of(found.facts),
        "tables_added": list(found.tables_added),
        "tables_removed": list(found.tables_removed),
        "tables": [
            _counts(one) | {"largest": rows_of(one.cells.head(largest))} for one in found.tables
        ],
    }


def _counts(one: TableChange) -> dict[str, Any]:
    return {
        "table": one.table,
        "rows_added": one.added,
        "rows_removed": one.removed,
        "cells_changed": one.changed,
        "columns_added": list(one.columns_added),
        "columns_removed": list(one.columns_removed),
    }


def _print(found: RunChanges, largest: int) -> None:
    if found.same:
        say("nothing differs")
        return
    facts = found.facts.copy()
    for side in ("before", "after"):
        hashes = facts[side].str.fullmatch("[0-9a-f]{64}")
        facts[side] = facts[side].where(~hashes, facts[side].str[:12])
    print_rows(rows_of(facts), "text")
    for sign, names in (("-", found.tables_removed), ("+", found.tables_added)):
        for name in names:
            say(f"{sign} table {name}")
    if found.tables:
        say()
        names = ("columns_added", "columns_removed")
        rows = [_counts(one) for one in found.tables]
        print_rows([row | {name: " ".join(row[name]) for name in names} for row in rows], "text")
    for one in found.tables:
        if one.changed and largest:
            say(f"\n{one.table}: largest changes")
            print_rows(rows_of(one.cells.head(largest)), "text")
