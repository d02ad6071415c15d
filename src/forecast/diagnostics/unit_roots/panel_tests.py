"""The panel unit-root tests of one variable, side by side."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from forecast.diagnostics.balanced_block import balanced_block
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.run_test import run_test
from forecast.diagnostics.unit_roots.lag_order import LagRule, Lags, lag_rule
from forecast.diagnostics.unit_roots.tables import IPS_LENGTHS
from forecast.errors import EstimationError
from forecast.panel import Panel
from forecast.specs.tests.table import STATISTICAL_TESTS


def unit_root_tests(
    panel: Panel,
    column: str,
    deterministic: Literal["intercept", "trend"] = "intercept",
    lags: Lags = 1,
) -> pd.DataFrame:
    """Return the panel unit-root tests of one variable, one row a test, all on the same rows.

    The rows are a block without a gap: of all runs of years long enough for the tests' tables, the
    one in which the countries that have every year, and vary, hold most values. So the tests that
    need a balanced panel answer beside the others. Hadri's null is stationarity, the others' a
    unit root in every country.

    Parameters
    ----------
    panel : Panel
    column : str
    deterministic : {"intercept", "trend"}
        ``trend`` includes the intercept.
    lags : int, criterion or LagRule
        Lagged changes: the same for each country, or by "aic", "bic", "hannan_quinn" or "t_test"
        each country's own (``LagRule``); Hadri's test has none.

    Returns
    -------
    pandas.DataFrame
        Columns ``test, statistic, df, p_value, countries, first_year, last_year, null, note``; a
        test that cannot be formed has missing numbers and says why in ``note``.

    Raises
    ------
    DataError
        If the column does not exist.
    EstimationError
        If ``lags`` is negative or no rule, or no two countries share enough years.
    SpecError
        If ``deterministic`` is neither of the two.
    """
    rule = lag_rule(lags)
    most = rule.most if isinstance(rule, LagRule) else rule
    block = balanced_block(panel, [column], _least_years(most or 0), "unit-root tests")
    years = block.frame.index.get_level_values("year")
    told = {"deterministic": deterministic, **_as_options(rule)}
    rows = []
    for name in [name for name, row in STATISTICAL_TESTS.items() if row.of == "column"]:
        found = _formed(name, block, column, told)
        rows.append(
            {
                "test": name,
                "statistic": found.statistic,
                "df": float("nan") if found.df is None else found.df,
                "p_value": found.p_value,
                "countries": len(block.countries()),
                "first_year": int(years.min()),
                "last_year": int(years.max()),
                "null": found.null,
                "note": found.note,
            }
        )
    return pd.DataFrame(rows)


def _least_years(lags: int) -> int:
    """Return the years that the table of Im, Pesaran and Shin and CIPS' regressions need."""
    return max(IPS_LENGTHS[0] + lags + 1, 3 * lags + 7)


def _as_options(rule: int | LagRule) -> dict[str, Any]:
    """Return the lags as the table of tests has them."""
    if not isinstance(rule, LagRule):
        return {"lags": rule}
    most = {} if rule.most is None else {"most_lags": rule.most}
    return {"lags": rule.criterion, "lag_sample": rule.sample, **most}


def _formed(name: str, block: Panel, column: str, told: dict[str, Any]) -> TestResult:
    options = {key: told[key] for key in told if key in STATISTICAL_TESTS[name].options}
    try:
        return run_test(name, block, column, options=options)
    except EstimationError as error:
        return TestResult.unformed(name, str(error))
