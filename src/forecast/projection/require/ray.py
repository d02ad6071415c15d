"""Walk a ray of departures and say what the least of them is, or that none does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.arrays import Array, Mask, Paths
from forecast.errors import ProjectionError
from forecast.projection.futures.futures import Futures
from forecast.projection.require.least_effort import EffortSearch, least_effort
from forecast.projection.require.record import Question, Requirement, Verdict
from forecast.projection.scenarios.crossing import crossing

POINTS = 41
# Twice its Monte Carlo error: a gain that a reader should not take for noise.
CLEAR = 2.0
NORMAL_975 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """One driver on a ray; fields as in ``Requirement.needs``."""

    driver: str
    weight: float
    per_effort: float
    start: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ray:
    """Departures that grow with one number, their effort.

    Attributes
    ----------
    movers : list of Mover
    lift : callable
        From an effort to (draws, t): log points by which income exceeds the baseline's, first
        projected year to the question's last.
    limit : callable
        From a sign of effort to the largest effort allowed, and what ends it.
    years : int
        Years that the recorded changes are over: the question's, in whole periods.
    changes, levels : dict of driver to recorded changes and levels, complete
    """

    movers: Sequence[Mover]
    lift: Callable[[float], Paths]
    limit: Callable[[int], tuple[float, str]]
    years: int
    changes: Mapping[str, Array]
    levels: Mapping[str, Array]


def find_requirement(
    futures: Futures, question: Question, ray: Ray, points: int = POINTS
) -> Requirement:
    """Return the least effort on ``ray`` that answers ``question``.

    Income is the baseline's times exp(lift / 100), rounded as published, against the line's own
    draws, as `project` has them.

    Parameters
    ----------
    futures : Futures
    question : Question
    ray : Ray
    points : int
        Points of the frontier on each side of 0.
    """
    n = question.by - futures.origin
    accounts, years = futures.accounts, futures.years[:n]

    def passed(effort: float) -> Mask:
        income = accounts.compared(accounts.income[:, :n] * np.exp(ray.lift(effort) / 100))
        return np.asarray(crossing(income, accounts.line[:, :n], years).first > 0, dtype=bool)

    signs = {"up": (1,), "down": (-1,), "either": (1, -1)}[question.direction]
    limits = [ray.limit(sign) for sign in signs]
    searches = [least_effort(passed, question.asked, _grid(end, points)) for end, _ in limits]
    chosen = _chosen(searches)
    end, ended_by = limits[chosen]
    return Requirement(
        country=futures.country,
        question=question,
        verdict=_verdict(searches, searches[chosen]),
        helped=float(np.mean(ray.lift(end)[:, -1] > 0)) if end else float("nan"),
        limited_by=ended_by,
        needs=_needs(ray, searches[chosen].effort),
        frontier=_frontier(question, ray, searches),
        **_numbers(searches, chosen, question.asked),
    )


def check_question(futures: Futures, question: Question) -> None:
    """Raise ProjectionError if a question cannot be asked of these futures."""
    first, last = int(futures.years[0]), int(futures.years[-1])
    if not first <= question.by <= last:
        raise ProjectionError(f"by: found {question.by}, must be {first} to {last}")
    if not 0 < question.asked < 1:
        raise ProjectionError(f"probability: found {question.asked:g}, must be between 0 and 1")


def _grid(end: float, points: int) -> Array:
    return np.linspace(0.0, end, points) if end else np.zeros(1)


def _chosen(searches: list[EffortSearch]) -> int:
    """Return which search found the smallest effort; without any, which came nearest."""
    found = [i for i, one in enumerate(searches) if not np.isnan(one.effort)]
    if found:
        return min(found, key=lambda i: abs(searches[i].effort))
    return max(range(len(searches)), key=lambda i: searches[i].probabilities.max())


def _verdict(searches: list[EffortSearch], chosen: EffortSearch) -> Verdict:
    if chosen.effort == 0:
        return "already"
    if not np.isnan(chosen.effort):
        return "reached"
    return "wrong sign" if all(_hurts(one) for one in searches) else "out of reach"


def _hurts(search: EffortSearch) -> bool:
    best = int(np.argmax(search.gains))
    helps = search.gains[best] > CLEAR * search.gain_errors[best]
    return bool(not helps and search.gains[-1] < -CLEAR * search.gain_errors[-1])


def _numbers(searches: list[EffortSearch], chosen: int, asked: float) -> dict[str, float]:
    search = searches[chosen]
    error = NORMAL_975 * np.sqrt(asked * (1 - asked) / search.draws)
    best = int(np.argmax(search.probabilities))
    share = search.probability
    return {
        "effort": search.effort,
        "probability": share,
        "error": float(np.sqrt(share * (1 - share) / search.draws)),
        "effort_low": _effort_at(search, asked - error),
        "effort_high": _effort_at(search, asked + error),
        "baseline": float(search.probabilities[0]),
        "best": float(search.probabilities[best]),
        "best_effort": float(search.efforts[best]),
        "fails_again": _fails_again(search, asked),
    }


def _effort_at(search: EffortSearch, share: float) -> float:
    """Interpolate linearly in the running maximum of the shares."""
    rising = np.maximum.accumulate(search.probabilities)
    if share <= rising[0]:
        return 0.0
    if share > rising[-1]:
        return float("nan")
    after = int(np.argmax(rising >= share))
    part = (share - rising[after - 1]) / (rising[after] - rising[after - 1])
    before = search.efforts[after - 1]
    return float(before + part * (search.efforts[after] - before))


def _fails_again(search: EffortSearch, asked: float) -> float:
    if np.isnan(search.effort):
        return float("nan")
    later = (np.abs(search.efforts) > abs(search.effort)) & (search.probabilities < asked)
    return float(search.efforts[later][0]) if later.any() else float("nan")


def _needs(ray: Ray, effort: float) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for mover in ray.movers:
        change = effort * mover.per_effort
        changes, levels = ray.changes[mover.driver], ray.levels[mover.driver]
        required, sign = mover.start + change, float(np.sign(change))
        rows.append(
            {
                "driver": mover.driver,
                "weight": mover.weight,
                "per_effort": mover.per_effort,
                "start": mover.start,
                "change": change,
                "required": required,
                "low": mover.low,
                "high": mover.high,
                "change_years": ray.years,
                "change_share": _share(sign * changes >= sign * change, sign),
                "change_count": len(changes),
                "level_share": _share(sign * levels >= sign * required, sign),
                "level_count": len(levels),
            }
        )
    return pd.DataFrame(rows)


def _share(at_least: Mask, sign: float) -> float:
    """Return the share, missing where there is no change to compare or nothing to compare with."""
    return float(np.mean(at_least)) if sign in {1.0, -1.0} and len(at_least) else float("nan")


def _frontier(question: Question, ray: Ray, searches: list[EffortSearch]) -> pd.DataFrame:
    """Return both sides of 0 as one table by effort, 0 once."""
    pieces = []
    for search in searches:
        values = {m.driver: m.start + search.efforts * m.per_effort for m in ray.movers}
        pieces.append(
            pd.DataFrame(
                {
                    "by": question.by,
                    "asked": question.asked,
                    "effort": search.efforts,
                    **values,
                    "probability": search.probabilities,
                    "mc_error": search.errors,
                    "gain": search.gains,
                    "gain_error": search.gain_errors,
                }
            )
        )
    table = pd.concat(pieces).drop_duplicates("effort").sort_values("effort")
    return table.reset_index(drop=True)
