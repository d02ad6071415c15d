"""Where a scenario's changes stand among those that economies have made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.arrays import Array, Mask
from forecast.panel import Panel
from forecast.projection.precedent.change_windows import change_windows
from forecast.projection.precedent.shrunk_covariance import shrunk_covariance

GROWTH = "growth_output_per_worker"
TWO_TOGETHER = "together"  # the row of all drivers at once; no driver has this name
NEAREST = 5
# Knots are years; a decimal of a percent of the largest departure is a knot's rounding.
STILL = 1e-9
# Windows fewer than this many times the drivers tell little about how drivers move together.
FEW = 3

SHARE_COLUMNS = [
    "scenario", "years", "driver", "change", "share", "windows", "economies", "median", "distance",
    "distance_share",
]  # fmt: skip
NEAREST_COLUMNS = [
    "scenario", "years", "rank", "country", "since", "until", "distance", "driver", "change",
    "growth_before", "growth_during", "growth_after",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedents:
    """What history says of scenarios' changes.

    Attributes
    ----------
    shares : pandas.DataFrame
        ``scenario, years, driver, change, share, windows, economies, median, distance,
        distance_share``: the scenario's change over its first ``years``; the share of recorded
        windows of that length with at least that change in the same direction, of how many
        windows of how many economies, and their median change. The driver `TWO_TOGETHER` is all of
        them at once, over windows that have all: the share with at least every change, the
        Mahalanobis distance of the scenario's changes from the windows' mean, and the share of
        windows at least as far from it. Lengths without a window have a row with 0 windows.
    nearest : pandas.DataFrame
        ``scenario, years, rank, country, since, until, distance, driver, change, growth_before,
        growth_during, growth_after``: one row a precedent and driver; windows by Mahalanobis
        distance from the scenario's changes, ``since`` and ``until`` being the last years of the
        two periods; growth of output per worker, % a year, in the period ``since``, on average
        over those after it through ``until``, and in the one after ``until``.
    shrinkage : dict of (scenario, years) to float
        How far the covariance was shrunk.
    """

    shares: pd.DataFrame
    nearest: pd.DataFrame
    shrinkage: Mapping[tuple[str, int], float]

    def longest(self) -> pd.DataFrame:
        """Return the rows of ``shares`` over each scenario's longest length.

        Where a driver has no window of that length, the longest one that has takes its place.
        """
        on_record = self.shares.sort_values("windows", key=lambda n: n > 0, kind="stable")
        last = on_record.drop_duplicates(["scenario", "driver"], keep="last")
        return last.sort_index()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A scenario's changes over its first years."""

    scenario: str
    years: int
    change: pd.Series


def find_precedents(
    growth_panel: Panel,
    paths: Mapping[str, pd.DataFrame],
    baseline: pd.DataFrame,
    origin: int,
    leave_out: Sequence[str] = (),
    nearest: int = NEAREST,
) -> Precedents:
    """Return where scenarios stand among recorded changes of period means.

    A scenario is compared over five and ten years (one and two periods), as far as its ramp goes,
    and over the whole of it: to the end of the period in which its last departure comes to rest.
    Changes over a length are compared with windows of that length alone.

    Parameters
    ----------
    growth_panel : Panel
        Period means of economies.
    paths : mapping of scenario to driver paths by year
        From `scenario_paths`; scenarios that move nothing have no rows.
    baseline : pandas.DataFrame
        The same drivers without departure; a driver that never differs from it is left out.
    origin : int
        Last known year, where changes start.
    leave_out : sequence of str
        Codes that are no precedent: the subject itself, aggregates if the panel has any.
    nearest : int
        Precedents to name, a scenario and length.

    Raises
    ------
    DataError
        If a driver that moves is not in the panel.
    """
    panel = growth_panel.without(leave_out)
    shares: list[dict[str, Any]] = []
    named: list[pd.DataFrame] = []
    shrinkage: dict[tuple[str, int], float] = {}
    for case in _cases(paths, baseline, origin, panel.step):
        windows = change_windows(panel, list(case.change.index), case.years // panel.step)
        shares += [_one_share(case, name, windows[name].dropna()) for name in case.change.index]
        joint = windows.dropna()
        together, towards, weight = _together(case, joint)
        shares.append(together)
        if len(joint):
            shrinkage[case.scenario, case.years] = weight
            named.append(_named(case, joint, towards, panel, nearest))
    return Precedents(
        shares=pd.DataFrame(shares, columns=SHARE_COLUMNS),
        nearest=pd.concat(named, ignore_index=True)
        if named
        else pd.DataFrame(columns=NEAREST_COLUMNS),
        shrinkage=shrinkage,
    )


def _cases(
    paths: Mapping[str, pd.DataFrame], baseline: pd.DataFrame, origin: int, step: int
) -> Iterator[_Case]:
    for scenario, path in paths.items():
        ahead = path.index >= origin
        gap = (path - baseline).loc[ahead].fillna(0.0)
        names = [name for name in gap if gap[name].abs().max() > STILL]
        if not names:
            continue
        rest = _at_rest(gap[names], origin)
        last = int(path.index.max()) - origin
        whole = min(-(-rest // step), last // step) * step
        for years in sorted({y for y in (step, 2 * step, whole) if 0 < y <= whole}):
            here, start = (path[names].loc[year] for year in (origin + years, origin))
            change = pd.Series(here - start)
            reversed_ = change.abs() <= STILL * gap[names].abs().max()
            yield _Case(scenario=scenario, years=years, change=change.mask(reversed_, 0.0))


def _at_rest(gap: pd.DataFrame, origin: int) -> int:
    """Return years from the origin until no departure moves any more."""
    moving = (gap.diff().abs() > STILL * gap.abs().max()).any(axis=1)
    return int(gap.index[moving.to_numpy()].max()) - origin


def _one_share(case: _Case, name: str, record: pd.Series) -> dict[str, Any]:
    change = float(case.change[name])
    return {
        "scenario": case.scenario,
        "years": case.years,
        "driver": name,
        "change": change,
        "share": float(_at_least(record.to_numpy(), change).mean()) if len(record) else np.nan,
        "windows": len(record),
        "economies": record.index.get_level_values("country").nunique(),
        "median": float(record.median()) if len(record) else np.nan,
    }


def _at_least(record: Array, change: float) -> Mask:
    """Whether each change is at least as large in the same direction; any is where there is none.

    A hair is allowed for: an economy that a scenario follows made exactly the scenario's change.
    """
    sign = np.sign(change)
    return np.asarray(sign * record >= sign * change - STILL * abs(change))


def _together(case: _Case, joint: pd.DataFrame) -> tuple[dict[str, Any], Array, float]:
    """Return the row of all drivers at once, distances from the scenario, and the shrinkage."""
    row: dict[str, Any] = {
        "scenario": case.scenario,
        "years": case.years,
        "driver": TWO_TOGETHER,
        "windows": len(joint),
        "economies": joint.index.get_level_values("country").nunique(),
    }
    if not len(joint):
        return row, np.empty(0), float("nan")
    record, change = joint.to_numpy(), case.change.to_numpy(dtype=float)
    as_large = [_at_least(record[:, i], change[i]) for i in range(len(change))]
    row["share"] = float(np.all(as_large, axis=0).mean())
    if len(joint) < FEW * len(change):
        return row, np.full(len(joint), np.nan), float("nan")
    scale = record.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    shrunk = shrunk_covariance(record / scale)
    inverse = np.linalg.inv(shrunk.matrix) / np.outer(scale, scale)
    centre = record.mean(axis=0)
    own = _distances(change[None, :] - centre, inverse)[0]
    row["distance"] = float(own)
    row["distance_share"] = float(np.mean(_distances(record - centre, inverse) >= own - STILL))
    return row, _distances(record - change, inverse), shrunk.shrinkage


def _distances(away: Array, inverse: Array) -> Array:
    return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", away, inverse, away)))


def _named(
    case: _Case, joint: pd.DataFrame, towards: Array, panel: Panel, nearest: int
) -> pd.DataFrame:
    """Return the windows nearest to the scenario with their changes and the growth around them."""
    order = np.argsort(towards, kind="stable")[:nearest]
    if np.isnan(towards).any():
        order = order[:0]
    growth = panel.require([GROWTH])[GROWTH]
    rows: list[dict[str, Any]] = []
    for rank, position in enumerate(order, start=1):
        country, since, until = joint.index[position]
        record = growth.xs(country, level="country")
        during = record.reindex(range(since + panel.step, until + 1, panel.step))
        known = {
            "scenario": case.scenario,
            "years": case.years,
            "rank": rank,
            "country": country,
            "since": since,
            "until": until,
            "distance": float(towards[position]),
            "growth_before": record.get(since, np.nan),
            "growth_during": during.mean() if during.notna().all() else np.nan,
            "growth_after": record.get(until + panel.step, np.nan),
        }
        rows += [
            {**known, "driver": name, "change": float(joint.iloc[position][name])}
            for name in joint.columns
        ]
    return pd.DataFrame(rows, columns=NEAREST_COLUMNS)
