"""Tests of a model that estimate it anew: by two estimators, pooled, or resampled."""

from __future__ import annotations

from typing import Literal

import numpy as np

from forecast.diagnostics.classical import with_classical
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.specification.effects_f import f_test_of_effects
from forecast.diagnostics.specification.effects_tests import Form, lagrange_multiplier
from forecast.diagnostics.specification.hausman import hausman
from forecast.errors import EstimationError, unknown
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.estimation.inference.wild_scores import WildVariant
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def hausman_of_model(panel: Panel, spec: ModelSpec) -> TestResult:
    """Return Hausman's test of random against fixed country effects.

    Both are estimated with classical covariances, for which alone the test's variance holds, and
    with the model's period effects.

    Raises
    ------
    EstimationError
        If the model is neither ``random_effects`` nor ``within`` with country effects.
    """
    within = spec.estimator == "within" and "country" in spec.effects
    if not within and spec.estimator != "random_effects":
        raise EstimationError(
            f"Hausman test: model {spec.name!r}: needs 'random_effects', or 'within' with country "
            f"effects; found {spec.estimator!r}"
        )
    rest = [one for one in spec.effects if one != "country"]
    effects = ["country", *rest]
    fixed = with_classical(spec, estimator="within", effects=effects, variance="swamy_arora")
    random = with_classical(spec, estimator="random_effects", effects=rest)
    return hausman(estimate(panel, fixed), estimate(panel, random))


def f_of_effects(panel: Panel, spec: ModelSpec) -> TestResult:
    """Return the F test of a within model's effects against the pooled model.

    Raises
    ------
    EstimationError
        If the model is not by ``within``.
    """
    if spec.estimator != "within":
        raise EstimationError(
            f"F of effects: model {spec.name!r}: needs 'within', found {spec.estimator!r}"
        )
    return f_test_of_effects(estimate(panel, _pooled(spec)), estimate(panel, spec))


def random_effects_score(
    panel: Panel,
    spec: ModelSpec,
    form: Form,
    effect: Literal["country", "year", "both"] = "country",
) -> TestResult:
    """Return a Lagrange multiplier test for random effects, of the pooled model.

    Raises
    ------
    EstimationError
        If the model is neither ``pooled`` nor ``random_effects``, or has effects.
    """
    if spec.estimator not in {"pooled", "random_effects"} or spec.effects:
        raise EstimationError(
            f"test of random effects: model {spec.name!r}: needs 'pooled' or 'random_effects' "
            f"without effects, found {spec.estimator!r} with {list(spec.effects)}"
        )
    return lagrange_multiplier(estimate(panel, _pooled(spec)), effect, form)


def bootstrapped(
    panel: Panel,
    spec: ModelSpec,
    term: str,
    null: float = 0.0,
    draws: int = 9999,
    signs: Literal["rademacher", "webb"] = "rademacher",
    variant: WildVariant = "11",
    *,
    rng: np.random.Generator,
) -> TestResult:
    """Return the wild cluster bootstrap test of a coefficient, null imposed.

    Clusters are the model's, countries where it has none. ``signs``: the clusters' random weights;
    ``variant``: as in `wild_bootstrap`.

    Raises
    ------
    EstimationError
        If the model does not come down to least squares, has clusters in several dimensions, or
        no such coefficient.
    """
    problem = regression(panel, spec)
    if term not in problem.terms:
        raise EstimationError(f"wild bootstrap: {unknown(term, problem.terms, 'coefficient')}")
    if len(spec.clusters) > 1:
        raise EstimationError(
            f"wild bootstrap: model {spec.name!r}: found clusters {' + '.join(spec.clusters)}; it "
            f"weighs clusters of one dimension"
        )
    found = wild_bootstrap(
        problem, term, rng=rng, null=null, draws=draws, weights=signs, cluster=spec.cluster,
        variant=variant,
    )  # fmt: skip
    return TestResult(
        name="Wild cluster bootstrap",
        statistic=found.t,
        df=None,
        p_value=found.p_value,
        null=f"{term} = {found.null:g}",
        note=f"{found.draws} draws of {found.clusters} clusters",
        distribution="bootstrap",
    )


def _pooled(spec: ModelSpec) -> ModelSpec:
    return with_classical(spec, estimator="pooled", effects=[], variance="swamy_arora")
