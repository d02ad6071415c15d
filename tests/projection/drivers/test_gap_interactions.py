"""Terms in which a driver and the gap meet, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.arrays import Paths
from forecast.estimation.record import Estimate
from forecast.projection.drivers.effects import (
    CoefficientDraws,
    Effects,
    deviation_growth,
    growth_difference,
    model_growth,
)
from forecast.projection.regressors import regressor_path
from forecast.specs.model import ModelSpec

YEARS = np.arange(2026, 2029)
OUTCOME = "growth_output_per_worker"
GAP = np.array([[-1.0, -0.9, -0.8]])
# gap -2, R&D 0.5, R&D x gap 0.3; R&D rises from 2 to 3:
#   2026  0.5 + 0.3 (-1.0)                              = 0.2       D = 0.002
#   2027  0.5 + 0.3 (-0.9) + (-2 + 0.3 x 3) 0.002       = 0.2278    D = 0.004278
#   2028  0.5 + 0.3 (-0.8) + (-2 + 0.3 x 3) 0.004278    = 0.2552942
BETA = np.array([[-2.0, 0.5, 0.3]])
BY_HAND = [[0.2, 0.2278, 0.2552942]]
SPEC = ModelSpec.model_validate(
    {
        "name": "m",
        "label": "m",
        "outcome": OUTCOME,
        "drivers": ["gap_output_per_worker", "rd", "rd_gap"],
        "estimator": "pooled",
        "derive": {"rd_gap": {"of": ["rd", "gap_output_per_worker"], "as": "interaction"}},
    }
)


def _paths(level: float) -> pd.DataFrame:
    index = pd.Index(range(2020, 2029), name="year")
    return pd.DataFrame({"rd": np.where(index > 2025, level, 2.0)}, index=index)


@pytest.fixture
def effects() -> Effects:
    """Return one draw whose coefficients and gaps are those above."""
    estimate = object.__new__(Estimate)
    object.__setattr__(estimate, "spec", SPEC)
    return Effects(
        coefficients=CoefficientDraws(
            models=("m",), assignment=np.zeros(1, dtype=np.int64), beta={"m": BETA}
        ),
        estimates={"m": estimate},
        drivers=_paths(2.0),
        gaps={OUTCOME: GAP},
        years=YEARS,
        step=5,
    )


def test_growth_with_a_term_of_driver_and_gap(effects: Effects) -> None:
    """The change of the slope meets today's gap, the scenario's slope what it has gained."""
    here, there = (regressor_path(SPEC, _paths(x), YEARS, 5) for x in (2.0, 3.0))

    np.testing.assert_allclose(growth_difference(effects, _paths(3.0)), BY_HAND, rtol=1e-12)
    np.testing.assert_allclose(model_growth(BETA, here, there, GAP), BY_HAND, rtol=1e-12)


def test_a_deviation_of_every_draw_is_the_same_departure(effects: Effects) -> None:
    """A path of one draw and a scenario of the same size make the same growth."""
    rise: Paths = np.ones((1, 3))

    np.testing.assert_allclose(deviation_growth(effects, {"rd": rise}), BY_HAND, rtol=1e-12)
