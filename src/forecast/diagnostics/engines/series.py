"""Tests of one country's series, of a panel's column or of a model's columns together."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from forecast.derive.apply import add_derived
from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError, choose, unknown
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.specs.tests.table import STATISTICAL_TESTS
from forecast.timeseries.series.breaks import SUP_F_5, mean_breaks
from forecast.timeseries.series.unit_roots import Trend, engle_granger, unit_root_test
from forecast.timeseries.systems.system import checked_system
from forecast.timeseries.systems.var import relation_lags
from forecast.timeseries.systems.vecm import johansen

TRENDS: dict[str, Trend] = {"intercept": "c", "trend": "ct"}


def root_of_series(
    panel: Panel,
    column: str,
    name: str,
    country: str = "",
    deterministic: Literal["intercept", "trend"] = "intercept",
    lags: int | None = None,
) -> TestResult:
    """Return a unit-root test of one country's series, its last unbroken run of years.

    Parameters
    ----------
    name : str
        One of the tests of `forecast.timeseries.series.unit_roots`.
    country : str
        May be left away in a panel of one.
    lags : int, optional
        Chosen by the data where not given.

    Raises
    ------
    EstimationError
        If the country is not in the panel or not said, or its series cannot be tested.
    """
    trend = choose(deterministic, TRENDS, "deterministic", EstimationError)
    series = _run(_of_country(panel, [column], country)).iloc[:, 0]
    found = unit_root_test(name, series.to_numpy(dtype=float), trend, lags)
    row = STATISTICAL_TESTS[name]
    return TestResult(
        name=row.title,
        statistic=found.statistic,
        df=None,
        p_value=found.p_value,
        null=row.null,
        note=f"{deterministic}, {found.lags} lags, {series.index[0]}-{series.index[-1]}",
        distribution="tabulated",
    )


def break_of_mean(panel: Panel, column: str, country: str = "", breaks: int = 0) -> TestResult:
    """Return Bai and Perron's test of one more break of the mean, given ``breaks`` of them.

    The p-value is not known: the note gives the critical value at 5 %, and the breaks that the
    sequence of tests and BIC choose.

    Raises
    ------
    EstimationError
        If the series cannot be tested, or has no room for as many breaks.
    """
    series = _run(_of_country(panel, [column], country)).iloc[:, 0]
    found = mean_breaks(series.to_numpy(dtype=float))
    if not 0 <= breaks < len(found.sup_f):
        raise EstimationError(f"breaks: found {breaks}, must be 0 to {len(found.sup_f) - 1}")
    dates = [str(series.index[int(place)]) for place in found.dates[found.sequential]]
    return TestResult(
        name=f"supF({breaks + 1}|{breaks})",
        statistic=float(found.sup_f[breaks]),
        df=None,
        p_value=float("nan"),
        null="no break of the mean" if not breaks else f"no more than {breaks} breaks",
        note=f"critical at 5 %: {SUP_F_5[breaks]:.2f}; breaks by the sequence: "
        f"{found.sequential}{f' (after {chr(44).join(dates)})' if dates else ''}, by BIC: "
        f"{found.by_bic}",
        distribution="tabulated",
    )


def engle_granger_of_country(panel: Panel, spec: ModelSpec, country: str = "") -> TestResult:
    """Return Engle and Granger's test that outcome and drivers are not cointegrated.

    Raises
    ------
    EstimationError
        If the country is not in the panel or not said, or its series cannot be tested.
    """
    frame = _together(panel, spec, country)
    values = checked_system(frame, "cointegration")
    found = engle_granger(values[:, 0], values[:, 1:])
    return TestResult(
        name="Engle-Granger",
        statistic=found.statistic,
        df=None,
        p_value=found.p_value,
        null=STATISTICAL_TESTS["engle_granger"].null,
        note=f"{frame.columns[0]} on the others, {found.lags} lags, {_years(frame)}",
        distribution="tabulated",
    )


def johansen_rank(
    panel: Panel,
    spec: ModelSpec,
    country: str = "",
    rank: int = 0,
    lags: int | None = None,
    statistic: Literal["trace", "max_eigenvalue"] = "trace",
) -> TestResult:
    """Return Johansen's test that there are at most ``rank`` cointegrating relations.

    The p-value is not known: the note gives the critical value at 5 %, and the rank that the
    sequence of tests chooses.

    Parameters
    ----------
    lags : int, optional
        Of the autoregression in levels; by AIC where not given.

    Raises
    ------
    EstimationError
        If the country is not in the panel or not said, its series cannot be tested, or the rank is
        none of theirs.
    """
    frame = _together(panel, spec, country)
    if lags is None:
        lags = relation_lags(frame)
    tests = johansen(frame, lags)
    if not 0 <= rank < len(tests.trace):
        raise EstimationError(f"rank: found {rank}, must be 0 to {len(tests.trace) - 1}")
    values, critical = {
        "trace": (tests.trace, tests.trace_critical),
        "max_eigenvalue": (tests.max_eigenvalue, tests.max_critical),
    }[statistic]
    return TestResult(
        name=f"Johansen {statistic.replace('_', ' ')}",
        statistic=float(values[rank]),
        df=None,
        p_value=float("nan"),
        null=f"at most {rank} cointegrating relations" if rank else "no cointegration",
        note=f"critical at 5 %: {critical[rank, 1]:.2f}; rank by the sequence: "
        f"{tests.rank(test=statistic)}; {lags} lags, {_years(frame)}",
        distribution="tabulated",
    )


def _together(panel: Panel, spec: ModelSpec, country: str) -> pd.DataFrame:
    columns = [spec.outcome, *spec.drivers]
    return _run(_of_country(add_derived(panel, spec.derive), columns, country))


def _of_country(panel: Panel, columns: list[str], country: str) -> pd.DataFrame:
    """Return the columns of one country by year, which must be said where there are several."""
    frame = panel.require(columns)[columns]
    countries = panel.countries()
    if not country and len(countries) == 1:
        country = countries[0]
    if country not in countries:
        if not country:
            raise EstimationError(
                f"a test of one series needs 'country': {panel.source} has {len(countries)}"
            )
        raise EstimationError(f"country: {unknown(country, countries, panel.entity)}")
    rows = frame.index.get_level_values("country") == country
    return frame[rows].droplevel("country")


def _run(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the last unbroken run of years in which all columns have a value."""
    known = frame.dropna()
    years = known.index.to_numpy()
    if not len(years):
        raise EstimationError(f"{', '.join(map(str, frame.columns))}: found no value")
    step = int(np.diff(frame.index.to_numpy()).min(initial=np.iinfo(np.int32).max))
    gaps = np.flatnonzero(np.diff(years) != step)
    return known.iloc[gaps[-1] + 1 if len(gaps) else 0 :]


def _years(frame: pd.DataFrame) -> str:
    return f"{frame.index[0]}-{frame.index[-1]}"
