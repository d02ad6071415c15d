"""Marginal effects through derived columns: closed forms and numerical derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.derive.apply import add_derived
from forecast.errors import EstimationError
from forecast.estimation.effects.marginal import marginal_effects
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

DERIVE = {
    "openness": {"of": ["exports", "imports"], "as": "sum"},
    "rd_openness": {"of": ["rd", "openness"], "as": "interaction", "scale": 0.01},
    "rd_squared": {"of": "rd", "as": "power", "exponent": 2.0},
    "log_rd": {"of": "rd", "as": "log"},
    "share": {"of": ["exports", "imports"], "as": "ratio"},
    "rd_before": {"of": "rd", "as": "lag"},
}


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Return positive columns and an outcome."""
    rng = np.random.default_rng(0)
    index = pd.MultiIndex.from_product(
        [[f"K{c}" for c in range(20)], range(2000, 2010)], names=["country", "year"]
    )
    values = rng.uniform(0.5, 3, size=(len(index), 3))
    frame = pd.DataFrame(values, index, columns=["rd", "exports", "imports"])
    frame["y"] = frame["rd"] * frame["exports"] + rng.normal(size=len(index))
    return Panel(frame, source="made")


def _estimate(panel: Panel, drivers: list[str], **options: Any) -> Estimate:
    spec = {
        "name": "m",
        "label": "m",
        "outcome": "y",
        "drivers": drivers,
        "estimator": "pooled",
        "derive": DERIVE,
        **options,
    }
    return estimate(panel, ModelSpec.model_validate(spec))


def test_interaction_and_quadratic_in_closed_form(panel: Panel) -> None:
    """Effect b1 + b2 z/100 + 2 b3 x, variance d'Vd, at each point."""
    found = _estimate(panel, ["rd", "openness", "rd_openness", "rd_squared"])
    at = pd.DataFrame({"rd": [0.5, 1.0, 2.5], "exports": [1.0, 2.0, 3.0], "imports": [1, 1, 1]})
    table = marginal_effects(found, "rd", at)

    b, v = found.params.iloc[1:], found.cov[1:, 1:]
    d = np.column_stack(
        [np.ones(3), np.zeros(3), (at["exports"] + at["imports"]) / 100, 2 * at["rd"]]
    )
    np.testing.assert_allclose(table["effect"], d @ b, rtol=1e-12)
    np.testing.assert_allclose(table["std_error"], np.sqrt(np.diag(d @ v @ d.T)), rtol=1e-10)
    assert ((table["conf_low"] < table["effect"]) & (table["effect"] < table["conf_high"])).all()


@pytest.mark.parametrize("driver", ["rd", "exports", "imports"])
def test_every_operation_by_numerical_derivative(panel: Panel, driver: str) -> None:
    """The effect is the derivative of x'b as the derivations themselves compute it."""
    found = _estimate(panel, ["rd", "openness", "rd_openness", "rd_squared", "log_rd", "share"])
    at = panel.frame[["rd", "exports", "imports"]].head(10)
    step = 1e-5

    def fitted(change: float) -> np.ndarray:
        moved = Panel(at.assign(**{driver: at[driver] + change}), source="made")
        columns = add_derived(moved, found.spec.derive).frame[found.spec.drivers]
        return columns.to_numpy() @ found.params.iloc[1:]

    slope = (fitted(step) - fitted(-step)) / (2 * step)
    # central differences: error of order 1e-10 times third derivatives
    np.testing.assert_allclose(marginal_effects(found, driver, at)["effect"], slope, rtol=1e-6)


def test_constant_effects_need_no_values(panel: Panel) -> None:
    """Where the model is linear in the driver, the effect is the coefficient and its interval."""
    found = _estimate(panel, ["rd", "openness"])
    row = marginal_effects(found, "exports").iloc[0]
    tidy = found.tidy().set_index("term").loc["openness"]

    for mine, theirs in (
        ("effect", "estimate"),
        ("std_error", "std_error"),
        ("conf_low", "conf_low"),
        ("conf_high", "conf_high"),
    ):
        np.testing.assert_allclose(row[mine], tidy[theirs], rtol=1e-12)


def test_what_is_refused(panel: Panel) -> None:
    """Missing values, an unknown driver, effects over time, switching coefficients."""
    found = _estimate(panel, ["rd", "openness", "rd_openness"])
    with pytest.raises(EstimationError, match="depends on 'exports': give its values"):
        marginal_effects(found, "rd")
    with pytest.raises(EstimationError, match="driver 'nothing' is not one of"):
        marginal_effects(found, "nothing")
    with pytest.raises(EstimationError, match="effect over time"):
        marginal_effects(_estimate(panel, ["rd_before"]), "rd")
    switching = _estimate(
        panel,
        ["rd"],
        estimator="threshold",
        covariance="classical",
        threshold={"variable": "exports", "switching": ["rd"], "draws": 0},
    )
    with pytest.raises(EstimationError, match="it switches"):
        marginal_effects(switching, "rd")
