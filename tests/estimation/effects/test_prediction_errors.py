"""Errors of predictions against R's predict.lm with dummies, closed forms and simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from forecast.errors import EstimationError, SpecError
from forecast.estimation.effects.predict import predict
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from places import ROOT

REFERENCE = pd.read_csv(ROOT / "tests" / "reference" / "estimation" / "predictions.csv")
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "pooled": ("inv ~ value + capital", {}),
    "pooled_year": ("inv ~ value + capital | year", {"estimator": "pooled"}),
    "within_country": ("inv ~ value + capital | country", {}),
    "within_both": ("inv ~ value + capital | country + year", {}),
    "weighted_both": ("inv ~ value + capital | country + year", {"weights": "value"}),
}


@pytest.mark.parametrize("name", MODELS)
def test_equals_predict_lm(plm_panel: Callable[[str], Panel], name: str) -> None:
    """With classical errors every number is R's, for rows of the sample and for others.

    Both solve by QR; the effects go through moments of dummies, which have one unit.
    """
    text, options = MODELS[name]
    sample, full = plm_panel("holes"), plm_panel("grunfeld")
    one = estimate(sample, text, covariance="classical", **options)

    found = predict(one, full, fitted_on=sample, level=0.9)

    wanted = REFERENCE[REFERENCE["model"] == name]
    wanted = wanted.assign(country=[f"F{firm:03d}" for firm in wanted["firm"]])
    wanted = wanted.set_index(["country", "year"]).loc[found.index, list(found)]
    np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-8)
    pd.testing.assert_series_equal(
        found["prediction"], predict(one, full, fitted_on=sample), check_names=False
    )


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("y ~ x1 + x2", {"covariance": "hc3"}),
        ("y ~ x1 + x2", {"covariance": "clustered"}),
        ("y ~ x1 + x2", {"estimator": "between"}),
        ("y ~ x1 + x2", {"estimator": "random_effects"}),
        ("y ~ x2 | x1 ~ x3", {"covariance": "hc1"}),
    ],
)
def test_without_effects_it_is_the_delta_method(
    random_panel: Callable[..., Panel], text: str, options: dict[str, Any]
) -> None:
    """It is d'Vd by the estimate's covariance; random effects' new row is a new country's."""
    panel = random_panel(3)
    one = estimate(panel, text, **options)
    found = one.predict(panel, level=0.8)
    design = panel.frame.assign(const=1.0)[list(one.terms)].to_numpy()

    error = np.sqrt(np.einsum("mi,ij,mj->m", design, one.cov, design))
    new = one.stats.get("sigma2_id", 0.0) + one.stats.get("sigma2_idios", one.resid_std**2)
    reach = stdtrit(one.df_resid, 0.9)
    np.testing.assert_allclose(found["std_error"], error, rtol=1e-10)
    np.testing.assert_allclose(found["conf_high"] - found["prediction"], reach * error, rtol=1e-9)
    np.testing.assert_allclose(
        found["new_high"] - found["prediction"], reach * np.sqrt(error**2 + new), rtol=1e-9
    )


def test_slopes_have_the_estimates_own_covariance(random_panel: Callable[..., Panel]) -> None:
    """With clustered errors only the first part changes: (x - mean)'V(x - mean) + s^2/T."""
    panel = random_panel(4)
    one = estimate(panel, "y ~ x1 + x2 | country", covariance="clustered")
    found = predict(one, panel, level=0.9)

    x = panel.frame[["x1", "x2"]]
    away = (x - x.groupby("country").transform("mean")).to_numpy()
    rows = x.groupby("country")["x1"].transform("size")
    variance = np.einsum("mi,ij,mj->m", away, one.cov, away) + one.resid_std**2 / rows
    np.testing.assert_allclose(found["std_error"], np.sqrt(variance), rtol=1e-10)


def test_what_is_not_known_is_missing_or_refused(random_panel: Callable[..., Panel]) -> None:
    """New countries have no prediction, rows without their effects no interval of their own."""
    panel = random_panel(5)
    first = panel.countries()[0]
    one = estimate(panel.without([first]), "y ~ x1 + x2 | country + year")
    found = predict(one, panel, fitted_on=panel.without([first]), level=0.9)
    index = predict(one, panel, effects=False, level=0.9)

    assert found.loc[first].isna().all(axis=None)
    assert found.drop(first).notna().all(axis=None)
    assert index[["std_error", "conf_low"]].notna().all(axis=None)
    assert index[["new_low", "new_high"]].isna().all(axis=None)
    with pytest.raises(EstimationError, match="errors of predictions are given for pooled"):
        predict(estimate(panel, "y ~ x1", estimator="mean_group"), panel, level=0.9)
    with pytest.raises(SpecError, match="level"):
        predict(one, panel, fitted_on=panel.without([first]), level=90)
    with pytest.raises(EstimationError, match="need a panel"):
        one.predict(level=0.9)


def test_intervals_cover(random_panel: Callable[..., Panel]) -> None:
    """Two-way effects drawn once, errors 300 times: means and new rows are covered in 90 %.

    Of 60 rows a time, which share their errors: three standard errors, by the spread over
    samples, are about 1.5 points.
    """
    rng = np.random.default_rng(3)
    index = pd.MultiIndex.from_product(
        [[f"K{c}" for c in range(10)], range(6)], names=["country", "year"]
    )
    x, effects = rng.normal(size=60), rng.normal(size=10)[:, None] + rng.normal(size=6)
    mean = x + effects.ravel()
    means, news = [], []
    for _ in range(300):
        frame = pd.DataFrame({"x": x, "y": mean + rng.normal(size=60)}, index)
        panel = Panel(frame, "made")
        found = predict(
            estimate(panel, "y ~ x | country + year", covariance="classical"), panel, level=0.9
        )
        again = mean + rng.normal(size=60)
        means.append(np.mean((found["conf_low"] <= mean) & (mean <= found["conf_high"])))
        news.append(np.mean((found["new_low"] <= again) & (again <= found["new_high"])))

    for shares in (means, news):
        assert abs(np.mean(shares) - 0.9) < 3 * np.std(shares) / np.sqrt(300)


def test_instruments_without_a_constant_predict_without_one(
    random_panel: Callable[..., Panel],
) -> None:
    """Nothing is added to x'b where neither constant nor effect was estimated."""
    panel = random_panel(6)
    one = estimate(panel, "y ~ x2 - 1 | x1 ~ x3")
    expected = panel.frame[list(one.terms)].to_numpy() @ one.params.to_numpy()
    np.testing.assert_allclose(predict(one, panel), expected, rtol=1e-12)
