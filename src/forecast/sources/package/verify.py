"""Check every table of a data package against its description and the dictionary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.errors import DataError, shown
from forecast.sources.package.package import DESCRIBED, TABLE, DataPackage, Resource, load
from forecast.sources.package.package_variables import package_variables
from forecast.sources.package.text_table import read_text
from forecast.specs.read import read_regular
from forecast.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    table : str
        Table, or the package's name where it concerns the whole.
    kind : str
        ``package``, ``hash``, ``rows``, ``type``, ``key``, ``step``, ``range`` or ``variable``.
    message : str
        What was found and what is allowed.
    """

    table: str
    kind: str
    message: str


def verify(folder: Path, variables: Variables) -> list[Finding]:
    """Return what is wrong with the package in ``folder``; an empty list where nothing is.

    Checked: names, files and columns, tables listed twice, sha256, number of rows, types, keys
    that occur twice or are empty, years off the table's step, values outside the dictionary's
    bounds, variables that neither the dictionary nor the package's own sources describe. Only
    regular files of the package's own folder are opened.
    """
    try:
        package = load(folder)
        variables = package_variables(package, variables)
    except DataError as error:
        return [Finding(table=folder.name, kind="package", message=str(error))]
    found = [
        finding
        for resource in package.resources.values()
        for finding in _check(package, resource, variables)
    ]
    return [*found, *_reports(package)]


def _reports(package: DataPackage) -> Iterator[Finding]:
    for file, sha256 in package.reports.items():
        path = package.folder / file
        data = read_regular(path, DataError, DESCRIBED) if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != sha256:
            message = f"{file}: is missing or not the report that was written with the package"
            yield Finding(table=package.name, kind="hash", message=message)


def _check(package: DataPackage, resource: Resource, variables: Variables) -> Iterator[Finding]:
    def found(kind: str, message: str) -> Finding:
        return Finding(table=resource.name, kind=kind, message=f"{resource.file}: {message}")

    data = read_regular(package.folder / resource.file, DataError, TABLE)
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != resource.sha256:
        yield found("hash", f"found sha256 {sha256[:12]}..., must be {resource.sha256[:12]}...")
    try:
        text = read_text(data, "not a table")
    except DataError as error:
        yield found("type", str(error))
        return
    if len(text) != resource.rows:
        yield found("rows", f"found {len(text)} rows, must be {resource.rows}")
    numbers: dict[str, pd.Series] = {}
    for column, kind in resource.columns.items():
        if kind != "string":
            numbers[column], message = _numbers(text[column], kind)
            if message:
                yield found("type", message)
    yield from (found("key", message) for message in _keys(text, resource))
    yield from (found("step", message) for message in _steps(text, numbers, resource))
    for kind, message in _bounds(text, numbers, variables):
        yield found(kind, message)


def _numbers(column: pd.Series, kind: str) -> tuple[pd.Series, str]:
    """Return the column as numbers, and what is wrong with the first that is none."""
    values = pd.to_numeric(column.where(column != ""), errors="coerce").astype(float)
    wrong = values.isna() & (column != "")
    wrong |= np.isinf(values)
    if kind == "integer":
        wrong |= values.isna() | (values % 1 != 0)
    if not wrong.any():
        return values, ""
    row = int(np.argmax(wrong.to_numpy()))
    what = "an integer" if kind == "integer" else "a number or empty"
    return values, (
        f"{column.name!r} in data row {row + 1}: found {shown(column.iloc[row])}, must be {what}"
    )


def _keys(text: pd.DataFrame, resource: Resource) -> Iterator[str]:
    keys = list(resource.keys)
    if not keys:
        return
    empty = (text[keys] == "").any(axis=1)
    if empty.any():
        yield f"key {', '.join(keys)} is empty in data row {int(np.argmax(empty)) + 1}"
    twice = text.duplicated(keys)
    if twice.any():
        row = ", ".join(text.loc[twice, keys].iloc[0])[:200]
        yield f"key ({row}) occurs more than once; found {int(twice.sum())} such rows"


def _steps(text: pd.DataFrame, numbers: dict[str, pd.Series], resource: Resource) -> Iterator[str]:
    """Give the first year that is not a whole number of steps after its economy's first one."""
    if resource.step == 1 or "country" not in text or "year" not in numbers:
        return
    since = numbers["year"] - numbers["year"].groupby(text["country"]).transform("min")
    off = since % resource.step > 0
    if off.any():
        place = ", ".join(text.loc[off, ["country", "year"]].iloc[0])
        yield f"({place}) is off the step of {resource.step} years; {int(off.sum())} rows are"


def _bounds(
    text: pd.DataFrame, numbers: dict[str, pd.Series], variables: Variables
) -> Iterator[tuple[str, str]]:
    """Give what is out of bounds, by column of wide tables and by variable of long ones."""
    if "variable" in text and "value" in numbers:
        for name, rows in text.groupby("variable").groups.items():
            if str(name) not in variables.table:
                yield "variable", f"variable {name!r} is not in the dictionary of variables"
                continue
            yield from _outside(str(name), numbers["value"].loc[rows], text, variables)
        return
    for name, values in numbers.items():
        if name in variables.table:
            yield from _outside(name, values, text, variables)


def _outside(
    name: str, values: pd.Series, text: pd.DataFrame, variables: Variables
) -> Iterator[tuple[str, str]]:
    variable = variables.find(name)
    low = -np.inf if variable.low is None else variable.low
    high = np.inf if variable.high is None else variable.high
    wrong = (values < low) | (values > high)
    if wrong.any():
        first = wrong.index[int(np.argmax(wrong.to_numpy()))]
        places = [text[c].loc[first] for c in ("country", "year") if c in text]
        yield (
            "range",
            f"{name!r} at ({', '.join(places)}): found {values[wrong].iloc[0]:g}, must be "
            f"{low:g} to {high:g}; found {int(wrong.sum())} such values",
        )
