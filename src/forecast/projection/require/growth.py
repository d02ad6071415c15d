"""The least addition to productivity growth at which the line is passed in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.errors import ProjectionError
from forecast.income.income_lift import income_lift
from forecast.panel import Panel
from forecast.projection.futures.futures import Futures
from forecast.projection.require.ray import (
    POINTS,
    Mover,
    Ray,
    check_question,
    find_requirement,
)
from forecast.projection.require.record import GROWTH, Question, Requirement

OUTPUT = "growth_output_per_worker"
ENDS = (0.01, 0.99)


def required_growth(futures: Futures, question: Question, points: int = POINTS) -> Requirement:
    """Return the least constant addition to growth of output per worker, % a year.

    The addition is to every draw's growth in every year from the first projected one on; effort
    is the addition itself. Prices, exchange rate, employment and the line are the baseline's.

    Parameters
    ----------
    futures : Futures
    question : Question
        ``shape`` plays no part: the addition is there from the first year on, a step.
    points : int
        Points of the frontier on each side of 0.

    Returns
    -------
    Requirement
        Its one row's driver is `GROWTH`: ``start`` is the median over draws of baseline growth,
        averaged over the years through ``by``; ``required`` adds the addition. Recorded changes
        are accelerations: an economy's growth over as many years (whole periods of the growth
        panel), less its growth over as many years before; recorded levels are its growth over as
        many years. Efforts end at the 99th percentile of accelerations (the 1st, downwards): what
        lies beyond are wars and oil fields.

    Raises
    ------
    ProjectionError
        If the year is not projected, the probability is not between 0 and 1, or the growth panel
        holds no accelerations over so many years.
    """
    check_question(futures, question)
    n = question.by - futures.origin
    panel = futures.setting.growth_panel
    periods = max(1, round(n / panel.step))
    levels = average_growth(panel, periods)
    changes = _accelerations(levels, panel.step * periods)
    if changes.empty:
        raise ProjectionError(f"{panel.source}: no record of how growth changed over {n} years")
    start = float(np.median(futures.baseline.growth[:, :n].mean(axis=1)))
    low, high = (float(changes.quantile(level)) for level in ENDS)
    low, high = min(low, 0.0), max(high, 0.0)
    mover = Mover(
        driver=GROWTH, weight=1.0, per_effort=1.0, start=start, low=start + low, high=start + high
    )
    ahead = income_lift(np.ones(n), futures.setting.plan.price_elasticity)
    draws = len(futures.baseline.growth)
    ray = Ray(
        movers=[mover],
        lift=lambda effort: np.broadcast_to(effort * ahead, (draws, n)),
        limit=lambda sign: (
            (high, f"the 99th percentile of accelerations on record, {high:+.2f} % a year")
            if sign > 0
            else (low, f"the 1st percentile of accelerations on record, {low:+.2f} % a year")
        ),
        years=panel.step * periods,
        changes={GROWTH: changes.to_numpy()},
        levels={GROWTH: levels.to_numpy()},
    )
    return find_requirement(futures, replace(question, shape="step"), ray, points)


def average_growth(panel: Panel, periods: int) -> pd.Series:
    """Return every economy's mean growth over ``periods`` periods in a row, by the last one's end.

    Stretches with a period missing have no value and are left out.
    """
    growth = panel.require([OUTPUT])[OUTPUT].unstack("country")
    years = range(int(growth.index.min()), int(growth.index.max()) + 1, panel.step)
    mean = growth.reindex(years).rolling(periods, min_periods=periods).mean()
    return pd.Series(mean.stack()).swaplevel().sort_index().dropna()


def _accelerations(levels: pd.Series, span: int) -> pd.Series:
    earlier = levels.copy()
    country, year = (earlier.index.get_level_values(i) for i in (0, 1))
    earlier.index = pd.MultiIndex.from_arrays([country, year + span], names=levels.index.names)
    return (levels - earlier.reindex(levels.index)).dropna()
