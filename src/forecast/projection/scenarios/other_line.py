"""Another line to measure income against, where the one asked for says little."""

from __future__ import annotations

import math

import numpy as np

from forecast.errors import DataError
from forecast.projection.futures.futures import Futures, Inputs
from forecast.projection.record import Projection
from forecast.projection.scenarios.subject_line import relative_today
from forecast.specs.line import MOST_SHARE, PUBLISHED, LineSpec, named_line
from forecast.statistics.income_classes.class_lines import class_line

OUT_OF_REACH = 0.05
STEP = 10  # % of United States income
FURTHER = 1.5  # of today's income, where no other line lies between


def other_line(
    spec: LineSpec, inputs: Inputs, futures: Futures, baseline: Projection
) -> LineSpec | None:
    """Return the next line above the subject's income, where the one asked for says little.

    That is so where income stood above it already, or where fewer than 5 % of paths pass it by the
    horizon. The next line is that of a World Bank class; where income stood above them all, the
    next tenth of United States income; otherwise half as much again as today's income, at the
    prices of the last known year. In place of a line that is out of reach only one below it, in
    the first year projected, is offered.

    Parameters
    ----------
    spec : LineSpec
        What income is measured against.
    inputs, futures, baseline
        Of the study.

    Returns
    -------
    LineSpec or None
        None where the line asked for says enough, or no line lies between it and income.
    """
    passed = baseline.above_at_origin
    if not passed and baseline.crossing.never <= 1 - OUT_OF_REACH:
        return None
    history = futures.setting.history
    income, year = history.income, history.base_year
    lines = {name: class_line(inputs.thresholds, name) for name in PUBLISHED}
    above = {n: float(s[year]) for n, s in lines.items() if year in s and s[year] > income}
    nearest = min(above, key=above.__getitem__, default=None)
    most = math.inf if passed else float(np.median(baseline.threshold[:, 0]))
    if nearest is not None and nearest != spec.kind and above[nearest] < most:
        return named_line(nearest)
    share = _next_share(inputs, futures) if passed and nearest is None else None
    if share is not None:
        return named_line(f"us_share:{share}")
    further = float(f"{FURTHER * income:.2g}")
    return named_line(f"constant:{further:.0f}@{year}") if further < most else None


def _next_share(inputs: Inputs, futures: Futures) -> float | None:
    """Return the next tenth of United States income; none above the greatest that may be asked."""
    try:
        today = relative_today(inputs, futures)
    except DataError:
        return None
    tenths = math.floor(100 * today / STEP) + 1
    return tenths * STEP / 100 if tenths * STEP <= 100 * MOST_SHARE else None
