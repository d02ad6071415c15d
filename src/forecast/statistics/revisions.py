"""What changed between two editions of the same statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.errors import DataError

KEYS = ["country", "year", "variable"]
SAME = 1e-6  # relative difference that is no revision
SHIFT = 1e-3  # log ratio from which a constant ratio is another base
CONSTANT = 2e-3  # most that log ratios of a rebased series stray from their median
LEAST_YEARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """Two editions compared.

    Attributes
    ----------
    cells : pandas.DataFrame
        country, year, variable, before, after, change (after - before), percent (of before;
        missing where before is 0), net_percent (percent after the series' level shift is taken
        out; missing where the two differ in sign or one is 0): values that both have.
    by_variable : pandas.DataFrame
        variable, common, revised (cells), share (of common), new, gone (cells), countries,
        median_change, median_percent (of absolute revisions), rebased (countries with a
        constant ratio other than 1), level_shift (median over countries, %), net_revised
        (cells still changed by more than 0.2% without the shift), largest_country,
        largest_year, largest_before, largest_after.
    by_country : pandas.DataFrame
        variable, country, common, revised, level_shift (%), spread (%), rebased, growth_before,
        growth_after (average log growth over the common years, % a year), largest_year,
        largest_before, largest_after.
    """

    cells: pd.DataFrame
    by_variable: pd.DataFrame
    by_country: pd.DataFrame


def revisions(before: pd.DataFrame, after: pd.DataFrame, *, tolerance: float = SAME) -> Revisions:
    """Return how ``after`` differs from ``before``.

    A level shift is the median over years of log(after / before) of one series. Where that is
    all there is (no year strays from it by more than 0.2%), the series was rebased.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Long: country, year, variable, value; keys unique.
    tolerance : float
        Relative difference up to which two values count as the same.

    Raises
    ------
    DataError
        If the two have no variable, or no value, in common.
    """
    shared = sorted(set(before["variable"]) & set(after["variable"]))
    if not shared:
        raise DataError(
            f"nothing to compare: no variable in common; found "
            f"{', '.join(_first(before['variable']))} and {', '.join(_first(after['variable']))}"
        )
    old, new = (f[f["variable"].isin(shared)].dropna(subset="value") for f in (before, after))
    both = old.merge(new, on=KEYS, how="outer", suffixes=("_old", "_new"), indicator="place")
    both = both.rename(columns={"value_old": "before", "value_new": "after"})
    cells = both[both["place"] == "both"].drop(columns="place").sort_values(KEYS)
    if cells.empty:
        raise DataError("nothing to compare: no value of the same country, year and variable")
    cells = _shifted(_sized(cells.reset_index(drop=True), tolerance))
    by_country = _by_country(cells)
    return Revisions(
        cells=cells.drop(columns=["revised", "log_ratio", "shift"]),
        by_variable=_by_variable(cells, by_country, both),
        by_country=by_country,
    )


def _first(names: pd.Series, number: int = 5) -> Sequence[str]:
    return sorted(map(str, names.unique()))[:number]


def _sized(cells: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    change = cells["after"] - cells["before"]
    size = cells["before"].abs()
    return cells.assign(
        change=change,
        percent=(100.0 * change / size).where(size > 0),
        revised=change.abs() > tolerance * np.maximum(size, cells["after"].abs()),
    )


def _shifted(cells: pd.DataFrame) -> pd.DataFrame:
    """Add log ratio, the series' level shift, and what is left without it."""
    alike = cells["before"] * cells["after"] > 0  # PWT enters imports as negative numbers
    size = cells[["before", "after"]].abs().where(alike, axis=0)
    logs = np.log(size["after"]) - np.log(size["before"])
    cells = cells.assign(log_ratio=logs)
    shift = cells.groupby(["variable", "country"])["log_ratio"].transform("median")
    return cells.assign(shift=shift, net_percent=100.0 * np.expm1(logs - shift))


def _by_country(cells: pd.DataFrame) -> pd.DataFrame:
    stray = cells.assign(stray=(cells["log_ratio"] - cells["shift"]).abs())
    grouped = stray.groupby(["variable", "country"])
    table = grouped.agg(
        common=("before", "size"),
        revised=("revised", "sum"),
        level_shift=("shift", "first"),
        spread=("stray", "max"),
        ratios=("log_ratio", "count"),
    )
    constant = (table["spread"] <= CONSTANT) & (table["ratios"] == table["common"])
    table["rebased"] = (
        constant & (table["level_shift"].abs() > SHIFT) & (table["common"] >= LEAST_YEARS)
    )
    for side in ("before", "after"):
        table[f"growth_{side}"] = _growth(cells, side)
    table["level_shift"] = 100.0 * np.expm1(table["level_shift"])
    table["spread"] = 100.0 * np.expm1(table["spread"])
    largest = _largest(cells, ["variable", "country"])
    return table.drop(columns="ratios").join(largest.drop(columns="country")).reset_index()


def _growth(cells: pd.DataFrame, side: str) -> pd.Series:
    """Return average log growth of each series over its common years, % a year."""
    known = cells[cells["log_ratio"].notna()].sort_values("year")
    ends = known.assign(log=np.log(known[side].abs())).groupby(["variable", "country"])
    years = ends["year"].last() - ends["year"].first()
    growth: pd.Series = 100.0 * (ends["log"].last() - ends["log"].first()) / years.where(years > 0)
    return growth


def _largest(cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the cell of the largest revision: in percent where there is one, else in the unit."""
    net = cells["net_percent"].fillna(cells["percent"]).abs()
    size = net.fillna(cells["change"].abs())
    places = size.groupby([cells[c] for c in by]).idxmax()
    found = cells.loc[places].set_index(pd.MultiIndex.from_frame(cells.loc[places, by]))
    if len(by) == 1:
        found.index = pd.Index(cells.loc[places, by[0]], name=by[0])
    return pd.DataFrame(
        {
            "country": found["country"],
            "largest_year": found["year"],
            "largest_before": found["before"],
            "largest_after": found["after"],
        }
    )


def _by_variable(cells: pd.DataFrame, by_country: pd.DataFrame, both: pd.DataFrame) -> pd.DataFrame:
    grouped = cells.groupby("variable")
    table = grouped.agg(
        common=("before", "size"), revised=("revised", "sum"), countries=("country", "nunique")
    )
    table.insert(2, "share", table["revised"] / table["common"])
    places = both.groupby(["variable", "place"], observed=False).size().unstack()
    table["new"], table["gone"] = places["right_only"], places["left_only"]
    moved = cells[cells["revised"]].assign(
        change=cells["change"].abs(), percent=cells["percent"].abs()
    )
    medians = moved.groupby("variable")[["change", "percent"]].median()
    table = table.join(medians.add_prefix("median_"))
    series = by_country.groupby("variable")
    table["rebased"], table["level_shift"] = series["rebased"].sum(), series["level_shift"].median()
    stray = cells["net_percent"].abs() > 100.0 * np.expm1(CONSTANT)
    table["net_revised"] = stray.groupby(cells["variable"]).sum()
    largest = _largest(cells, ["variable"]).rename(columns={"country": "largest_country"})
    return table.join(largest).reset_index()
