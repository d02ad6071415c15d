"""A data package on disk: find its tables, check that they are what it says, read them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError, choose, one_message, shown
from forecast.panel import INDEX, Panel
from forecast.sources.package.group_members import group_members
from forecast.sources.package.typed_table import package_table, wide_table
from forecast.specs.read import read_regular
from forecast.statistics.imputed import IMPUTED

DESCRIPTION = "datapackage.json"
REPORT = "report.json"
OLDER, GROUPS = "vintages", "country_groups"  # tables of superseded editions, and of groups
COMPANIONS = {"growth_panel": "imputed", "growth_panel_ten": "imputed_ten"}
_TYPES = ("string", "integer", "number")
DESCRIBED = 10_000_000  # bytes of the description or a report; the longest has 65,000
TABLE, COLUMNS = 500_000_000, 10_000  # bytes and columns of a table; the longest has 11 million
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One table as the package describes it.

    Attributes
    ----------
    name, file, title : str
        Table, its file in the package's folder, and what it holds.
    columns : dict of str to str
        Type of each column (string, integer, number), in the file's order.
    keys : tuple of str
        Columns that identify a row.
    rows : int
    sha256 : str
        Of the file.
    step : int
        Years between rows of one economy.
    made : str
        How it is made.
    sources, faults : tuple of str
        Titles of its sources; known faults.
    variables : mapping of variable to source key
        Of a long table, where the package tells them.
    """

    name: str
    file: str
    title: str
    columns: Mapping[str, str]
    keys: tuple[str, ...]
    rows: int
    sha256: str
    step: int = 1
    made: str = ""
    sources: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPackage:
    """A versioned folder of tables.

    Attributes
    ----------
    name : str
        ``<name>-<vintage>``, such as ``starter-2026.07``.
    vintage : str
        Date of the statistics, ``YYYY-MM-DD``.
    folder : Path
    sha256 : str
        Of ``datapackage.json``, which holds every table's own hash: it pins the whole package.
    resources : dict of str to Resource
        Tables by name.
    title : str
    licenses, attributions, faults : tuple of str
        Names of the licences; whom to credit, with source and licence; known faults of the whole.
    sources : mapping of source key to mapping
        Each source as described: title, vintage, files with sha256, transformations.
    reports : mapping of file to sha256
        Texts that go with the tables, such as what was left out and what looked odd.
    """

    name: str
    vintage: str
    folder: Path
    sha256: str
    resources: Mapping[str, Resource]
    title: str = ""
    licenses: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Return a hash of what tells packages apart; all fields are equal where packages are."""
        return hash((self.folder, self.sha256))

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as it is in its file; floats are read without loss.

        Raises
        ------
        DataError
            If there is no such table, or its file is not the one the package describes.
        """
        resource = choose(name, self.resources, f"{self.name}: table", DataError)
        where = f"{self.name}/{resource.file}"
        return package_table(self._content(resource), resource.columns, where)

    def _content(self, resource: Resource) -> bytes:
        """Return a table's file, which must be the one that the package describes."""
        data = read_regular(self.folder / resource.file, DataError, TABLE)
        found = hashlib.sha256(data).hexdigest()
        if found != resource.sha256:
            raise DataError(
                f"{self.folder / resource.file}: found sha256 {found[:12]}..., must be "
                f"{resource.sha256[:12]}... as in {DESCRIPTION}; see 'forecast data verify'"
            )
        return data

    def panel(self, name: str = "growth_panel") -> Panel:
        """Return a table as a panel, with what the package knows of imputed values.

        A long table comes as `annual` gives it.

        Raises
        ------
        DataError
            If the table has no country and year, or a column that is not a number.
        """
        if "variable" in choose(name, self.resources, f"{self.name}: table", DataError).columns:
            return self.annual(name)
        return self._held(name, (COMPANIONS.get(name, ""), GROUPS))

    def _held(self, name: str, beside: Sequence[str], *, long: bool = False) -> Panel:
        """Return a panel of this process, or make it; its files are still to be those described."""
        for used in (name, *beside):
            if used in self.resources:
                self._content(self.resources[used])
        held = _made(self, name, long)
        marks = None if held.imputed is None else held.imputed.copy()
        editions = {date: one.copy() for date, one in held.editions.items()}
        frame, groups = held.frame.copy(), dict(held.groups)  # what its user does stays there
        return replace(held, frame=frame, groups=groups, imputed=marks, editions=editions)

    def _from_periods(self, name: str) -> Panel:
        frame = self.table(name)
        self._must_have(frame, name, INDEX)
        companion = COMPANIONS.get(name, "")
        return Panel(
            frame=frame.set_index(list(INDEX)).sort_index(),
            source=f"{self.name}, {name}",
            step=self.resources[name].step,
            imputed=self._imputed(companion) if companion in self.resources else None,
            groups=group_members(self.table(GROUPS)) if GROUPS in self.resources else {},
        )

    def _imputed(self, name: str) -> pd.DataFrame:
        frame = self.table(name)
        self._must_have(frame, name, (*INDEX, "variable", "share"))
        return wide_table(frame, "share")

    def annual(self, name: str = "annual") -> Panel:
        """Return a long table (country, year, variable, value) as a panel, one column a variable.

        Where the table has the column ``flag``, the panel knows which values are imputed; where
        the package tells the vintages of its sources, it can be taken ``as_of`` one.

        Raises
        ------
        DataError
            If the table is not long, or a key occurs twice.
        """
        choose(name, self.resources, f"{self.name}: table", DataError)
        return self._held(name, (OLDER,) if name == "annual" else (), long=True)

    def _from_long(self, name: str) -> Panel:
        frame = self.table(name)
        self._must_have(frame, name, (*INDEX, "variable", "value"))
        keys = [*INDEX, "variable"]
        twice = frame.duplicated(keys)
        if twice.any():
            row = tuple(frame.loc[twice, keys].iloc[0])
            raise DataError(f"{self.name}, {name}: key {row} occurs more than once")
        wide = wide_table(frame, "value")
        marks = None
        if "flag" in frame:
            flagged = frame[frame["flag"] == IMPUTED]
            marks = wide_table(flagged.assign(share=1.0), "share")
        return Panel(
            frame=wide,
            source=f"{self.name}, {name}",
            imputed=marks,
            editions=self._editions(wide, name),
        )

    def report(self) -> Mapping[str, Any]:
        """Return what was found when the package was built; empty where it tells nothing."""
        if REPORT not in self.reports:
            return {}
        path = self.folder / REPORT
        data = read_regular(path, DataError, DESCRIBED)
        if hashlib.sha256(data).hexdigest() != self.reports[REPORT]:
            raise DataError(f"{path}: is not the report that was written with the package")
        return _object(data, path)

    def _editions(self, wide: pd.DataFrame, name: str) -> dict[str, pd.DataFrame]:
        """Return the columns by their sources' vintages, older editions included."""
        columns: dict[str, list[str]] = {}
        for variable, key in self.resources[name].variables.items():
            date = str(self.sources.get(key, {}).get("vintage", ""))
            if date and variable in wide:
                columns.setdefault(date, []).append(variable)
        editions = {date: wide[names] for date, names in columns.items()}
        if name == "annual" and OLDER in self.resources:
            frame = self.table(OLDER)
            self._must_have(frame, OLDER, (*INDEX, "variable", "value", "vintage"))
            for vintage, rows in frame.groupby("vintage"):
                older, same = wide_table(rows, "value"), editions.get(str(vintage))
                editions[str(vintage)] = older if same is None else same.join(older, how="outer")
        return editions

    def _must_have(self, frame: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
        missing = [c for c in columns if c not in frame.columns]
        if missing:
            raise DataError(
                f"{self.name}, {name}: column {missing[0]!r} is missing; "
                f"found {', '.join(frame.columns)}"
            )


# Models, exhibits and scores of one process ask for the same few panels over and over.
@lru_cache(maxsize=8)
def _made(package: DataPackage, name: str, long: bool) -> Panel:
    return package._from_long(name) if long else package._from_periods(name)


def load(folder: Path) -> DataPackage:
    """Return the package in ``folder`` after checking its files' presence and columns.

    A table's content is checked against its hash when it is read.

    Raises
    ------
    DataError
        If ``datapackage.json`` is missing or unreadable, a table's file is missing, or its
        columns are not those described.
    """
    data = read_regular(folder / DESCRIPTION, DataError, DESCRIBED)
    raw = _object(data, folder / DESCRIPTION)
    with one_message(str(folder / DESCRIPTION), DataError):
        return _described(folder, raw, hashlib.sha256(data).hexdigest())


def _described(folder: Path, raw: dict[str, Any], sha256: str) -> DataPackage:
    name, vintage = _text(raw, "name", folder), _text(raw, "vintage", folder)
    listed = raw.get("resources")
    if not isinstance(listed, list) or not listed:
        raise DataError(f"{folder / DESCRIPTION}: resources: must be a list of tables")
    titles = {str(s.get("key")): str(s.get("title")) for s in _records(raw, "sources")}
    resources: dict[str, Resource] = {}
    for resource in (_resource(item, titles, folder) for item in listed):
        if resource.name in resources or resource.file in {r.file for r in resources.values()}:
            raise DataError(f"{folder / DESCRIPTION}: table {resource.name!r} is listed twice")
        resources[resource.name] = resource
        _check_columns(folder / resource.file, resource)
    return DataPackage(
        name=name,
        vintage=vintage,
        folder=folder,
        sha256=sha256,
        resources=resources,
        title=str(raw.get("title", "")),
        licenses=tuple(str(r.get("name")) for r in _records(raw, "licenses")),
        attributions=tuple(
            f"{r.get('attribution')}: {r.get('title')} ({r.get('license')})"
            for r in _records(raw, "sources")
        ),
        faults=tuple(str(fault) for fault in raw.get("known_faults", ())),
        sources={str(s.get("key")): s for s in _records(raw, "sources")},
        reports={
            _own_file(r.get("path"), folder): str(r.get("hash")).removeprefix("sha256:")
            for r in _records(raw, "reports")
        },
    )


def _object(data: bytes, path: Path) -> dict[str, Any]:
    with one_message(str(path), DataError):
        try:
            raw = json.loads(data)
        except json.JSONDecodeError as error:
            raise DataError(f"{path}: not valid JSON: {error}") from None
    if not isinstance(raw, dict):
        raise DataError(f"{path}: found {type(raw).__name__}, must be an object")
    return raw


def _text(raw: Mapping[str, Any], key: str, folder: Path) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        raise DataError(
            f"{folder / DESCRIPTION}: {key}: found {shown(value)}, must be letters, digits, "
            f"dots and hyphens"
        )
    return value


def _own_file(name: object, folder: Path) -> str:
    """Return the name of a file of the package's own folder; refuse a way out of it."""
    if not isinstance(name, str) or not _PLAIN.fullmatch(name):
        raise DataError(
            f"{folder / DESCRIPTION}: path: found {shown(name)}, must be a file of the package's "
            f"own folder"
        )
    return name


def _records(raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    return [record for record in raw.get(key, ()) if isinstance(record, dict)]


def _resource(item: Any, titles: Mapping[str, str], folder: Path) -> Resource:
    where = folder / DESCRIPTION
    try:
        fields = item["schema"]["fields"]
        resource = Resource(
            name=_text(item, "name", folder),
            file=_own_file(item["path"], folder),
            title=str(item.get("title", item["name"])),
            columns={str(f["name"]): str(f["type"]) for f in fields},
            keys=_names(item["schema"].get("primaryKey", ())),
            rows=int(item["rows"]),
            sha256=str(item["hash"]).removeprefix("sha256:"),
            step=int(item.get("step", 1)),
            made=str(item.get("description", "")),
            sources=tuple(titles.get(key, key) for key in item.get("source_keys", ())),
            faults=tuple(str(fault) for fault in item.get("known_faults", ())),
            variables={
                str(name): str(told["source_key"])
                for name, told in item.get("variables", {}).items()
                if "source_key" in told
            },
        )
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise DataError(
            f"{where}: a resource lacks or misstates {str(error)[:200]}; it must have name, path, "
            f"rows, hash and schema with fields"
        ) from None
    if resource.step < 1 or resource.rows < 0 or len(resource.columns) > COLUMNS:
        raise DataError(
            f"{where}: {resource.name}: found step {shown(resource.step)}, {shown(resource.rows)} "
            f"rows, {len(resource.columns)} columns; at least 1, at least 0, at most {COLUMNS}"
        )
    strange = [key for key in resource.keys if key not in resource.columns]
    if strange:
        raise DataError(
            f"{where}: {resource.name}: primaryKey: {shown(strange[0])} is no column of the table"
        )
    for column, kind in resource.columns.items():
        if kind not in _TYPES:
            raise DataError(
                f"{where}: {resource.name}.{column}: type: found {kind!r}, must be one of "
                f"{', '.join(_TYPES)}"
            )
    return resource


def _names(given: Any) -> tuple[str, ...]:
    """Return the names in a Frictionless key: one text or a list of texts."""
    return (given,) if isinstance(given, str) else tuple(map(str, given))


def _check_columns(path: Path, resource: Resource) -> None:
    if not path.exists():
        raise DataError(f"{path}: no such file; {DESCRIPTION} lists it as table {resource.name!r}")
    first = read_regular(path, DataError, TABLE).partition(b"\n")[0]
    try:
        found = first.decode("utf-8").rstrip("\r").split(",")
    except UnicodeDecodeError:
        raise DataError(f"{path}: not a text table (UTF-8 CSV)") from None
    allowed = list(resource.columns)
    if found != allowed:
        raise DataError(f"{path}: columns: found {', '.join(found)}; must be {', '.join(allowed)}")
