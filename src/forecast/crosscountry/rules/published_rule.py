"""The rule of Moving Frontiers: income grows at its median rate of ten years, within bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.rules.record import RuleRecord
from forecast.statistics.income_classes.classes import CLASSES

_YEARS, _LEAST = 10, 8
_CAP = 0.9


def published_rule(record: RuleRecord, horizon: int) -> Array:
    """Return log income over the line (N, horizon) from the last year of ``record``.

    Each economy's income grows at the median of its ten last annual rates, not less than the line's
    drift (so that nobody ever falls back) and not more than the 90th percentile of such medians in
    its income group. The drift is the median over the three lines of each one's median annual rise
    over ten years. Economies with fewer than eight rates are held where they are.

    References
    ----------
    Schellekens, P. (2026), Income classification through 2050, Moving Frontiers (repository
    movingfrontiers/income-classification, CC BY 4.0), read there. The rule starts from 2025;
    other origins are a replay of it.
    """
    drift, rate = rule_rates(record)
    ahead = np.arange(1, horizon + 1)
    known = np.nan_to_num(rate, nan=drift)
    return np.asarray(record.relative[-1][:, None] + (known - drift)[:, None] * ahead)


def rule_rates(record: RuleRecord) -> tuple[float, Array]:
    """Return the drift of the lines and each economy's rate (N,), log growth a year.

    NaN where fewer than eight of ten rates are known, or none of the lines' rises.
    """
    drift = float(np.log1p(np.median(_medians(_rises(record.lines), least=1))))
    medians = _medians(_rises(record.income), least=_LEAST)
    capped = medians.copy()
    for group in range(len(CLASSES)):
        own = record.groups[-1] == group
        if np.isfinite(medians[own]).any():
            capped[own] = np.minimum(medians[own], np.nanquantile(medians[own], _CAP))
    return drift, np.maximum(np.log1p(capped), drift)


def published_rule_years(record: RuleRecord, horizon: int) -> pd.Series:
    """Return the first year (by country) in which the rule has an economy high income.

    Of economies that are not in the last year of ``record``; those that the rule never lets pass
    within ``horizon`` years are left out. One whose income is above the line and whose class is
    below passes in the first year. Where the last year's income is not known, the latest is.
    """
    drift, rate = rule_rates(record)
    logs = pd.DataFrame(np.log(record.income)).ffill().to_numpy()[-1]
    gap = logs - np.log(record.lines[-1, -1])
    ahead = np.arange(1, horizon + 1)
    above = gap[:, None] + (rate - drift)[:, None] * ahead > 0
    waiting = (record.groups[-1] >= 0) & (record.groups[-1] < len(CLASSES) - 1)
    passes = waiting & above.any(axis=1)
    year = int(record.years[-1]) + 1 + above.argmax(axis=1)
    codes = pd.Index(record.countries, name="country")
    return pd.Series(year[passes], index=codes[passes], name="year")


def _rises(levels: Array) -> Array:
    """Return the last ten annual rates (10 or fewer, n)."""
    last = levels[-_YEARS - 1 :]
    return np.asarray(last[1:] / last[:-1] - 1)


def _medians(rates: Array, least: int) -> Array:
    """Return the median over years (n,) of the known rates, NaN of fewer than ``least``."""
    enough = np.isfinite(rates).sum(axis=0) >= least
    found = np.full(rates.shape[1], np.nan)
    if enough.any():
        found[enough] = np.nanmedian(rates[:, enough], axis=0)
    return found
