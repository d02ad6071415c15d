"""Every estimator and covariance against R's plm, on balanced and unbalanced panels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT

REFERENCE = pd.read_csv(
    ROOT / "tests" / "reference" / "estimation" / "plm_panels.csv",
    keep_default_na=False,
)
# Same algebra in double precision on both sides; the largest difference met is 3e-12.
RTOL = 1e-10

MODELS = {
    "within_country": ("within", ["country"]),
    "within_year": ("within", ["year"]),
    "within_both": ("within", ["country", "year"]),
    "pooled": ("pooled", []),
    "pooled_year": ("pooled", ["year"]),
    "between": ("between", []),
    "random": ("random_effects", []),
    "random_year": ("random_effects", ["year"]),
    "fd": ("first_difference", []),
}

COVARIANCES: dict[str, dict[str, Any]] = {
    "se_classical": {"covariance": "classical"},
    **{
        f"se_{name}_{kind}": {
            "covariance": "clustered",
            "cluster": by,
            "small_sample": kind == "sss",
        }
        for name, by in (("group", "country"), ("time", "year"))
        for kind in ("HC0", "sss")
    },
    **{f"se_dk_{lag}": {"covariance": "driscoll_kraay", "maxlag": lag} for lag in range(5)},
}


def _spec(panel: str, model: str, **covariance: Any) -> ModelSpec:
    estimator, effects = MODELS[model]
    names = ["inv", "value", "capital"]
    derive = {}
    if panel == "emplUK":
        names = [f"log({c})" for c in ("emp", "wage", "capital", "output")]
        derive = {n: {"of": n[4:-1], "as": "log"} for n in names}
    return ModelSpec.model_validate(
        {
            "name": "reference",
            "label": "reference",
            "outcome": names[0],
            "drivers": names[1:],
            "effects": effects,
            "estimator": estimator,
            "derive": derive,
            **covariance,
        }
    )


def _expected(panel: str, model: str, quantity: str, terms: tuple[str, ...]) -> np.ndarray | None:
    rows = REFERENCE[
        (REFERENCE["panel"] == panel)
        & (REFERENCE["model"] == model)
        & (REFERENCE["quantity"] == quantity)
    ].set_index("term")["value"]
    return None if rows.empty else rows.loc[list(terms)].to_numpy()


def _compared(terms: tuple[str, ...], model: str) -> list[int]:
    # plm's constant is the first year's, ours the average year's: see test_dummies.py
    return [j for j, t in enumerate(terms) if not (t == "const" and model.endswith("_year"))]


def _printed(quantities: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return the panels, models and quantities of which the script printed numbers."""
    rows = REFERENCE[REFERENCE["model"].isin(MODELS) & REFERENCE["quantity"].isin(list(quantities))]
    return sorted(set(zip(rows["panel"], rows["model"], rows["quantity"], strict=True)))


CASES = [(panel, model) for panel, model, _ in _printed(["coef"])]


@pytest.fixture(scope="module")
def classical(plm_panel: Callable[[str], Panel]) -> Callable[[str, str], Estimate]:
    """Return the estimates with classical covariance, each made once."""
    made: dict[tuple[str, str], Estimate] = {}

    def get(panel: str, model: str) -> Estimate:
        if (panel, model) not in made:
            made[panel, model] = estimate(
                plm_panel(panel), _spec(panel, model, covariance="classical")
            )
        return made[panel, model]

    return get


@pytest.mark.parametrize(("panel", "model"), CASES)
def test_coefficients_and_fit(
    classical: Callable[[str, str], Estimate], panel: str, model: str
) -> None:
    """Coefficients, residual sum of squares, degrees of freedom and r2 equal plm's."""
    found = classical(panel, model)
    kept = _compared(found.terms, model)
    terms = tuple(found.terms[j] for j in kept)

    np.testing.assert_allclose(
        found.params.iloc[kept], _expected(panel, model, "coef", terms), rtol=RTOL
    )
    rss, df = float(np.sum(found.residuals**2)), found.df_resid
    np.testing.assert_allclose([rss], _expected(panel, model, "rss", ("",)), rtol=RTOL)
    np.testing.assert_allclose([df], _expected(panel, model, "df", ("",)), rtol=0)
    np.testing.assert_allclose(found.resid_std**2, rss / df, rtol=RTOL)
    r2 = _expected(panel, model, "r2", ("",))
    if r2 is not None and not model.endswith("_year"):  # plm's counts the year dummies
        np.testing.assert_allclose([found.r2], r2, rtol=RTOL)


@pytest.mark.parametrize(("panel", "model", "quantity"), _printed(COVARIANCES))
def test_standard_errors(
    plm_panel: Callable[[str], Panel], panel: str, model: str, quantity: str
) -> None:
    """Classical, clustered (HC0, sss) and Driscoll-Kraay standard errors equal plm's."""
    found = estimate(plm_panel(panel), _spec(panel, model, **COVARIANCES[quantity]))
    kept = _compared(found.terms, model)
    terms = tuple(found.terms[j] for j in kept)

    np.testing.assert_allclose(
        found.std_errors.iloc[kept], _expected(panel, model, quantity, terms), rtol=RTOL
    )


@pytest.mark.parametrize(("panel", "model", "quantity"), _printed(["var_two_way_HC0"]))
def test_two_way_clustering(
    plm_panel: Callable[[str], Panel], panel: str, model: str, quantity: str
) -> None:
    """Two-way clustered variances equal plm's vcovDC wherever its matrix needs no repair."""
    spec = _spec(panel, model, covariance="two_way_clustered", small_sample=False)
    found = estimate(plm_panel(panel), spec)
    kept = _compared(found.terms, model)
    expected = _expected(panel, model, quantity, tuple(found.terms[j] for j in kept))

    if "negative_eigenvalues" in found.stats:
        assert np.linalg.eigvalsh(found.cov).min() >= -1e-12 * np.abs(found.cov).max()
    else:
        np.testing.assert_allclose(np.diag(found.cov)[kept], expected, rtol=RTOL)


@pytest.mark.parametrize(("panel", "model"), [c for c in CASES if c[1].startswith("random")])
def test_variance_components(
    classical: Callable[[str, str], Estimate], panel: str, model: str
) -> None:
    """Swamy-Arora components and the range of theta equal plm's ercomp."""
    stats = classical(panel, model).stats

    np.testing.assert_allclose(
        [stats["sigma2_idios"], stats["sigma2_id"]],
        _expected(panel, model, "sigma2", ("idios", "id")),
        rtol=RTOL,
    )
    for name in ("theta_min", "theta_max"):
        np.testing.assert_allclose([stats[name]], _expected(panel, model, name, ("",)), rtol=RTOL)
    assert stats["theta_min"] - 1e-12 <= stats["theta"] <= stats["theta_max"] + 1e-12


def test_printed_digits_of_grunfeld(plm_panel: Callable[[str], Panel]) -> None:
    """Grunfeld's published figures: within, Driscoll-Kraay, random effects, to 8 digits."""
    within = estimate(
        plm_panel("grunfeld"),
        _spec("grunfeld", "within_country", covariance="driscoll_kraay", maxlag=2),
    )
    random = estimate(plm_panel("grunfeld"), _spec("grunfeld", "random", covariance="classical"))

    np.testing.assert_allclose(within.params, [0.110123804121, 0.310065341300], rtol=1e-10)
    np.testing.assert_allclose(within.std_errors, [0.0176860327181, 0.0348201468738], rtol=1e-10)
    np.testing.assert_allclose(
        random.params, [-57.834414905033, 0.109781152232, 0.308112982831], rtol=1e-10
    )
    np.testing.assert_allclose(random.stats["theta"], 0.861223620748, rtol=1e-10)
