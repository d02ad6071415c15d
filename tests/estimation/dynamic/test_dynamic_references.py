"""Dynamic panel estimators against plm, gretl, and the tables that xtabond2 prints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from estimation.dynamic.models import (
    BLUNDELL_BOND,
    ENDOGENOUS,
    LIMITED,
    ONE,
    SHORTER,
    TABLE4,
    gmm_keys,
    reference,
    slopes,
    spec_of,
)
from forecast.estimation.dynamic.gmm import gmm
from forecast.estimation.dynamic.moments import moments
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "estimation"
PLM = pd.read_csv(FOLDER / "gmm_plm.csv", keep_default_na=False)
GRETL = pd.read_csv(FOLDER / "gmm_gretl.csv", keep_default_na=False)
XTABOND2 = pd.read_csv(FOLDER / "xtabond2_roodman_2009.csv", keep_default_na=False)

# The same algebra in double precision; the condition of the weights costs some of 16 digits.
RTOL = 1e-7
# Seven digits are printed, and Stata's copy of the data holds logs in single precision.
PRINTED = {"rtol": 2e-6, "atol": 2e-6}
SHORT = {"n": "emp", "w": "wage", "k": "capital", "ys": "output"}

PLM_MODELS: dict[str, tuple[list[str], int, bool, dict[str, Any]]] = {
    "ab": (SHORTER, 2, True, ONE),
    "ab_individual": (SHORTER, 2, False, ONE),
    "table4": (TABLE4, 2, True, ONE),
    "limited": (SHORTER, 2, True, LIMITED),
    "collapsed": (SHORTER, 2, True, {**ONE, "collapse": True}),
    "bb": (BLUNDELL_BOND, 1, True, {**ENDOGENOUS, "system": True}),
    "bb_collapsed": (BLUNDELL_BOND, 1, True, {**ENDOGENOUS, "collapse": True, "system": True}),
    "bb_exogenous": (
        ["w", "w_lag1", "k"],
        1,
        True,
        {"instruments": {"n": {}, "w": {}}, "exogenous_in": "separate", "system": True},
    ),
}


@pytest.mark.parametrize("kind", ["robust", "plain"])
@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("model", sorted(PLM_MODELS))
def test_gmm_equals_plm(employment: Panel, model: str, steps: int, kind: str) -> None:
    """Coefficients, standard errors, m1, m2 and Wald tests equal pgmm's, in both steps."""
    drivers, lags, years, options = PLM_MODELS[model]
    name = f"{model}_{steps}"
    found = estimate(
        employment,
        spec_of(drivers, lags, years, **gmm_keys(steps, plain=kind == "plain", **options)),
    )
    kept = slopes(found)
    terms = [_long(found.terms[j]) for j in kept]

    expected = {
        q: reference(PLM, name, q, [""])[0] for q in (f"m1_{kind}", f"m2_{kind}", f"wald_{kind}")
    }
    np.testing.assert_allclose(
        found.params.iloc[kept], reference(PLM, name, "coef", terms), rtol=RTOL
    )
    if steps == 1 and kind == "plain":
        # plm's classical one-step covariance has 1 / countries where the error variance belongs,
        # and its m1 and m2 and Wald tests inherit that
        scale = found.resid_std * np.sqrt(found.n_countries)
        theirs = reference(PLM, name, "se_plain", terms)
        np.testing.assert_allclose(found.std_errors.iloc[kept], theirs * scale, rtol=RTOL)
        return
    np.testing.assert_allclose(
        found.std_errors.iloc[kept], reference(PLM, name, f"se_{kind}", terms), rtol=RTOL
    )
    if not options.get("system"):  # plm's mtest mixes the level residuals in; gretl's does not
        np.testing.assert_allclose(found.stats["ar1"], expected[f"m1_{kind}"], rtol=RTOL)
        np.testing.assert_allclose(found.stats["ar2"], expected[f"m2_{kind}"], rtol=RTOL)
    np.testing.assert_allclose(found.stats["wald"], expected[f"wald_{kind}"], rtol=RTOL)
    if steps == 2:
        j = reference(PLM, name, "j_two_step_weights", [""])[0]
        np.testing.assert_allclose(found.stats["hansen"], j, rtol=RTOL)


def _long(name: str) -> str:
    column, lag, number = name.partition("_lag")
    return SHORT[column] + lag + number


GRETL_MODELS: dict[str, tuple[list[str], int, bool, dict[str, Any]]] = {
    "table4_1": (TABLE4, 2, True, gmm_keys(1, **ONE)),
    "table4_2": (TABLE4, 2, True, gmm_keys(2, **ONE)),
    "table4_2_plain": (TABLE4, 2, True, gmm_keys(2, plain=True, **ONE)),
    "table4_collapsed_1": (TABLE4, 2, True, gmm_keys(1, collapse=True, **ONE)),
    "table4_collapsed_2": (TABLE4, 2, True, gmm_keys(2, collapse=True, **ONE)),
    "table4_no_years_2": (TABLE4, 2, False, gmm_keys(2, **ONE)),
    "predetermined_2": (
        ["w", "k"],
        1,
        True,
        gmm_keys(2, instruments={"n": {}, "w": {"as": "predetermined", "lags": [1, 3]}}),
    ),
    "bb_1": (BLUNDELL_BOND, 1, True, gmm_keys(1, system=True, **ENDOGENOUS)),
    "bb_2": (BLUNDELL_BOND, 1, True, gmm_keys(2, system=True, **ENDOGENOUS)),
    "bb_2_plain": (BLUNDELL_BOND, 1, True, gmm_keys(2, plain=True, system=True, **ENDOGENOUS)),
    "bb_dpd_1": (
        BLUNDELL_BOND,
        1,
        True,
        gmm_keys(1, system=True, initial_weights="block", **ENDOGENOUS),
    ),
    "bb_dpd_2": (
        BLUNDELL_BOND,
        1,
        True,
        gmm_keys(2, system=True, initial_weights="block", **ENDOGENOUS),
    ),
    "bb_collapsed_2": (
        BLUNDELL_BOND,
        1,
        True,
        gmm_keys(2, system=True, collapse=True, **ENDOGENOUS),
    ),
    "exogenous_2": (["w", "k"], 1, False, gmm_keys(2, system=True, **ONE)),
}


@pytest.mark.parametrize("model", sorted(GRETL_MODELS))
def test_gmm_equals_gretl(employment: Panel, model: str) -> None:
    """Coefficients, standard errors and every test equal dpanel's."""
    drivers, lags, years, options = GRETL_MODELS[model]
    found = estimate(employment, spec_of(drivers, lags, years, **options))
    kept = slopes(found)
    terms = [found.terms[j] for j in kept]

    np.testing.assert_allclose(
        found.params.iloc[kept], reference(GRETL, model, "coef", terms), rtol=RTOL
    )
    np.testing.assert_allclose(
        found.std_errors.iloc[kept], reference(GRETL, model, "se", terms), rtol=RTOL
    )
    for ours, theirs in {
        "ar1": "ar1",
        "ar2": "ar2",
        "wald": "wald",
        "hansen_df": "df",
        "n_instruments": "instruments",
    }.items():
        np.testing.assert_allclose(
            found.stats[ours], reference(GRETL, model, theirs, [""])[0], rtol=RTOL
        )
    assert found.n_obs == reference(GRETL, model, "rows", [""])[0]
    if model.endswith("2") and model != "bb_dpd_2":  # which prints Hansen's under Sargan's name
        theirs = reference(GRETL, model, "hansen", [""])[0]
        np.testing.assert_allclose(found.stats["hansen"], theirs, rtol=RTOL)
    if not model.startswith("bb_dpd"):
        theirs = reference(GRETL, model, "sargan", [""])[0]
        np.testing.assert_allclose(_sargan_of_xtabond2(found), theirs, rtol=RTOL)


def _sargan_of_xtabond2(found: Estimate) -> float:
    """Return Sargan's statistic with the variance that gretl and xtabond2 divide by.

    They take the number of observations for the transformed equations less the coefficients.
    """
    years = found.stats.get("wald_years_df", 0)
    equations = found.n_obs
    if found.spec.estimator == "system_gmm":
        equations -= found.n_countries  # no gaps here: each firm loses its first row
    return found.stats["sargan"] * found.n_obs / (equations - len(found.terms) - years)


XTABOND2_MODELS: dict[str, tuple[list[str], int, dict[str, Any]]] = {
    "table4_a1": (TABLE4, 2, gmm_keys(1, **ONE)),
    "endogenous": (
        TABLE4,
        2,
        {
            **gmm_keys(
                1,
                instruments={"n": {}, "w": {}, "k": {}},
                exogenous=["ys", "ys_lag1", "ys_lag2"],
            ),
            "small_sample": True,
        },
    ),
    "system": (
        BLUNDELL_BOND,
        1,
        {**gmm_keys(1, system=True, **ENDOGENOUS), "small_sample": True},
    ),
}


@pytest.mark.parametrize("model", sorted(XTABOND2_MODELS))
def test_gmm_equals_xtabond2(employment: Panel, model: str) -> None:
    """Roodman (2009), sections 3.3 and 3.4: one-step difference and system GMM as printed."""
    drivers, lags, options = XTABOND2_MODELS[model]
    found = estimate(employment, spec_of(drivers, lags, **options))
    kept = slopes(found)
    terms = [found.terms[j] for j in kept]

    np.testing.assert_allclose(
        found.params.iloc[kept], reference(XTABOND2, model, "coef", terms), **PRINTED
    )
    # "small" of the version printed counts one group too many where there is no level equation:
    # its F statistic has 140 degrees of freedom there, and 139 for the system
    scale = np.sqrt(141 / 140 * 139 / 140) if model == "endogenous" else 1.0
    np.testing.assert_allclose(
        found.std_errors.iloc[kept] * scale, reference(XTABOND2, model, "se", terms), **PRINTED
    )
    printed = XTABOND2[(XTABOND2["model"] == model) & (XTABOND2["quantity"] == "stat")]
    theirs = printed.set_index("term")["value"].to_dict()
    ours = dict(found.stats) | {"sargan": _sargan_of_xtabond2(found)}
    for name in {"ar1", "ar2", "sargan", "hansen", "diff_hansen", "diff_hansen_p"} & set(theirs):
        digits = len(str(theirs[name]).partition(".")[2])
        assert round(ours[name], digits) == float(theirs[name]), name
    assert ours["n_instruments"] == float(theirs["instruments"])
    assert ours["hansen_df"] == float(theirs["df"])
    assert found.n_obs == float(theirs["rows"])
    if model == "system":
        assert ours["diff_hansen_df"] == float(theirs["diff_hansen_df"])
        smaller = ours["hansen"] - ours["diff_hansen"]
        assert round(smaller, 2) == float(theirs["hansen_excluding"])


def test_identity_weights_are_two_stage_least_squares(employment: Panel) -> None:
    """GMM with identity weights is 2SLS on the differences, as ivregress prints it."""
    options = {**gmm_keys(1, initial_weights="identity", **ONE), "covariance": "classical"}
    found = estimate(employment, spec_of(TABLE4, 2, **options))
    # ivregress divides the residuals of differences by the rows, not by 2 (rows - coefficients)
    scale = np.sqrt(2 * (611 - 16) / 611)

    terms = list(found.terms)
    np.testing.assert_allclose(
        found.params, reference(XTABOND2, "two_stage", "coef", terms), **PRINTED
    )
    np.testing.assert_allclose(
        found.std_errors * scale, reference(XTABOND2, "two_stage", "se", terms), **PRINTED
    )


def test_anderson_hsiao_equals_ivregress(employment: Panel) -> None:
    """Roodman (2009), section 3.2: the lagged outcome instrumented by its second lag in levels."""
    found = estimate(employment, spec_of(TABLE4, 2, estimator="anderson_hsiao"))

    terms = list(found.terms)
    # 2.3 with a standard error of 2: the printed digits of weakly identified numbers
    np.testing.assert_allclose(
        found.params, reference(XTABOND2, "anderson_hsiao", "coef", terms), rtol=1e-5
    )


def test_plms_one_step_j(employment: Panel) -> None:
    """Plm's "Sargan" of a one-step model: its moments weighed by the second step's matrix."""
    spec = spec_of(SHORTER, 2, **gmm_keys(1, **ONE))
    assert spec.gmm is not None
    fit = gmm(moments(sample(employment, spec), spec, spec.gmm, system=False), "full")
    scores = fit.one.scores.sum(axis=0)

    theirs = reference(PLM, "ab_1", "j_two_step_weights", [""])[0]
    np.testing.assert_allclose(np.sum((fit.two.root.T @ scores) ** 2), theirs, rtol=RTOL)
