"""Weights of the effects follow their rule; sizes read from the record are those that are told."""

from __future__ import annotations

import re

import pytest

from forecast import catalog
from forecast.evaluation.weights.stacking import stack_models
from forecast.projection.drivers.relative_size import relative_size
from forecast.sources.package.package import DataPackage
from places import ROOT


def test_effects_weights_are_by_their_rule(starter: DataPackage) -> None:
    """Two thirds by stacking among the models of output per worker, a third alike for TFP's."""
    weights = catalog.study().effects.weights
    of_output = ("output_initial", "output_regions", "output_correlated", "output_bma")
    found = stack_models(starter.panel(), [catalog.model(name) for name in of_output]).weights

    for name, weight in found.items():  # to the optimiser's own tolerance
        assert weights.get(str(name), 0.0) == pytest.approx(2 / 3 * weight, abs=1e-5)
    assert weights["rd_stock"] == weights["tfp_initial"] == pytest.approx(1 / 6)
    page = (ROOT / "docs" / "evidence_effects.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^- growth_output_per_worker.*: stacking's weights\.$", page, re.M)) == 1
    assert len(re.findall(r"^- growth_tfp.*: equal weights\.$", page, re.M)) == 1


def test_sizes_read_from_the_record_are_those_that_are_told(starter: DataPackage) -> None:
    """What `because` says of China's sizes is what the panel gives, to a tenth of a point."""
    told = 0
    for scenario in map(catalog.scenario, catalog.scenarios()):
        for driver, rule in scenario.relative.items():
            size = relative_size(rule, driver, "CHN", starter.panel())
            assert f"{size:+.1f}" in " ".join(scenario.because.split()), (
                scenario.name,
                driver,
                size,
            )
            told += 1
    assert told == 6
