"""Panel cointegration tests on panels whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.arrays import Array, Matrix
from forecast.diagnostics.cointegration.error_correction import ErrorCorrection, error_correction
from forecast.diagnostics.cointegration.kao import KAO_FORMS, kao
from forecast.diagnostics.cointegration.pedroni import PEDRONI_FORMS, pedroni
from forecast.diagnostics.cointegration.tables import PEDRONI, WESTERLUND
from forecast.diagnostics.cointegration.westerlund import westerlund
from forecast.diagnostics.unit_roots.adf import DETERMINISTIC
from forecast.panel import Panel


def _walks(
    rng: np.random.Generator, years: int, countries: int, drivers: int
) -> tuple[Matrix, Array]:
    walks = np.cumsum(rng.normal(size=(years, countries, drivers + 1)), axis=0)
    return walks[..., 0], walks[..., 1:]


def _panel(y: Matrix, x: Array) -> Panel:
    years, countries = y.shape
    index = pd.MultiIndex.from_product(
        [[f"C{i:04d}" for i in range(countries)], range(1000, 1000 + years)],
        names=["country", "year"],
    )
    columns = {"y": y.T.ravel()}
    columns |= {f"x{j}": x[..., j].T.ravel() for j in range(x.shape[2])}
    return Panel(pd.DataFrame(columns, index=index), "made")


CELLS = [
    pytest.param(
        terms, k, marks=[] if (terms, k) in (("intercept", 1), ("trend", 3)) else pytest.mark.slow
    )
    for terms in DETERMINISTIC
    for k in range(1, 8)
]


@pytest.mark.parametrize(("terms", "k"), CELLS)
def test_pedronis_means_are_those_of_independent_walks(terms: str, k: int) -> None:
    """A statistic of 400 countries over sqrt(N) lies at the table's mean, for its every cell.

    Four standard errors, and 4 % for the 400 years that stand for the limit (the bias falls as 1/T:
    3 % at the worst cell).
    """
    rng = np.random.default_rng(10 * k + len(terms))
    panel = _panel(*_walks(rng, 400, 400, k))
    drivers = tuple(f"x{j}" for j in range(k))
    moments = PEDRONI[terms][k - 1]
    for form, (_, at) in PEDRONI_FORMS.items():
        found = pedroni(panel, "y", drivers, form, terms, 0, bandwidth=1).statistic

        error = found * np.sqrt(moments[at + 5] / 400)

        assert abs(error) < 4 * np.sqrt(moments[at + 5] / 400) + 0.04 * abs(moments[at]), form


@pytest.mark.parametrize(("terms", "k"), [cell for cell in CELLS if cell.values[1] < 7])
def test_westerlunds_moments_are_those_of_independent_walks(terms: str, k: int) -> None:
    """The means of the four statistics lie at the table's, for its every cell.

    Four standard errors, and 4 % for the 400 years that stand for the limit.
    """
    rng = np.random.default_rng(100 * k + len(terms))
    y, x = _walks(rng, 400, 1000, k)
    raw = error_correction(y, x, DETERMINISTIC[terms], ErrorCorrection(lags=0, bandwidth=1))
    assert raw is not None
    raw = raw / [1, 1, np.sqrt(1000), 1]
    mean, variance = WESTERLUND[terms][k - 1][:4], WESTERLUND[terms][k - 1][4:]

    assert (np.abs(raw - mean) < 4 * np.sqrt(variance / 1000) + 0.04 * np.abs(mean)).all()


@pytest.mark.slow
def test_sizes_are_near_nominal() -> None:
    """In 150 panels of 25 countries and 100 years a 5 % test rejects walks, in less than 20 %.

    All rest on moments of the limit, and at this size the means of Kao's and Pedroni's rho and t
    lie a quarter to two thirds of a deviation below zero. At two thirds a 5 % test rejects 16 %,
    with a standard error of 3 points: 20 % is one error above. Westerlund's have no such bias: 10 %
    is three errors of 1.8 points above 5 %.
    """
    rng = np.random.default_rng(7)
    rejected: dict[str, list[bool]] = {}
    for _ in range(150):
        table = fc.cointegration_tests(_panel(*_walks(rng, 100, 25, 1)), "y", ["x0"])
        for test, p in zip(table["test"], table["p_value"], strict=True):
            rejected.setdefault(test, []).append(p < 0.05)
    shares = {test: float(np.mean(one)) for test, one in rejected.items()}

    assert all(0 < share < 0.20 for share in shares.values()), shares
    assert all(share < 0.10 for test, share in shares.items() if "westerlund" in test), shares


@pytest.mark.slow
@pytest.mark.parametrize("form", sorted(KAO_FORMS))
def test_kaos_statistics_near_the_standard_normal(form: str) -> None:
    """With 100 countries and 400 years of walks mean and deviation are near 0 and 1.

    80 panels: the standard error of the mean is 0.11, of the deviation 0.08. The normal law is
    that of endless years. In 600 other panels of this size the means lie 0.1 (``df_t``) to 0.34
    (``df_rho_star``) below zero, at 100 years 0.23 to 0.79, at 1600 years 0.03 to 0.15: the bias is
    of finite years, whose sign is known. Bounds are three errors beyond zero and beyond 0.34.
    """
    rng = np.random.default_rng(11)
    found = [kao(_panel(*_walks(rng, 400, 100, 1)), "y", ("x0",), form) for _ in range(80)]
    values = [one.statistic for one in found]

    assert -0.34 - 3 * 0.11 < np.mean(values) < 3 * 0.11
    assert abs(np.std(values) - 1) < 3 * 0.08


def test_cointegration_is_found() -> None:
    """Where the outcome corrects to its driver, every test rejects at 1 %."""
    rng = np.random.default_rng(3)
    _, x = _walks(rng, 60, 20, 1)
    error = np.zeros((60, 20))
    for t in range(1, 60):
        error[t] = 0.4 * error[t - 1] + rng.normal(size=20)
    panel = _panel(2 * x[..., 0] + rng.normal(size=20) + error, x)

    table = fc.cointegration_tests(panel, "y", ["x0"])

    assert (table["p_value"] < 0.01).all()


def test_kao_does_not_find_it_in_few_independent_walks() -> None:
    """In 60 panels of independent walks Kao's ADF rejects about 5 %; 3 errors are 8 points."""
    rng = np.random.default_rng(12)
    p = [kao(_panel(*_walks(rng, 60, 15, 1)), "y", ("x0",)).p_value for _ in range(60)]

    assert np.mean(np.array(p) < 0.05) < 0.15


@pytest.mark.slow
def test_bootstrap_keeps_its_size_where_countries_move_together() -> None:
    """With a common shock in all countries the normal Gt rejects too often, the bootstrap does not.

    100 panels: the standard error of a 5 % share is 2.2 points.
    """
    rng = np.random.default_rng(21)
    normal, robust = [], []
    for _ in range(100):
        common = np.cumsum(rng.normal(size=(50, 1)), axis=0)
        y, x = _walks(rng, 50, 15, 1)
        panel = _panel(y + 2 * common, x)
        normal.append(westerlund(panel, "y", ("x0",), "gt").p_value)
        robust.append(westerlund(panel, "y", ("x0",), "gt", draws=199, rng=rng).p_value)

    assert np.mean(np.array(normal) < 0.05) > 0.12
    assert np.mean(np.array(robust) < 0.05) < 0.12


def test_bootstrap_is_seeded_and_finds_cointegration() -> None:
    """The same seed gives the same p-value; of 99 samples few lie below a true cointegration."""
    rng = np.random.default_rng(4)
    _, x = _walks(rng, 40, 6, 2)
    panel = _panel(x.sum(axis=2) + 0.3 * rng.normal(size=(40, 6)), x)
    what = (panel, "y", ("x0", "x1"), "pt", "intercept", ErrorCorrection(lags=2, leads=1))

    first = westerlund(*what, draws=99, rng=np.random.default_rng(5))
    again = westerlund(*what, draws=99, rng=np.random.default_rng(5))

    assert first == again
    assert 0.01 <= first.p_value <= 0.05
    assert "99 bootstrap samples" in first.note
