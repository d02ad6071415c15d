"""Rows and sentences of the report on precedents, unit roots and breaks."""

from __future__ import annotations

import pandas as pd

from forecast.projection.precedent.precedent import NEAREST_COLUMNS, SHARE_COLUMNS, TWO_TOGETHER
from forecast.projection.precedent.sample_range import RANGE_COLUMNS
from forecast.reporting.report.precedent_rows import precedent_rows, range_caveat
from forecast.reporting.report.series_rows import series_rows, series_sentence
from forecast.timeseries.series.breaks import COLUMNS as BREAK_COLUMNS
from forecast.variables import Variables

NAN = float("nan")
LABELS = {"push": "Push", "pull": "Pull"}


def test_the_whole_ramp_is_shown_with_the_nearest() -> None:
    """The longest row of all drivers together; two precedents by name, none where none is named."""
    shares = pd.DataFrame(
        [
            ("push", 5, TWO_TOGETHER, NAN, 0.5, 400, 100, NAN, 1.0, 0.6),
            ("push", 10, "rd_gdp", 0.85, 0.04, 311, 93, 0.1, NAN, NAN),
            ("push", 10, TWO_TOGETHER, NAN, 0.04, 311, 93, NAN, 2.0, 0.05),
            ("pull", 5, TWO_TOGETHER, NAN, NAN, 0, 0, NAN, NAN, NAN),
        ],
        columns=SHARE_COLUMNS,
    )
    rows = [
        ("push", years, rank, code, 2009, 2009 + years, 0.1, driver, 1.0, 0.0, 0.0, 0.0)
        for years in (5, 10)
        for rank, code in ((1, "BEL"), (2, "GBR"), (3, "AUT"))
        for driver in ("rd_gdp", "manuf_share")
    ]
    nearest = pd.DataFrame(rows, columns=NEAREST_COLUMNS)

    push, pull = precedent_rows(shares, nearest, LABELS, {"BEL": "Belgium"})

    assert push == {
        "label": "Push",
        "years": "10",
        "windows": "311",
        "as_large": "4.0 %",
        "as_far": "5.0 %",
        "nearest": "Belgium 2009-2019 and GBR 2009-2019",
    }
    assert (pull["as_large"], pull["as_far"], pull["nearest"]) == ("-", "-", "-")


def test_leaving_the_sample_is_a_caveat_of_those_that_leave_it() -> None:
    """A scenario that goes outside by itself is named, one that starts there is not."""
    rows = [
        ("push", "m", "rd_gdp", "range", 0, 4, 3, 5, True, False, 2040),
        ("pull", "m", "investment_gdp", "range", 14, 40, 41, 42, True, True, 2026),
        ("pull", "m", "rd_gdp", "range", 0, 4, 2, 3, False, False, 0),
    ]
    ranges = pd.DataFrame(rows, columns=RANGE_COLUMNS)

    assert range_caveat(ranges, LABELS) == [
        "Coefficients are used outside the values that they were estimated on, from 2040 on at the "
        "earliest, in 'Push'.",
        "The country is outside them without any departure in: investment_gdp.",
    ]
    assert range_caveat(ranges.iloc[2:], LABELS) == []
    assert range_caveat(ranges.iloc[:0], LABELS) == []


def test_series_have_p_values_with_a_constant_and_dated_breaks() -> None:
    """Tests with a trend are not mixed in; one too short or not tested says so."""
    columns = ["series", "test", "statistic", "p_value", "lags", "hypothesis", "note"]
    tests = pd.DataFrame(
        [
            ("growth", "adf", -3.0, 0.04, 1, "unit root", "constant"),
            ("growth", "adf", -3.0, 0.5, 1, "unit root", "constant and trend"),
            ("growth", "kpss", 0.1, 0.4, 1, "stationary", "constant"),
            ("rate", "adf", -1.0, 0.7, 1, "unit root", "constant"),
            ("rate", "kpss", 0.9, 0.0004, 1, "stationary", "constant"),
            ("short", "adf", NAN, NAN, NAN, "unit root", "not made: 9 years"),
            ("trend", "adf", -1.0, 0.8, 1, "unit root", "constant"),
            ("growth, rate", "engle_granger", -2.0, 0.6, 1, "none", "growth on the others"),
        ],
        columns=columns,
    )
    missing = (NAN,) * 6
    breaks = pd.DataFrame(
        [
            ("growth", 1, 1, 1, 2008, 2006, 2010, 9.0, 6.0, "1996-2025"),
            ("rate", 0, 0, *missing, "no break"),
            ("short", NAN, NAN, *missing, "too few"),
        ],
        columns=list(BREAK_COLUMNS),
    )

    rows = series_rows(tests, breaks, {"growth": "Growth"}, Variables(table={}))
    said = series_sentence(tests, {"growth": "Growth"})

    assert rows == [
        {"label": "Growth", "adf": "0.040", "df_gls": "-", "kpss": "0.400",
         "breaks": "2008 (2006-2010)"},
        {"label": "rate", "adf": "0.700", "df_gls": "-", "kpss": "< 0.001", "breaks": "none"},
        {"label": "short", "adf": "-", "df_gls": "-", "kpss": "-", "breaks": "too short"},
        {"label": "trend", "adf": "0.800", "df_gls": "-", "kpss": "-", "breaks": "-"},
    ]  # fmt: skip
    assert said.startswith("Of 3 annual series behind the forecasts, ADF rejects a unit root in 1")
    assert "KPSS stationarity in 1" in said
    assert "'Growth' and 'rate' are not found to share a trend (Engle-Granger, p 0.600)" in said
