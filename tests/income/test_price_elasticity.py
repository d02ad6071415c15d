"""The elasticity of real exchange rates: simulated truth, blindness, and the shipped number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.income.nominal_system import NOMINAL_SYSTEMS
from forecast.income.price_elasticity import (
    price_elasticity,
    price_level_slopes,
    real_rate_records,
)
from forecast.income.sdr_deflator import sdr_inflation
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage

YEARS = range(1980, 2011)


def _annual(elasticity: float, seed: int = 1) -> tuple[Panel, pd.DataFrame]:
    """Return 60 economies whose deflator follows productivity at a fixed exchange rate."""
    rng = np.random.default_rng(seed)
    frames = []
    for number in range(60):
        country = "USA" if number == 0 else f"{chr(65 + number // 26)}{chr(65 + number % 26)}X"
        growth = rng.normal(0.02 * (number % 4), 0.02, len(YEARS))
        growth = np.full(len(YEARS), 0.01) if number == 0 else growth
        prices = 0.02 + elasticity * (growth - 0.01) + rng.normal(0, 0.01, len(YEARS))
        frames.append(
            pd.DataFrame(
                {
                    "country": country,
                    "year": YEARS,
                    "output_per_worker_pwt": np.exp(np.cumsum(growth)),
                    "gdp_deflator_inflation": 100 * np.expm1(prices),
                    "exchange_rate": 2.0,
                }
            )
        )
    frame = pd.concat(frames).set_index(["country", "year"]).sort_index()
    inflation = pd.DataFrame({"sdr": 2.0, "usa": 2.0}, index=pd.Index(YEARS, name="year"))
    return Panel(frame, source="made"), inflation


def test_simulated_elasticity_is_found() -> None:
    """All three ways find 0.4 within three of their standard errors, and these are small."""
    found = price_elasticity(real_rate_records(*_annual(0.4), first_year=1981))

    assert list(found["how"]) == ["differences", "within", "changes"]
    assert (np.abs(found["estimate"] - 0.4) < 3 * found["std_error"]).all()
    assert (found["std_error"] < 0.03).all()
    assert (found["economies"] == 60).all()


def test_estimates_are_blind_to_later_years() -> None:
    """Cut at 2000, the elasticity does not change when later years are noise."""
    annual, inflation = _annual(0.4)
    frame = annual.frame.copy()
    late = frame.index.get_level_values("year") > 2000
    frame.loc[late] = np.random.default_rng(9).uniform(1, 2, (late.sum(), frame.shape[1]))
    found = [
        price_elasticity(real_rate_records(one.through(2000), inflation.loc[:2000], 1981))
        for one in (annual, Panel(frame, source="noise"))
    ]

    pd.testing.assert_frame_equal(found[0], found[1])


def test_a_gap_cuts_the_record_and_a_package_of_one_is_refused() -> None:
    """What lies before a missing year is left out; without output per worker nothing is."""
    annual, inflation = _annual(0.4)
    frame = annual.frame.copy()
    frame.loc[("BAX", 1990), "exchange_rate"] = np.nan

    records = real_rate_records(Panel(frame, source="gap"), inflation, 1981)

    # The changes of 1990 and 1991 both need the missing level.
    assert records.loc["BAX"].index.min() == 1992
    with pytest.raises(DataError, match="output_per_worker_pwt"):
        real_rate_records(
            Panel(frame.drop(columns="output_per_worker_pwt"), source="x"), inflation, 1981
        )


def test_price_levels_by_hand() -> None:
    """Log price level twice log productivity less one: a slope of two between and within."""
    rng = np.random.default_rng(2)
    rows = []
    for country in ("USA", "AAA", "BBB", "CCC", "DDD"):
        work = np.ones(6) if country == "USA" else np.exp(rng.normal(0, 1, 6))
        rows.append(
            pd.DataFrame(
                {"country": country, "year": range(2000, 2006), "rgdpo": 3 * work, "emp": 3.0,
                 "pl_gdpo": work**2}
            )
        )  # fmt: skip

    found = price_level_slopes(pd.concat(rows))

    assert_allclose(found["estimate"], 2.0, rtol=1e-10)


@pytest.mark.raw
def test_the_shipped_elasticity_is_the_panel_s(full: DataPackage) -> None:
    """The system's numbers are those of ten-year differences, to the digits written."""
    annual = full.annual()
    inflation = sdr_inflation(full.table("sdr_parts"), annual)

    found = price_elasticity(real_rate_records(annual, inflation)).set_index("how")
    shipped = NOMINAL_SYSTEMS["balassa_samuelson"]

    assert_allclose(found.loc["differences", "estimate"], shipped.elasticity, atol=5e-4)
    assert_allclose(found.loc["differences", "std_error"], shipped.elasticity_error, atol=5e-4)
