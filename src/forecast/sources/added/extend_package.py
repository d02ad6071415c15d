"""A package with a user's columns added: every table of the base as it is, and more."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError, one_message
from forecast.sources.added.added_tables import (
    ADDED,
    ADDED_COLUMNS,
    ANNUAL,
    DIGITS,
    added_tables,
)
from forecast.sources.added.record import Added
from forecast.sources.live.protocol import KEYS
from forecast.sources.package.datapackage import PLAIN, write_whole
from forecast.sources.package.package import DESCRIBED, DESCRIPTION, TABLE, DataPackage
from forecast.sources.package.package_variables import OWN
from forecast.specs.read import read_regular
from forecast.variables import Variable, Variables

TITLE = "Series of a user's own file"
MADE = (
    "Values of a file brought by a user, as published; runs of 4 or more equal values in "
    "successive years are flagged."
)
KINDS = {"year": "integer", "value": "number"}


def extend_package(base: DataPackage, added: Added, out: Path, variables: Variables) -> DataPackage:
    """Write the package ``out``, the base's tables with what was added; return it as loaded.

    The tables are those of `added_tables`. The package is written whole or not at all, and its
    bytes depend on the arguments only.

    Parameters
    ----------
    base : DataPackage
    added : Added
    out : Path
        The new package's folder, whose name is the package's.
    variables : Variables
        The dictionary.

    Raises
    ------
    DataError
        If ``out`` is there, the base has one of the variables, or it cannot be written.
    """
    if out.exists():
        raise DataError(f"{out}: is there, and a package is never changed; give another --name")
    tables = added_tables(base, added, variables)
    raw = json.loads(read_regular(base.folder / DESCRIPTION, DataError, DESCRIBED))
    words = {n: added.own.get(n) or variables.find(n) for n in set(added.rows["variable"])}
    kept = [r.file for r in base.resources.values() if r.name not in tables]
    contents = {file: _bytes(base.folder / file) for file in (*kept, *base.reports)}
    with one_message(f"{base.folder / DESCRIPTION}", DataError):
        told = _described(raw, base, added, out.name)
        for name, table in tables.items():
            data = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
            contents[f"{name}.csv"] = data
            _describe_table(told, name, data, table, words)
    return write_whole(out, told, contents, variables)


def _bytes(path: Path) -> bytes:
    return read_regular(path, DataError, TABLE)


def _described(raw: dict[str, Any], base: DataPackage, added: Added, name: str) -> dict[str, Any]:
    """Return the base's description under the new name, with the source that was added."""
    key, number = added.key, 2
    while key in base.sources:
        key, number = f"{added.key}-{number}", number + 1
    own = {n: v.model_dump(include={"label", "unit", "source"}) for n, v in added.own.items()}
    source = {"key": key, **added.origin.record(), **({OWN: own} if own else {})}
    return {
        **raw,
        "name": name,
        "title": f"{raw['title']}, with {added.origin.title}",
        "base": {"name": base.name, "sha256": base.sha256},
        "sources": [*raw["sources"], source],
        "resources": list(raw["resources"]),
    }


def _describe_table(
    told: dict[str, Any],
    name: str,
    data: bytes,
    table: pd.DataFrame,
    words: dict[str, Variable],
) -> None:
    """Put a written table's record in the place of the base's, or at the end."""
    places = {record["name"]: place for place, record in enumerate(told["resources"])}
    record = dict(told["resources"][places[name]]) if name in places else _blank()
    key = told["sources"][-1]["key"]
    record |= {
        "path": f"{name}.csv",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": len(table),
        "fields": table.shape[1],
        "source_keys": [*record["source_keys"], key],
    }
    meanings = {n: _meaning(one) for n, one in sorted(words.items())}
    if "variable" in table:
        present = set(table["variable"])
        traced = {"source_key": key} if name in {ADDED, ANNUAL} else {}
        new = {n: m | traced for n, m in meanings.items() if n in present}
        record["variables"] = dict(sorted({**record.get("variables", {}), **new}.items()))
    else:
        fields = [
            {"name": n, "type": "number", **m} for n, m in meanings.items() if n in table.columns
        ]
        schema = record["schema"]
        record["schema"] = {**schema, "fields": [*schema["fields"], *fields]}
    if name in places:
        told["resources"][places[name]] = record
    else:
        told["resources"].append(record)


def _meaning(variable: Variable) -> dict[str, str]:
    return {"title": variable.label, "unit": variable.unit, "source": variable.source}


def _blank() -> dict[str, Any]:
    """Return the record of a table ``added`` that the base does not have."""
    fields = [
        {"name": name, "type": KINDS.get(name, "string"), "description": PLAIN.get(name, name)}
        for name in ADDED_COLUMNS
    ]
    return {
        "name": ADDED,
        "type": "table",
        "title": TITLE,
        "description": MADE,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "step": 1,
        "significant_digits": DIGITS,
        "source_keys": [],
        "known_faults": [],
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": list(KEYS)},
    }
