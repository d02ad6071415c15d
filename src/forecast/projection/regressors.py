"""A model's regressors along a country's driver path, by the derivations of its estimation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.derive.apply import add_derived
from forecast.errors import ProjectionError
from forecast.panel import INDEX, Panel
from forecast.specs.model import ModelSpec

STATES = ("gap_output_per_worker", "gap_tfp")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressorPath:
    """Regressors as they depend on the state: ``x_t = level_t + slope_t * gap_t``.

    Attributes
    ----------
    terms : (k,) names, the model's order.
    level, slope : (t, k)
    """

    terms: tuple[str, ...]
    level: NDArray[np.float64]
    slope: NDArray[np.float64]


def raw_drivers(spec: ModelSpec) -> list[str]:
    """Return the raw columns behind a model's regressors, states left out."""
    names: list[str] = []
    for term in spec.drivers:
        names += _inputs(term, spec)
    return [n for n in dict.fromkeys(names) if n not in STATES]


def regressor_path(
    spec: ModelSpec, drivers: pd.DataFrame, years: NDArray[np.int64], step: int
) -> RegressorPath:
    """Return ``spec``'s regressors in each of ``years``.

    A relation between averages of ``step`` years is the average of the annual relation, so annual
    values enter in place of period means, and a lag of one period is ``step`` years; averaged over
    a period, the result is the regressor that estimation saw (exactly, for linear terms).

    Parameters
    ----------
    drivers : pandas.DataFrame
        Raw drivers by year, history included.
    step : int
        The estimation panel's step.

    Raises
    ------
    ProjectionError
        If a driver or a lag is missing in a projected year, or a term is not linear in the state.
    """
    at = [_evaluate(spec, drivers, years, step, gap) for gap in (-1.0, -2.0, -3.0)]
    slope = at[0] - at[1]
    if not np.allclose(at[1] - at[2], slope, rtol=1e-9, atol=1e-12):
        raise ProjectionError(f"model {spec.name!r}: a term is not linear in the gap")
    level = at[0] + slope
    if np.isnan(level).any():
        row, column = np.argwhere(np.isnan(level))[0]
        raise ProjectionError(
            f"model {spec.name!r}: {spec.drivers[column]!r} is missing in {years[row]}"
        )
    return RegressorPath(terms=tuple(spec.drivers), level=level, slope=slope)


def _inputs(term: str, spec: ModelSpec) -> list[str]:
    if term not in spec.derive:
        return [term]
    return [raw for name in spec.derive[term].of for raw in _inputs(name, spec)]


def _evaluate(
    spec: ModelSpec,
    drivers: pd.DataFrame,
    years: NDArray[np.int64],
    step: int,
    gap: float,
) -> NDArray[np.float64]:
    frame = drivers.assign(**dict.fromkeys(STATES, gap))
    frame.index = pd.MultiIndex.from_product([["path"], frame.index], names=INDEX)
    panel = Panel(frame, source=f"driver path of {spec.name}", step=step)
    needed = {n: r for n, r in spec.derive.items() if _reachable(n, spec)}
    derived = add_derived(panel, needed).require(spec.drivers)
    rows = derived.xs("path", level="country").reindex(years)
    return rows.to_numpy(dtype=float)


def _reachable(name: str, spec: ModelSpec) -> bool:
    """Whether a derived column feeds a regressor (the outcome's derivations do not apply here)."""
    wanted = set(spec.drivers)
    for other in reversed(list(spec.derive)):
        if other in wanted:
            wanted |= set(spec.derive[other].of)
    return name in wanted
