"""Conformal correction of a growth backtest's intervals, from outcomes known at each origin."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from forecast.evaluation.conformal.adaptive import adaptive_quantiles
from forecast.evaluation.scores.scores import quantile_t

Method = Literal["split", "adaptive"]
METHODS: tuple[Method, ...] = ("split", "adaptive")
RATE = 0.05  # in the middle of the range that Gibbs and Candes (2021) tried
WINDOW = 10  # origins of scores that the adaptive method keeps


def conformal_intervals(
    cases: pd.DataFrame,
    *,
    coverage: float = 0.8,
    method: Method = "split",
    rate: float = RATE,
    window: int | None = WINDOW,
) -> pd.DataFrame:
    """Return central intervals as forecast and as corrected.

    A case's score is the distance of the outcome from the mean over half the width of its own
    interval. The factor by which the intervals of an origin are widened, or narrowed, is a quantile
    of the scores of all countries' cases of the same model and horizon whose outcome was known at
    that origin: those from ``origin - horizon`` and before.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of ``backtest_growth``: ``model, origin, horizon, country, mean, scale, degrees, outcome``.
    coverage : float
        Share of the outcomes that the intervals are meant to hold.
    method : str
        ``split``: all known scores. ``adaptive``: the last ``window`` origins' known scores, at a
        level that follows the misses by ``rate`` (``adaptive_quantiles``).
    rate, window
        Of the adaptive method.

    Returns
    -------
    pandas.DataFrame
        The cases with ``low, high`` (% a year, as forecast), ``factor``, ``conformal_low,
        conformal_high``. Cases from before any outcome was known are left out.
    """
    tail = (1 - coverage) / 2
    mean, scale, degrees = (cases[c].to_numpy(float) for c in ("mean", "scale", "degrees"))
    half = quantile_t(np.zeros(len(cases)), scale, degrees, 1 - tail)
    score = np.abs(cases["outcome"].to_numpy(float) - mean) / half
    found = cases.assign(low=mean - half, high=mean + half, score=score, factor=np.nan)
    for _, rows in found.groupby(["model", "horizon"], sort=False):
        origin, values = rows["origin"].to_numpy(int), rows["score"].to_numpy(float)
        first = origin.min()
        factor = adaptive_quantiles(
            [values[origin == year] for year in range(first, origin.max() + 1)],
            coverage,
            delay=int(rows["horizon"].iloc[0]),
            rate=0.0 if method == "split" else rate,
            window=None if method == "split" else window,
        )
        found.loc[rows.index, "factor"] = factor[origin - first]
    found = found.dropna(subset=["factor"])
    widened = np.maximum(found["factor"], 0) * (found["high"] - found["low"]) / 2
    return found.assign(
        conformal_low=found["mean"] - widened, conformal_high=found["mean"] + widened
    ).drop(columns="score")


def conformal_coverage(intervals: pd.DataFrame, group: pd.Series | None = None) -> pd.DataFrame:
    """Return coverage and width before and after, by model and horizon and, if given, by group.

    Parameters
    ----------
    intervals : pandas.DataFrame
        Of ``conformal_intervals``.
    group : pandas.Series or None
        Group of each case, on the index of ``intervals``.

    Returns
    -------
    pandas.DataFrame
        ``model, horizon, [group,] n, coverage, width, conformal_coverage, conformal_width``:
        shares of outcomes held in %, mean widths in % a year.
    """
    outcome = intervals["outcome"]
    measured = intervals[["model", "horizon"]].assign(
        n=1,
        coverage=100.0 * outcome.between(intervals["low"], intervals["high"]),
        width=intervals["high"] - intervals["low"],
        conformal_coverage=100.0
        * outcome.between(intervals["conformal_low"], intervals["conformal_high"]),
        conformal_width=intervals["conformal_high"] - intervals["conformal_low"],
    )
    keys = ["model", "horizon"]
    if group is not None:
        measured, keys = measured.assign(group=group), [*keys, "group"]
    sums = {"n": "sum"} | dict.fromkeys(measured.columns.difference([*keys, "n"]), "mean")
    columns = ["n", "coverage", "width", "conformal_coverage", "conformal_width"]
    return measured.groupby(keys, sort=False).agg(sums)[columns].reset_index()
