"""Arellano and Bond (1991) against the printed digits of their tables."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.dynamic.models import (
    ONE,
    SHORTER,
    TABLE4,
    gmm_keys,
    spec_of,
)
from forecast.estimation.estimate import estimate
from forecast.panel import Panel

# Arellano and Bond (1991), table 4: three decimals; a2 and b with uncorrected standard errors.
PUBLISHED = {
    "a1": (
        TABLE4,
        gmm_keys(1, **ONE),
        [0.686, -0.085, -0.608, 0.393, 0.357, -0.058, -0.020, 0.609, -0.711, 0.106],
        [0.145, 0.056, 0.178, 0.168, 0.059, 0.073, 0.033, 0.173, 0.232, 0.141],
        {"sargan": 65.8, "wald": 408.3, "ar2": -0.516},
    ),
    "a2": (
        TABLE4,
        gmm_keys(2, plain=True, **ONE),
        [0.629, -0.065, -0.526, 0.311, 0.278, 0.014, -0.040, 0.592, -0.566, 0.101],
        [0.090, 0.027, 0.054, 0.094, 0.045, 0.053, 0.026, 0.116, 0.140, 0.113],
        {"hansen": 31.4, "wald": 667.0},
    ),
    "b": (
        SHORTER,
        gmm_keys(2, plain=True, **ONE),
        [0.474, -0.053, -0.513, 0.225, 0.293, 0.610, -0.446],
        [0.085, 0.027, 0.049, 0.080, 0.039, 0.109, 0.125],
        {"hansen": 30.1, "wald": 372.0},
    ),
}


@pytest.mark.parametrize("column", sorted(PUBLISHED))
def test_arellano_bond_1991_table_4(employment: Panel, column: str) -> None:
    """Columns a1, a2 and b: every printed digit of coefficients, standard errors and tests."""
    drivers, options, params, errors, tests = PUBLISHED[column]
    found = estimate(employment, spec_of(drivers, 2, **options))

    np.testing.assert_allclose(found.params, params, atol=5.01e-4)  # three decimals
    np.testing.assert_allclose(found.std_errors, errors, atol=5.01e-4)
    for name, value in tests.items():
        digits = len(str(value).partition(".")[2])
        assert round(found.stats[name], digits) == value, name


def test_corrected_errors_of_column_b(employment: Panel) -> None:
    """Windmeijer (2005), table 2: the corrected standard error of the first lag is 0.185."""
    found = estimate(employment, spec_of(SHORTER, 2, **gmm_keys(2, **ONE)))

    assert round(float(found.std_errors.iloc[0]), 3) == 0.185


@pytest.mark.parametrize(
    ("drivers", "m1", "m2", "digits"),
    [(TABLE4, -3.9394, -0.5424, 4), (SHORTER, -3.409, -0.3695, 3)],
)
def test_classical_serial_correlation(
    employment: Panel, drivers: list[str], m1: float, m2: float, digits: int
) -> None:
    """One-step m1 and m2 for errors of one variance: Stata's xtabond, and DPD for Ox (abest1)."""
    found = estimate(employment, spec_of(drivers, 2, **gmm_keys(1, plain=True, **ONE)))

    assert round(found.stats["ar1"], digits) == m1
    assert round(found.stats["ar2"], 4) == m2
