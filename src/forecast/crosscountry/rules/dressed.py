"""A rule's own past errors around its path: probabilities from a rule that has none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecast.arrays import Array, Integers
from forecast.crosscountry.history import deviation
from forecast.crosscountry.rules.record import RuleRecord
from forecast.errors import DataError

Rule = Callable[[RuleRecord, int], Array]
_NEAR = (np.log(0.2), np.log(1.5))  # the distances that the chain learns from
_MEMORY = 10  # years of an economy's own volatility
_SINCE = 1972  # as the chain learns
_LIMIT = 0.5  # log points a year of own volatility; more counts as this


def rule_passes(record: RuleRecord, rule: Rule, columns: Integers, horizon: int) -> Array:
    """Return 1 where the rule's path is above the line by each year (n, horizon), 0 where not."""
    path = rule(record, horizon)[columns]
    return np.asarray(np.logical_or.accumulate(path > 0, axis=1), dtype=np.float64)


def dressed_passes(record: RuleRecord, rule: Rule, columns: Integers, horizon: int) -> Array:
    """Return the probability of having passed by each year (n, horizon).

    The rule is replayed from every year since 1972, on that year's record; what came less what it
    said, over the economy's volatility, are its errors. The chance of having passed by year h is
    the share of those errors whose h years are all known that, on today's path and volatility,
    are above the line in any of them. Volatility is the deviation of relative income's changes
    over ten years, its square averaged with the median economy's.

    Raises
    ------
    DataError
        If no past error reaches so far.
    """
    size = _size(record)
    paths, scale = rule(record, horizon)[columns], size[-1][columns]
    errors = _errors(record, rule, size, horizon)
    chances = np.full((len(columns), horizon), np.nan)
    for h in range(1, horizon + 1):
        known = errors[np.isfinite(errors[:, :h]).all(axis=1), :h]
        if not len(known):
            raise DataError(
                f"a rule dressed with its errors, origin {record.years[-1]}: none is known over "
                f"{h} years; fewer years ahead, or a later origin"
            )
        for i, (path, one) in enumerate(zip(paths[:, :h], scale, strict=True)):
            chances[i, h - 1] = ((path + one * known) > 0).any(axis=1).mean()
    return chances


def _errors(record: RuleRecord, rule: Rule, size: Array, horizon: int) -> Array:
    """Return standardised errors (m, horizon), NaN beyond what is known."""
    found = [np.empty((0, horizon))]
    first = int(np.searchsorted(record.years, _SINCE))
    for t in range(first, len(record.years) - 1):
        now = record.relative[t]
        rows = np.flatnonzero((now >= _NEAR[0]) & (now <= _NEAR[1]) & np.isfinite(size[t]))
        said = rule(record.through(int(record.years[t])), horizon)[rows]
        came = record.relative[t + 1 : t + 1 + horizon][:, rows].T
        ahead = came.shape[1]
        error = np.full((len(rows), horizon), np.nan)
        error[:, :ahead] = (came - said[:, :ahead]) / size[t, rows][:, None]
        found.append(error)
    return np.concatenate(found)


def _size(record: RuleRecord) -> Array:
    """Return volatility (T, N) of relative income's changes, log points a year."""
    change = np.full_like(record.relative, np.nan)
    change[1:] = np.diff(record.relative, axis=0)
    size = np.full_like(change, np.nan)
    for t in range(_MEMORY, len(change)):
        own = deviation(change[t - _MEMORY + 1 : t + 1])
        if np.isfinite(own).any():
            size[t] = np.sqrt((np.minimum(own, _LIMIT) ** 2 + np.nanmedian(own) ** 2) / 2)
    return size
