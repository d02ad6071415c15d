"""Whether an economy whose income is above the line becomes high income that year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.record import ChainForecast
from forecast.statistics.income_classes.class_events import waiting

YEARS = 16  # classifications that are learnt from: 2010 to 2025 at the end of 2025
WIDEST = 0.2  # log margin; more counts as this
_PRIOR = 1.0  # ridge on the slope, in tenths of a log point; on the constant, of one half


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassEntry:
    """A logit of becoming high income on the margin.

    Attributes
    ----------
    constant, slope : float
        The slope by a tenth of log income over the line.
    n, entered : int
        Economy-years learnt from, and how many became high income.
    """

    constant: float
    slope: float
    n: int
    entered: int


def fit_class_entry(events: pd.DataFrame, origin: int) -> ClassEntry:
    """Return the logit of the class on the margin, of economies not yet high income.

    A mild normal prior about one half and no slope keeps it finite with few cases.

    Parameters
    ----------
    events : pandas.DataFrame
        Of ``class_events``; years after ``origin`` are not read.
    origin : int
        Last year whose class is known. ``YEARS`` years are learnt from.
    """
    known = waiting(events)
    known = known[known["year"].between(origin - YEARS + 1, origin)]
    margin, high = known["margin"].to_numpy(float), known["high"].to_numpy(float)
    x = np.column_stack([np.ones(len(known)), _tenths(margin)])
    beta, penalty = np.zeros(2), _PRIOR * np.eye(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (high - chance) - penalty @ beta
        curvature = (x * (chance * (1 - chance))[:, None]).T @ x + penalty
        step = np.linalg.solve(curvature, gradient)
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    return ClassEntry(
        constant=float(beta[0]), slope=float(beta[1]), n=len(known), entered=int(high.sum())
    )


def class_entry_chance(entry: ClassEntry, margin: Array) -> Array:
    """Return the chance of becoming high income that year, given log income over the line.

    Zero where income is not above the line.
    """
    chance = 1 / (1 + np.exp(-(entry.constant + entry.slope * _tenths(margin))))
    return np.where(margin > 0, chance, 0.0)


def classified_by(forecast: ChainForecast, entry: ClassEntry, margin: Array | None = None) -> Array:
    """Return the probability (n, h) of having been classified high income by each year.

    Path by path: in each year above the line the class follows with the chance of its margin,
    independently from year to year, of economies that are not high income at the origin.

    Parameters
    ----------
    forecast : ChainForecast
    entry : ClassEntry
    margin : (n, draws, h) or None
        Log income over the line; the forecast's own if not given.
    """
    paths = forecast.income if margin is None else margin
    refused = np.cumprod(1 - class_entry_chance(entry, paths), axis=-1)
    return np.asarray(1 - refused.mean(axis=1))


def _tenths(margin: Array) -> Array:
    return np.asarray(10 * np.clip(margin, 0.0, WIDEST))
