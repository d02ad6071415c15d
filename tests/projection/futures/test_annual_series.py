"""The annual series that are tested for unit roots and breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.panel import Panel
from forecast.projection.futures.annual_series import RATES, RELATIVE, annual_series
from forecast.projection.futures.futures import Futures


def test_series_are_the_record_up_to_the_origin(toy: Callable[..., Futures]) -> None:
    """Rates by their names, relative output cumulated by hand, gaps of drivers left open."""
    futures = toy(draws=10)
    years = pd.Index(range(2015, 2026), name="year")
    rates = pd.DataFrame({name: np.arange(11.0) for name in RATES}, index=years)
    futures = replace(
        futures,
        setting=replace(
            futures.setting,
            history=replace(futures.setting.history, rates=rates, frontier=1.5),
        ),
    )
    rows = [("CHN", year, 2.0 if year != 2019 else np.nan, 25.0) for year in range(2010, 2028)]
    frame = pd.DataFrame(rows, columns=["country", "year", "rd_gdp", "manuf_share"])
    annual = Panel(frame.set_index(["country", "year"]), source="t")

    found = annual_series(annual, futures)

    assert list(found.index) == list(range(2010, 2026))
    assert list(found) == [*(name for name, _ in RATES.values()), RELATIVE, "rd_gdp", "manuf_share"]
    assert np.isnan(found.loc[2019, "rd_gdp"])
    assert found.loc[2014, "growth":RELATIVE].isna().all()
    # 0 + 1 + 2 less three times 1.5, exact in binary.
    assert found.loc[2017, RELATIVE] == -1.5
