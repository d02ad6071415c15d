"""Arellano and Bond (1991) against the printed digits of their tables."""

from __future__ import annotations

import pytest

import forecast as fc
from estimation.dynamic.models import (
    ONE,
    SHORTER,
    TABLE4,
    gmm_keys,
    spec_of,
)
from forecast.estimation.estimate import estimate
from forecast.panel import Panel


@pytest.mark.parametrize("column", ["a1", "a2", "b"])
def test_arellano_bond_1991_table_4(column: str) -> None:
    """Columns a1, a2 and b: every printed digit of coefficients, standard errors and tests."""
    figures = fc.example("arellano_bond_1991").to_frame()
    rows = figures[figures["column"] == column]

    assert len(rows) >= 16
    assert rows["agrees"].all(), rows


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
