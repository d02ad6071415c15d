"""A long-term growth rule: the trend of productivity, employment held, ages carried on."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array
from forecast.crosscountry.history import mean_known
from forecast.crosscountry.rules.record import RuleRecord

_TREND, _LEAST = 10, 5  # years of the trend of productivity, and known ones needed
_AGES = 5  # years whose change of the share of ages 15-64 is carried on


def growth_accounts(record: RuleRecord, horizon: int) -> Array:
    """Return log income over the line (N, horizon) from the last year of ``record``.

    GDP per head is output per worker, times employment over population of 15-64, times the share
    of those ages. Output per worker grows at its mean of ten years; employment over population of
    15-64 stays; the share of those ages changes as in the last five years. The real exchange rate
    against the line does not move, so that relative income grows as GDP per head. Where employment
    or ages are not known their change is taken as none, so that the trend is that of GDP per head
    or per person of working age. An economy with fewer than five known years is held.

    References
    ----------
    In the spirit of Loayza, N. and Pennings, S. (eds., 2022), The Long Term Growth Model:
    Fundamentals, Extensions, and Applications, World Bank, with the trend of output per worker in
    place of its parts (investment, human capital, total factor productivity): the model's own
    projections set those by hand, which no past origin could.
    """
    ages, work = (_changes(part) for part in (record.working_age, record.participation))
    workers = record.growth - np.nan_to_num(ages) - np.nan_to_num(work)
    last = workers[-_TREND:]
    known = np.isfinite(last).sum(axis=0) >= _LEAST
    trend = np.where(known, mean_known(last), 0.0)
    carried = np.where(known, np.nan_to_num(mean_known(ages[-_AGES:])), 0.0)
    ahead = np.arange(1, horizon + 1)
    return np.asarray(record.relative[-1][:, None] + (trend + carried)[:, None] * ahead)


def _changes(logs: Array) -> Array:
    change = np.full_like(logs, np.nan)
    change[1:] = np.diff(logs, axis=0)
    return change
