"""Random effects by four estimators of their variances, and Mundlak's regression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT

REFERENCE = pd.read_csv(
    ROOT / "tests" / "reference" / "estimation" / "plm_variances.csv",
    keep_default_na=False,
)
# Same algebra in double precision on both sides; the largest difference met is 9e-13.
RTOL = 1e-10
METHODS = {
    "swar": "swamy_arora",
    "walhus": "wallace_hussain",
    "amemiya": "amemiya",
    "nerlove": "nerlove",
}


def _spec(panel: str, **options: Any) -> ModelSpec:
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
            "estimator": "random_effects",
            "covariance": "classical",
            "derive": derive,
            **options,
        }
    )


def _expected(panel: str, model: str, quantity: str) -> pd.Series:
    rows = REFERENCE[
        (REFERENCE["panel"] == panel)
        & (REFERENCE["model"] == model)
        & (REFERENCE["quantity"] == quantity)
    ]
    return rows.set_index("term")["value"].astype(float)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("panel", ["grunfeld", "holes", "tails", "emplUK"])
def test_variants_equal_plm(plm_panel: Callable[[str], Panel], panel: str, method: str) -> None:
    """Components, theta, coefficients and errors equal plm's, balanced and unbalanced."""
    found = estimate(plm_panel(panel), _spec(panel, variance=METHODS[method]))

    sigma2 = _expected(panel, method, "sigma2")
    np.testing.assert_allclose(
        [found.stats["sigma2_idios"], found.stats["sigma2_id"]],
        sigma2.loc[["idios", "id"]],
        rtol=RTOL,
    )
    for name in ("theta_min", "theta_max"):
        np.testing.assert_allclose(
            found.stats[name], _expected(panel, method, name).iloc[0], rtol=RTOL
        )
    terms = list(found.terms)
    np.testing.assert_allclose(found.params, _expected(panel, method, "coef").loc[terms], rtol=RTOL)
    np.testing.assert_allclose(
        found.std_errors, _expected(panel, method, "se").loc[terms], rtol=RTOL
    )


def test_grunfeld_as_printed(plm_panel: Callable[[str], Panel]) -> None:
    """Grunfeld's theta by the four methods, as plm prints it."""
    printed = {
        "swamy_arora": 0.861223620748,
        "wallace_hussain": 0.83743755627,
        "amemiya": 0.855691893341,
        "nerlove": 0.867736062613,
    }
    for method, theta in printed.items():
        found = estimate(plm_panel("grunfeld"), _spec("grunfeld", variance=method))
        np.testing.assert_allclose(found.stats["theta"], theta, rtol=1e-11)


def test_correlated_random_effects_equal_plm(plm_panel: Callable[[str], Panel]) -> None:
    """On a balanced panel, coefficients and errors equal plm's with means as regressors."""
    found = estimate(
        plm_panel("grunfeld"), _spec("grunfeld", estimator="correlated_random_effects")
    )

    assert found.terms == ("const", "value", "capital", "mean(value)", "mean(capital)")
    for quantity, values in (("coef", found.params), ("se", found.std_errors)):
        np.testing.assert_allclose(
            values,
            _expected("grunfeld", "correlated", quantity).loc[
                ["const", "value", "capital", "m1", "m2"]
            ],
            rtol=RTOL,
        )


@pytest.mark.parametrize("method", METHODS.values())
@pytest.mark.parametrize("panel", ["holes", "tails", "emplUK"])
def test_mundlak_slopes_are_within_slopes(
    plm_panel: Callable[[str], Panel], panel: str, method: str
) -> None:
    """With country means beside them, the drivers' coefficients are those of within."""
    data = plm_panel(panel)
    mundlak = estimate(data, _spec(panel, estimator="correlated_random_effects", variance=method))
    within = estimate(data, _spec(panel, estimator="within", effects=["country"]))

    drivers = len(within.terms)
    np.testing.assert_allclose(mundlak.params[1 : 1 + drivers], within.params, rtol=1e-8)


def test_mundlak_keeps_drivers_constant_in_countries(
    random_panel: Callable[..., Panel],
) -> None:
    """A driver constant within countries stays and gets no mean of its own."""
    panel = random_panel(3)
    countries = panel.frame.index.get_level_values("country")
    fixed = pd.Series(
        [int(c[1:]) % 5 + 0.5 for c in countries], index=panel.frame.index, dtype=float
    )
    spec = ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "y",
            "drivers": ["x1", "fixed"],
            "estimator": "correlated_random_effects",
        }
    )

    assert estimate(panel.with_columns(fixed=fixed), spec).terms == (
        "const",
        "x1",
        "fixed",
        "mean(x1)",
    )


def test_nothing_within_countries_is_refused(random_panel: Callable[..., Panel]) -> None:
    """Amemiya's variances need a driver that varies within countries."""
    panel = random_panel(3)
    countries = panel.frame.index.get_level_values("country")
    fixed = pd.Series([float(c[1:]) for c in countries], index=panel.frame.index)
    spec = ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "y",
            "drivers": ["fixed"],
            "estimator": "random_effects",
            "variance": "amemiya",
        }
    )

    with pytest.raises(EstimationError, match="no driver varies within countries"):
        estimate(panel.with_columns(fixed=fixed), spec)


def test_variance_goes_with_random_effects_only() -> None:
    """Another estimator refuses the option."""
    with pytest.raises(ValidationError, match="takes no 'variance'"):
        _spec("grunfeld", estimator="pooled", variance="nerlove")
