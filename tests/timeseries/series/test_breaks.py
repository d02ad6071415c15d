"""Breaks in the mean against R's strucchange, brute force and simulated limits."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.errors import EstimationError
from forecast.timeseries.series.breaks import SUP_F_5, break_intervals, break_table, mean_breaks
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "timeseries"


def _series(name: str) -> np.ndarray:
    file = "smoothing_series.csv" if name == "nile" else "breaks_series.csv"
    rows = pd.read_csv(REFERENCE / file).query("series == @name")
    return rows["value"].to_numpy()


def _numbers(series: str, model: str) -> pd.Series:
    rows = pd.read_csv(REFERENCE / "series_tests_reference.csv", dtype={"name": str})
    rows = rows[(rows["series"] == series) & (rows["model"] == model)]
    return rows.set_index("name")["value"]


@pytest.mark.parametrize("series", ["nile", "steps", "realint"])
def test_partitions_equal_strucchange(series: str) -> None:
    """Dates, residual sums and BIC with 0 to 5 breaks equal breakpoints(), dates exactly."""
    found, fit = mean_breaks(_series(series)), _numbers(series, "fit")

    assert_allclose(found.rss, fit[[f"rss{m}" for m in range(6)]], rtol=1e-9)
    assert_allclose(found.bic, fit[[f"bic{m}" for m in range(6)]], rtol=1e-9)
    for m in range(1, 6):
        assert_array_equal(found.dates[m] + 1, _numbers(series, f"breaks{m}"))
    assert found.by_bic == _numbers(series, "best")["breaks"]
    assert_allclose(found.sup_f[0], _numbers(series, "supf")["statistic"], rtol=1e-9)


@pytest.mark.parametrize("series", ["nile", "steps", "realint"])
def test_intervals_equal_strucchange(series: str) -> None:
    """95 % intervals of the dates equal confint() with errors alike in all segments."""
    values, expected = _series(series), _numbers(series, "interval")
    found = mean_breaks(values)
    dates = found.dates[found.by_bic]
    lows = [expected[f"low{i + 1}"] for i in range(len(dates))]
    highs = [expected[f"high{i + 1}"] for i in range(len(dates))]

    assert_array_equal(break_intervals(values, dates) + 1, np.column_stack([lows, highs]))


def test_real_interest_rate_breaks_where_bai_and_perron_say() -> None:
    """The published dates of the real interest rate, and supF as Perron's own program has it.

    Bai and Perron (2003, section 4): 1980:3; with 1972:3; with 1966:4; BIC takes two breaks. The
    sequence 89.245, 52.204, 7.414 is that of their R package mbreaks with classical variances, as
    quoted in the tests of the package tsecon, and stops at two; their robust one goes to three.
    """
    found = mean_breaks(_series("realint"))
    quarters = pd.period_range("1961Q1", periods=103, freq="Q").astype(str)

    assert [list(quarters[dates]) for dates in found.dates[1:4]] == [
        ["1980Q3"],
        ["1972Q3", "1980Q3"],
        ["1966Q4", "1972Q3", "1980Q3"],
    ]
    assert_allclose(found.sup_f[:3], [89.245, 52.204, 7.414], atol=6e-4)
    assert (found.by_bic, found.sequential) == (2, 2)


def test_dynamic_programming_equals_brute_force() -> None:
    """On 24 points the best partition of every size is that of all partitions tried."""
    values = np.random.default_rng(4).standard_normal(24)
    found = mean_breaks(values, trim=0.15)
    shortest = int(0.15 * 24)
    for m in (1, 2, 3):
        best = np.inf
        for cut in combinations(range(shortest, 24), m):
            parts = [values[a:b] for a, b in pairwise((0, *cut, 24))]
            if min(len(part) for part in parts) >= shortest:
                best = min(best, sum(((part - part.mean()) ** 2).sum() for part in parts))
        assert_allclose(found.rss[m], best, rtol=1e-12)


def test_critical_values_are_the_simulated_limit() -> None:
    """The table's 5 % values are quantiles of the limit, simulated, within 0.5.

    supF(l + 1 | l) converges to the largest of l + 1 independent suprema of a squared Brownian
    bridge over x (1 - x), x in 0.15-0.85, so its 95 % quantile is that supremum's at
    0.95^(1 / (l + 1)). 10,000 walks of 500 steps: Monte Carlo error 0.12 at l = 0 and 0.3 at
    l = 4, and steps that miss the peak take off some 0.2.
    """
    rng = np.random.default_rng(10)
    share = np.arange(1, 501) / 500
    inner = (share >= 0.15) & (share <= 0.85)
    largest = []
    for _ in range(10):
        walk = np.cumsum(rng.standard_normal((1000, 500)), axis=1) / np.sqrt(500)
        bridge = walk - walk[:, -1:] * share
        largest.append((bridge**2 / np.maximum(share * (1 - share), 1e-9))[:, inner].max(axis=1))
    levels = 0.95 ** (1 / np.arange(1, 6))

    assert_allclose(np.quantile(np.concatenate(largest), levels), SUP_F_5, atol=0.5)


def test_sequence_finds_breaks_and_holds_its_size() -> None:
    """White noise has a break in some 5 % of samples, and the simulated steps all three.

    400 samples of 80: a rate of 5 % has a standard error of 1.1 points; up to 9 % is allowed as
    the classical F is known to be oversized in small samples.
    """
    rng = np.random.default_rng(5)
    found = [mean_breaks(rng.standard_normal(80)).sequential for _ in range(400)]

    assert 0.01 < (np.array(found) > 0).mean() < 0.09
    assert mean_breaks(_series("steps")).sequential == 3
    assert mean_breaks(_series("nile")).sequential == 1


def test_table_has_a_row_a_break_and_says_why_not() -> None:
    """Years, means and reasons stand in the table; the input is left as it was."""
    index = range(1871, 1971)
    frame = pd.DataFrame({"nile": _series("nile"), "noise": 0.0, "late": np.nan}, index=index)
    frame["noise"] = np.random.default_rng(2).standard_normal(100)
    frame.loc[1960:, "late"] = 1.0
    before = frame.copy()
    table = break_table(frame).set_index("series")

    assert (table.loc["nile", "year"], table.loc["nile", "break"]) == (1898, 1)
    assert (table.loc["nile", "low"], table.loc["nile", "high"]) == (1895, 1901)
    assert_allclose(table.loc["nile", "mean_before"], 1097.75, atol=1e-9)
    assert table.loc["noise", "note"] == "no break"
    assert "found 11" in str(table.loc["late", "note"])
    pd.testing.assert_frame_equal(frame, before)


def test_what_cannot_break_is_refused() -> None:
    """A short series and a constant one are errors that say so."""
    with pytest.raises(EstimationError, match="20 observations"):
        mean_breaks(np.arange(10.0))
    with pytest.raises(EstimationError, match="does not vary"):
        mean_breaks(np.ones(40))
