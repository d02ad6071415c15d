"""Averages, thresholds and interactions in ``models/`` estimate on the starter package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from forecast.estimation.effects.marginal import marginal_effects
from forecast.estimation.estimate import estimate
from forecast.sources.package.package import DataPackage
from forecast.specs.model import ModelSpec
from forecast.specs.read import read_model

MODELS = ["bma_all", "threshold_manufacturing", "rd_gap", "rd_openness"]


def _model(checkout: Path, name: str) -> ModelSpec:
    return read_model(checkout / "models" / f"{name}.toml")


@pytest.mark.parametrize("name", MODELS)
def test_model_estimates_on_the_starter(checkout: Path, starter: DataPackage, name: str) -> None:
    """Each gives finite coefficients and errors, and converging countries."""
    found = estimate(starter.panel(), _model(checkout, name))

    assert np.isfinite(found.params).all() and (found.std_errors > 0).all()
    gap = found.terms.index("gap_output_per_worker")
    assert found.params.iloc[gap] < -2 * found.std_errors.iloc[gap]


def test_average_holds_every_determinant(checkout: Path, starter: DataPackage) -> None:
    """'bma_all' lists every determinant of the growth panel, the trade shares as their sum."""
    spec = _model(checkout, "bma_all")
    panel = starter.panel().frame
    determinants = {
        name
        for name in catalog.variables().drivers()
        if name in panel.columns and name not in {"exports_gdp", "imports_gdp"}
    }

    assert set(spec.drivers) == {*determinants, "openness", "gap_output_per_worker"}
    found = estimate(starter.panel(), spec)
    assert found.average is not None and found.average.enumerated
    assert found.average.pip[0] == pytest.approx(1, abs=1e-12)


def test_effect_of_research_follows_the_interaction(checkout: Path, starter: DataPackage) -> None:
    """Under 'rd_gap' the effect of R&D at the frontier is its own coefficient."""
    found = estimate(starter.panel(), _model(checkout, "rd_gap"))
    at = pd.DataFrame({"gap_output_per_worker": [0.0, -1.0]})
    effect = marginal_effects(found, "rd_gdp", at)["effect"]
    own, product = (found.params.iloc[found.terms.index(t)] for t in ("rd_gdp", "rd_gap"))

    np.testing.assert_allclose(effect, [own, own - product], rtol=1e-12)


def test_documented_prior(checkout: Path, starter: DataPackage) -> None:
    """The prior of docs/methods/averaging.md gives the posterior printed there."""
    text = (checkout / "docs" / "methods" / "averaging.md").read_text(encoding="utf-8")
    prior = {
        "rd_gdp": {
            "mean": 0.15,
            "sd": 0.08,
            "source": "docs/methods/averaging.md, section Priors from the literature",
        }
    }
    for name in ("pooled", "pooled_tfp", "within_tfp"):
        spec = _model(checkout, name)
        spec = ModelSpec.model_validate({**spec.model_dump(by_alias=True), "prior": prior})
        row = estimate(starter.panel(), spec).tables["prior"].set_index("term").loc["rd_gdp"]
        printed = (
            f"| `{name}` | {row['data_estimate']:.2f} ({row['data_std_error']:.2f}) "
            f"| {row['posterior_mean']:.2f} ({row['posterior_sd']:.2f}) "
            f"| {100 * row['prior_share']:.0f} % |"
        )
        assert printed in text, printed
