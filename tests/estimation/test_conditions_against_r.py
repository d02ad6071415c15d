"""Conditions and filters of a sample choose the rows that R's subsetting chooses."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from places import ROOT

TABLE = pd.read_csv(ROOT / "tests" / "reference" / "plm" / "conditions.csv")
FILTERS: dict[str, dict[str, Any]] = {
    "first_year": {"first_year": 1976},
    "last_year": {"last_year": 1980},
    "include": {"include": ["OHIO", "TEXAS", "IOWA", "UTAH", "OREGON"]},
    "exclude": {"exclude": ["OHIO", "TEXAS"]},
    "min_periods": {"min_periods": 14},
}


@pytest.mark.parametrize("name", TABLE["rows"].unique())
def test_rows_are_those_of_r(name: str, states: Panel) -> None:
    """Rows, coefficients and errors of R's lm, which hang on every row; both solve by QR: 1e-9."""
    printed = TABLE[TABLE["rows"] == name]
    chosen = FILTERS.get(name, {"where": name})
    own = estimate(states, "y ~ x1 + x2", covariance="classical", sample=chosen)

    assert own.n_obs == printed["n"].iloc[0]
    assert_allclose(own.params, printed["coef"], rtol=1e-9)
    assert_allclose(own.std_errors, printed["se"], rtol=1e-9)
