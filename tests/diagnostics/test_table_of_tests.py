"""Each row of the table of tests gives the number of the function behind it, on made panels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

import forecast as fc
from forecast.diagnostics.cointegration.kao import kao
from forecast.diagnostics.cointegration.pedroni import pedroni
from forecast.diagnostics.cointegration.westerlund import westerlund
from forecast.diagnostics.dependence.cross_section import pesaran_cd
from forecast.diagnostics.dependence.weighted_cd import weighted_cd
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.specification.effects_f import f_test_of_effects
from forecast.diagnostics.specification.effects_tests import lagrange_multiplier
from forecast.diagnostics.specification.hausman import hausman
from forecast.diagnostics.specification.hausman_auxiliary import hausman_auxiliary
from forecast.diagnostics.specification.serial_correlation import (
    breusch_godfrey,
    wooldridge_first_difference,
    wooldridge_within,
)
from forecast.diagnostics.specification.slope_homogeneity import slope_homogeneity
from forecast.diagnostics.specification.wald import wald
from forecast.diagnostics.unit_roots.cips import cips
from forecast.diagnostics.unit_roots.fisher import fisher_unit_root
from forecast.diagnostics.unit_roots.hadri import hadri
from forecast.diagnostics.unit_roots.im_pesaran_shin import im_pesaran_shin
from forecast.diagnostics.unit_roots.lag_order import LagRule
from forecast.diagnostics.unit_roots.levin_lin_chu import levin_lin_chu
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.panel import Panel
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.tests.table import FOOT_TESTS, STATISTICAL_TESTS
from forecast.timeseries.series.breaks import mean_breaks
from forecast.timeseries.series.unit_roots import engle_granger, unit_root_test
from forecast.timeseries.systems.vecm import johansen

COUNTRIES, YEARS = 16, 32


def _panel(seed: int) -> Panel:
    """Return a balanced panel: y of x, w and country effects, x moved by z and by y's errors."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [[f"K{c}" for c in range(COUNTRIES)], range(1980, 1980 + YEARS)], names=["country", "year"]
    )
    shock, z, w = rng.normal(size=(3, len(index)))
    level = np.repeat(rng.normal(size=COUNTRIES), YEARS)
    walk = np.cumsum(rng.normal(size=(COUNTRIES, YEARS)), axis=1).ravel()
    v = rng.normal(size=len(index))
    x = z + 0.5 * w + level + 0.5 * shock + rng.normal(size=len(index))
    columns = {"y": x - w + level + shock, "x": x, "w": w, "z": z, "v": v, "walk": walk}
    columns["pair"] = 0.5 * walk + rng.normal(size=len(index))
    return Panel(pd.DataFrame(columns, index), "made")


POOLED = "y ~ x + w"
WITHIN = "y ~ x + w | country"
IV = "y ~ w | 1 | x ~ z + v"
GMM = {
    "estimator": "system_gmm",
    "effects": ["year"],
    "gmm": {"collapse": True, "instruments": {"x": {"as": "endogenous", "lags": [2, 3]}}},
    "sample": {"first_year": 1990, "last_year": 1994},
}
RANDOM = {"estimator": "random_effects"}
CHANGES = {"estimator": "first_difference"}
THRESHOLD = {
    "estimator": "threshold",
    "threshold": {"variable": "w", "switching": ["x"], "grid": 20, "draws": 50},
}
SUR = {"estimator": "sur"}
LONG_RUN = {"estimator": "pooled_mean_group"}
FIRST = {"country": "K0"}


def _direct(panel: Panel, formula: str, **keys: Any) -> fc.Estimate:
    return estimate(panel, parse_formula(formula, **keys))


def _of_stat(
    key: str, keys: dict[str, Any] = GMM, formula: str = POOLED
) -> Callable[[Panel], tuple[float, float]]:
    def made(panel: Panel) -> tuple[float, float]:
        stats = _direct(panel, formula, **keys).stats
        return stats[key], stats[f"{key}_p"]

    return made


def _numbers(found: Any) -> tuple[float, float]:
    return found.statistic, found.p_value


def _score(form: Any, effect: Any = "country") -> Callable[[Panel], tuple[float, float]]:
    return lambda p: _numbers(lagrange_multiplier(_direct(p, POOLED), effect, form))


def _all_slopes(panel: Panel) -> tuple[float, float]:
    fit = sm.OLS(panel.frame["y"], sm.add_constant(panel.frame[["x", "w"]])).fit()
    return fit.fvalue, fit.f_pvalue


def _sargan(panel: Panel) -> tuple[float, float]:
    stats = _direct(panel, IV).stats
    return stats["sargan"], stats["sargan_p"]


def _hausman(panel: Panel) -> tuple[float, float]:
    pair = [
        _direct(panel, WITHIN, covariance="classical"),
        _direct(panel, POOLED, covariance="classical", **RANDOM),
    ]
    return _numbers(hausman(*pair))


def _bootstrap(panel: Panel) -> tuple[float, float]:
    problem = regression(panel, parse_formula(WITHIN))
    found = wild_bootstrap(
        problem, "x", rng=np.random.default_rng(3), null=1.0, draws=99, variant="31"
    )
    return found.t, found.p_value


def _first_stage(panel: Panel) -> tuple[float, float]:
    frame = panel.frame
    test = sm.OLS(frame["x"], sm.add_constant(frame[["w", "z", "v"]])).fit().f_test("z = 0, v = 0")
    return float(test.fvalue), float(test.pvalue)


def _threshold(panel: Panel) -> tuple[float, float]:
    row = _direct(panel, POOLED, **THRESHOLD).tables["threshold"].iloc[0]
    return row["f"], row["p_value"]


def _series(panel: Panel, column: str = "walk") -> np.ndarray:
    return panel.frame.loc["K0", column].to_numpy()


def _root(name: str) -> Callable[[Panel], tuple[float, float]]:
    return lambda p: _numbers(unit_root_test(name, _series(p), "ct", 1))


def _relation(panel: Panel) -> pd.DataFrame:
    return panel.frame.loc["K0", ["pair", "walk"]]


def _breaks(panel: Panel) -> tuple[float, float]:
    return float(mean_breaks(_series(panel)).sup_f[0]), np.nan


def _error_correction(panel: Panel) -> tuple[float, float]:
    rng = np.random.default_rng(3)
    return _numbers(westerlund(panel, "pair", ("walk",), "pa", draws=19, rng=rng))


TREND = {**FIRST, "deterministic": "trend", "lags": 1}
# Of each test: the formula and its keys, or the column; options; the function behind it.
Case = tuple[str, dict[str, Any], dict[str, Any], Callable[[Panel], tuple[float, float]]]
CASES: dict[str, Case] = {
    "pesaran_cd": (WITHIN, {}, {}, lambda p: _numbers(pesaran_cd(_direct(p, WITHIN)))),
    "weighted_cd": (
        WITHIN, {}, {"draws": 20, "enhanced": True},
        lambda p: _numbers(
            weighted_cd(_direct(p, WITHIN), np.random.default_rng(3), 20, enhanced=True)
        ),
    ),
    "hausman": (POOLED, RANDOM, {}, _hausman),
    "hausman_auxiliary": (
        POOLED, RANDOM, {},
        lambda p: _numbers(hausman_auxiliary(p, parse_formula(POOLED, **RANDOM))),
    ),
    "f_effects": (
        WITHIN, {}, {},
        lambda p: _numbers(f_test_of_effects(_direct(p, POOLED), _direct(p, WITHIN))),
    ),
    "breusch_pagan": (POOLED, {}, {"effect": "both"}, _score("breusch_pagan", "both")),
    "honda": (POOLED, {}, {"effect": "year"}, _score("honda", "year")),
    "king_wu": (POOLED, RANDOM, {"effect": "both"}, _score("king_wu", "both")),
    "gourieroux_holly_monfort": (POOLED, {}, {}, _score("ghm", "both")),
    "wooldridge": (
        POOLED, CHANGES, {"null": "changes"},
        lambda p: _numbers(wooldridge_first_difference(_direct(p, POOLED, **CHANGES), "changes")),
    ),
    "breusch_godfrey": (
        WITHIN, {}, {"order": 2}, lambda p: _numbers(breusch_godfrey(p, parse_formula(WITHIN), 2))
    ),
    "slope_homogeneity": (
        WITHIN, {}, {"form": "swamy"},
        lambda p: _numbers(slope_homogeneity(p, parse_formula(WITHIN), "swamy")),
    ),
    "wald": (
        WITHIN, {}, {"hypothesis": "x = -w, x = 1", "distribution": "chi2"},
        lambda p: _numbers(wald(_direct(p, WITHIN), "x = -w, x = 1", "chi2")),
    ),
    "all_slopes": (
        POOLED, {"covariance": "classical"}, {},
        _all_slopes,
    ),
    "year_effects": (POOLED, GMM, {}, _of_stat("wald_years")),
    "wild_bootstrap": (
        WITHIN, {}, {"term": "x", "null": 1.0, "draws": 99, "variant": "31"}, _bootstrap
    ),
    "first_stage_f": (IV, {}, {"driver": "x"}, _first_stage),
    "effective_f": (IV, {}, {}, lambda p: (_direct(p, IV).stats["effective_f"], np.nan)),
    "sargan": (IV, {}, {}, _sargan),
    "hansen": (POOLED, GMM, {}, _of_stat("hansen")),
    "diff_hansen": (POOLED, GMM, {}, _of_stat("diff_hansen")),
    "ar1": (POOLED, GMM, {}, _of_stat("ar1")),
    "ar2": (POOLED, GMM, {}, _of_stat("ar2")),
    "threshold": (POOLED, THRESHOLD, {}, _threshold),
    "independence": (POOLED, SUR, {}, _of_stat("independence", SUR)),
    "equal_slopes": (POOLED, SUR, {}, _of_stat("equal_slopes", SUR)),
    "equal_coefficients": (POOLED, SUR, {}, _of_stat("equal_coefficients", SUR)),
    "hausman_long_run": (
        "pair ~ walk", LONG_RUN, {}, _of_stat("hausman", LONG_RUN, "pair ~ walk")
    ),
    "levin_lin_chu": (
        "walk", {}, {"lags": 2, "deterministic": "none"},
        lambda p: _numbers(levin_lin_chu(p, "walk", "none", 2)),
    ),
    "im_pesaran_shin": (
        "walk", {},
        {"df_corrected": False, "lags": "t_test", "most_lags": 3, "lag_sample": "own"},
        lambda p: _numbers(
            im_pesaran_shin(
                p, "walk", "intercept", LagRule(criterion="t_test", most=3, sample="own"),
                df_corrected=False,
            )
        ),
    ),
    "fisher": (
        "walk", {}, {"combination": "logit", "surface": "simulated", "lags": "hannan_quinn"},
        lambda p: _numbers(
            fisher_unit_root(p, "walk", "logit", lags="hannan_quinn", surface="simulated")
        ),
    ),
    "hadri": (
        "walk", {}, {"robust": False}, lambda p: _numbers(hadri(p, "walk", robust=False))
    ),
    "cips": (
        "walk", {}, {"deterministic": "trend", "lags": "bic"},
        lambda p: _numbers(cips(p, "walk", "trend", "bic")),
    ),
    **{
        name: ("walk", {}, TREND, _root(name))
        for name in ("adf", "df_gls", "phillips_perron", "zivot_andrews", "kpss")
    },
    "mean_breaks": ("walk", {}, FIRST, _breaks),
    "kao": (
        "pair ~ walk", {}, {"form": "adf", "lags": 2},
        lambda p: _numbers(kao(p, "pair", ("walk",), "adf", 2)),
    ),
    "pedroni": (
        "pair ~ walk + w", {}, {"form": "panel_adf", "deterministic": "trend", "lags": 2},
        lambda p: _numbers(pedroni(p, "pair", ("walk", "w"), "panel_adf", "trend", 2)),
    ),
    "westerlund": (
        "pair ~ walk", {}, {"form": "pa", "draws": 19}, _error_correction,
    ),
    "engle_granger": (
        "pair ~ walk", {}, FIRST,
        lambda p: _numbers(engle_granger(_series(p, "pair"), _relation(p).to_numpy()[:, 1:])),
    ),
    "johansen": (
        "pair ~ walk", {}, {**FIRST, "rank": 1, "lags": 2, "statistic": "max_eigenvalue"},
        lambda p: (johansen(_relation(p), 2).max_eigenvalue[1], np.nan),
    ),
}  # fmt: skip


def test_every_row_has_its_case() -> None:
    """A test that joins the table joins this one."""
    assert set(CASES) == set(STATISTICAL_TESTS)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=3)
@given(seed=st.integers(0, 10_000))
def test_a_row_gives_the_number_of_its_function(name: str, seed: int) -> None:
    """By the verb, from a formula or a column, options as text as a terminal gives them."""
    subject, keys, options, direct = CASES[name]
    panel = _panel(seed)
    told = {key: str(value) for key, value in options.items()}

    found = fc.test(panel, name, subject, seed=3, **keys, **told)

    assert isinstance(found, TestResult)
    np.testing.assert_allclose(_numbers(found), direct(panel), rtol=1e-9)
    assert found.null
    assert np.isnan(found.p_value) or 0 <= found.p_value <= 1
    assert found.distribution in {
        "normal", "chi2", "F", "t", "mixture", "tabulated", "bootstrap",
    }  # fmt: skip


@pytest.mark.parametrize("name", [n for n, row in STATISTICAL_TESTS.items() if row.estimators])
def test_the_estimators_of_a_row_are_those_that_it_goes_with(name: str) -> None:
    """With an estimator that is not among them, the message says what is needed."""
    panel, row = _panel(1), STATISTICAL_TESTS[name]
    plain = {"pooled": POOLED, "within": WITHIN}
    other = next(text for one, text in plain.items() if one not in row.estimators)

    with pytest.raises(fc.ForecastError, match=r"needs|estimator|has no"):
        fc.test(panel, name, other)


def test_what_has_no_lag_or_no_test_is_refused() -> None:
    """Means of countries follow no order in time; an average of models has no test."""
    panel = _panel(2)

    with pytest.raises(fc.ForecastError, match="no two rows of a country"):
        fc.test(panel, "breusch_godfrey", POOLED, estimator="between")
    with pytest.raises(fc.ForecastError, match="average of models"):
        fc.test(panel, "all_slopes", POOLED, estimator="bma", bma={})


@pytest.mark.parametrize(
    "keys",
    [
        {"covariance": "clustered", "cluster": "year"},
        {"covariance": "clustered", "cluster": "country + year"},
        {"covariance": "driscoll_kraay", "maxlag": 2},
        {"covariance": "hc1", "small_sample": "stata"},
    ],
)
@pytest.mark.parametrize("name", ["hausman", "f_effects"])
def test_classical_tests_do_not_depend_on_the_models_covariance(
    name: str, keys: dict[str, Any]
) -> None:
    """They are made of classical variances, or of sums of squares."""
    panel = _panel(4)

    assert fc.test(panel, name, WITHIN, **keys).statistic == fc.test(panel, name, WITHIN).statistic


@pytest.mark.parametrize(
    ("name", "formula"),
    [("f_effects", WITHIN), ("honda", POOLED), ("breusch_pagan", POOLED), ("first_stage_f", IV)],
)
def test_sums_of_squares_of_weighted_rows_are_refused(name: str, formula: str) -> None:
    """F came out negative: residuals in the outcome's unit over a weighted variance."""
    panel = _panel(4)
    weighted = Panel(panel.frame.assign(size=panel.frame["z"].abs() + 1), "made")

    with pytest.raises(fc.ForecastError, match="rows with weights"):
        fc.test(weighted, name, formula, weights="size")


def test_wooldridge_of_a_within_estimate(grunfeld: Panel) -> None:
    """The same name serves both; the null of first differences is refused there."""
    one = _direct(grunfeld, "inv ~ value | country")

    assert fc.test(one, "wooldridge").statistic == wooldridge_within(one).statistic
    with pytest.raises(fc.ForecastError, match="'null' goes with 'first_difference'"):
        fc.test(one, "wooldridge", null="changes")


@settings(max_examples=60)
@given(
    value=st.one_of(st.text(max_size=5), st.floats(), st.booleans(), st.integers(), st.none()),
    name=st.sampled_from([n for n, row in STATISTICAL_TESTS.items() if row.options]),
    data=st.data(),
)
def test_an_option_is_read_or_refused_in_one_message(
    value: object, name: str, data: st.DataObject
) -> None:
    """Whatever is given, a result or a `ForecastError` that names what is wrong."""
    row = STATISTICAL_TESTS[name]
    key = data.draw(st.sampled_from([*row.options]))
    if key == "draws" and isinstance(value, int):
        value = min(value, 99)
    subject, keys, options, _ = CASES[name]
    try:
        found = fc.test(_panel(5), name, subject, **keys, **{**options, key: value})
    except fc.ForecastError as error:
        assert str(error)
    else:
        assert isinstance(found, TestResult)


def test_what_a_table_shows_at_its_foot_is_in_the_table_of_tests() -> None:
    """Tests of estimates that need no option, and no other."""
    assert set(FOOT_TESTS) <= set(STATISTICAL_TESTS)
    assert not [n for n in FOOT_TESTS if STATISTICAL_TESTS[n].of not in {"estimate", "model"}]
    assert "wald" not in FOOT_TESTS
