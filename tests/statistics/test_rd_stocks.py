"""R&D stocks by economy, what periods have of them, initial values, groups: on made panels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from forecast.derive.rd_stock import rd_stock
from forecast.panel import Panel
from forecast.projection.regressors import made_of
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.countries import read_countries
from forecast.statistics.periods import Periods, initial_values
from forecast.statistics.rd_stocks import annual_stocks, period_stocks
from places import ROOT

FACTS = (
    "SAU KWT ARE QAT OMN BHR IRQ IRN LBY DZA VEN AGO NGA GNQ GAB COG TCD TTO BRN AZE TKM KAZ RUS "
    "NOR ECU SDN"
)


def _annual(rd: dict[int, float], output: dict[int, float], country: str = "AAA") -> pd.DataFrame:
    years = sorted({*rd, *output})
    index = pd.MultiIndex.from_product([[country], years], names=["country", "year"])
    return pd.DataFrame(
        {"rd_gdp": [rd.get(y) for y in years], "output_pwt": [output.get(y) for y in years]},
        index=index,
        dtype=float,
    )


def test_a_gap_of_surveys_is_filled_on_the_line_of_logs_and_a_long_one_ends_the_record() -> None:
    """1 % in 2000 and 4 % in 2002 is 2 % in 2001; nothing after five years without a survey."""
    output = dict.fromkeys(range(2000, 2020), 100.0)
    rd = {2000: 1.0, 2002: 4.0, 2003: 4.0, 2004: 4.0, 2005: 4.0, 2011: 4.0}
    found = annual_stocks(Panel(_annual(rd, output), source="made")).loc["AAA"]
    expected = rd_stock(np.array([1.0, 2.0, 4.0, 4.0, 4.0, 4.0])).stock

    assert found.index.tolist() == list(range(2000, 2006))
    np.testing.assert_allclose(found["rd_stock"].to_numpy(dtype=float), expected, rtol=1e-12)


def test_the_placebo_has_nothing_but_output() -> None:
    """Its stock is the perpetual inventory of one per cent of output, whatever was spent."""
    output = {year: 100.0 * 1.03 ** (year - 2000) for year in range(2000, 2012)}
    rd = {year: 1.0 + 0.2 * (year % 3) for year in range(2000, 2012)}
    found = annual_stocks(Panel(_annual(rd, output), source="made"), intensity=1.0)
    expected = rd_stock(np.array(list(output.values())) / 100).stock

    np.testing.assert_allclose(found["rd_stock"].to_numpy(dtype=float), expected, rtol=1e-12)


def test_a_periods_growth_is_the_stocks_log_change() -> None:
    """Per year, over the period; the share that is a guess is that of its start."""
    years = range(1998, 2010)
    output = {year: 100.0 * 1.02 ** (year - 1998) for year in years}
    panel = Panel(_annual(dict.fromkeys(years, 2.0), output), source="made")
    stocks, periods = annual_stocks(panel).loc["AAA"], Periods(ends=(2004, 2009))
    found = period_stocks(panel, periods).loc[("AAA", 2009)]
    logs = np.log(stocks["rd_stock"].astype(float))

    assert found["rd_stock_growth"] == pytest.approx(100 * (logs[2009] - logs[2004]) / 5)
    assert found["rd_stock_initial_share"] == pytest.approx(stocks["rd_stock_initial_share"][2004])


def test_an_initial_value_knows_nothing_of_its_period() -> None:
    """The mean of the three years up to the one before it; values from then on do not move it."""
    index = pd.MultiIndex.from_product([["AAA"], range(1990, 2005)], names=["country", "year"])
    frame = pd.DataFrame({"x": np.arange(15.0)}, index=index)
    periods = Periods(ends=(1999, 2004))
    found = initial_values(frame, periods)["x"]
    later = frame.copy()
    later.loc[("AAA", slice(1995, None)), "x"] = -99.0

    assert found[("AAA", 1999)] == np.mean([2, 3, 4])  # 1992 to 1994
    assert initial_values(later, periods)["x"][("AAA", 1999)] == found[("AAA", 1999)]


def test_groups_are_the_stated_lists() -> None:
    """The 26 oil exporters as they were measured with; every economy has one sub-region."""
    places = read_countries(catalog.countries_path())
    regions = [code for g in places.groups.values() if g.m49 for code in g.countries]

    assert set(places.groups["oil_exporters"].countries) == set(FACTS.split())
    assert sorted(regions) == sorted(places.economies())
    assert len(set(regions)) == len(regions)


@pytest.mark.raw
def test_small_economies_follow_from_their_rule(raw_dir: object) -> None:
    """Below a million people in 2005, of those with a population published."""
    raw = pd.read_csv(f"{raw_dir}/wdi_2026-07-01.csv.gz")
    people = raw[(raw["indicator"] == "SP.POP.TOTL") & (raw["year"] == 2005)]
    small = set(people.loc[people["value"] < 1e6, "iso3"])
    places = read_countries(catalog.countries_path())

    assert set(places.groups["very_small"].countries) == small & set(places.economies())


@pytest.mark.raw
def test_zeros_that_stand_for_missing_values_are_found_and_listed(full: DataPackage) -> None:
    """Those that were known before, those of sectors, and none in the panel."""
    dropped = full.table("dropped")
    found = dropped[dropped["reason"].str.startswith("zero published")]
    told = {
        (row.country, row.variable, row.reason.rpartition(", ")[2]) for row in found.itertuples()
    }
    known = ("exports_gdp", "imports_gdp", "investment_gdp", "agriculture_share", "industry_share")

    assert told == {("VEN", name, "1991-2011") for name in known} | {
        ("BRA", "agriculture_share", "1960-1980"),
        ("BRA", "industry_share", "1960-1978"),
        ("BRA", "manuf_share", "1960-1978"),
        ("COD", "manuf_share", "1991-1991"),
        ("ETH", "investment_gdp", "1981-2010"),
        ("AGO", "investment_gdp", "1985-1990"),
        ("COD", "investment_gdp", "1991-1991"),
    }
    columns = full.annual().frame[["exports_gdp", "imports_gdp", "investment_gdp"]]
    assert not (columns == 0).any(axis=None)


def test_the_starters_panel_has_what_models_ask_for(starter: DataPackage) -> None:
    """Ten-year periods with the same columns; groups; what columns are made of along years."""
    five, ten = starter.panel(), starter.panel("growth_panel_ten")

    assert list(five.frame.columns) == list(ten.frame.columns)
    assert (five.step, ten.step) == (5, 10)
    assert set(five.groups["oil_exporters"]) == set(FACTS.split())
    assert made_of("rd_gdp_initial") == made_of("rd_stock_growth") == made_of("rd_gdp") == "rd_gdp"
    assert (ROOT / "data" / "country_groups.toml").is_file()
