"""Shrinkage to the world's mean against a panel whose right weights are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.sources.package.package import DataPackage
from forecast.timeseries.univariate.world_shrinkage import (
    average_variance,
    fit_world_shrinkage,
    world_shrinkage_growth,
)

SPREAD, NOISE, WORLD = 1.5, 4.0, 2.0


def _panel(rng: np.random.Generator, countries: int, years: int = 60) -> pd.DataFrame:
    """Return growth around country means that stay: the right weight is the same at any horizon."""
    means = WORLD + SPREAD * rng.standard_normal(countries)
    growth = means + NOISE * rng.standard_normal((years, countries))
    codes = [f"C{i:03d}" for i in range(countries)]
    return pd.DataFrame(growth, index=range(1960, 1960 + years), columns=codes)


def test_weights_and_variances_of_a_known_panel() -> None:
    """Weight and error variance by horizon are those of normal learning, within 8 %.

    Closed form: with prior variance s^2 and a ten-year mean of variance n^2 / 10 the weight is
    s^2 / (s^2 + n^2 / 10), and the average over h years errs by n^2 / h plus the posterior
    variance of the mean. 600 economies and some 30 origins, overlapping, leave 2 % of either.
    """
    fit = fit_world_shrinkage(_panel(np.random.default_rng(3), 600))
    sampling = NOISE**2 / 10
    weight = SPREAD**2 / (SPREAD**2 + sampling)
    steps = np.arange(1, 21)
    expected = NOISE**2 / steps + weight * sampling

    assert_allclose(fit.weight[:20], weight, rtol=0.08)
    assert_allclose(fit.smooth_weight(60), weight, rtol=0.08)
    assert_allclose(fit.variance(20, NOISE**2), expected, rtol=0.08)
    assert_allclose(fit.world, WORLD, atol=0.25)
    assert fit.degrees > 30


def test_averages_of_the_paths_have_the_estimated_moments(starter: DataPackage) -> None:
    """On PWT the draws' mean and variance of average growth are the fit's for every horizon."""
    frame = starter.table("pwt91")
    frame = frame.assign(log=100 * np.log(frame["rgdpna"] / frame["pop"]))
    growth = frame.pivot(index="year", columns="country", values="log").diff().iloc[1:]
    fit = fit_world_shrinkage(growth)
    own = growth["CHN"].dropna()
    draws = 100_000
    density = world_shrinkage_growth(fit, own, 40, draws, np.random.default_rng(4))
    steps = np.arange(1, 41)
    average = density.draws.cumsum(axis=1) / steps
    expected = fit.variance(40, float(own.var(ddof=1)))
    weight = fit.smooth_weight(40)

    mean = fit.world + weight * (own.iloc[-10:].mean() - fit.world)
    # Four standard errors of a mean, and 8 % of a variance: with some 3.5 degrees of freedom its
    # own variance is infinite, and seeds move it by 2 to 3 %.
    assert (np.abs(average.mean(axis=0) - mean) < 4 * np.sqrt(expected / draws)).all()
    assert_allclose(average.var(axis=0), expected, rtol=0.08)
    assert_allclose(np.cumsum(density.point) / steps, mean, rtol=1e-10)
    assert (fit.weight > 0.1).all()
    assert (fit.weight < 0.6).all()


def test_growth_sums_are_covered() -> None:
    """With 45 years of a known panel, 50, 80 and 95 % intervals cover sums of 1, 5, 10 years.

    300 economies: shares within 3.5 binomial standard errors.
    """
    rng = np.random.default_rng(8)
    panel = _panel(rng, 300, 55)
    past = panel.iloc[:45]
    fit = fit_world_shrinkage(past)
    ranks = []
    for country in panel:
        draws = world_shrinkage_growth(fit, past[country], 10, 500, rng).draws.cumsum(axis=1)
        truth = panel[country].iloc[45:].to_numpy().cumsum()
        ranks.append((draws < truth).mean(axis=0)[[0, 4, 9]])
    away = np.abs(np.array(ranks) - 0.5)
    for level in (0.5, 0.8, 0.95):
        allowed = 3.5 * np.sqrt(level * (1 - level) / 300)
        assert (np.abs((away < level / 2).mean(axis=0) - level) < allowed).all()


def test_variance_of_averages_is_a_double_sum() -> None:
    """The formula equals the mean of the autocovariance matrix for every horizon."""
    index = np.arange(12)
    cov = 0.7 + 2.0 * 0.6 ** np.abs(index[:, None] - index)

    assert_allclose(
        average_variance(12, 0.7, 2.0, 0.6),
        [cov[:h, :h].mean() for h in range(1, 13)],
        rtol=1e-12,
    )


def test_order_of_countries_and_their_missing_years_do_not_matter() -> None:
    """Columns may come in any order, and one without enough past changes nothing."""
    panel = _panel(np.random.default_rng(3), 40)
    more = panel.assign(NEW=np.nan)
    more.loc[2010:, "NEW"] = 50.0
    first, second = fit_world_shrinkage(panel), fit_world_shrinkage(more[more.columns[::-1]])

    assert_allclose(second.weight, first.weight, rtol=1e-10)
    assert_allclose(second.world, first.world, rtol=1e-10)


def test_longer_horizons_than_estimated_go_on() -> None:
    """Beyond the last regression weights and variances follow their fitted course."""
    fit = fit_world_shrinkage(_panel(np.random.default_rng(3), 40, 40))
    known = len(fit.weight)
    variance = fit.variance(60, 16.0)

    assert known < 60
    assert (np.diff(variance[known - 1 :]) < 0).all()
    assert (np.diff(fit.smooth_weight(60)) <= 1e-12).all()


def test_too_small_a_panel_is_refused() -> None:
    """Two economies give too few pairs, and a gap in the years is named."""
    panel = _panel(np.random.default_rng(3), 2)
    with pytest.raises(EstimationError, match="fewer than 200"):
        fit_world_shrinkage(panel)
    with pytest.raises(EstimationError, match="not consecutive"):
        fit_world_shrinkage(panel.drop(1970))
