"""Complementary log-log and logit against R's glm and sandwich, and in closed form."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import EstimationError
from forecast.structure.binary_regression import LINKS, binary_regression
from places import ROOT

PRINTED = ROOT / "tests" / "reference" / "structure" / "hazard_reference.csv"


def _sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    i = np.arange(240)
    group = i // 10
    x1, x2, x3 = np.log(1 + i % 10), 3 * np.sin(1.3 * group) + 20, np.cos(0.7 * i)
    said = 0.08 + 0.1 * x1 / 2.3 + 0.01 * (x2 - 17) + 0.05 * x3
    y = (((i * 53) % 97) / 97 < said).astype(float)
    return y, np.column_stack([np.ones(240), x1, x2, x3]), group


@pytest.mark.parametrize("link", LINKS)
def test_r_has_the_same(link: str):
    """Coefficients, clustered errors and likelihood; R stops at a relative 1e-15 of deviance."""
    with PRINTED.open(encoding="utf-8") as lines:
        printed = {r["what"]: float(r["value"]) for r in csv.DictReader(lines) if r["link"] == link}
    y, x, group = _sample()
    found = binary_regression(y, x, group, link)

    assert y.sum() == printed["events"]
    np.testing.assert_allclose(found.params, [printed[f"b{k}"] for k in range(4)], rtol=1e-8)
    np.testing.assert_allclose(found.errors, [printed[f"se{k}"] for k in range(4)], rtol=1e-8)
    assert found.log_likelihood == pytest.approx(printed["log_likelihood"], rel=1e-11)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(10, 30)), min_size=2, max_size=5))
@settings(deadline=None, max_examples=30)
def test_a_dummy_a_cell_gives_the_cells_shares(cells: list[tuple[int, int]]):
    """Saturated, either link returns each cell's share of ones: the closed form."""
    cell = np.repeat(np.arange(len(cells)), [n for _, n in cells])
    y = np.concatenate([np.arange(n) < d for d, n in cells]).astype(float)
    x = (cell[:, None] == np.arange(len(cells))).astype(float)
    shares = np.array([d / n for d, n in cells])

    for link, of in (
        ("cloglog", np.log(-np.log(1 - shares))),
        ("logit", np.log(shares / (1 - shares))),
    ):
        found = binary_regression(y, x, np.arange(len(y)), link)
        np.testing.assert_allclose(found.params, of, atol=1e-6)


@pytest.mark.parametrize("link", LINKS)
def test_units_decide_nothing(link: str):
    """A column a millionth as large has a coefficient a million times as large."""
    y, x, group = _sample()
    one = binary_regression(y, x, group, link)
    other = binary_regression(y, x * (1, 1, 1e-6, 1), group, link)

    np.testing.assert_allclose(other.params, one.params * (1, 1, 1e6, 1), rtol=1e-7)
    np.testing.assert_allclose(other.errors, one.errors * (1, 1, 1e6, 1), rtol=1e-7)


@pytest.mark.parametrize("link", LINKS)
def test_what_has_no_estimate_says_so(link: str):
    """A column that tells ones from zeros; two equal columns; a link that is none."""
    y, x, group = _sample()

    with pytest.raises(EstimationError, match="tell ones from zeros"):
        binary_regression(y, np.column_stack([np.ones(240), y]), group, link)
    with pytest.raises(EstimationError, match="collinear"):
        binary_regression(y, np.column_stack([x, x[:, 1]]), group, link)
    with pytest.raises(EstimationError, match="link 'probit'"):
        binary_regression(y, x, group, "probit")
