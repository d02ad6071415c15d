"""When income passes marks beyond the line: real GDP per head, relative income, a multiple."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Paths, compounded
from forecast.errors import ForecastError, ProjectionError
from forecast.projection.futures.futures import Futures, Inputs
from forecast.projection.futures.grown_since import grown_since
from forecast.projection.record import Crossing, Projection
from forecast.projection.scenarios.crossing import crossing
from forecast.projection.scenarios.subject_line import subject_line
from forecast.randomness.streams import Streams
from forecast.specs.line import LineSpec, MarkSpec

MARKED_BY = (2030, 2035, 2040, 2050)
TOLD_BY = 2040  # where a mark is due in no year
PRICED = "gdp_pc_current"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """Baseline draws (draws, t) of what a mark measures and of the mark, and its value today."""

    today: float
    level: Paths
    goal: Array


def mark_table(
    marks: Sequence[MarkSpec],
    inputs: Inputs,
    futures: Futures,
    projections: Sequence[Projection],
    streams: Streams,
) -> pd.DataFrame:
    """Return when each scenario passes each mark.

    Real GDP per head goes on from the last published figure at the draws' growth of output per
    worker and of employment per person, without prices: at the prices and the exchange rate of the
    mark's year, or over that of a base year. A share of United States income is the line of that
    kind (`subject_line`), on the same random numbers.

    Parameters
    ----------
    marks : sequence of MarkSpec
    inputs : Inputs
    futures : Futures
        Drawn from ``inputs``.
    projections : sequence of Projection
        Of these futures.
    streams : Streams
        Those that ``futures`` were drawn with.

    Returns
    -------
    pandas.DataFrame
        One row a mark and scenario: ``mark, label, scenario, goal, today`` (the mark and where
        the subject stands in the last known year, US$, share or multiple), ``passed_at_origin``,
        ``p_<year>``, the share of paths that have passed it by then, ``median_year, year_p10,
        year_p90, p_never``, ``due, p_due``, the year in which a goal is due and the share of paths
        above it in that very year, ``change, change_mc_se``, what that share, or where none is due
        ``p_2040``, is more than the first projection's, and the Monte Carlo standard error of this
        difference, and ``note``, why there is nothing else in the row. A probability beyond the
        horizon, and a quantile that fewer paths reach, are missing.
    """
    rows: list[dict[str, object]] = []
    for mark in marks:
        about = {"mark": mark.name, "label": mark.label, "goal": mark.goal, "due": mark.by}
        try:
            course = _course(mark, inputs, futures, streams)
        except ForecastError as error:
            note = str(error)
            rows += [{**about, "scenario": p.scenario, "note": note} for p in projections]
            continue
        base = _crossing(course, futures, projections[0])
        for p in projections:
            one = _crossing(course, futures, p)
            row = _passing(mark, course, one) | _difference(mark, one, base)
            rows.append({**about, "scenario": p.scenario, "note": "", **row})
    return pd.DataFrame(rows, columns=MARK_COLUMNS).astype({"due": float})


MARK_COLUMNS = [
    "mark", "label", "scenario", "goal", "today", "passed_at_origin",
    *(f"p_{year}" for year in MARKED_BY),
    "median_year", "year_p10", "year_p90", "p_never", "due", "p_due", "change",
    "change_mc_se", "note",
]  # fmt: skip


def _course(mark: MarkSpec, inputs: Inputs, futures: Futures, streams: Streams) -> _Course:
    if mark.kind == "us_share":
        spec = LineSpec(name=mark.name, label=mark.label, kind="us_share", share=mark.share)
        line = subject_line(spec, inputs, futures, streams)
        today = mark.goal * futures.setting.history.income / line.last
        return _Course(today=today, level=futures.accounts.income, goal=line.values)
    since = _start(mark, inputs, futures)
    level = compounded(since, futures.accounts.per_head)
    return _Course(today=since, level=level, goal=np.broadcast_to(mark.goal, level.shape))


def _start(mark: MarkSpec, inputs: Inputs, futures: Futures) -> float:
    """Return real GDP per head in the last known year, in the unit of the mark."""
    country, known = futures.country, inputs.annual.through(futures.origin)
    if mark.since is not None:
        return float(np.exp(grown_since(known, country, mark.since, futures.origin) / 100))
    if mark.year is None:
        raise ProjectionError(f"mark {mark.name!r}: has no year of prices")
    moved = float(np.exp(grown_since(known, country, mark.year, futures.origin) / 100))
    priced = known.series(country, PRICED)
    if mark.year not in priced.index:
        raise ProjectionError(f"{country}: GDP per head in US$ is not known for {mark.year}")
    return float(priced.loc[mark.year]) * moved


def _crossing(course: _Course, futures: Futures, p: Projection) -> Crossing:
    # Marks are real: a scenario's prices (`income_lift`) do not move them.
    ahead = np.cumsum(p.difference, axis=1)
    return crossing(course.level * np.exp(ahead / 100), course.goal, futures.years)


def _difference(mark: MarkSpec, found: Crossing, base: Crossing) -> dict[str, float]:
    """Return the difference of what is told of a mark, on shared draws, and its error."""
    year = TOLD_BY if mark.by is None else mark.by
    if year not in found.years:
        return {"change": np.nan, "change_mc_se": np.nan}
    one, other = (
        (
            (c.first > 0) & (c.first <= year)
            if mark.by is None
            else c.above[:, c.years == year][:, 0]
        )
        for c in (found, base)
    )
    gap = one.astype(np.float64) - other
    return {"change": float(gap.mean()), "change_mc_se": found.mean_error(gap)}


def _passing(mark: MarkSpec, course: _Course, found: Crossing) -> dict[str, object]:
    due = mark.by if mark.by in found.years else None
    return {
        "today": course.today,
        "passed_at_origin": course.today > mark.goal,
        **{f"p_{year}": _by(found, year) for year in MARKED_BY},
        "median_year": found.quantile(0.5),
        "year_p10": found.quantile(0.1),
        "year_p90": found.quantile(0.9),
        "p_never": found.never,
        "p_due": np.nan if due is None else found.standing(due),
    }


def _by(found: Crossing, year: int) -> float:
    return found.probability(year) if year in found.years else np.nan
