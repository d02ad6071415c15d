"""How scenarios differ from the baseline, as far as Monte Carlo error lets it be told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from forecast.reporting.wording import listed, points
from forecast.statistics.significance.told import is_told

BEYOND = "beyond Monte Carlo error"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDifference:
    """A difference as it is printed, and whether it is beyond Monte Carlo error."""

    text: str
    clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """One scenario that differs from the baseline.

    Attributes
    ----------
    scenario : str
    passed : tuple of ToldDifference
        Of the probability of having passed the line, percentage points, in the years of
        `Differences`.
    median : float
        Median year; NaN where it is not reached.
    income : ToldDifference or None
        Of income in the last year, %: median and 80 % of the paths; None where it is not known.
    """

    scenario: str
    passed: tuple[ToldDifference, ...]
    median: float
    income: ToldDifference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Scenarios against the baseline, without what is the same in all of them.

    Attributes
    ----------
    years : tuple of int
        Years shown in which the probability of some scenario differs.
    still : tuple of int
        Years in which that of none does.
    last : int
        Year of the differences of income.
    medians : bool
        Whether the median year of some scenario that passes at other times is not the baseline's.
    rows : tuple of ScenarioRow
        Scenarios that differ in something.
    alike : tuple of str
        Scenarios that differ in nothing.
    """

    years: tuple[int, ...]
    still: tuple[int, ...]
    last: int
    medians: bool
    rows: tuple[ScenarioRow, ...]
    alike: tuple[str, ...]


def differences(
    summary: pd.DataFrame,
    by_year: pd.DataFrame,
    income: pd.DataFrame,
    years: Sequence[int],
) -> Differences:
    """Return how scenarios differ from the baseline in the years shown.

    A difference that is not told from none (`is_told`, among those of all years and scenarios) is
    printed with a tilde. All scenarios share the same random numbers, and the error is that of the
    difference.

    Parameters
    ----------
    summary, by_year, income : pandas.DataFrame
        ``crossing_summary.csv``, ``crossing_probability.csv`` and ``income_change.csv``; the first
        scenario is the baseline.
    years : sequence of int
    """
    names = [str(name) for name in summary["scenario"]]
    medians = dict(zip(names, summary["median_year"], strict=True))
    others = names[1:]
    compared = by_year[by_year["scenario"].isin(others)]
    told = {
        (row["scenario"], row["year"]): share_difference(
            row["p_change"], row["change_mc_se"], len(compared)
        )
        for row in compared.to_dict("records")
    }
    passed = {n: [told[n, year] for year in years] for n in others}
    last = max(years)
    incomes = income[income["year"] == last]
    moved = {n: _income(incomes[incomes["scenario"] == n], len(incomes)) for n in others}
    differing = [n for n in others if any(one.clear for one in passed[n])]
    shifted = [n for n in differing if _shift(medians[n], medians[names[0]])]
    kept = [i for i in range(len(years)) if any(passed[n][i].clear for n in others)]
    alike = [n for n in others if n not in differing and not ((found := moved[n]) and found.clear)]
    return Differences(
        years=tuple(years[i] for i in kept),
        still=tuple(year for i, year in enumerate(years) if i not in kept),
        last=last,
        medians=bool(shifted),
        rows=tuple(
            ScenarioRow(
                scenario=n,
                passed=tuple(passed[n][i] for i in kept),
                median=float(medians[n]),
                income=moved[n],
            )
            for n in others
            if n not in alike
        ),
        alike=tuple(alike),
    )


def share_difference(change: float, error: float, among: int) -> ToldDifference:
    """Return a difference of two shares in points; "~+0.1", "~0" where it may be none."""
    clear = is_told(change, error, among)
    said = points(change)
    return ToldDifference(text=said if clear else f"~{'0' if said == '0.0' else said}", clear=clear)


def alike_sentences(found: Differences, labels: Mapping[str, str]) -> list[str]:
    """Return sentences on the years, and on the scenarios, in which nothing differs."""
    said = []
    if found.rows and found.still:
        by = listed([str(year) for year in found.still])
        said.append(f"By {by} no scenario's probability differs from the baseline's {BEYOND}.")
    if found.alike:
        names = listed([labels.get(name, name) for name in found.alike])
        said.append(f"No difference from the baseline {BEYOND}: {names}.")
    return said


def _income(rows: pd.DataFrame, among: int) -> ToldDifference | None:
    """Return "+0.3 (-0.2 to +0.9)"; told where the median or an end of the interval is."""
    if rows.empty:
        return None
    rows = rows.sort_values("level")
    pairs = zip(rows["value"], rows["mc_se"], strict=True)
    clear = any(is_told(value, error, among) for value, error in pairs)
    low, middle, high = (points(value / 100) for value in rows["value"])
    return ToldDifference(text=f"{middle} ({low} to {high})" if clear else "~0", clear=clear)


def _shift(median: float, base: float) -> bool:
    return median != base and not (math.isnan(median) and math.isnan(base))
