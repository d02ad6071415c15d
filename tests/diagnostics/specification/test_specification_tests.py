"""Tests of effects, serial correlation, slopes and dependence against R and known processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.diagnostics.dependence.cross_section import pesaran_cd
from forecast.diagnostics.dependence.weighted_cd import weighted_cd
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.specification.effects_f import f_test_of_effects
from forecast.diagnostics.specification.effects_tests import lagrange_multiplier
from forecast.diagnostics.specification.hausman_auxiliary import hausman_auxiliary
from forecast.diagnostics.specification.serial_correlation import (
    breusch_godfrey,
    wooldridge_first_difference,
    wooldridge_within,
)
from forecast.diagnostics.specification.slope_homogeneity import slope_homogeneity
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.changed import changed
from places import ROOT

REFERENCE = (
    pd.read_csv(ROOT / "tests" / "reference" / "diagnostics" / "panel_tests.csv")
    .set_index(["panel", "test", "quantity"])["value"]
    .sort_index()
)
PANELS = ("grunfeld", "holes", "tails", "emplUK")
# Same algebra in double precision on both sides.
RTOL = 1e-9

Make = Callable[..., tuple[Panel, Any]]
EFFECTS = {"individual": "country", "time": "year", "twoways": "both"}
FORMS = {"bp": "breusch_pagan", "honda": "honda", "kw": "king_wu", "ghm": "ghm"}


def _agrees(found: TestResult, panel: str, test: str) -> None:
    expected = REFERENCE[panel, test]
    np.testing.assert_allclose(found.statistic, expected["statistic"], rtol=RTOL)
    if "p" in expected:
        np.testing.assert_allclose(found.p_value, expected["p"], rtol=1e-7, atol=1e-300)
    if "df2" in expected and "ghm" not in test:  # its mixture has three
        assert (found.df, found.df_denominator) == (expected["df1"], expected["df2"])


def _fitted(make: Make, panel: str, estimator: str, effects: list[str]) -> Estimate:
    return estimate(*make(panel, estimator, effects))


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("form", FORMS)
def test_lagrange_multiplier_equals_plmtest(
    plm_model: Make, panel: str, effect: str, form: str
) -> None:
    """Breusch-Pagan, Honda, King-Wu and GHM are plm's, balanced and unbalanced."""
    name = f"plmtest {form} {effect}"
    if (panel, name, "statistic") not in REFERENCE.index:
        pytest.skip(f"{form} has no form of its own for one effect")

    found = lagrange_multiplier(
        _fitted(plm_model, panel, "pooled", []), EFFECTS[effect], FORMS[form]
    )

    _agrees(found, panel, name)


@pytest.mark.parametrize("panel", PANELS)
def test_f_of_effects_equals_pftest(plm_model: Make, panel: str) -> None:
    """F statistics, their degrees of freedom and p-values are plm's."""
    pooled = _fitted(plm_model, panel, "pooled", [])
    country = _fitted(plm_model, panel, "within", ["country"])
    year = _fitted(plm_model, panel, "within", ["year"])
    both = _fitted(plm_model, panel, "within", ["country", "year"])

    _agrees(f_test_of_effects(pooled, country), panel, "pFtest individual")
    _agrees(f_test_of_effects(pooled, year), panel, "pFtest time")
    _agrees(f_test_of_effects(pooled, both), panel, "pFtest twoways")
    _agrees(f_test_of_effects(country, both), panel, "pFtest time given individual")


def test_f_of_effects_ignores_the_covariance(plm_model: Make) -> None:
    """Clustered standard errors change nothing in a test of residual sums of squares."""
    panel, spec = plm_model("grunfeld", "within", ["country"])
    pooled = _fitted(plm_model, "grunfeld", "pooled", [])
    clustered = estimate(panel, changed(spec, covariance="clustered"))

    _agrees(f_test_of_effects(pooled, clustered), "grunfeld", "pFtest individual")


@pytest.mark.parametrize("panel", ["grunfeld", "tails", "emplUK"])
def test_wooldridge_equals_pwartest_and_pwfdtest(plm_model: Make, panel: str) -> None:
    """Both tests are plm's where no series has a gap."""
    within = _fitted(plm_model, panel, "within", ["country"])
    changes = _fitted(plm_model, panel, "first_difference", [])

    _agrees(wooldridge_within(within), panel, "pwartest")
    _agrees(wooldridge_first_difference(changes), panel, "pwfdtest fe")
    _agrees(wooldridge_first_difference(changes, "changes"), panel, "pwfdtest fd")


def test_wooldridge_steps_over_no_gap(plm_model: Make) -> None:
    """With gaps, plm pairs rows that are years apart, and the two part."""
    found = wooldridge_within(_fitted(plm_model, "holes", "within", ["country"]))

    assert abs(found.statistic / REFERENCE["holes", "pwartest", "statistic"] - 1) > 0.05
    assert found.df_denominator < REFERENCE["holes", "pwartest", "df2"]


@pytest.mark.parametrize("panel", ["grunfeld", "tails"])
@pytest.mark.parametrize("order", [1, 2])
def test_breusch_godfrey_keeps_lags_inside_a_country(
    plm_model: Make, panel: str, order: int
) -> None:
    """N R2 with own lags equals the script's; plm's pbgtest, whose lags cross firms, differs."""
    for estimator, effects, name in (("pooled", [], "pooling"), ("within", ["country"], "within")):
        found = breusch_godfrey(*plm_model(panel, estimator, effects), order)

        _agrees(found, panel, f"bg own {name} {order}")
        other = REFERENCE[panel, f"pbgtest {name} {order}", "statistic"]
        assert abs(found.statistic / other - 1) > 1e-4


def test_auxiliary_hausman_equals_phtest(plm_model: Make) -> None:
    """Classical and clustered, the statistic is plm's in a balanced panel."""
    panel, spec = plm_model("grunfeld", "random_effects", [])
    robust = changed(spec, covariance="clustered", small_sample=False)

    _agrees(hausman_auxiliary(panel, spec), "grunfeld", "phtest aux")
    _agrees(hausman_auxiliary(panel, robust), "grunfeld", "phtest aux arellano")


@pytest.mark.parametrize("panel", ["holes", "tails"])
def test_auxiliary_hausman_is_the_within_minus_between_contrast(
    plm_model: Make, panel: str
) -> None:
    """Unbalanced, dropping the added columns gives random effects; plm's constant differs."""
    data, spec = plm_model(panel, "random_effects", [])
    found = hausman_auxiliary(data, spec)

    assert found.statistic == pytest.approx(
        REFERENCE[panel, "phtest aux", "statistic"], rel=0.2
    )  # the constant moves it, by less than a fifth here
    assert found.df == 2


@pytest.mark.parametrize("panel", ["grunfeld", "tails", "emplUK"])
@pytest.mark.parametrize("form", ["swamy", "delta", "delta_adjusted"])
def test_slope_homogeneity_equals_the_script(plm_model: Make, panel: str, form: str) -> None:
    """Swamy's S and both deltas equal an independent implementation in R."""
    data, spec = plm_model(panel, "within", ["country"])

    found = slope_homogeneity(data, spec, form)

    np.testing.assert_allclose(found.statistic, REFERENCE[panel, form, "statistic"], rtol=1e-8)


def _made(seed: int, countries: int = 40, years: int = 30, factor: float = 0.0) -> Panel:
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [[f"C{j:02d}" for j in range(countries)], range(1990, 1990 + years)],
        names=["country", "year"],
    )
    x = rng.normal(size=(countries, years))
    load = rng.normal(size=countries)
    errors = rng.normal(size=(countries, years)) + factor * load[:, None] * rng.normal(size=years)
    y = x + errors
    frame = pd.DataFrame({"y": y.ravel(), "x": x.ravel()}, index=index)
    return Panel(frame, source="made")


def test_weighted_cd_by_brute_force(plm_model: Make) -> None:
    """One draw is the double sum of w_i w_j sqrt(T) rho_ij over all pairs."""
    one = _fitted(plm_model, "grunfeld", "within", ["country"])
    found = weighted_cd(one, np.random.default_rng(5), draws=1)

    weights = 2.0 * np.random.default_rng(5).integers(0, 2, size=(10, 1))[:, 0] - 1
    rho = one.residuals.unstack("country").corr().to_numpy()
    total = sum(
        weights[i] * weights[j] * np.sqrt(20) * rho[i, j] for i in range(10) for j in range(i)
    )
    np.testing.assert_allclose(found.statistic, total / np.sqrt(45), rtol=1e-12)


def test_weighted_cd_holds_its_size_where_cd_does_not() -> None:
    """With year effects swept out CD rejects almost always, CDw about as often as stated."""
    rejected, plain, noticed = [], [], []
    for seed in range(60):
        one = estimate(_made(seed), "y ~ x | country + year", covariance="classical")
        rng = np.random.default_rng(seed)
        rejected.append(weighted_cd(one, rng).p_value < 0.05)
        plain.append(pesaran_cd(one).p_value < 0.05)
        other = estimate(_made(seed, factor=1.0), "y ~ x | country + year", covariance="classical")
        noticed.append(weighted_cd(other, rng, enhanced=True).p_value < 0.05)

    assert np.mean(plain) > 0.9
    assert np.mean(rejected) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
    assert np.mean(noticed) > 0.95


def test_slopes_that_differ_are_noticed() -> None:
    """Equal slopes are rejected in about 5 % of panels; slopes that differ nearly always."""
    size, power = [], []
    for seed in range(80):
        panel = _made(seed, countries=25)
        spec = estimate(panel, "y ~ x | country").spec
        size.append(slope_homogeneity(panel, spec).p_value < 0.05)
        tilt = np.random.default_rng(seed).normal(0, 0.5, 25).repeat(30)
        bent = panel.with_columns(y=panel.frame["y"] + tilt * panel.frame["x"])
        power.append(slope_homogeneity(bent, spec).p_value < 0.05)

    assert abs(np.mean(size) - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 80)
    assert np.mean(power) > 0.95


def test_refusals(plm_model: Make) -> None:
    """What a test cannot be made from ends in one sentence."""
    panel, spec = plm_model("grunfeld", "within", ["country"])
    within = estimate(panel, spec)
    pooled = _fitted(plm_model, "grunfeld", "pooled", [])

    with pytest.raises(EstimationError, match="needs the pooled estimator"):
        lagrange_multiplier(within)
    with pytest.raises(EstimationError, match="forms"):
        lagrange_multiplier(pooled, "country", "ghm")
    with pytest.raises(EstimationError, match="more effects"):
        f_test_of_effects(within, pooled)
    with pytest.raises(EstimationError, match="same outcome"):
        f_test_of_effects(pooled, _fitted(plm_model, "tails", "within", ["country"]))
    with pytest.raises(EstimationError, match="needs 'within'"):
        wooldridge_within(pooled)
    with pytest.raises(EstimationError, match="first_difference"):
        wooldridge_first_difference(within)
    with pytest.raises(EstimationError, match="random_effects"):
        hausman_auxiliary(panel, spec)
    with pytest.raises(EstimationError, match="form"):
        slope_homogeneity(panel, spec, "hsiao")
    with pytest.raises(EstimationError, match="order"):
        breusch_godfrey(panel, spec, 0)
    with pytest.raises(EstimationError, match="draws"):
        weighted_cd(within, np.random.default_rng(0), draws=0)
