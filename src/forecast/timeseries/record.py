"""What a density model of growth passes on: draws, a point path and how it was fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast.arrays import Draws, Vector
from forecast.errors import EstimationError
from forecast.statistics.variation import varies

# % a year: rounding of a logarithm of some 25, times 100, is a thousandth of it.
STEADY = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthDensity:
    """Draws of annual growth from one model, parameter and shock uncertainty included.

    Attributes
    ----------
    name : str
        Name of the model in ``GROWTH_MODELS``.
    draws : (draws, horizon) growth, % a year (log differences x 100).
    point : (horizon,) growth at the point estimates, % a year; not the draws' mean where the
        model is not linear in its parameters.
    notes : dict
        Order chosen, estimates and fit, by name.
    converged : bool
        Whether the optimiser reported success; true for a closed form.
    """

    name: str
    draws: Draws
    point: Vector
    notes: Mapping[str, str | float] = field(default_factory=dict)
    converged: bool = True


def checked_growth(growth: pd.Series, at_least: int, model: str) -> Vector:
    """Return the values of an unbroken annual series of growth that varies.

    Parameters
    ----------
    growth : pandas.Series
        Growth, % a year, by year.
    at_least : int
        Observations that the model needs.
    model : str
        Name used in the message.

    Raises
    ------
    EstimationError
        If a year is missing, a value is not finite, there are too few years, or growth is the same
        in all of them but for rounding.
    """
    years = growth.index.to_numpy(dtype=np.int64)
    values = growth.to_numpy(dtype=np.float64, na_value=np.nan)
    if len(values) < at_least:
        raise EstimationError(f"{model}: {len(values)} years of growth, needs at least {at_least}")
    if (np.diff(years) != 1).any():
        after = years[np.argmax(np.diff(years) != 1)]
        raise EstimationError(f"{model}: years of growth have a gap after {after}")
    if not np.isfinite(values).all():
        year = years[np.argmax(~np.isfinite(values))]
        raise EstimationError(f"{model}: growth in {year} is not a number")
    if not varies(values, STEADY):
        raise EstimationError(f"{model}: growth is {values[0]:g} in every year and does not vary")
    return values


def checked_draws(horizon: int, draws: int, model: str) -> None:
    """Refuse a horizon or a number of draws below one."""
    if horizon < 1 or draws < 1:
        raise EstimationError(
            f"{model}: horizon and draws must be 1 or more, found {horizon} and {draws}"
        )
