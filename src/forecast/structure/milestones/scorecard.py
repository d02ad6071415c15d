"""An economy's indicators beside those of the economies that passed, at the same income and now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.arrays import Vector
from forecast.errors import DataError
from forecast.statistics.imputed import EQUAL
from forecast.structure.milestones.indicators import MILESTONES

QUARTILES = (25, 50, 75)
Series = tuple[Vector, Vector, np.ndarray]  # middle years, values, whether imputed


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardRules:
    """How readings are compared.

    Attributes
    ----------
    reach : float
        A moment is read between values at most twice this many years apart, else off the nearest
        value at most this many years away.
    recent : float
        Years before the last reading of all within which a value counts as today's.
    least : float
        Economies without which no quartiles are given.
    span : float
        Years of the trend.
    """

    reach: float = 3
    recent: float = 5
    least: float = 5
    span: float = 10


def milestone_scorecard(
    readings: pd.DataFrame,
    subject: str,
    moments: pd.Series,
    rules: ScorecardRules | None = None,
) -> pd.DataFrame:
    """Return the subject's scorecard.

    Parameters
    ----------
    readings : pandas.DataFrame
        Of `forecast.structure.milestones.indicators.milestone_readings`.
    subject : str
        Left out of the economies that it is compared with.
    moments : pandas.Series
        When each economy that passed stood at the subject's relative income of today.
    rules : ScorecardRules or None

    Returns
    -------
    pandas.DataFrame
        One row an indicator of which the subject has a value of today: ``country, group,
        indicator, label, unit``; ``value, year, imputed``; at the moments ``q1, median, q3`` and
        ``economies`` behind them, ``then_imputed`` of these; ``percentile`` of the subject among
        them (0 to 100, ties count half), ``distance`` from their median in interquartile ranges;
        ``passers_today``, their median of today; ``percentile_today`` among all ``all_today``
        other economies; ``change`` over ``rules.span`` years and its ``direction``.

    Raises
    ------
    DataError
        If the subject has no reading at all.
    """
    rules = rules or ScorecardRules()
    if subject not in set(readings["country"]):
        raise DataError(f"milestones: {subject}: has no indicator in this data")
    first = float(readings["year"].max()) - rules.recent
    rows = []
    for name in MILESTONES:
        series, labels = _by_country(readings[readings["indicator"] == name])
        own = series.pop(subject, None)
        if own is None or own[0][-1] < first:
            continue
        rows.append({
            "country": subject,
            "group": MILESTONES[name].group,
            "indicator": name,
            "label": MILESTONES[name].label,
            "unit": MILESTONES[name].unit,
            "value": float(own[1][-1]),
            "year": labels[subject],
            "imputed": bool(own[2][-1]),
            **_beside(series, float(own[1][-1]), moments, first, rules),
            **_trend(own, rules),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _by_country(readings: pd.DataFrame) -> tuple[dict[str, Series], dict[str, int]]:
    ordered = readings.sort_values(["country", "year"])
    series: dict[str, Series] = {
        str(country): (
            own["year"].to_numpy(dtype=float),
            own["value"].to_numpy(dtype=float),
            own["imputed"].to_numpy(dtype=bool),
        )
        for country, own in ordered.groupby("country")
    }
    last = ordered.groupby("country")["label_year"].last()
    return series, {str(country): int(year) for country, year in last.items()}


def _beside(
    series: dict[str, Series], value: float, moments: pd.Series, first: float, rules: ScorecardRules
) -> dict[str, Any]:
    """Return what the others say: those that passed at their moments and now, all now."""
    read = [
        _at(series[country], moment, rules.reach)
        for country, moment in moments.items()
        if country in series
    ]
    then = np.array([one[0] for one in read if one is not None])
    now = {country: own[1][-1] for country, own in series.items() if own[0][-1] >= first}
    passed = np.array([one for country, one in now.items() if country in moments.index])
    least = max(rules.least, 1)
    enough = len(then) >= least
    q1, median, q3 = np.percentile(then, QUARTILES) if enough else (np.nan,) * 3
    return {
        "q1": q1,
        "median": median,
        "q3": q3,
        "economies": len(then),
        "then_imputed": sum(one[1] for one in read if one is not None),
        "percentile": _percentile(value, then) if enough else np.nan,
        "distance": _distance(value, q1, median, q3),
        "passers_today": np.median(passed) if len(passed) >= least else np.nan,
        "percentile_today": _percentile(value, np.array(list(now.values()))),
        "all_today": len(now),
    }


def _at(own: Series, moment: float, reach: float) -> tuple[float, bool] | None:
    """Return the value at a moment and whether it rests on an imputed one; None if too far."""
    year, value, imputed = own
    after = int(np.searchsorted(year, moment))
    before = after if after < len(year) and year[after] == moment else after - 1
    if before >= 0 and after < len(year) and year[after] - year[before] <= 2 * reach:
        marked = bool(imputed[before] or imputed[after])
        return float(np.interp(moment, year, value)), marked
    nearest = int(np.argmin(np.abs(year - moment)))
    if abs(year[nearest] - moment) > reach:
        return None
    return float(value[nearest]), bool(imputed[nearest])


def _percentile(value: float, others: Vector) -> float:
    if not len(others):
        return np.nan
    below, equal = (others < value).sum(), (others == value).sum()
    return float(100 * (below + equal / 2) / len(others))


def _distance(value: float, q1: float, median: float, q3: float) -> float:
    if value == median:
        return 0.0
    return (value - median) / (q3 - q1) if q3 > q1 else np.nan


def _trend(own: Series, rules: ScorecardRules) -> dict[str, Any]:
    past = _at(own, float(own[0][-1]) - rules.span, rules.reach)
    if past is None:
        return {"change": np.nan, "direction": ""}
    change = float(own[1][-1]) - past[0]
    level = abs(change) <= EQUAL * abs(past[0])
    return {"change": change, "direction": "level" if level else "up" if change > 0 else "down"}
