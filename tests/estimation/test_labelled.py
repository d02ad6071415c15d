"""The numbers of an estimate under statsmodels' names, against statsmodels and by label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from statsmodels.datasets import grunfeld

from forecast.errors import EstimationError, SpecError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel

# Two QR solutions of one well-conditioned problem in double precision.
RTOL = 1e-10
FORMULA = "invest ~ value + capital"


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    """Return Grunfeld's eleven firms, 1935-1954, that statsmodels carries."""
    rows = grunfeld.load_pandas().data.rename(columns={"firm": "country"})
    return rows.assign(year=rows["year"].astype(int)).set_index(["country", "year"]).sort_index()


@pytest.fixture(scope="module")
def peer(firms: pd.DataFrame):
    """Return statsmodels' ordinary least squares of the same rows."""
    return sm.OLS(firms["invest"], sm.add_constant(firms[["value", "capital"]])).fit()


@pytest.fixture(scope="module")
def ours(firms: pd.DataFrame) -> Estimate:
    """Return pooled least squares with the covariance that statsmodels has by default."""
    return estimate(Panel(firms, "grunfeld"), FORMULA, estimator="pooled", covariance="classical")


@pytest.mark.parametrize("name", ["params", "bse", "tvalues", "pvalues", "fittedvalues", "resid"])
def test_labelled_numbers_are_those_of_statsmodels(name: str, ours: Estimate, peer) -> None:
    """Every series has statsmodels' values under statsmodels' labels."""
    theirs = getattr(peer, name)
    found = getattr(ours, name)

    assert isinstance(found, pd.Series)
    # a residual is a difference of numbers up to 1500; p-values of 1e-70 keep their digits in logs
    atol = 1e-9 if name == "resid" else 0
    rtol = 1e-8 if name == "pvalues" else RTOL
    assert_allclose(found.loc[theirs.index], theirs, rtol=rtol, atol=atol)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.5])
def test_intervals_and_covariance_are_those_of_statsmodels(alpha: float, ours, peer) -> None:
    """Ends at any level, and the covariance term by term."""
    order = list(peer.params.index)

    found = ours.conf_int(alpha)
    assert list(found.columns) == ["conf_low", "conf_high"]
    assert_allclose(found.loc[order], peer.conf_int(alpha), rtol=RTOL)
    assert_allclose(ours.cov_params().loc[order, order], peer.cov_params(), rtol=RTOL)


@pytest.mark.parametrize(
    "hypothesis", ["value = 0", "value = capital", "value = 0.1, capital = 0.3"]
)
@pytest.mark.parametrize("use_f", [True, False])
def test_wald_tests_are_those_of_statsmodels(hypothesis: str, use_f: bool, ours, peer) -> None:
    """Statistic and p-value of one and two restrictions, by F and by chi-squared."""
    theirs = peer.wald_test(hypothesis, use_f=use_f, scalar=True)
    found = ours.wald_test(hypothesis, use_f=use_f)

    assert_allclose(found.statistic, theirs.statistic, rtol=RTOL)
    # the tail of the distribution magnifies the statistic's last digits
    assert_allclose(found.p_value, theirs.pvalue, rtol=1e-8)
    assert found == ours.wald(hypothesis, "F" if use_f else "chi2")


def test_predictions_are_those_of_statsmodels(ours: Estimate, peer, firms) -> None:
    """In the sample, without asking, and of rows that are not in it."""
    new = firms.assign(value=firms["value"] * 2, capital=10.0).drop(columns="invest")

    assert_allclose(ours.predict().loc[firms.index], peer.predict(), rtol=RTOL)
    found = ours.predict(Panel(new, "new"))
    theirs = peer.predict(sm.add_constant(new[["value", "capital"]], has_constant="add"))
    assert_allclose(found.loc[new.index], theirs, rtol=RTOL)


def test_the_counts_are_those_of_statsmodels(ours: Estimate, peer) -> None:
    """Observations, degrees of freedom and R-squared."""
    assert (ours.nobs, ours.df_resid) == (peer.nobs, peer.df_resid)
    assert ours.rsquared == pytest.approx(peer.rsquared, rel=RTOL)
    assert ours.bse.equals(ours.std_errors) and ours.fitted.equals(ours.fittedvalues)


@pytest.mark.parametrize("estimator", ["within", "mean_group", "fama_macbeth", "bma", "pooled"])
def test_fitted_values_are_predictions_of_the_sample(firms, estimator: str) -> None:
    """What is asked without a panel is what the panel of the sample gives."""
    panel = Panel(firms, "grunfeld")
    effects = "| country" if estimator == "within" else ""
    one = estimate(panel, f"{FORMULA} {effects}", estimator=estimator)

    # lsqr recovers country effects to 1e-12 of their size
    assert_allclose(one.fittedvalues, one.predict(panel)[one.resid.index], rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(
    "estimator", ["first_difference", "between", "random_effects", "correlated_random_effects"]
)
def test_fitted_values_of_transformed_rows_are_refused(firms, estimator: str) -> None:
    """Residuals of changes, means or partial deviations add up to no level: the message says so."""
    one = estimate(Panel(firms, "grunfeld"), FORMULA, estimator=estimator)

    with pytest.raises(EstimationError, match="no fitted values"):
        one.predict()


def test_a_level_outside_zero_and_one_is_refused(ours: Estimate) -> None:
    """One message, as for every level."""
    with pytest.raises(SpecError, match="alpha: found 95"):
        ours.conf_int(95)


def test_models_side_by_side_keep_their_labels(ours: Estimate, firms) -> None:
    """Two models of other drivers share the rows of the terms that both have."""
    other = estimate(Panel(firms, "grunfeld"), "invest ~ value", name="value_alone")
    found = ours.compare(other).to_frame()

    assert list(found.index) == [*ours.terms]
    assert_allclose(found["value_alone"]["estimate"].dropna(), other.params)
    assert np.isnan(found.loc["capital", ("value_alone", "std_error")])
