"""What is reported of the series that are forecast: unit roots and cointegration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.errors import EstimationError
from forecast.specs.tests.observed import OBSERVED
from forecast.timeseries.series.unit_roots import Trend, engle_granger, unit_root_test
from forecast.timeseries.systems.system import checked_system
from forecast.timeseries.systems.var import relation_lags
from forecast.timeseries.systems.vecm import johansen

AT_LEAST = 20
COLUMNS = ("series", "test", "statistic", "p_value", "lags", "hypothesis", "note")
# Null hypothesis of each unit-root test of one series.
NULLS = {
    name: row.null for name, row in OBSERVED.items() if row.of == "series" and "name" in row.fixed
}
TRENDS: dict[Trend, str] = {"c": "constant", "ct": "constant and trend"}

Row = tuple[str, str, float, float, float, str, str]


def series_tests(frame: pd.DataFrame, together: Sequence[str] = ()) -> pd.DataFrame:
    """Return tests of each series for a unit root and, on demand, for cointegration.

    Every series gets ADF, DF-GLS, Phillips-Perron, Zivot-Andrews and KPSS, with a constant and
    with a constant and a trend. The series named in ``together`` get Engle-Granger's test (the
    first on the others) and Johansen's trace tests, lags by AIC on the levels.

    Parameters
    ----------
    frame : pandas.DataFrame
        Series by year; the last unbroken run of each is used.
    together : sequence of str
        Columns to test for cointegration over their common years; none: no such test.

    Returns
    -------
    pandas.DataFrame
        Columns ``series, test, statistic, p_value, lags, hypothesis, note``. ``hypothesis`` is
        the null. A test that cannot be made has NaN and a note that says why. Johansen's rows
        have no p-value: the note gives the critical value at 5 %.

    Raises
    ------
    EstimationError
        If ``together`` names a column that is not there.
    """
    absent = [name for name in together if name not in frame.columns]
    if absent:
        raise EstimationError(
            f"series_tests: no series {absent}; there are {', '.join(map(str, frame.columns))}"
        )
    rows = [row for name in frame for row in _of_one(str(name), frame[name])]
    if together:
        rows += _of_several(frame[list(together)].dropna())
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_one(name: str, series: pd.Series) -> list[Row]:
    values = series.to_numpy(dtype=np.float64)
    known = np.flatnonzero(np.isfinite(values))
    last = int(known[-1]) + 1 if len(known) else 0
    holes = np.flatnonzero(~np.isfinite(values[:last]))
    values = values[holes[-1] + 1 if len(holes) else 0 : last]
    rows: list[Row] = []
    if len(values) < AT_LEAST:
        short = f"not made: {len(values)} years, needs at least {AT_LEAST}"
        return [(name, test, np.nan, np.nan, np.nan, NULLS[test], short) for test in NULLS]
    for test, hypothesis in NULLS.items():
        for trend, words in TRENDS.items():
            try:
                found = unit_root_test(test, values, trend)
            except EstimationError as error:
                note = f"{words}; not made: {error}"
                rows.append((name, test, np.nan, np.nan, np.nan, hypothesis, note))
                continue
            rows.append((name, test, found.statistic, found.p_value, found.lags, hypothesis, words))
    return rows


def _of_several(frame: pd.DataFrame) -> list[Row]:
    name = ", ".join(map(str, frame.columns))
    none = "no cointegration"
    try:
        values = checked_system(frame, "cointegration")
        found = engle_granger(values[:, 0], values[:, 1:])
        note = f"{frame.columns[0]} on the others, constant"
        rows: list[Row] = [
            (name, "engle_granger", found.statistic, found.p_value, found.lags, none, note)
        ]
        lags = relation_lags(frame)
        tests = johansen(frame, lags)
    except EstimationError as error:
        return [(name, "cointegration", np.nan, np.nan, np.nan, none, f"not made: {error}")]
    for rank, (trace, critical) in enumerate(
        zip(tests.trace, tests.trace_critical[:, 1], strict=True)
    ):
        note = f"critical at 5 %: {critical:.2f}; rank by the sequence: {tests.rank()}"
        rows.append(
            (name, "johansen_trace", float(trace), np.nan, lags, f"rank at most {rank}", note)
        )
    return rows
