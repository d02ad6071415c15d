"""Least squares against NIST's certified problems, and its refusals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.problem import Regression
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "estimation"
CERTIFIED = pd.read_csv(REFERENCE / "nist_certified.csv")


def _problem(name: str, kind: Callable[[str], Any] = float) -> tuple[list[Any], list[list[Any]]]:
    """Return outcome and regressor rows, powers made in the numbers' own arithmetic."""
    raw = pd.read_csv(REFERENCE / f"nist_{name}.csv", dtype=str)
    y = [kind(v) for v in raw["y"]]
    if "x" in raw.columns:
        degree = int((CERTIFIED["problem"] == name).sum())
        return y, [[kind(v) ** p for p in range(degree)] for v in raw["x"]]
    others = raw.drop(columns="y").to_numpy()
    return y, [[kind(1), *(kind(v) for v in row)] for row in others]


def _regression(y: np.ndarray, x: np.ndarray, absorbed: int = 0) -> Regression:
    rows = len(y)
    codes = np.arange(rows, dtype=np.int64)
    return Regression(
        y=y,
        x=x,
        terms=tuple(f"b{j}" for j in range(x.shape[1])),
        country=codes,
        year=codes,
        index=pd.MultiIndex.from_arrays([codes, codes], names=["country", "year"]),
        absorbed=absorbed,
    )


def _digits(found: np.ndarray, certified: pd.Series) -> list[float]:
    """Return the log relative error of each element: its number of correct digits."""
    return (-np.log10(np.maximum(np.abs(found / certified.to_numpy() - 1), 1e-15))).tolist()


# NIST prints 15 digits. Filip: the rounding of its tenth powers alone leaves 7.6 digits in the
# exact solution. Wampler5: noise 1e7 times the coefficients.
@pytest.mark.parametrize(
    ("name", "coefficients", "errors"),
    [("longley", 10, 10), ("filip", 7.5, 7.5), ("wampler5", 5.5, 9)],
)
def test_nist_digits(
    name: str,
    coefficients: float,
    errors: float,
    record_property: Callable[[str, object], None],
) -> None:
    """Coefficients and standard errors carry the digits that double precision allows."""
    y, x = (np.array(part, dtype=float) for part in _problem(name))
    certified = CERTIFIED[CERTIFIED["problem"] == name]

    fit = least_squares(_regression(y, x))
    std_errors = np.sqrt(fit.rss / fit.df_resid * np.diag(fit.root @ fit.root.T))

    of_params = _digits(fit.params, certified["estimate"])
    of_errors = _digits(std_errors, certified["std_error"])
    for digits in (*of_params, *of_errors):
        record_property("digits", digits)  # for docs/accuracy.md
    assert min(of_params) >= coefficients
    assert min(of_errors) >= errors


@pytest.mark.parametrize("name", ["longley", "filip", "wampler5"])
def test_certified_values_are_exact(name: str) -> None:
    """The certified coefficients solve the normal equations in exact rational arithmetic."""
    y, x = _problem(name, Fraction)
    size = len(x[0])
    system = [
        [sum(r[i] * r[j] for r in x) for j in range(size)]
        + [sum(r[i] * v for r, v in zip(x, y, strict=True))]
        for i in range(size)
    ]
    for i in range(size):
        system[i] = [v / system[i][i] for v in system[i]]
        for j in range(size):
            if j != i:
                system[j] = [
                    a - system[j][i] * b for a, b in zip(system[j], system[i], strict=True)
                ]
    exact = np.array([float(row[-1]) for row in system])

    certified = CERTIFIED.loc[CERTIFIED["problem"] == name, "estimate"].to_numpy()
    np.testing.assert_allclose(exact, certified, rtol=1e-14)  # NIST prints 15 digits


def test_columns_of_any_size() -> None:
    """Multiplying a column by 1e12 divides its coefficient by 1e12 and changes nothing else."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(50, 3)), rng.normal(size=50)
    units = np.array([1.0, 1e12, 1e-9])

    plain, scaled = least_squares(_regression(y, x)), least_squares(_regression(y, x * units))

    np.testing.assert_allclose(scaled.params * units, plain.params, rtol=1e-12)
    np.testing.assert_allclose(scaled.residuals, plain.residuals, atol=1e-13)


def test_collinear_columns_are_named() -> None:
    """A sum of two columns is refused with the three names, and no other."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(40, 4))
    x[:, 3] = 1e6 * (x[:, 0] + x[:, 2])

    with pytest.raises(EstimationError, match="collinear") as caught:
        least_squares(_regression(rng.normal(size=40), x))

    message = str(caught.value)
    assert all(f"'b{j}'" in message for j in (0, 2, 3))
    assert "'b1'" not in message


def test_zero_column_is_named() -> None:
    """A column of zeros is refused by name."""
    x = np.column_stack([np.arange(5.0), np.zeros(5)])

    with pytest.raises(EstimationError, match="'b1' is zero"):
        least_squares(_regression(np.ones(5), x))


def test_too_few_rows() -> None:
    """Absorbed effects count against the rows."""
    x = np.random.default_rng(3).normal(size=(6, 2))

    with pytest.raises(EstimationError, match="at least 7 are needed"):
        least_squares(_regression(np.ones(6), x, absorbed=4))
