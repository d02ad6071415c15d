"""Write a data package: CSV tables and the Frictionless description of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.package import DESCRIPTION, DataPackage, load
from forecast.sources.package.swap import replaced
from forecast.sources.package.verify import verify
from forecast.variables import Variables

PLAIN = {
    "country": "ISO 3166 alpha-3 code (EMU: euro area)",
    "year": "calendar year; in period tables the period's last year",
    "variable": "name in the dictionary of variables",
    "value": "in the variable's unit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a table is, for its description.

    Attributes
    ----------
    title, made : str
        What it holds; how it is made.
    sources : tuple of str
        Keys of the package's sources.
    keys : tuple of str
        Columns that identify a row.
    step : int
        Years between rows of one economy.
    digits : int
        Significant digits of its numbers.
    faults : tuple of str
        Known faults.
    columns : mapping of str to str
        Descriptions of columns that the dictionary of variables does not have, or means otherwise;
        that of ``rate_k`` is also that of ``rate_1``, ``rate_2``, ...
    variable_sources : mapping of str to str
        Of a long table: the key of each variable's source.
    """

    title: str
    made: str
    sources: tuple[str, ...]
    keys: tuple[str, ...] = ("country", "year")
    step: int = 1
    digits: int = 10
    faults: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None
    variable_sources: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The package's own description.

    Attributes
    ----------
    name, vintage, title, description : str
        ``<name>-<vintage>``; date of the statistics; two texts.
    licenses, sources : dict of key to Frictionless record
        A source has title, path, attribution and the key of its licence.
    faults : tuple of str
        Known faults that concern several tables.
    """

    name: str
    vintage: str
    title: str
    description: str
    licenses: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Mapping[str, Any]]
    faults: tuple[str, ...] = ()


def write_package(
    out: Path,
    heading: Heading,
    tables: Mapping[str, pd.DataFrame],
    notes: Mapping[str, Note],
    variables: Variables,
    texts: Mapping[str, str] | None = None,
) -> DataPackage:
    """Write the package to ``out``, whole or not at all, and return it as loaded.

    The bytes depend on the arguments only: no clock, no machine. The files are written to a
    hidden sibling folder that then takes the place of ``out``.

    Parameters
    ----------
    out : Path
        The package's folder; one that is there is replaced if it is a data package.
    heading : Heading
    tables, notes : dict of table name to rows and to description
        Rows are sorted by the note's keys.
    variables : Variables
        Labels, units and codes of columns.
    texts : dict of file name to content, or None
        Reports that go with the tables.

    Raises
    ------
    DataError
        If ``out`` is something else than a data package or cannot be written, or a table has a
        key that occurs twice or a value outside the dictionary's bounds.
    """
    if out.exists() and not (out / DESCRIPTION).is_file():
        raise DataError(f"{out}: is there and is not a data package; name another folder")
    contents, resources = dict[str, bytes](), []
    for name, frame in tables.items():
        contents[f"{name}.csv"] = _csv(frame, notes[name])
        resources.append(_resource(name, contents[f"{name}.csv"], frame, notes[name], variables))
    told = _describe(heading, resources)
    if texts:
        told["reports"] = [_report(file, text) for file, text in texts.items()]
        contents |= {file: text.encode("utf-8") for file, text in texts.items()}
    return write_whole(out, told, contents, variables)


def write_whole(
    out: Path, told: Mapping[str, Any], contents: Mapping[str, bytes], variables: Variables
) -> DataPackage:
    """Write a package's description and files to ``out``, whole or not at all; return it loaded.

    Parameters
    ----------
    out : Path
    told : mapping
        The description, ``datapackage.json``.
    contents : mapping of file to bytes
        Every file that it names.
    variables : Variables

    Raises
    ------
    DataError
        If the package is not as described, or ``out`` cannot be written.
    """
    try:
        with replaced(out) as folder:
            text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
            for file, data in {**contents, DESCRIPTION: text.encode("utf-8")}.items():
                _put(folder / file, data)
            findings = verify(folder, variables)
            if findings:
                raise DataError(
                    f"{told['name']}: not written, {len(findings)} fault(s), the first in "
                    f"{findings[0].table}: {findings[0].message}"
                )
    except OSError as error:
        raise DataError(f"{out}: cannot be written: {error}") from None
    return load(out)


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _report(file: str, text: str) -> dict[str, str]:
    return {"path": file, "hash": f"sha256:{hashlib.sha256(text.encode('utf-8')).hexdigest()}"}


def _csv(frame: pd.DataFrame, note: Note) -> bytes:
    ordered = frame.sort_values(list(note.keys), kind="stable")
    text = ordered.to_csv(index=False, lineterminator="\n", float_format=f"%.{note.digits}g")
    return text.encode("utf-8")


def _resource(
    name: str, data: bytes, frame: pd.DataFrame, note: Note, variables: Variables
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": note.title,
        "description": note.made,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": len(frame),
        "fields": frame.shape[1],
        "step": note.step,
        "significant_digits": note.digits,
        "source_keys": list(note.sources),
        "known_faults": list(note.faults),
    }
    if "variable" in frame:
        present = sorted(set(frame["variable"]) & set(variables.table))
        keys = note.variable_sources or {}
        record["variables"] = {
            name: _meaning(variables, name) | ({"source_key": keys[name]} if name in keys else {})
            for name in present
        }
    record["schema"] = {
        "fields": [_field(frame[c], note, variables) for c in frame.columns],
        "missingValues": [""],
        "primaryKey": list(note.keys),
    }
    return record


def _field(column: pd.Series, note: Note, variables: Variables) -> dict[str, Any]:
    name = str(column.name)
    if pd.api.types.is_integer_dtype(column):
        kind = "integer"
    else:
        kind = "number" if pd.api.types.is_float_dtype(column) else "string"
    told = {**PLAIN, **(note.columns or {})}
    family = f"{name.rpartition('_')[0]}_k"
    text = told.get(name, told.get(family) if name[-1:].isdigit() else None)
    meaning = _meaning(variables, name) if text is None else {"description": text}
    return {"name": name, "type": kind, **meaning}


def _meaning(variables: Variables, name: str) -> dict[str, str]:
    variable = variables.find(name)
    meaning = {"title": variable.label, "unit": variable.unit, "source": variable.source}
    optional = {"code": variable.code, "how": variable.how}
    return meaning | {key: text for key, text in optional.items() if text}


def _describe(heading: Heading, resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": heading.name,
        "title": heading.title,
        "description": heading.description,
        "version": heading.name.rpartition("-")[2],
        "vintage": heading.vintage,
        "created": f"{heading.vintage}T00:00:00Z",
        "licenses": [dict(record) for record in heading.licenses.values()],
        "sources": [{"key": key, **record} for key, record in heading.sources.items()],
        "known_faults": list(heading.faults),
        "resources": list(resources),
    }
