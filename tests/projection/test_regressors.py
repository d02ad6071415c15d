"""Regressors along a path are those of estimation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.derive.apply import add_derived
from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.projection.regressors import raw_drivers, regressor_path
from forecast.specs.model import ModelSpec

DERIVE = {
    "openness": {"of": ["exports", "imports"], "as": "sum"},
    "rd_lag": {"of": "rd", "as": "lag", "by": 1},
    "rd_gap": {"of": ["rd", "gap_output_per_worker"], "as": "interaction"},
}


def _spec(drivers: list[str], **derivations: object) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "growth_output_per_worker",
            "drivers": drivers,
            "estimator": "pooled",
            "derive": DERIVE | derivations,
        }
    )


YEARS = np.arange(2026, 2036)
PATH = pd.DataFrame(
    {
        "rd": np.linspace(1.0, 2.5, 21),
        "exports": np.linspace(20, 24, 21),
        "imports": 18.0,
    },
    index=pd.Index(range(2015, 2036), name="year"),
)


def test_period_means_of_the_path_are_estimations_regressors() -> None:
    """Averaged over 2026-30 and 2031-35, path regressors equal those derived from period means.

    Linear terms only, for which the mean of the terms is the term of the means; exact in real
    arithmetic, hence 1e-12.
    """
    spec = _spec(["gap_output_per_worker", "openness", "rd_lag"])
    found = regressor_path(spec, PATH, YEARS, step=5)
    means = PATH.groupby((PATH.index - 2011) // 5 * 5 + 2015).mean().loc[2020:2035]
    means.index = pd.MultiIndex.from_product([["A"], means.index], names=["country", "year"])
    periods = add_derived(
        Panel(means, source="t", step=5), {k: spec.derive[k] for k in ("openness", "rd_lag")}
    )

    expected = periods.frame.loc[[("A", 2030), ("A", 2035)], ["openness", "rd_lag"]].to_numpy()

    halves = found.level[:, 1:].reshape(2, 5, 2).mean(axis=1)
    np.testing.assert_allclose(halves, expected, rtol=1e-12)


def test_slope_holds_the_gap_and_its_interactions() -> None:
    """X = level + slope gap: the gap itself has slope 1, R&D x gap has slope R&D."""
    found = regressor_path(_spec(["gap_output_per_worker", "rd", "rd_gap"]), PATH, YEARS, step=5)

    np.testing.assert_allclose(found.slope[:, 0], 1.0)
    np.testing.assert_allclose(found.slope[:, 1], 0.0, atol=1e-15)
    np.testing.assert_allclose(found.slope[:, 2], PATH.loc[2026:, "rd"])
    np.testing.assert_allclose(found.level[:, [0, 2]], 0.0, atol=1e-12)


def test_raw_drivers_are_traced_through_derivations() -> None:
    """The state is not a driver; sums and lags are traced to their columns."""
    assert raw_drivers(_spec(["gap_output_per_worker", "openness", "rd_gap"])) == [
        "exports",
        "imports",
        "rd",
    ]


def test_a_square_of_the_gap_is_refused() -> None:
    """Feedback is exact for terms linear in the gap; others are refused, not approximated."""
    square = {"of": "gap_output_per_worker", "as": "power", "exponent": 2}
    spec = _spec(["gap_squared"], gap_squared=square)

    with pytest.raises(ProjectionError, match="not linear in the gap"):
        regressor_path(spec, PATH, YEARS, step=5)
