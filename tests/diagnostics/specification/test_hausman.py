"""Hausman's test against plm, and where it cannot be formed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.diagnostics.specification.hausman import hausman
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.specs.changed import changed

Make = Callable[..., tuple]


def _pair(make: Make, panel: str) -> tuple[Estimate, Estimate]:
    return (
        estimate(*make(panel, "within", ["country"])),
        estimate(*make(panel, "random_effects", [])),
    )


@pytest.mark.parametrize("panel", ["grunfeld", "holes", "tails", "emplUK"])
def test_equals_phtest(plm_model: Make, plm_numbers: pd.Series, panel: str) -> None:
    """Statistic and p-value are those of plm's phtest, balanced and unbalanced."""
    found = hausman(*_pair(plm_model, panel))

    # a difference of nearly equal matrices: a few digits fewer than the estimates
    expected = plm_numbers[panel, "hausman", "statistic", ""]
    np.testing.assert_allclose(found.statistic, expected, rtol=1e-8)
    assert found.df == (3 if panel == "emplUK" else 2)
    if panel == "emplUK":  # plm prints a p-value for an indefinite matrix
        assert np.isnan(found.p_value)
        assert "not positive definite" in found.note
    else:
        expected = plm_numbers[panel, "hausman", "p", ""]
        np.testing.assert_allclose(found.p_value, expected, rtol=1e-7)
        assert found.note == ""


def test_printed_value_of_grunfeld(plm_model: Make) -> None:
    """Grunfeld, within against random effects: chi-squared 2.330366894, p 0.311865446."""
    found = hausman(*_pair(plm_model, "grunfeld"))

    np.testing.assert_allclose(found.statistic, 2.330366894, rtol=1e-9)
    np.testing.assert_allclose(found.p_value, 0.311865446, rtol=1e-8)


def test_indefinite_difference_is_reported(plm_model: Make) -> None:
    """Where the efficient estimator has the larger variance there is no p-value, and a note."""
    within, random = _pair(plm_model, "grunfeld")

    found = hausman(random, within)  # the wrong way round

    assert np.isfinite(found.statistic)
    assert np.isnan(found.p_value)
    assert "not positive definite" in found.note


def test_singular_difference_is_reported(plm_model: Make) -> None:
    """An estimate against itself cannot be tested."""
    within, _ = _pair(plm_model, "grunfeld")

    found = hausman(within, within)

    assert np.isnan(found.statistic)
    assert np.isnan(found.p_value)
    assert "singular" in found.note


def test_units_change_nothing(plm_model: Make) -> None:
    """A driver in other units leaves the statistic."""
    panel, spec = plm_model("tails", "within", ["country"])
    _, other = plm_model("tails", "random_effects", [])
    scaled = panel.with_columns(capital=1e8 * panel.frame["capital"])

    found, again = (hausman(estimate(p, spec), estimate(p, other)) for p in (panel, scaled))

    np.testing.assert_allclose(again.statistic, found.statistic, rtol=1e-8)


def test_refusals(plm_model: Make) -> None:
    """Clustered covariances, other outcomes and other samples are refused."""
    within, random = _pair(plm_model, "grunfeld")
    other, _ = _pair(plm_model, "emplUK")
    panel, spec = plm_model("grunfeld", "within", ["country"])
    clustered = estimate(panel, changed(spec, covariance="clustered"))

    with pytest.raises(EstimationError, match="found 'clustered', must be 'classical'"):
        hausman(clustered, random)
    with pytest.raises(EstimationError, match="outcomes differ"):
        hausman(other, random)
    with pytest.raises(EstimationError, match="different countries"):
        hausman(within, replace(random, anchors=random.anchors.iloc[1:]))
    with pytest.raises(EstimationError, match="no slope in common"):
        hausman(within, replace(random, terms=("const", "a", "b")))
