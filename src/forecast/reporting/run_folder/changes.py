"""What differs between two runs: data, declarations, code and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import ForecastError
from forecast.reporting.run_folder.fields import table_note
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.write import FLOAT_FORMAT

# Tables have ten significant digits: what differs by less than this share is their rounding.
NOISE = 1e-8
SETTINGS = ("study", "seed", "draws", "channel", "reproduce")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """What differs in one table.

    Attributes
    ----------
    table : str
    added, removed : int
        Rows of the second run alone, of the first alone.
    changed : int
        Cells that differ in rows of both.
    columns_added, columns_removed : tuple of str
    cells : pandas.DataFrame
        ``row, column, before, after, change``: the cells, the largest relative change first;
        texts, and values on one side alone, before all numbers.
    """

    table: str
    added: int
    removed: int
    changed: int
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    cells: pd.DataFrame

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        counts = self.added + self.removed + self.changed
        return not (counts or self.columns_added or self.columns_removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChanges:
    """What differs between two runs.

    Attributes
    ----------
    facts : pandas.DataFrame
        ``part, name, before, after``: part is ``data``, ``specs``, ``code`` or ``settings``;
        a missing side is empty.
    tables_added, tables_removed : tuple of str
    tables : tuple of TableChange
        Those of both runs that differ.
    """

    facts: pd.DataFrame
    tables_added: tuple[str, ...]
    tables_removed: tuple[str, ...]
    tables: tuple[TableChange, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.facts.empty and not (self.tables_added or self.tables_removed or self.tables)


def run_changes(before: SavedRun, after: SavedRun, tolerance: float = NOISE) -> RunChanges:
    """Return what differs between two runs.

    Data package, hashes of declarations, versions of packages, lock file and settings come from
    the manifests, whose times, commands and platforms are left out. Rows are matched by the
    table's keys; rows with the same key, by their order. Of a run that was not written, which
    tells less of itself, only what both tell is compared.

    Parameters
    ----------
    before, after : SavedRun
    tolerance : float
        Difference of two numbers, relative to the larger, up to which they count as the same.

    Raises
    ------
    ForecastError
        If the tolerance is not a number from 0 to 1.
    """
    if not 0 <= tolerance < 1:
        raise ForecastError(f"tolerance: found {tolerance}, must be at least 0 and less than 1")
    both = [name for name in before.tables if name in after.tables]
    found = [
        _table_change(name, before.tables[name], after.tables[name], tolerance) for name in both
    ]
    facts = _facts(before.manifest, after.manifest)
    written = before.folder is not None and after.folder is not None
    if not written:
        facts = facts[(facts["before"] != "") & (facts["after"] != "")].reset_index(drop=True)
    return RunChanges(
        facts=facts,
        tables_added=tuple(n for n in after.tables if written and n not in before.tables),
        tables_removed=tuple(n for n in before.tables if written and n not in after.tables),
        tables=tuple(one for one in found if not one.same),
    )


def _facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> pd.DataFrame:
    rows = [
        {"part": part, "name": name, "before": old.get(name, ""), "after": new.get(name, "")}
        for part, old, new in (
            (part, _part(before, part), _part(after, part))
            for part in ("data", "specs", "code", "settings")
        )
        for name in dict.fromkeys([*old, *new])
        if old.get(name, "") != new.get(name, "")
    ]
    return pd.DataFrame(rows, columns=["part", "name", "before", "after"])


def _part(manifest: Mapping[str, Any], part: str) -> dict[str, str]:
    told: Mapping[str, Any] = {}
    if part in ("data", "specs"):
        told = manifest.get(part) or {}
    elif part == "code":
        keys = ("code_sha256", "lock_sha256", "python")
        told = {key: manifest.get(key) for key in keys} | dict(manifest.get("versions") or {})
    else:
        told = {key: manifest.get(key) for key in SETTINGS}
    return {str(key): str(value) for key, value in told.items() if value is not None}


def _table_change(
    name: str, before: pd.DataFrame, after: pd.DataFrame, tolerance: float
) -> TableChange:
    shared = [column for column in before.columns if column in after]
    keys = [key for key in table_note(name).keys if key in shared]
    values = [column for column in shared if column not in keys]
    old, new = _by_key(before, keys), _by_key(after, keys)
    common = old.index.intersection(new.index, sort=False)
    pieces = [
        _cells(column, old.loc[common, column], new.loc[common, column], keys, tolerance)
        for column in values
    ]
    columns = ["row", "column", "before", "after", "change"]
    filled = [piece for piece in pieces if not piece.empty]
    cells = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    order = cells["change"].abs().fillna(np.inf).sort_values(ascending=False, kind="stable").index
    return TableChange(
        table=name,
        added=len(new) - len(common),
        removed=len(old) - len(common),
        changed=len(cells),
        columns_added=tuple(str(c) for c in after.columns if c not in before),
        columns_removed=tuple(str(c) for c in before.columns if c not in after),
        cells=cells.loc[order].reset_index(drop=True),
    )


def _by_key(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return a table by the text of its keys, and the row's number among those of the same key.

    Without keys all rows have the same one, and are matched by their order.
    """
    texts = [table[key].map(_key) for key in keys]
    rows = ["; ".join(row) for row in zip(*texts, strict=True)] if keys else [""] * len(table)
    text = pd.Series(rows, index=table.index, dtype=object)
    number = text.groupby(text).cumcount()
    return table.set_index(pd.MultiIndex.from_arrays([text, number], names=["row", "number"]))


def _key(cell: Any) -> str:
    """Return a key's text, that of a number by what a file has of it: 2026 and 2026.0 are one."""
    if pd.isna(cell):
        return ""
    if isinstance(cell, (float, np.floating)):
        return str(int(cell)) if cell.is_integer() else FLOAT_FORMAT % cell
    return str(cell)


def _cells(
    column: str, old: pd.Series, new: pd.Series, keys: list[str], tolerance: float
) -> pd.DataFrame:
    """Return the cells of a column that differ; ``change`` is relative, missing for texts."""
    types = pd.api.types
    numeric = all(types.is_numeric_dtype(s) and not types.is_bool_dtype(s) for s in (old, new))
    if numeric:
        was, now = old.to_numpy(np.float64), new.to_numpy(np.float64)
        largest = np.maximum(np.abs(was), np.abs(now))
        with np.errstate(invalid="ignore", divide="ignore"):
            change = np.where(largest == 0, 0.0, (now - was) / largest)
            differs = (was != now) & ~(np.abs(change) <= tolerance)
        differs &= ~(np.isnan(was) & np.isnan(now))
    else:
        was = old.astype(object).where(old.notna(), "").map(str).to_numpy()
        now = new.astype(object).where(new.notna(), "").map(str).to_numpy()
        differs = was != now
        change = np.full(len(was), np.nan)
    at = np.flatnonzero(differs)
    rows = old.index.get_level_values("row").tolist()
    return pd.DataFrame({
        "row": [str(rows[i]) if keys else f"row {i + 1}" for i in at],
        "column": column,
        "before": was[at],
        "after": now[at],
        "change": change[at],
    })  # fmt: skip
