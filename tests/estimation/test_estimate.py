"""Estimates: invariants, recovery, fit measures, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.estimate import ESTIMATORS, estimate, regression
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

SPECS: dict[str, dict[str, Any]] = {
    "pooled": {"estimator": "pooled"},
    "pooled_year": {"estimator": "pooled", "effects": ["year"]},
    "between": {"estimator": "between"},
    "within": {"estimator": "within", "effects": ["country"]},
    "within_both": {"estimator": "within", "effects": ["country", "year"]},
    "random": {"estimator": "random_effects"},
    "fd": {"estimator": "first_difference"},
}


def _spec(**more: Any) -> ModelSpec:
    return ModelSpec.model_validate(
        {"name": "m", "label": "m", "outcome": "y", "drivers": ["x1", "x2", "x3"], **more}
    )


@pytest.mark.parametrize("name", sorted(SPECS))
def test_row_order_changes_nothing(random_panel: Callable[..., Panel], name: str) -> None:
    """Shuffled rows give the same bits."""
    panel = random_panel(1)
    shuffled = Panel(panel.frame.sample(frac=1, random_state=3), panel.source)

    found, again = estimate(panel, _spec(**SPECS[name])), estimate(shuffled, _spec(**SPECS[name]))

    np.testing.assert_array_equal(found.params, again.params)
    np.testing.assert_array_equal(found.cov, again.cov)
    pd.testing.assert_series_equal(found.residuals, again.residuals)


@pytest.mark.parametrize("covariance", ["classical", "clustered", "driscoll_kraay"])
@pytest.mark.parametrize("name", sorted(SPECS))
def test_units_pass_through(random_panel: Callable[..., Panel], name: str, covariance: str) -> None:
    """Other units of a driver and of the outcome rescale coefficient and error, and no more."""
    if name == "between" and covariance == "driscoll_kraay":
        covariance = "classical"  # between has no years
    spec = _spec(**SPECS[name], covariance=covariance)
    panel = random_panel(2)
    other = panel.with_columns(y=1e3 * panel.frame["y"], x2=1e-6 * panel.frame["x2"])

    found, scaled = estimate(panel, spec), estimate(other, spec)
    units = np.array([1e9 if t == "x2" else 1e3 for t in found.terms])

    # exact but for the rounding of the products
    np.testing.assert_allclose(scaled.params, found.params * units, rtol=1e-9)
    np.testing.assert_allclose(scaled.std_errors, found.std_errors * units, rtol=1e-9)
    np.testing.assert_allclose(
        [scaled.r2, scaled.r2_within], [found.r2, found.r2_within], rtol=1e-9
    )


@pytest.mark.parametrize("name", sorted(SPECS))
def test_panel_is_left_as_it_was(random_panel: Callable[..., Panel], name: str) -> None:
    """No step writes into the panel it was given."""
    panel = random_panel(3)
    before = pd.util.hash_pandas_object(panel.frame).to_numpy()

    estimate(panel, _spec(**SPECS[name], derive={"x4": {"of": ["x1", "x2"], "as": "interaction"}}))

    np.testing.assert_array_equal(pd.util.hash_pandas_object(panel.frame).to_numpy(), before)
    assert list(panel.frame.columns) == ["y", "x1", "x2", "x3"]


def test_within_recovers_what_pooling_misses(random_panel: Callable[..., Panel]) -> None:
    """Effects correlated with the drivers bias pooling and not two-way within."""
    panel = random_panel(4, countries=200, years=20, kept=0.9)
    truth = np.array([1.0, -0.5, 0.25])

    found = estimate(panel, _spec(**SPECS["within_both"]))
    pooled = estimate(panel, _spec(**SPECS["pooled"]))

    np.testing.assert_array_less(np.abs(found.params - truth), 4 * found.std_errors)
    np.testing.assert_array_less(found.std_errors, 0.05)
    assert np.abs(pooled.params.iloc[1:] - truth).max() > 10 * pooled.std_errors.max()


@pytest.mark.parametrize("name", ["pooled", "random", "between", "within"])
def test_fit_measures_equal_linearmodels(random_panel: Callable[..., Panel], name: str) -> None:
    """Within, between and overall fit are linearmodels' squared correlations."""
    from linearmodels.panel import BetweenOLS, PanelOLS, PooledOLS, RandomEffects

    panel = random_panel(5)
    frame = panel.frame.assign(const=1.0)
    x = ["x1", "x2", "x3"] if name == "within" else ["const", "x1", "x2", "x3"]
    model = {
        "pooled": PooledOLS,
        "random": RandomEffects,
        "between": BetweenOLS,
        "within": PanelOLS,
    }[name]
    kept = {"entity_effects": True} if name == "within" else {}
    options = {"small_sample": True} if name == "random" else {}
    peer = model(frame["y"], frame[x], **kept).fit(**options)

    found = estimate(panel, _spec(**SPECS[name]))

    np.testing.assert_allclose(found.params, peer.params, rtol=1e-10)
    np.testing.assert_allclose(
        [found.r2_within, found.r2_between, found.r2_overall],
        [peer.corr_squared_within, peer.corr_squared_between, peer.corr_squared_overall],
        rtol=1e-10,
    )


def test_first_differences_equal_linearmodels(random_panel: Callable[..., Panel]) -> None:
    """First differences across no gap, intercept included, are linearmodels' on drift and x."""
    from linearmodels.panel import FirstDifferenceOLS

    # linearmodels takes the years that occur for adjacent ones; up to 1994 they are
    panel = random_panel(6, countries=30).through(1994)
    years = panel.frame.index.get_level_values("year")
    # the difference of a count of years is 1: linearmodels takes no constant
    drift = pd.Series(pd.factorize(years, sort=True)[0].astype(float), panel.frame.index)
    frame = panel.frame.assign(const=drift)
    peer = FirstDifferenceOLS(frame["y"], frame[["const", "x1", "x2", "x3"]]).fit()

    found = estimate(panel, _spec(**SPECS["fd"], covariance="classical"))

    assert found.n_obs == int(peer.nobs) < len(frame) - len(panel.countries())
    assert found.stats["gaps"] == len(frame) - len(panel.countries()) - found.n_obs
    np.testing.assert_allclose(found.params, peer.params, rtol=1e-10)
    np.testing.assert_allclose(found.std_errors, peer.std_errors, rtol=1e-10)


def test_no_difference_across_a_year_that_nobody_has(random_panel: Callable[..., Panel]) -> None:
    """1994 and 1998 follow one another in every country's rows, and are not differenced."""
    panel = random_panel(6, kept=1.0)

    found = estimate(panel, _spec(**SPECS["fd"]))

    later = found.residuals.index.get_level_values("year").unique()
    assert later.tolist() == [1991, 1992, 1993, 1994, 1999, 2000, 2001]
    assert found.stats["gaps"] == 12


def test_record_describes_the_sample(random_panel: Callable[..., Panel]) -> None:
    """Counts, span, anchors and residuals belong to the rows used."""
    panel = random_panel(7)
    frame = panel.frame.copy()
    frame.iloc[:3, 0] = np.nan
    panel = Panel(frame, "made")
    spec = _spec(**SPECS["within_both"], sample={"first_year": 1991})
    rows = frame[frame.index.get_level_values("year") >= 1991]
    complete = rows.dropna()

    found = estimate(panel, spec)

    assert (found.n_obs, found.dropped) == (len(complete), len(rows) - len(complete))
    assert (found.first_year, found.last_year, found.n_years) == (1991, 2001, 8)
    assert found.n_countries == complete.index.get_level_values("country").nunique()
    pd.testing.assert_frame_equal(
        found.anchors, complete.groupby("country").mean(), check_exact=False, rtol=1e-12
    )
    assert found.residuals.index.equals(complete.index)
    assert found.source == "made"


def test_between_residuals_stand_at_the_last_year(random_panel: Callable[..., Panel]) -> None:
    """The between estimator has one residual a country."""
    panel = random_panel(8)
    found = estimate(panel, _spec(**SPECS["between"], covariance="classical"))
    last = panel.frame.reset_index().groupby("country")["year"].max()

    assert found.n_obs == found.n_countries == len(last)
    assert found.residuals.index.tolist() == list(last.items())


def test_regression_is_what_estimate_solves(random_panel: Callable[..., Panel]) -> None:
    """The public least-squares problem has the estimate's coefficients and residuals."""
    panel = random_panel(9)
    spec = _spec(**SPECS["within_both"])
    problem, found = regression(panel, spec), estimate(panel, spec)
    written = regression(panel, "y ~ x1 + x2 | country", covariance="clustered")
    assert written.terms == ("x1", "x2")

    params = np.linalg.lstsq(problem.x, problem.y, rcond=None)[0]

    assert problem.terms == found.terms
    np.testing.assert_allclose(found.params, params, rtol=1e-10)
    np.testing.assert_allclose(found.residuals, problem.y - problem.x @ params, atol=1e-12)


def test_statistics_are_numbers(random_panel: Callable[..., Panel]) -> None:
    """Every statistic of every estimator is a float."""
    for options in SPECS.values():
        found = estimate(random_panel(10), _spec(**options, covariance="classical"))
        assert all(type(v) is float for v in found.stats.values())
    assert {o["estimator"] for o in SPECS.values()} <= set(ESTIMATORS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"estimator": "first_difference"}, "no country has rows in two successive years"),
        ({"estimator": "random_effects", "sample": {"include": ["K00", "K01"]}}, "random effects"),
        ({"estimator": "pooled", "sample": {"include": ["K00"]}}, "found 1 cluster by country"),
    ],
)
def test_refusals_name_the_model(
    random_panel: Callable[..., Panel], options: dict[str, Any], message: str
) -> None:
    """What cannot be estimated is said in one sentence that starts with the model."""
    panel = random_panel(11, kept=1.0)
    if options["estimator"] == "first_difference":
        odd = panel.frame.index.get_level_values("year") % 2 == 1
        first = panel.frame.index.get_level_values("country") < "K06"
        panel = Panel(panel.frame[np.where(first, odd, ~odd)], "made")

    with pytest.raises(EstimationError, match="^model 'm': .*" + message):
        estimate(panel, _spec(**options))
