"""The specification tests that a regression table can show, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

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
from forecast.errors import EstimationError, choose
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.changed import changed
from forecast.specs.model import ModelSpec


def table_test(
    name: str, panel: Panel, one: Estimate, rng: np.random.Generator
) -> TestResult | None:
    """Return a specification test of an estimate, or None where it does not apply to it.

    Parameters
    ----------
    name : str
        A key of ``TESTS``.
    panel : Panel
        The one that the estimate comes from.
    one : Estimate
    rng : numpy.random.Generator
        For tests with random weights.

    Raises
    ------
    EstimationError
        If the name is unknown.
    """
    make = choose(name, TESTS, "test", EstimationError)
    try:
        return make(panel, one, rng)
    except EstimationError:
        return None


def _wooldridge(panel: Panel, one: Estimate, rng: np.random.Generator) -> TestResult:
    if one.spec.estimator == "first_difference":
        return wooldridge_first_difference(one)
    return wooldridge_within(one)


def _f_effects(panel: Panel, one: Estimate, rng: np.random.Generator) -> TestResult:
    if one.spec.estimator != "within":
        raise EstimationError("F of effects: needs 'within'")
    return f_test_of_effects(estimate(panel, _pooled(one.spec)), one)


def _breusch_pagan(panel: Panel, one: Estimate, rng: np.random.Generator) -> TestResult:
    if one.spec.estimator not in {"pooled", "random_effects"} or one.spec.effects:
        raise EstimationError("Breusch-Pagan: needs 'pooled' or 'random_effects'")
    return lagrange_multiplier(estimate(panel, _pooled(one.spec)))


def _pooled(spec: ModelSpec) -> ModelSpec:
    return changed(
        spec, estimator="pooled", effects=[], covariance="classical", variance="swamy_arora"
    )


TESTS: dict[str, Callable[[Panel, Estimate, np.random.Generator], TestResult]] = {
    "pesaran_cd": lambda panel, one, rng: pesaran_cd(one),
    "weighted_cd": lambda panel, one, rng: weighted_cd(one, rng),
    "wooldridge": _wooldridge,
    "breusch_godfrey": lambda panel, one, rng: breusch_godfrey(panel, one.spec),
    "breusch_pagan": _breusch_pagan,
    "f_effects": _f_effects,
    "hausman": lambda panel, one, rng: hausman_auxiliary(panel, one.spec),
    "slope_homogeneity": lambda panel, one, rng: slope_homogeneity(panel, one.spec),
}
