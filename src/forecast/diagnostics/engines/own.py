"""Tests of an estimate alone, and those that its estimator has made."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from forecast.diagnostics.classical import refuse_weights
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.specification.serial_correlation import (
    wooldridge_first_difference,
    wooldridge_within,
)
from forecast.diagnostics.specification.wald import wald
from forecast.errors import EstimationError, unknown
from forecast.estimation.dynamic.overidentification import LEVEL
from forecast.estimation.inference.contrast import INDEFINITE, UNFORMED
from forecast.estimation.record import Estimate
from forecast.specs.tests.table import STATISTICAL_TESTS
from forecast.statistics.significance.tails import f_sf

# Statistics that estimators make, by the names of their tests.
OWN_TESTS = {
    name: str(row.fixed["key"]) for name, row in STATISTICAL_TESTS.items() if "key" in row.fixed
}


def own_test(one: Estimate, key: str) -> TestResult:
    """Return a test among the estimate's own statistics, its p-value under ``<key>_p``.

    Raises
    ------
    EstimationError
        If the estimator made none.
    """
    name = next(test for test, stat in OWN_TESTS.items() if stat == key)
    row = STATISTICAL_TESTS[name]
    if f"{key}_p" not in one.stats:
        raise _not_made(one, row.title, "its estimator makes none, or has nothing to test")
    df = one.stats.get(f"{key}_df")
    return TestResult(
        name=row.title,
        statistic=one.stats[key],
        df=None if df is None else int(df),
        p_value=one.stats[f"{key}_p"],
        null=row.null,
    )


def own_contrast(one: Estimate, key: str) -> TestResult:
    """Return an `own_test` after Hausman, whose note says why there is no p-value.

    Raises
    ------
    EstimationError
        If the estimator made none.
    """
    found = own_test(one, key)
    if np.isfinite(found.p_value):
        return found
    return replace(found, note=INDEFINITE if np.isfinite(found.statistic) else UNFORMED)


def hansen_difference(one: Estimate, group: str = LEVEL, equation: str = "") -> TestResult:
    """Return how much a group of instruments adds to Hansen's statistic.

    Parameters
    ----------
    one : Estimate
        By GMM.
    group, equation : str
        A row of the estimate's table ``difference_in_hansen``; the equation of a column's lags
        where its row has one.

    Raises
    ------
    EstimationError
        If there is no such group, or the rest does not identify the coefficients.
    """
    title = STATISTICAL_TESTS["diff_hansen"].title
    if "difference_in_hansen" not in one.tables:
        raise _not_made(one, title, "its estimator makes none")
    table = one.tables["difference_in_hansen"]
    groups = list(dict.fromkeys(table["group"]))
    if group not in groups:
        if group == LEVEL:
            raise _not_made(one, title, f"has no level equation; groups: {', '.join(groups)}")
        raise EstimationError(f"{title}: {unknown(group, groups, 'group')}")
    rows = table[table["group"] == group]
    rows = rows[rows["equation"] == equation] if equation else rows
    if rows.empty or not np.isfinite(rows.iloc[0]["statistic"]):
        raise _not_made(one, title, f"the rest without {group!r} does not identify it")
    found = rows.iloc[0]
    null = STATISTICAL_TESTS["diff_hansen"].null
    return TestResult(
        name=title,
        statistic=float(found["statistic"]),
        df=int(found["df"]),
        p_value=float(found["p"]),
        null=null if group == LEVEL else f"the instruments of {group} are valid too",
    )


def wooldridge(one: Estimate, null: Literal["levels", "changes"] | None = None) -> TestResult:
    """Return Wooldridge's test, by the residuals that the estimator leaves.

    Parameters
    ----------
    one : Estimate
        By ``within`` with country effects, or ``first_difference``.
    null : {"levels", "changes"}, optional
        Of first differences alone: what is uncorrelated; the levels of the errors by default.

    Raises
    ------
    EstimationError
        If the estimate is another one, or ``null`` is given for a within estimate.
    """
    if one.spec.estimator == "first_difference":
        return wooldridge_first_difference(one, null or "levels")
    if null is not None:
        raise EstimationError("Wooldridge test: 'null' goes with 'first_difference' alone")
    return wooldridge_within(one)


def all_slopes(one: Estimate, distribution: Literal["F", "chi2"] = "F") -> TestResult:
    """Return the Wald test that all coefficients but the constant are zero.

    Raises
    ------
    EstimationError
        If the estimate is an average of models, whose posterior is no test.
    """
    if one.average is not None:
        raise _not_made(one, "Wald", "an average of models has posterior probabilities, no test")
    slopes = [f"{term} = 0" for term in one.terms if term != "const"]
    row = STATISTICAL_TESTS["all_slopes"]
    return replace(wald(one, slopes, distribution), name=row.title, null=row.null)


def first_stage(one: Estimate, driver: str = "") -> TestResult:
    """Return the classical F of the excluded instruments in a first stage.

    Degrees of freedom: instruments, and rows less instruments, exogenous drivers and effects.

    Parameters
    ----------
    one : Estimate
        By ``iv``.
    driver : str
        Which endogenous driver, where there are several.

    Raises
    ------
    EstimationError
        If the estimate is another one, the driver is not endogenous, or rows have weights.
    """
    if one.spec.iv is None:
        raise _not_made(one, "First-stage F", "needs instruments")
    endogenous = list(one.spec.iv.endogenous)
    refuse_weights("first-stage F", one.spec)
    chosen = driver or endogenous[0]
    if chosen not in endogenous or (len(endogenous) > 1 and not driver):
        raise EstimationError(f"first-stage F: {unknown(driver, endogenous, 'endogenous driver')}")
    key = "first_stage_f" if len(endogenous) == 1 else f"first_stage_f_{chosen}"
    instruments = len(one.spec.iv.instruments)
    rss = float(np.sum(one.residuals.to_numpy(dtype=float) ** 2))
    left = round(rss / one.resid_std**2) + len(endogenous) - instruments
    return TestResult(
        name="First-stage F",
        statistic=one.stats[key],
        df=instruments,
        df_denominator=float(left),
        p_value=float(f_sf(one.stats[key], instruments, left)),
        null=f"the excluded instruments explain nothing of {chosen}",
        note="below about 10 weak, whatever the p-value (Staiger and Stock 1997)",
    )


def effective_f(one: Estimate) -> TestResult:
    """Return the effective F of one endogenous driver; it has no p-value here."""
    if "effective_f" not in one.stats:
        raise _not_made(one, "effective F", "needs instruments of one endogenous driver")
    return TestResult(
        name="Effective F",
        statistic=one.stats["effective_f"],
        df=None,
        p_value=float("nan"),
        null=STATISTICAL_TESTS["effective_f"].null,
        note="below about 10 weak; critical values depend on the number of instruments",
        distribution="tabulated",
    )


def break_in_slopes(one: Estimate, number: int = 1) -> TestResult:
    """Return Hansen's bootstrapped F that a threshold, the first or second, is none.

    Raises
    ------
    EstimationError
        If the estimate is another one, or has no such threshold.
    """
    end = "" if number == 1 else f"_{number}"
    if f"f_threshold{end}" not in one.stats:
        raise _not_made(one, "threshold", f"has no threshold number {number}")
    return TestResult(
        name="Threshold F",
        statistic=one.stats[f"f_threshold{end}"],
        df=None,
        p_value=one.stats[f"p_threshold{end}"],
        null="no threshold" if number == 1 else f"no more than {number - 1} threshold",
        distribution="bootstrap",
    )


def _not_made(one: Estimate, title: str, why: str) -> EstimationError:
    return EstimationError(
        f"{title} test: model {one.spec.name!r}, estimator {one.spec.estimator!r}: {why}"
    )
