"""The panel cointegration tests of one outcome and its drivers, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from forecast.diagnostics.balanced_block import balanced_block
from forecast.diagnostics.cointegration.error_correction import ErrorCorrection
from forecast.diagnostics.cointegration.kao import KAO_FORMS, kao
from forecast.diagnostics.cointegration.pedroni import PEDRONI_FORMS, pedroni
from forecast.diagnostics.cointegration.westerlund import WESTERLUND_FORMS, westerlund
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import Deterministic
from forecast.errors import EstimationError
from forecast.faces import as_names
from forecast.panel import Panel


def cointegration_tests(
    panel: Panel,
    outcome: str,
    drivers: str | Sequence[str],
    deterministic: Deterministic = "intercept",
    lags: int = 1,
    *,
    draws: int = 0,
    rng: np.random.Generator | None = None,
) -> pd.DataFrame:
    """Return Kao's, Pedroni's and Westerlund's tests, one row a test, all on the same rows.

    The rows are the block that holds most values, as in ``unit_root_tests``.

    Parameters
    ----------
    panel : Panel
    outcome : str
    drivers : str or sequence of str
        Columns in levels, at most six.
    deterministic : {"none", "intercept", "trend"}
        Of Pedroni's and Westerlund's regressions; Kao's have an intercept of each country.
    lags : int
        Lagged changes.
    draws : int
        Bootstrap samples for Westerlund's p-values; 0 for the normal ones.
    rng : numpy.random.Generator or None
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        Columns ``test, statistic, p_value, countries, first_year, last_year, null, note``; a test
        that cannot be formed has missing numbers and says why in ``note``.

    Raises
    ------
    DataError
        If a column does not exist.
    EstimationError
        If ``lags`` is negative, or no two countries share enough years.
    """
    drivers = as_names(drivers)
    block = cointegration_block(panel, outcome, drivers, lags)
    years = block.frame.index.get_level_values("year")
    used = {
        "countries": len(block.countries()),
        "first_year": int(years.min()),
        "last_year": int(years.max()),
    }
    tests = _tests(block, outcome, tuple(drivers), deterministic, lags, draws, rng)
    found = {name: _formed(name, test) for name, test in tests.items()}
    return pd.DataFrame(
        [
            {"test": name, "statistic": one.statistic, "p_value": one.p_value}
            | used
            | {"null": one.null, "note": one.note}
            for name, one in found.items()
        ]
    )


def cointegration_block(panel: Panel, outcome: str, drivers: Sequence[str], lags: int) -> Panel:
    """Return the balanced block of most values, with the years of Westerlund's regressions.

    Raises
    ------
    DataError
        If a column does not exist.
    EstimationError
        If ``lags`` is negative, or no two countries share enough years.
    """
    if lags < 0:
        raise EstimationError(f"lags: found {lags}, must be 0 or more")
    least = 6 + (2 + len(drivers)) * (lags + 1) + len(drivers)
    return balanced_block(panel, [outcome, *drivers], least, "cointegration tests")


def _tests(
    block: Panel,
    outcome: str,
    drivers: tuple[str, ...],
    deterministic: Deterministic,
    lags: int,
    draws: int,
    rng: np.random.Generator | None,
) -> dict[str, Callable[[], TestResult]]:
    what = (block, outcome, drivers)
    tests: dict[str, Callable[[], TestResult]] = {}
    for form in KAO_FORMS:
        tests[f"kao_{form}"] = partial(kao, *what, form, lags)
    for form in PEDRONI_FORMS:
        tests[f"pedroni_{form}"] = partial(pedroni, *what, form, deterministic, lags)
    how = ErrorCorrection(lags=lags)
    seed = None if rng is None else int(rng.integers(2**63))
    for form in WESTERLUND_FORMS:
        own = None if seed is None else np.random.default_rng(seed)
        tests[f"westerlund_{form}"] = partial(
            westerlund, *what, form, deterministic, how, draws=draws, rng=own
        )
    return tests


def _formed(name: str, test: Callable[[], TestResult]) -> TestResult:
    try:
        return test()
    except EstimationError as error:
        return TestResult.unformed(name, str(error))
