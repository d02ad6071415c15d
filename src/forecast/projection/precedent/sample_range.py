"""Where a scenario uses coefficients outside the range that they were estimated on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import Delaunay, QhullError

from forecast.arrays import Array, Integers, Mask, Paths
from forecast.estimation.record import Estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.projection.regressors import STATES, gap_outcome, raw_drivers, regressor_path
from forecast.specs.model import ModelSpec

ENDS = (0.01, 0.99)
RANGE_COLUMNS = [
    "scenario", "model", "term", "kind", "low", "high", "reached_low", "reached_high", "outside",
    "baseline_outside", "first_year",
]  # fmt: skip


def sample_range(
    growth_panel: Panel,
    estimates: Sequence[Estimate],
    paths: Mapping[str, pd.DataFrame],
    baseline: pd.DataFrame,
    gaps: Mapping[str, Paths],
    years: Integers,
) -> pd.DataFrame:
    """Return which regressors a scenario carries out of the sample of the model that uses them.

    Parameters
    ----------
    growth_panel : Panel
        What the models were estimated on.
    estimates : sequence of Estimate
        Those behind the effects.
    paths : mapping of scenario to driver paths by year
    baseline : pandas.DataFrame
        The same drivers without departure.
    gaps : mapping of outcome to (draws, t)
        Baseline gap to the frontier; its median over draws stands for the state.
    years : (t,) projected years.

    Returns
    -------
    pandas.DataFrame
        One row a scenario, model and regressor that the scenario moves. ``kind`` is ``range``: from
        the 1st to the 99th percentile of the regressor's values in the model's sample, against the
        lowest and highest that the path reaches; or ``interaction``: whether the two factors of a
        product lie together inside the convex hull of the sample's pairs, its other
        numbers being missing. ``outside`` and ``first_year`` (0: none) are of the
        scenario; ``baseline_outside`` says that no departure is needed to be there.
    """
    rows: list[dict[str, Any]] = []
    for estimate in estimates:
        model = _of_model(growth_panel, estimate, gaps, years)
        here = model.regressors(baseline)
        for scenario, path in paths.items():
            if all(path[raw].equals(baseline[raw]) for raw in raw_drivers(estimate.spec)):
                continue
            label = {"scenario": scenario, "model": estimate.spec.name}
            rows += [{**label, **row} for row in _rows(model, here, path, baseline)]
    return pd.DataFrame(rows, columns=RANGE_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A model's specification, its sample, and the state along which it is used."""

    spec: ModelSpec
    x: Array
    raw: pd.DataFrame
    gap: Array
    years: Integers
    step: int

    def regressors(self, path: pd.DataFrame) -> Array:
        found = regressor_path(self.spec, path, self.years, self.step)
        return found.level + found.slope * self.gap[:, None]

    def factor(self, name: str, path: pd.DataFrame) -> Array:
        if name in STATES:
            return self.gap
        return path[name].reindex(self.years).to_numpy(dtype=float)


def _of_model(
    panel: Panel, estimate: Estimate, gaps: Mapping[str, Paths], years: Integers
) -> _Model:
    spec, used = estimate.spec, sample(panel, estimate.spec)
    return _Model(
        spec=spec,
        x=used.x,
        raw=used.history.frame.loc[used.index],
        gap=np.median(gaps[gap_outcome(spec)], axis=0),
        years=years,
        step=panel.step,
    )


def _rows(
    model: _Model, here: Array, path: pd.DataFrame, baseline: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    there = model.regressors(path)
    for i, term in enumerate(model.spec.drivers):
        if np.allclose(there[:, i], here[:, i]):
            continue
        low, high = np.quantile(model.x[:, i], ENDS)
        out = (there[:, i] < low) | (there[:, i] > high)
        yield {
            "term": term,
            "kind": "range",
            "low": low,
            "high": high,
            "reached_low": there[:, i].min(),
            "reached_high": there[:, i].max(),
            **_verdict(model, out, (here[:, i] < low) | (here[:, i] > high)),
        }
        rule = model.spec.derive.get(term)
        factors = list(rule.of) if rule is not None and rule.apply == "interaction" else []
        known = {*path.columns, *STATES}
        if len(set(factors)) == 2 and set(factors) <= known & set(model.raw.columns):
            away = [_outside_hull(model, factors, one) for one in (path, baseline)]
            yield {"term": term, "kind": "interaction", **_verdict(model, *away)}


def _verdict(model: _Model, out: Mask, baseline_out: Mask) -> dict[str, Any]:
    return {
        "outside": bool(out.any()),
        "baseline_outside": bool(baseline_out.any()),
        "first_year": int(model.years[out.argmax()]) if out.any() else 0,
    }


def _outside_hull(model: _Model, factors: Sequence[str], path: pd.DataFrame) -> Mask:
    """Whether a path's pairs lie outside the convex hull of the sample's pairs, by year."""
    at = np.column_stack([model.factor(name, path) for name in factors])
    try:
        hull = Delaunay(model.raw[list(factors)].to_numpy(dtype=float))
    except QhullError:  # the sample's pairs lie on a line: nothing off it is inside
        return np.ones(len(at), dtype=bool)
    return np.asarray(hull.find_simplex(at) < 0)
