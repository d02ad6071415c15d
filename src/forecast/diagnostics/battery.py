"""The tests that a run reports beside its estimates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.diagnostics.classical import with_classical
from forecast.diagnostics.dependence.cross_section import pesaran_cd
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.run_test import run_test
from forecast.diagnostics.specification.hausman import hausman
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.estimation.record import Estimate
from forecast.panel import Panel

COLUMNS = ("model", "test", "term", "statistic", "df", "p_value", "null", "note")
# Of the tests that estimators make, those of instruments, serial correlation and equations.
REPORTED = (
    *("sargan", "hansen", "diff_hansen", "ar1", "ar2"),
    *("independence", "equal_slopes", "equal_coefficients"),
)


def specification_tests(
    panel: Panel, estimates: Sequence[Estimate], rng: np.random.Generator, draws: int = 999
) -> pd.DataFrame:
    """Return the tests of several models on one panel, one row a test.

    Every model has Pesaran's CD test of its residuals, and those tests of instruments and of
    serial correlation that its estimator made. A least-squares model with clustered standard
    errors has the wild cluster bootstrap p-value of each regressor (null imposed, Rademacher
    weights): with few or unequal clusters it is the one to trust. A random-effects model has
    Hausman's test against the within model with the same outcome, regressors and period effects,
    if one is there.

    Parameters
    ----------
    panel : Panel
        The one that the estimates come from.
    estimates : sequence of Estimate
    rng : numpy.random.Generator
        Split into one stream a model.
    draws : int
        Bootstrap draws a regressor.

    Returns
    -------
    pandas.DataFrame
        Columns ``model, test, term, statistic, df, p_value, null, note``; a test that cannot be
        formed has missing numbers and says why in ``note``.
    """
    rows: list[dict[str, object]] = []
    for one, stream in zip(estimates, rng.spawn(len(estimates)), strict=True):
        rows.append(_row(one, _cross_section(one)))
        rows += _own_rows(one)
        if one.spec.covariance == "clustered":
            rows += _bootstrap_rows(panel, one, draws, stream)
        if one.spec.estimator == "random_effects":
            rows += _hausman_rows(panel, one, estimates)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(one: Estimate, test: TestResult) -> dict[str, object]:
    return {
        "model": one.spec.name,
        "test": test.name,
        "term": "",
        "statistic": test.statistic,
        "df": float("nan") if test.df is None else test.df,
        "p_value": test.p_value,
        "null": test.null,
        "note": test.note,
    }


def _own_rows(one: Estimate) -> list[dict[str, object]]:
    """Return the tests among the estimate's own statistics, a p-value beside each."""
    rows = []
    for name in REPORTED:
        if f"{name}_p" in one.stats:
            rows.append(_row(one, run_test(name, None, one)))
    return rows


def _cross_section(one: Estimate) -> TestResult:
    try:
        return pesaran_cd(one)
    except EstimationError as error:
        return TestResult.unformed("Pesaran CD", str(error))


def _bootstrap_rows(
    panel: Panel, one: Estimate, draws: int, rng: np.random.Generator
) -> list[dict[str, object]]:
    try:
        problem = regression(panel, one.spec)
    except EstimationError:  # the estimator is none of least squares
        return []
    if len(one.spec.clusters) > 1:  # the bootstrap weighs clusters of one dimension
        return []
    rows = []
    for term in [name for name in one.spec.drivers if name in problem.terms]:
        found = wild_bootstrap(problem, term, rng=rng, draws=draws, cluster=one.spec.cluster)
        rows.append(
            {
                "model": one.spec.name,
                "test": "wild cluster bootstrap",
                "term": term,
                "statistic": found.t,
                "df": float("nan"),
                "p_value": found.p_value,
                "null": "the coefficient is zero",
                "note": f"{found.draws} draws",
            }
        )
    return rows


def _hausman_rows(
    panel: Panel, one: Estimate, estimates: Sequence[Estimate]
) -> list[dict[str, object]]:
    wanted = {"country", *one.spec.effects}
    for other in estimates:
        same = other.spec.outcome == one.spec.outcome and other.spec.drivers == one.spec.drivers
        if other.spec.estimator == "within" and same and set(other.spec.effects) == wanted:
            # The test's variance V_c - V_e holds for classical covariances only.
            pair = [estimate(panel, with_classical(m.spec)) for m in (other, one)]
            try:
                test = hausman(*pair)
            except EstimationError as error:
                test = TestResult.unformed("Hausman", str(error))
            return [{**_row(one, test), "term": f"against {other.spec.name}"}]
    return []
