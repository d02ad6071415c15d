"""The Data Package descriptor of a run's folder: its tables, their columns, units and keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.reporting.findings import Provenance
from forecast.reporting.run_folder.fields import UNITS, column_note, table_note
from forecast.reporting.write import inert, table_bytes
from forecast.variables import Variables

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
PLACES = "countries"


def description_text(
    provenance: Provenance, title: str, tables: Mapping[str, pd.DataFrame], variables: Variables
) -> str:
    """Return the text of ``datapackage.json``; it depends on the results alone.

    Data Package standard, version 2 (https://datapackage.org/standard/): a resource a table with
    types, titles and units of its fields, the primary key where rows have one, and a foreign key
    to the table of economies; the sources are those of the run's data package.
    """
    told = {
        "$schema": PROFILE,
        "name": provenance.study.lower(),
        "title": title,
        "data_package": {
            "name": provenance.package,
            "vintage": provenance.vintage,
            "sha256": provenance.package_sha256,
        },
        "sources": [{"key": key, **dict(source)} for key, source in provenance.sources.items()],
        "variables": _variables(tables, variables),
        "resources": [_resource(name, table, PLACES in tables) for name, table in tables.items()],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _variables(
    tables: Mapping[str, pd.DataFrame], variables: Variables
) -> dict[str, dict[str, str]]:
    """Return label and unit of what stands in the columns ``variable``."""
    columns = [table["variable"] for table in tables.values() if "variable" in table]
    names = sorted({str(name) for column in columns for name in column.dropna()})
    own = {name: {"label": name.replace("_", " "), "unit": unit} for name, unit in UNITS.items()}
    return {
        name: own.get(name) or {"label": variables.label(name), "unit": variables.table[name].unit}
        for name in names
        if name in own or name in variables.table
    }


def _resource(name: str, table: pd.DataFrame, with_places: bool) -> dict[str, Any]:
    note = table_note(name)
    data = table_bytes(table)
    schema: dict[str, Any] = {
        "fields": [_field(name, table[column]) for column in table.columns],
        "missingValues": [""],
    }
    keys = [key for key in note.keys if key in table]
    whole = len(keys) == len(note.keys) and not table[keys].isna().any(axis=None)
    if keys and whole and not table.duplicated(keys).any():
        schema["primaryKey"] = keys
    if with_places and name != PLACES and "country" in table:
        told = {"resource": PLACES, "fields": ["country"]}
        schema["foreignKeys"] = [{"fields": ["country"], "reference": told}]
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": note.title,
        "program": note.program,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": schema,
    }


def _field(table: str, column: pd.Series) -> dict[str, str]:
    note = column_note(table, str(column.name))
    told = {"name": inert(str(column.name)), "type": _kind(column), "title": note.label}
    return told | ({"unit": note.unit} if note.unit else {})


def _kind(column: pd.Series) -> str:
    types = pd.api.types
    if types.is_bool_dtype(column):
        return "boolean"
    if types.is_integer_dtype(column):
        return "number" if column.isna().any() else "integer"
    return "number" if types.is_float_dtype(column) else "string"
