"""The BVAR's scenario channel: known truth, exact zeros, common numbers, honest refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.projection.scenarios.bvar_channel import bvar_difference

YEARS = np.arange(2026, 2046)


def _panel(years: int, seed: int = 1) -> tuple[Panel, pd.Series]:
    """Return a record in which growth is 2 + 0.5 g_{t-1} + 0.4 (x_{t-1} - 20) and x wanders."""
    rng = np.random.default_rng(seed)
    growth, share, rows = 4.0, 20.0, []
    for _ in range(years):
        growth = 2 + 0.5 * growth + 0.4 * (share - 20) + 0.3 * rng.standard_normal()
        share = 20 + 0.95 * (share - 20) + rng.standard_normal()
        rows.append((growth, share, 10 + rng.standard_normal()))
    index = pd.MultiIndex.from_product(
        [["XYZ"], range(2026 - years, 2026)], names=["country", "year"]
    )
    frame = pd.DataFrame(rows, columns=["growth", "share", "other"], index=index)
    return Panel(frame, source="simulated"), frame["growth"].xs("XYZ")


def _paths(step: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    baseline = pd.DataFrame({"share": 21.0, "other": 10.0}, index=np.arange(2000, 2046))
    scenario = baseline.copy()
    scenario.loc[2026:, "share"] += step
    return baseline, scenario


def test_known_long_run_effect_is_found() -> None:
    """A share one point higher for good raises growth by 0.4 / (1 - 0.5), after a lag."""
    annual, growth = _panel(200)
    found = bvar_difference(
        annual, "XYZ", *_paths(1.0), growth, YEARS, 400, np.random.default_rng(2)
    )
    low, middle, high = np.quantile(found, [0.025, 0.5, 0.975], axis=0)

    # The first year moves only as far as shocks go together, and they are independent; 200 years
    # tell a coefficient of 0.4 to about 0.02.
    assert abs(middle[0]) < 0.15
    assert (low[-1] < 0.8) & (high[-1] > 0.8)
    assert abs(middle[-1] - 0.8) < 0.15


def test_baseline_has_exactly_no_effect() -> None:
    """Equal paths give zeros, also without any record."""
    annual, growth = _panel(30)
    baseline, _ = _paths(0.0)
    rng = np.random.default_rng(3)

    found = bvar_difference(annual, "XYZ", baseline, baseline, growth, YEARS, 7, rng)
    assert_array_equal(found, np.zeros((7, 20)))


def test_effects_are_linear_under_common_numbers() -> None:
    """The same seed gives the same parameters: twice the departure has twice the effect."""
    annual, growth = _panel(40)
    one, two = (
        bvar_difference(annual, "XYZ", *_paths(s), growth, YEARS, 50, np.random.default_rng(4))
        for s in (1.0, 2.0)
    )

    # Rounding.
    assert_allclose(two, 2 * one, rtol=1e-9)


def test_nothing_after_the_origin_is_used() -> None:
    """Values of the projected years change no draw."""
    annual, growth = _panel(40)
    future = pd.DataFrame(
        {"growth": 99.0, "share": 99.0, "other": 99.0},
        index=pd.MultiIndex.from_product([["XYZ"], range(2026, 2030)], names=["country", "year"]),
    )
    longer = Panel(pd.concat([annual.frame, future]), source="simulated")
    later = pd.concat([growth, future["growth"].xs("XYZ")])
    one = bvar_difference(annual, "XYZ", *_paths(1.0), growth, YEARS, 20, np.random.default_rng(5))
    two = bvar_difference(longer, "XYZ", *_paths(1.0), later, YEARS, 20, np.random.default_rng(5))

    assert_array_equal(one, two)


def test_short_records_are_named() -> None:
    """A driver known for too few years, or too few together with the rest, is a message."""
    annual, growth = _panel(40)
    frame = annual.frame.copy()
    frame.loc[("XYZ", 1986) : ("XYZ", 2010), "share"] = np.nan  # type: ignore[misc]
    short = Panel(frame, source="simulated")
    rng = np.random.default_rng(6)
    with pytest.raises(ProjectionError, match=r"XYZ: 'share' is known unbroken for 15 years"):
        bvar_difference(short, "XYZ", *_paths(1.0), growth, YEARS, 5, rng)
    with pytest.raises(ProjectionError, match="'growth' is known unbroken for 10 years"):
        bvar_difference(annual, "XYZ", *_paths(1.0), growth.loc[2016:], YEARS, 5, rng)
    apart = annual.frame.copy()
    apart.loc[("XYZ", 2010) : ("XYZ", 2025), "share"] = np.nan  # type: ignore[misc]
    with pytest.raises(ProjectionError, match="known together for 14 years"):
        bvar_difference(
            Panel(apart, source="simulated"),
            "XYZ",
            *_paths(1.0),
            growth.loc[1996:],
            YEARS,
            5,
            rng,
        )
