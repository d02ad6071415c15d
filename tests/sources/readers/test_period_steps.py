"""Tables whose rows lie more than a year apart: step, lags, differences, dynamic panels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.estimation.estimate import estimate
from forecast.specs.model import ModelSpec
from forecast.study.own_panel import read_panel

PERIODS = 9


@pytest.fixture(scope="module")
def annual() -> pd.DataFrame:
    """Return a dynamic panel of forty firms and nine periods."""
    rng = np.random.default_rng(3)
    rows = []
    for firm in range(40):
        effect, y = rng.normal(), rng.normal()
        for t in range(PERIODS):
            x = rng.normal() + 0.3 * effect
            y = 0.5 * y + x + effect + rng.normal()
            rows.append((f"f{firm:02d}", 2000 + t, y, x))
    return pd.DataFrame(rows, columns=["firm", "t", "y", "x"])


def _apart(annual: pd.DataFrame, years: int) -> pd.DataFrame:
    return annual.assign(t=1960 + years * (annual["t"] - 2000))


LAG = {"x_1": {"of": "x", "as": "lag"}}
CHANGES = {"dy": {"of": "y", "as": "difference"}, "dx": {"of": "x", "as": "difference"}}
DYNAMIC = {"y_1": {"of": "y", "as": "lag"}}
GMM = {"instruments": {"y_1": {"as": "predetermined"}, "x": {"as": "endogenous"}}}
MODELS: dict[str, dict[str, Any]] = {
    "lag": {"estimator": "within", "effects": ["country"], "drivers": ["x", "x_1"], "derive": LAG},
    "driscoll_kraay": {
        "estimator": "within",
        "effects": ["country"],
        "drivers": ["x"],
        "covariance": "driscoll_kraay",
        "maxlag": 2,
    },
    "anderson_hsiao": {"estimator": "anderson_hsiao", "drivers": ["y_1", "x"], "derive": DYNAMIC},
    "changes": {"estimator": "pooled", "outcome": "dy", "drivers": ["dx"], "derive": CHANGES},
    "first_difference": {"estimator": "first_difference", "drivers": ["x"]},
    "difference_gmm": {
        "estimator": "difference_gmm",
        "drivers": ["y_1", "x"],
        "derive": DYNAMIC,
        "gmm": GMM,
    },
    "system_gmm": {
        "estimator": "system_gmm",
        "drivers": ["y_1", "x"],
        "derive": DYNAMIC,
        "gmm": GMM,
    },
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("years", [5, 10])
def test_a_model_on_periods_is_the_model_on_years(
    annual: pd.DataFrame, name: str, years: int
) -> None:
    """Calendar time carries no information but order: relabelled, estimates are the same."""
    said = {"outcome": "y", **MODELS[name]}
    spec = ModelSpec(name=name, label=name, **said)
    expected = estimate(read_panel(annual, "firm", "t"), spec)
    panel = read_panel(_apart(annual, years), "firm", "t")

    found = estimate(panel, spec)

    assert panel.step == years
    assert found.n_obs == expected.n_obs > 40
    # the same numbers in the same order
    assert_allclose(found.params, expected.params, rtol=1e-9)
    assert_allclose(found.cov, expected.cov, rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize(
    ("years", "step"),
    [
        ([2000, 2001, 2002], 1),
        ([2000, 2005, 2010], 5),
        ([2000, 2005, 2015], 5),
        ([2000, 2002, 2005], 1),
        ([2000, 2004, 2010], 1),
        ([2000], 1),
        ([1990, 2010], 20),
    ],
)
def test_the_step_is_the_gap_where_all_agree(years: list[int], step: int) -> None:
    """A gap left by a missing row is a multiple of the step; gaps that disagree are annual."""
    frame = pd.DataFrame({"c": "A", "t": years, "x": range(len(years))})

    panel = read_panel(frame, "c", "t")

    assert panel.step == step
    assert f"step {step}," in panel.reading


def test_entities_on_other_dates_share_a_step() -> None:
    """Five-year rows that end in 0 for one and in 2 for another."""
    frame = pd.DataFrame(
        {"c": list("AABB"), "t": [2000, 2005, 2002, 2007], "x": [1.0, 2.0, 3.0, 4.0]}
    )

    assert read_panel(frame, "c", "t").step == 5


@pytest.mark.parametrize(("step", "says"), [(2, "5 year"), (0, "from 1"), (1.5, "from 1")])
def test_a_step_that_the_rows_contradict_is_refused(step: Any, says: str) -> None:
    """A step is a whole number that divides every gap; 1 always may be said."""
    frame = pd.DataFrame({"c": "A", "t": [2000, 2005], "x": [1.0, 2.0]})

    assert read_panel(frame, "c", "t", step=1).step == 1
    with pytest.raises(DataError, match=says):
        read_panel(frame, "c", "t", step=step)
