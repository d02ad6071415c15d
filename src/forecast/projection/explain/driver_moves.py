"""Drivers that scenarios move: how far, what each does alone, how common such a change is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.projection.drivers.effects import growth_difference
from forecast.projection.explain.attribution import TOTAL
from forecast.projection.futures.futures import Futures
from forecast.projection.precedent.precedent import STILL
from forecast.projection.record import Projection

EFFECT_LEVELS = (0.025, 0.5, 0.975)
_EFFECT = ["effect_low", "effect", "effect_high"]
_PART = ["part_year", "part_income", "part_p"]
_PRECEDENT = ["precedent_years", "precedent_windows", "precedent_share"]
MOVE_COLUMNS = [
    "scenario", "driver", "year", "value", "baseline", "change", *_EFFECT, "includes_zero",
    *_PART, *_PRECEDENT,
]  # fmt: skip


def driver_moves(
    futures: Futures,
    projections: Sequence[Projection],
    attribution: pd.DataFrame,
    precedents: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row a scenario and driver that it moves.

    Parameters
    ----------
    futures : Futures
    projections : sequence of Projection
        Of these futures.
    attribution : pandas.DataFrame
        `attribution_table` of the scenarios.
    precedents : pandas.DataFrame
        `Precedents.longest` of the scenarios.

    Returns
    -------
    pandas.DataFrame
        ``scenario, driver, year, value, baseline, change``: at the horizon, in the driver's unit;
        expected values of a mixture. ``effect``, ``effect_low`` and ``effect_high``: what this
        driver moved alone, the others held, does to the level of output per worker by ``year``, %:
        median over the draws of models and coefficients, and the interval of 95 % of them;
        ``includes_zero``: whether zero lies in it, ends included. ``part_income`` (median income,
        US$) and ``part_p`` (share of paths that have passed the line): the driver's part in
        ``part_year``, the last of ``attribution``. ``precedent_share``: of ``precedent_windows``
        recorded changes over ``precedent_years`` years, the scenario's whole ramp or the longest
        part of it on record, those at least as large in its direction. What a mixture, or a
        scenario of too many drivers, does not have is missing.
    """
    rows = [row for p in projections for row in _rows(futures, p)]
    told = pd.DataFrame(rows, columns=MOVE_COLUMNS[:10])
    keys = ["scenario", "driver"]
    table = told.merge(_parts(attribution), "left", keys).merge(_common(precedents), "left", keys)
    return table[MOVE_COLUMNS]


def _rows(futures: Futures, p: Projection) -> list[tuple[object, ...]]:
    held, last = futures.setting.drivers, int(p.years[-1])
    gap = (p.drivers - held).fillna(0.0)
    rows: list[tuple[object, ...]] = []
    for name in gap:
        if gap[name].abs().max() <= STILL:
            continue
        alone = held.assign(**{str(name): p.drivers[name]})
        ahead = growth_difference(futures.effects, alone).sum(axis=1)
        low, middle, high = np.quantile(100 * np.expm1(ahead / 100), EFFECT_LEVELS).tolist()
        ends = float(p.drivers[name][last]), float(held[name][last])
        moved = (p.scenario, str(name), last, *ends, ends[0] - ends[1])
        rows.append((*moved, low, middle, high, low <= 0 <= high))
    return rows


def _parts(attribution: pd.DataFrame) -> pd.DataFrame:
    """Return each driver's part in the last year that the table has."""
    last = attribution[attribution["year"] == attribution["year"].max()]
    wide: pd.DataFrame = last[last["driver"] != TOTAL].pivot(
        index=["scenario", "driver"], columns="variable", values="value"
    )
    wide = wide.reindex(columns=["income_median", "p_crossed"]).set_axis(_PART[1:], axis=1)
    return wide.assign(part_year=attribution["year"].max()).reset_index()


def _common(precedents: pd.DataFrame) -> pd.DataFrame:
    named = precedents.rename(columns={c.removeprefix("precedent_"): c for c in _PRECEDENT})
    kinds = dict.fromkeys(_PRECEDENT, float)
    return named[["scenario", "driver", *_PRECEDENT]].astype(kinds)
