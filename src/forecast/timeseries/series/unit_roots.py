"""Tests of one series for a unit root, and of several for cointegration (arch)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from forecast.arrays import Draws, Vector
from forecast.errors import EstimationError
from forecast.statistics.variation import left_of, varies

Trend = Literal["c", "ct"]
# Share of the years at either end in which Zivot and Andrews look for no break.
TRIM = 0.15
# Residuals this small beside the series are rounding, and a t of their inverse means nothing.
ROUNDED = 1e-8
EXACT = "the series follows exactly from its own past, its trend or its break"


@dataclass(frozen=True, slots=True, kw_only=True)
class RootTest:
    """One test: its statistic, p-value and number of lags."""

    statistic: float
    p_value: float
    lags: int


def unit_root_test(
    name: str, values: Vector, trend: Trend = "c", lags: int | None = None
) -> RootTest:
    """Return a test of one series.

    Dickey and Fuller (1979), augmented; Elliott, Rothenberg and Stock (1996), DF-GLS; Phillips
    and Perron (1988), the t form; Zivot and Andrews (1992), one break in the deterministic part;
    Kwiatkowski, Phillips, Schmidt and Shin (1992), whose null is stationarity.

    Parameters
    ----------
    name : {"adf", "df_gls", "phillips_perron", "zivot_andrews", "kpss"}
    values : (n,) series without gaps.
    trend : {"c", "ct"}
        Constant, or constant and linear trend.
    lags : int, optional
        Default: chosen by AIC up to the lesser of 12 (n / 100)^(1/4) and n / 5, for
        Zivot-Andrews also below the first date of a break; 4 (n / 100)^(1/4) for
        Phillips-Perron; the data's own bandwidth (Hobijn, Franses and Ooms, 1998) for KPSS.

    Returns
    -------
    RootTest

    Raises
    ------
    EstimationError
        If the series is too short for the test, does not vary, or is fitted exactly.
    """
    from arch.unitroot import ADF, DFGLS, KPSS, PhillipsPerron, ZivotAndrews

    n = len(values)
    _refuse_exact(name, values, trend)
    most = int(min(12 * (n / 100) ** 0.25, n / 5))
    if name == "zivot_andrews":
        most = min(most, int(TRIM * n) - 1)
    if name == "phillips_perron" and lags is None:
        lags = int(4 * (n / 100) ** 0.25)
    searched = {"adf": ADF, "df_gls": DFGLS, "zivot_andrews": ZivotAndrews}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if name in searched:
                test = searched[name](values, lags=lags, trend=trend, max_lags=most, method="aic")
            else:
                kind = KPSS if name == "kpss" else PhillipsPerron
                test = kind(values, lags=lags, trend=trend)
            return _result(name, test)
    except (ValueError, RuntimeError, AssertionError, np.linalg.LinAlgError) as fault:
        raise EstimationError(_reason(name, fault)) from fault


def engle_granger(first: Vector, others: Draws) -> RootTest:
    """Return Engle and Granger's (1987) test that ``first`` and ``others`` are not cointegrated.

    Parameters
    ----------
    first : (n,) the series on the left of the relation.
    others : (n, k)

    Raises
    ------
    EstimationError
        If the series are too short or depend on one another exactly.
    """
    from arch.unitroot.cointegration import engle_granger as arch_engle_granger

    columns = np.column_stack([first, others])
    for j, one in enumerate(columns.T):
        rest = np.column_stack([np.ones(len(first)), np.delete(columns, j, axis=1)])
        if not varies(one) or left_of(rest, one) is None:
            raise EstimationError(
                f"engle_granger: series {j + 1} does not vary or repeats the others"
            )
    most = int(min(12 * (len(first) / 100) ** 0.25, len(first) / 5))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            test = arch_engle_granger(first, others, trend="c", max_lags=most, method="aic")
            return _result("engle_granger", test)
    except (ValueError, RuntimeError, AssertionError, np.linalg.LinAlgError) as fault:
        raise EstimationError(_reason("engle_granger", fault)) from fault


def _refuse_exact(name: str, values: Vector, trend: Trend) -> None:
    """Refuse a series that does not vary, or that its trend and the year before give exactly."""
    if not varies(values):
        raise EstimationError(f"{name}: the series is {values[0]:g} in every year")
    n = len(values)
    x = np.column_stack([np.ones(n), np.arange(1.0, n + 1)])[:, : len(trend)]
    if name == "kpss":
        exact = left_of(x, values) is None
    else:
        exact = left_of(np.column_stack([x[1:], values[:-1]]), values[1:]) is None
    if exact:
        raise EstimationError(f"{name}: {EXACT}")


def _result(name: str, test: Any) -> RootTest:
    found = RootTest(statistic=float(test.stat), p_value=float(test.pvalue), lags=int(test.lags))
    if not abs(found.statistic) < 1 / ROUNDED:
        raise EstimationError(f"{name}: {EXACT}")
    return found


def _reason(name: str, fault: Exception) -> str:
    """Return one sentence for what arch says in five lines."""
    text = str(fault)
    if any(sign in text for sign in ("singular", "Residuals are all zero", "Shape of passed")):
        return f"{name}: a regression is singular: the years are too few for its lags, or {EXACT}"
    return f"{name}: {' '.join(text.split())}"
