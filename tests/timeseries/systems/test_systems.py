"""Vector autoregression and error correction against gretl, R's urca and statsmodels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.timeseries.systems.system import SystemDensity, draw_system, fit_system
from forecast.timeseries.systems.var import lag_criteria, var_density
from forecast.timeseries.systems.vecm import johansen, vecm_density, vecm_fit
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "timeseries"
# As gretl prints them (system_gretl.txt): lags 1 to 4; AIC, BIC, HQC with the normal constant.
GRETL_CRITERIA = {
    1: (-23.104045, -22.346466, -22.814552),
    2: (-23.360844, -21.997203, -22.839757),
    3: (-23.152382, -21.182677, -22.399699),
    4: (-22.950025, -20.374257, -21.965748),
}


@pytest.fixture(scope="module")
def denmark() -> pd.DataFrame:
    """Return Danish money, income and two interest rates, 55 observations."""
    return pd.read_csv(REFERENCE / "system_series.csv", index_col=0)


def _urca(model: str) -> pd.Series:
    rows = pd.read_csv(REFERENCE / "system_reference.csv").query("model == @model")
    return rows.set_index("name")["value"]


def _gretl_forecasts(block: int) -> np.ndarray:
    """Return gretl's forecasts (6, 4), in the order they are printed: VAR, then VECM."""
    lines = (REFERENCE / "system_gretl.txt").read_text(encoding="utf-8").splitlines()
    values = [float(line.split()[1]) for line in lines if line.strip()[:3] in _PERIODS]
    return np.array(values).reshape(2, 4, 6)[block].T


_PERIODS = {f"{period} " for period in range(56, 62)}


def test_lag_criteria_equal_gretl(denmark: pd.DataFrame) -> None:
    """AIC, BIC and HQ by lags are gretl's to its six decimals, less n (1 + log 2 pi)."""
    found = lag_criteria(denmark) + 4 * (1 + np.log(2 * np.pi))

    for lags, expected in GRETL_CRITERIA.items():
        assert_allclose(found.loc[lags, ["aic", "bic", "hq"]], expected, atol=1e-6)


def test_var_forecasts_equal_gretl(denmark: pd.DataFrame) -> None:
    """Six forecasts of a VAR(2) in levels equal gretl's to the six digits it prints."""
    density = var_density(denmark, 6, 50, np.random.default_rng(1), lags=2)

    assert_allclose(density.point, _gretl_forecasts(0), rtol=6e-6)


def test_var_coefficients_equal_statsmodels(denmark: pd.DataFrame) -> None:
    """Least squares and the errors' covariance equal statsmodels' VAR to rounding."""
    from statsmodels.tsa.vector_ar.var_model import VAR

    values = denmark.to_numpy()
    expected = VAR(values).fit(2)
    x = np.hstack([np.ones((53, 1)), values[1:-1], values[:-2]])
    fit = fit_system(values[2:], x, "test")

    assert_allclose(fit.coefficients, expected.params, rtol=1e-7, atol=1e-9)
    assert_allclose(fit.covariance, expected.sigma_u, rtol=1e-8)


@pytest.mark.parametrize("lags", [2, 3])
def test_johansen_equals_urca(denmark: pd.DataFrame, lags: int) -> None:
    """Eigenvalues, both statistics and the first vector equal ca.jo's to 1e-7."""
    tests, expected = johansen(denmark, lags), _urca(f"johansen{lags}")

    assert_allclose(tests.eigenvalues, expected[[f"lambda{i}" for i in range(1, 5)]], rtol=1e-7)
    assert_allclose(tests.trace, expected[[f"trace{i}" for i in range(4)]], rtol=1e-7)
    assert_allclose(tests.max_eigenvalue, expected[[f"eigen{i}" for i in range(4)]], rtol=1e-7)
    assert_allclose(tests.vectors[:, 0], expected[[f"beta{i}" for i in range(1, 5)]], rtol=1e-6)


def test_rank_follows_the_trace_tests(denmark: pd.DataFrame) -> None:
    """At 5 % one relation (48.80 over 47.85; 17.29 under 29.80), at 1 % none (54.68).

    gretl's p-values for the same statistics are 0.039 and 0.627.
    """
    tests = johansen(denmark, 2)

    assert_allclose(tests.trace_critical[0], [44.4929, 47.8545, 54.6815])
    assert (tests.rank(0.10), tests.rank(0.05), tests.rank(0.01)) == (1, 1, 0)


def test_rank_by_the_largest_eigenvalue(denmark: pd.DataFrame) -> None:
    """One relation at 5 %: 31.51 over 27.58, then 10.15 under 21.13; at 1 % none."""
    tests = johansen(denmark, 2)

    # The points that MacKinnon, Haug and Michelis' surfaces give; tables round the second decimal.
    assert_allclose(tests.max_critical[:2, 1], [27.584, 21.132], atol=5e-3)
    assert [tests.rank(at, "max_eigenvalue") for at in (0.05, 0.01)] == [1, 0]
    with pytest.raises(EstimationError, match="test"):
        tests.rank(test="lr")


@pytest.mark.parametrize("lags", [2, 3])
def test_vecm_coefficients_equal_urca(denmark: pd.DataFrame, lags: int) -> None:
    """Adjustment, constant and short-run terms equal cajorls' to 1e-6."""
    beta = johansen(denmark, lags).vectors[:, :1]
    fit, expected = vecm_fit(denmark.to_numpy(), lags, beta), _urca(f"vecm{lags}")
    names = ["constant"]
    names += [f"{s}.dl{j}" for j in range(1, lags) for s in denmark]
    rows = [[expected[f"{row} {s}"] for s in denmark] for row in [*names, "ect1"]]

    assert_allclose(fit.coefficients, rows, rtol=1e-6, atol=1e-9)


def test_vecm_forecasts_equal_gretl(denmark: pd.DataFrame) -> None:
    """Six forecasts of the levels equal gretl's to the six digits it prints."""
    density = vecm_density(denmark, 6, 50, np.random.default_rng(1), lags=2)

    assert density.notes["rank"] == 1.0
    assert_allclose(density.point, _gretl_forecasts(1), rtol=6e-6)


def test_full_rank_is_the_autoregression_of_levels(denmark: pd.DataFrame) -> None:
    """With every relation kept the error correction forecasts as the VAR in levels."""
    rng = np.random.default_rng(1)
    full = vecm_density(denmark, 6, 20, rng, lags=2, rank=4)
    levels = var_density(denmark, 6, 20, rng, lags=2)

    assert_allclose(full.point, levels.point, rtol=1e-7)


def test_draws_have_the_posterior_s_moments() -> None:
    """Mean and variance of coefficients and the mean covariance are the closed forms.

    Sigma has mean S / (d - n - 1); coefficients are Student around least squares with variance
    (X'X)^-1 times that mean. 40,000 draws: 1 % of a variance and four of them.
    """
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(30), rng.standard_normal((30, 2))])
    y = rng.standard_normal((30, 2)) @ np.array([[1.0, 0.0], [0.5, 2.0]])
    fit = fit_system(y, x, "test")
    coefficients, root = draw_system(fit, 40_000, rng)
    mean = fit.residuals.T @ fit.residuals / (fit.degrees - 3)
    expected = np.outer(np.diag(np.linalg.inv(x.T @ x)), np.diag(mean))

    assert_allclose((root @ root.transpose(0, 2, 1)).mean(axis=0), mean, atol=0.03 * mean.max())
    assert_allclose(coefficients.var(axis=0), expected, rtol=0.04)
    away = np.abs(coefficients.mean(axis=0) - fit.coefficients)
    assert (away < 4 * np.sqrt(expected / 40_000)).all()


def _var_case(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    a = np.array([[0.5, 0.2], [-0.1, 0.4]])
    mix = np.array([[1.0, 0.0], [0.6, 0.8]])
    out = np.zeros((155, 2))
    for t in range(1, 155):
        out[t] = [1.0, 2.0] + a @ out[t - 1] + mix @ rng.standard_normal(2)
    frame = pd.DataFrame(out[-55:], columns=["a", "b"], index=range(1960, 2015))
    return frame.iloc[:45], out[-10:]


def _vecm_case(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    out = np.zeros((55, 2))
    for t in range(1, 55):
        gap = out[t - 1, 0] - out[t - 1, 1]
        out[t] = out[t - 1] + [1.0 - 0.4 * gap, 1.0 + 0.2 * gap] + rng.standard_normal(2)
    frame = pd.DataFrame(out, columns=["a", "b"], index=range(1960, 2015))
    return frame.iloc[:45], out[-10:]


def _var_model(frame: pd.DataFrame, rng: np.random.Generator) -> SystemDensity:
    return var_density(frame, 10, 400, rng, lags=1)


def _vecm_model(frame: pd.DataFrame, rng: np.random.Generator) -> SystemDensity:
    return vecm_density(frame, 10, 400, rng, lags=1, rank=1)


@pytest.mark.parametrize("repetitions", [150, pytest.param(1500, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("case", "model"), [(_var_case, _var_model), (_vecm_case, _vecm_model)])
def test_intervals_cover_the_truth(
    repetitions: int,
    case: Callable[[np.random.Generator], tuple[pd.DataFrame, np.ndarray]],
    model: Callable[[pd.DataFrame, np.random.Generator], SystemDensity],
) -> None:
    """From 45 years of a known system of known order, intervals cover at their nominal rate.

    Sums of 1, 5 and 10 years (levels for the error correction) of both series, within 3.5
    binomial standard errors, and two points more for what is taken for known or, in the
    stationary system, cut off (the vector; explosive draws).
    """
    rng = np.random.default_rng(21)
    ranks = []
    for _ in range(repetitions):
        past, truth = case(rng)
        draws = model(past, rng).draws
        if case is _var_case:
            draws, truth = draws.cumsum(axis=1), truth.cumsum(axis=0)
        ranks.append((draws < truth).mean(axis=0)[[0, 4, 9]])
    away = np.abs(np.array(ranks) - 0.5)
    for level in (0.5, 0.8, 0.95):
        allowed = 3.5 * np.sqrt(level * (1 - level) / repetitions) + 0.02
        assert (np.abs((away < level / 2).mean(axis=0) - level) < allowed).all()


def test_unusable_systems_are_named(denmark: pd.DataFrame) -> None:
    """One series, a hole, a repeated series and a strange rank are each an error that says so."""
    rng = np.random.default_rng(1)
    with pytest.raises(EstimationError, match="two series"):
        var_density(denmark[["LRM"]], 5, 10, rng)
    with pytest.raises(EstimationError, match="LRY in 9"):
        var_density(denmark.assign(LRY=denmark["LRY"].drop(9)), 5, 10, rng)
    with pytest.raises(EstimationError, match="repeats"):
        var_density(denmark.assign(SAME=2 * denmark["LRM"]), 5, 10, rng, lags=1)
    with pytest.raises(EstimationError, match="rank"):
        vecm_density(denmark, 5, 10, rng, rank=5)
    with pytest.raises(EstimationError, match="did you mean 'aic'"):
        var_density(denmark, 5, 10, rng, criterion="aix")  # type: ignore[arg-type]
