"""Unit-root and cointegration tests against R's urca and known processes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.timeseries.series.series_tests import COLUMNS, NULLS, series_tests
from forecast.timeseries.series.unit_roots import Trend, engle_granger, unit_root_test
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "timeseries"


@pytest.fixture(scope="module")
def nile() -> np.ndarray:
    """Return the flow of the Nile, 1871-1970."""
    rows = pd.read_csv(REFERENCE / "smoothing_series.csv").query("series == 'nile'")
    return rows["value"].to_numpy()


@pytest.mark.parametrize(
    ("test", "trend", "lags", "theirs"),
    [
        ("adf", "c", 2, ("adf", "c2")),
        ("adf", "ct", 1, ("adf", "ct1")),
        ("df_gls", "c", 2, ("dfgls", "c2")),
        ("df_gls", "ct", 2, ("dfgls", "ct2")),
        # urca counts 99 changes, so its rule for "short" gives 3 lags, not 4.
        ("phillips_perron", "c", 3, ("pp", "c")),
        ("kpss", "c", 4, ("kpss", "c")),
        ("kpss", "ct", 4, ("kpss", "ct")),
        ("zivot_andrews", "c", 2, ("za", "c2")),
    ],
)
def test_statistic_equals_urca(
    nile: np.ndarray, test: str, trend: Trend, lags: int, theirs: tuple[str, str]
) -> None:
    """At given lags each statistic is urca's to 1e-5.

    All but Phillips-Perron agree to 1e-9 or so; its two ways of writing the correction leave 8e-6.
    """
    rows = pd.read_csv(REFERENCE / "series_tests_reference.csv")
    rows = rows[(rows["series"] == "nile") & (rows["model"] == theirs[0])]
    expected = float(rows.set_index("name")["value"][theirs[1]])

    assert_allclose(unit_root_test(test, nile, trend, lags).statistic, expected, rtol=1e-5)


def _walks(rng: np.random.Generator) -> pd.DataFrame:
    # With a drift: critical values of a free constant are those of series that grow.
    common = (0.5 + rng.standard_normal(90)).cumsum()
    frame = {
        "walk": rng.standard_normal(90).cumsum(),
        "noise": rng.standard_normal(90),
        "first": common + rng.standard_normal(90),
        "second": 2 * common + rng.standard_normal(90),
    }
    return pd.DataFrame(frame, index=range(1930, 2020))


def _rejections(test: str, walk: bool) -> int:
    """Return rejections at 5 % in 60 series of 90 years, random walks or white noise."""
    rng = np.random.default_rng(4)
    count = 0
    for _ in range(60):
        values = rng.standard_normal(90)
        values = values.cumsum() if walk else values
        count += unit_root_test(test, values, "c", 1).p_value < 0.05
    return count


@pytest.mark.parametrize("test", ["adf", "df_gls", "phillips_perron", "zivot_andrews", "kpss"])
def test_size_and_power(test: str) -> None:
    """A true null is rejected in some 5 % of 60 series, a false one nearly always.

    Binomial(60, 0.05): ten or more happen once in 900; Zivot and Andrews' asymptotic values are
    known to reject too often in small samples, and so may one lag under KPSS: the same bound.
    """
    null_is_walk = test != "kpss"

    assert _rejections(test, null_is_walk) < 10
    assert _rejections(test, not null_is_walk) > 50


def test_cointegration_is_found_where_it_is() -> None:
    """In 40 samples two tied walks show one relation, two of their own none, mostly.

    Johansen's sequence at 5 % takes a second relation in some 5 % of samples, and a first one
    between unrelated walks in some 5 % and more: at most eight in 40 (once in 500 at 7 %).
    """
    rng = np.random.default_rng(3)
    right = loose = 0
    for _ in range(40):
        frame = _walks(rng)
        tied = series_tests(frame.iloc[:, 2:], together=("first", "second"))
        tied = tied.query("series == 'first, second'")
        right += "sequence: 1" in tied["note"].iloc[1]
        loose += engle_granger(frame["walk"].to_numpy(), frame[["first"]].to_numpy()).p_value < 0.05

    assert tuple(tied.columns) == COLUMNS
    assert tied["test"].tolist() == ["engle_granger", "johansen_trace", "johansen_trace"]
    assert tied["p_value"].iloc[0] < 0.01
    assert right >= 32
    assert loose <= 8


def test_every_series_has_its_rows_and_reasons() -> None:
    """A series too short, one that is flat and one with a hole are reported, not dropped."""
    frame = _walks(np.random.default_rng(3))
    frame["flat"] = 1.0
    frame["short"] = frame["walk"].where(frame.index >= 2010)
    frame["hole"] = frame["walk"].where(frame.index != 1960)
    before = frame.copy()
    table = series_tests(frame)
    count = table.groupby("series")["statistic"].count()
    cut = series_tests(frame.loc[1961:, ["walk"]])

    assert count["walk"] == 2 * len(NULLS)
    assert count["short"] == 0
    assert table.loc[table["series"] == "short", "note"].str.contains("10 years").all()
    assert table.loc[table["series"] == "flat", "note"].str.contains("not made").any()
    hole = table.loc[table["series"] == "hole", "statistic"].to_numpy()
    assert_allclose(hole, cut["statistic"].to_numpy())
    pd.testing.assert_frame_equal(frame, before)


def test_an_absent_column_is_named() -> None:
    """A misspelt column to test for cointegration is an error that lists what there is."""
    with pytest.raises(EstimationError, match=r"\['wlak'\].*walk"):
        series_tests(_walks(np.random.default_rng(3)), together=("wlak", "first"))
