"""The tables of a package that a user's columns change, cell by cell as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from forecast.errors import DataError
from forecast.panel import INDEX
from forecast.sources.added.record import Added
from forecast.sources.live.protocol import KEYS
from forecast.sources.package.package import COMPANIONS, DataPackage
from forecast.sources.package.text_table import read_text
from forecast.statistics.imputed import IMPUTED, flat_runs, imputed_shares
from forecast.statistics.periods import Periods, period_means
from forecast.statistics.tables import TEN_YEARS
from forecast.variables import Variables

ADDED, ANNUAL = "added", "annual"
ADDED_COLUMNS = (*KEYS, "value", "flag")
PERIODS: Mapping[str, Periods] = {"growth_panel": Periods(), "growth_panel_ten": TEN_YEARS}
DIGITS = 10  # significant, as in every package


def added_tables(base: DataPackage, added: Added, variables: Variables) -> dict[str, pd.DataFrame]:
    """Return the base's changed tables and the table ``added``, every cell text.

    Cells of the base stay as they are, to the letter. All added rows are in ``added``, those of
    economies that ``annual`` holds in ``annual`` too: where it is one economy's, others do not
    enter it. Means of periods are columns of the growth panels, for the rows that these have;
    runs of equal values are marked as in the base.

    Raises
    ------
    DataError
        If the base has one of the variables: other tables may be computed from it.
    """
    names = {ADDED, ANNUAL, *PERIODS, *(COMPANIONS[name] for name in PERIODS)}
    text = {name: _text(base, name) for name in names if name in base.resources}
    _refuse_known(base, added, text)
    wide = added.rows.pivot(index=list(INDEX), columns="variable", values="value")
    runs = flat_runs(wide, natural=variables.repeating())
    rows = _rows(added.rows, runs)
    keys = {name: list(base.resources[name].keys) for name in text}
    made = {ADDED: _joined(text.get(ADDED, rows[:0]), rows, keys.get(ADDED, list(KEYS)))}
    if ANNUAL in text:
        held = rows["country"].isin(set(text[ANNUAL]["country"]))
        made[ANNUAL] = _joined(text[ANNUAL], rows[held], keys[ANNUAL])
    for name in (n for n in PERIODS if n in text):
        ends = tuple(sorted({int(year) for year in text[name]["year"]}))
        periods = replace(PERIODS[name], ends=ends)
        made[name] = _with_means(text[name], period_means(wide, periods))
        companion = COMPANIONS[name]
        if companion in text:
            shares = imputed_shares(wide, runs, periods)
            own = _shares(shares, text[name])
            made[companion] = _joined(text[companion], own, keys[companion])
    return made


def _text(base: DataPackage, name: str) -> pd.DataFrame:
    base.table(name)  # refuses a file that is not the one described
    path = base.folder / base.resources[name].file
    return read_text(path, f"{base.name}/{path.name}")


def _refuse_known(base: DataPackage, added: Added, text: Mapping[str, pd.DataFrame]) -> None:
    known = {str(c) for name in PERIODS if name in text for c in text[name].columns}
    known |= {v for name in (ADDED, ANNUAL) if name in text for v in text[name]["variable"]}
    twice = sorted(known & set(added.rows["variable"]))
    if twice:
        raise DataError(
            f"{added.origin.file}: {twice[0]!r} is in {base.name} already, and other tables are "
            "computed from what is there: give the variable another name, or put yours in its "
            "place with 'forecast data update --table'"
        )


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.{DIGITS}g}"


def _rows(rows: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    joined = rows.merge(_long(runs, "run"), "left", list(KEYS))
    flags = joined["run"].map({True: IMPUTED}).fillna("")
    text = joined.assign(year=joined["year"].astype(str), value=joined["value"].map(_number))
    return text.assign(flag=flags)[list(ADDED_COLUMNS)]


def _joined(table: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return a long table with rows added, in the order of its keys."""
    whole = pd.concat([table, rows[list(table.columns)]], ignore_index=True)
    return whole.sort_values(keys, kind="stable", ignore_index=True)


def _with_means(table: pd.DataFrame, means: pd.DataFrame) -> pd.DataFrame:
    """Return a growth panel with a column a variable that has a mean in one of its rows."""
    index = pd.MultiIndex.from_arrays([table["country"], table["year"].astype(int)], names=INDEX)
    found = means.reindex(index)
    named = [str(name) for name in found if found[name].notna().any()]
    return table.assign(**{name: found[name].map(_number).to_numpy() for name in named})


def _shares(shares: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return shares above zero of the panel's rows, long."""
    held = pd.MultiIndex.from_arrays([table["country"], table["year"].astype(int)], names=INDEX)
    long = _long(shares[shares.index.isin(held)], "share")
    long = long[long["share"] > 0]
    text = {"year": long["year"].astype(str), "share": long["share"].map(_number)}
    return long.assign(**text)[[*KEYS, "share"]]


def _long(wide: pd.DataFrame, name: str) -> pd.DataFrame:
    return wide.reset_index().melt(list(INDEX), var_name="variable", value_name=name)
