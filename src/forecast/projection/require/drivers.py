"""The least departure of drivers at which the line is passed in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from forecast.arrays import Array, Paths
from forecast.errors import ProjectionError, unknown
from forecast.income.income_lift import income_lift
from forecast.projection.drivers.effects import growth_difference
from forecast.projection.futures.futures import Futures
from forecast.projection.precedent.change_windows import change_windows
from forecast.projection.regressors import raw_drivers
from forecast.projection.require.ray import (
    POINTS,
    Mover,
    Ray,
    check_question,
    find_requirement,
)
from forecast.projection.require.record import Question, Requirement
from forecast.variables import Variables

Unit = Literal["sd", "own"]
# Doubles keep some 15 digits; an effect that bends by less is a line.
LINEAR = 1e-9


def required_drivers(
    futures: Futures,
    weights: Mapping[str, float],
    variables: Variables,
    question: Question,
    unit: Unit = "sd",
    points: int = POINTS,
) -> Requirement:
    """Return the least effort at which departures of drivers make the line passed in time.

    Effort is one number: driver j departs from its baseline path by effort x weight x unit, all
    at once along one ray. The departures go through the estimated models draw by draw
    (`growth_difference`), on the draws that all scenarios share.

    Parameters
    ----------
    futures : Futures
        Drawn for scenarios that depart, so that they hold gaps to the frontier.
    weights : mapping of raw driver to weight
        A negative one moves its driver down as effort rises.
    variables : Variables
        Bounds of possible values.
    question : Question
    unit : str
        ``sd``: the standard deviation over all economies' period means in the growth panel;
        ``own``: one of the driver's own unit.
    points : int
        Points of the frontier on each side of 0.

    Returns
    -------
    Requirement
        Efforts end where a driver would leave the range of all economies' period means, or the
        variable's bounds.

    Raises
    ------
    ProjectionError
        If no driver is named, one is in no model behind the effects, a weight is 0, the futures
        hold no gaps, the year is not projected, or the probability is not between 0 and 1.
    """
    check_question(futures, question)
    _check_drivers(futures, weights)
    n = question.by - futures.origin
    panel, names = futures.setting.growth_panel, list(weights)
    movers = _movers(futures, weights, variables, question.by, unit)
    periods = max(1, round(n / panel.step))
    changes, levels = change_windows(panel, names, periods), panel.require(names)
    ray = Ray(
        movers=movers,
        lift=_lift(futures, _departure(futures, movers, question), n, _furthest(futures, movers)),
        limit=partial(_limit, futures, movers),
        years=panel.step * periods,
        changes={name: changes[name].dropna().to_numpy() for name in names},
        levels={name: levels[name].dropna().to_numpy() for name in names},
    )
    return find_requirement(futures, question, ray, points)


def _check_drivers(futures: Futures, weights: Mapping[str, float]) -> None:
    models = futures.coefficients.models
    allowed = sorted(
        {raw for name in models for raw in raw_drivers(futures.setting.estimates[name].spec)}
    )
    if not weights:
        raise ProjectionError(f"no driver is named; the models have {', '.join(allowed)}")
    for name, weight in weights.items():
        if name not in allowed:
            raise ProjectionError(unknown(name, allowed, "driver of the models behind the effects"))
        if weight == 0 or not np.isfinite(weight):
            raise ProjectionError(
                f"weight of {name}: found {weight:g}, must be a number other than 0"
            )
    if not futures.gaps:
        raise ProjectionError("these futures hold no gaps to the frontier: nothing departs in them")


def _movers(
    futures: Futures, weights: Mapping[str, float], variables: Variables, by: int, unit: Unit
) -> list[Mover]:
    found = []
    for name, weight in weights.items():
        known = futures.setting.growth_panel.require([name])[name].dropna().to_numpy()
        if len(np.unique(known)) < 2:
            raise ProjectionError(f"{name}: the growth panel has no two different values of it")
        bounds = variables.table.get(name)
        low, high = float(known.min()), float(known.max())
        if bounds is not None:
            low = low if bounds.low is None else max(low, bounds.low)
            high = high if bounds.high is None else min(high, bounds.high)
        found.append(
            Mover(
                driver=name,
                weight=weight,
                per_effort=weight * (float(known.std(ddof=1)) if unit == "sd" else 1.0),
                start=float(futures.setting.drivers[name].loc[by]),
                low=low,
                high=high,
            )
        )
    return found


def _departure(futures: Futures, movers: Sequence[Mover], question: Question) -> pd.DataFrame:
    """Return what one unit of effort adds to each driver, by year."""
    origin, baseline = futures.origin, futures.setting.drivers
    over = question.by - origin if question.shape == "ramp" else 1
    force = np.clip((baseline.index.to_numpy() - origin) / over, 0.0, 1.0)
    unmoved = pd.DataFrame(0.0, index=baseline.index, columns=baseline.columns)
    return unmoved.assign(**{mover.driver: force * mover.per_effort for mover in movers})


def _limit(futures: Futures, movers: Sequence[Mover], sign: int) -> tuple[float, str]:
    """Return the effort of this sign at which the first driver reaches the end of its range."""
    best, words = np.inf, ""
    ahead = futures.setting.drivers.index > futures.origin
    for mover in movers:
        path = futures.setting.drivers[mover.driver].to_numpy()[ahead]
        step = sign * mover.per_effort
        room = mover.high - path.max() if step > 0 else path.min() - mover.low
        effort = max(float(room), 0.0) / abs(step)
        if effort < best:
            end = mover.high if step > 0 else mover.low
            best, words = effort, f"{mover.driver} at {end:.4g}"
    return sign * best, words


def _furthest(futures: Futures, movers: Sequence[Mover]) -> float:
    return max((_limit(futures, movers, sign)[0] for sign in (1, -1)), key=abs)


def _lift(
    futures: Futures, departure: pd.DataFrame, n: int, furthest: float
) -> Callable[[float], Paths]:
    """Return the function from effort to log points of income, (draws, n).

    Where every model is linear in the drivers and their effect on the gap's slope does not move,
    the lift is proportional to effort: that is checked at half the furthest effort, and one pass
    through the models then serves the whole ray.
    """
    effects = replace(
        futures.effects,
        gaps={name: paths[:, :n] for name, paths in futures.gaps.items()},
        years=futures.years[:n],
    )

    def through_models(effort: float) -> Array:
        growth = growth_difference(effects, effects.drivers + effort * departure)
        return income_lift(growth, futures.setting.plan.price_elasticity)

    if furthest == 0:
        return through_models
    whole, half = through_models(furthest), through_models(furthest / 2)
    if np.allclose(half, whole / 2, rtol=LINEAR, atol=LINEAR):
        return lambda effort: (effort / furthest) * whole
    return through_models
