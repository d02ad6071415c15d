"""The tables of the starter package, each computed from raw statistics; nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.derive.periods import Periods, growth_panel, period_means
from forecast.panel import INDEX, Panel
from forecast.sources.statistics import RawStatistics, wide
from forecast.structure.classes import class_changes
from forecast.variables import Variables

SUBJECT = "CHN"
FIRST_YEAR = 1978
FIRST_YEARS: Mapping[str, int] = {"tertiary_enrolment": 1990}
# Decimals to which the subject's annual series are carried.
DECIMALS: Mapping[str, int] = {
    "gni_pc_atlas": 0,
    "gdp_growth": 2,
    "gdp_deflator_inflation": 2,
    "exchange_rate": 4,
    "gdp_pc_current": 0,
    "population": 0,
    "share_15_64": 2,
    "employment_rate": 2,
    "output_per_worker": 0,
    "rd_gdp": 3,
    "manuf_share": 2,
    "mht_share": 2,
    "exports_gdp": 2,
    "imports_gdp": 2,
    "investment_gdp": 2,
    "savings_gdp": 2,
    "tertiary_enrolment": 2,
    "fdi_inflow_gdp": 2,
    "researchers": 0,
    "high_tech_exports": 2,
    "urban_share": 2,
    "industry_share": 2,
    "agriculture_share": 2,
}
SDR_ECONOMIES = ("USA", "JPN", "GBR", "EMU", "DEU", "FRA")
SDR_FIRST_YEAR = 1985
SDR_SERIES: Mapping[str, tuple[str, int]] = {
    "NY.GDP.DEFL.KD.ZG": ("gdp_deflator_inflation", 2),
    "PA.NUS.FCRF": ("exchange_rate", 4),
}
PROJECTION_LAST_YEAR = 2070
SUBJECT_M49, SUBJECT_NAME = 156, "China"
BOUNDS: Mapping[str, str] = {
    "pop_med": "population_median",
    "pop_80l": "population_low80",
    "pop_80u": "population_high80",
    "pop_95l": "population_low95",
    "pop_95u": "population_high95",
}
INCOME_PERIODS = Periods(ends=tuple(range(1989, 2025, 5)))


def five_year_growth(annual: Panel, variables: Variables) -> pd.DataFrame:
    """Return the growth panel with the dictionary's drivers as determinants."""
    return growth_panel(annual, variables.drivers()).frame.reset_index()


def subject_annual(annual: Panel, pwt91: pd.DataFrame) -> pd.DataFrame:
    """Return China's annual series, long, rounded to the decimals of ``DECIMALS``.

    Two series are made here: population growth from the population of this table, human capital
    from Penn World Table 9.1.
    """
    own = annual.require(list(DECIMALS)).xs(SUBJECT, level="country").sort_index()
    series = {
        name: _rounded(own.loc[FIRST_YEARS.get(name, FIRST_YEAR) :, name].dropna(), digits)
        for name, digits in DECIMALS.items()
    }
    series["pop_growth"] = population_growth(series["population"])
    schooling = pwt91[pwt91["country"] == SUBJECT].set_index("year")["hc"].loc[FIRST_YEAR:]
    series["human_capital"] = _rounded(schooling.dropna(), 3)
    return _long({SUBJECT: series})


def population_growth(population: pd.Series) -> pd.Series:
    """Return 100 x log change on the year before, percent, to 4 decimals."""
    change = 100.0 * np.log(population).diff()
    return _rounded(change.dropna(), 4)


def sdr_parts(statistics: RawStatistics) -> pd.DataFrame:
    """Return the GDP deflators and exchange rates of the SDR currencies' economies, long.

    The US dollar's rate is 1 by definition. The euro's rate begins in 1999.
    """
    table = wide(statistics.indicators, list(SDR_SERIES), list(SDR_ECONOMIES))
    parts: dict[str, dict[str, pd.Series]] = {}
    for economy in SDR_ECONOMIES:
        own = table.xs(economy, level="country").loc[SDR_FIRST_YEAR:]
        parts[economy] = {
            name: _rounded(own[code].dropna(), digits)
            for code, (name, digits) in SDR_SERIES.items()
        }
    return _long(parts)


def population_projection(statistics: RawStatistics) -> pd.DataFrame:
    """Return China's population to come, long: persons (WPP 2024), ages 15-64 in % (WPP 2017).

    Persons are carried to 0.1 million.
    """
    future = statistics.population_to_come
    own = future[future["country_code"] == SUBJECT_M49].set_index("year").sort_index()
    own = own.loc[:PROJECTION_LAST_YEAR]
    series = {name: _rounded(own[column] / 1e3, 1) * 1e6 for column, name in BOUNDS.items()}
    ages = statistics.population_by_age
    ages = ages[ages["entity"] == SUBJECT_NAME].set_index("year").sort_index()
    ages = ages.loc[2015:PROJECTION_LAST_YEAR]
    total = ages["age_0_14"] + ages["age_15_64"] + ages["age_65_up"]
    series["share_15_64"] = _rounded(100.0 * ages["age_15_64"] / total, 2)
    return _long({SUBJECT: series})


def changes_of_class(statistics: RawStatistics) -> pd.DataFrame:
    """Return every change of income class since 1987."""
    return class_changes(statistics.classes)


def relative_income(
    annual: Panel, statistics: RawStatistics, frontier: str = "USA"
) -> pd.DataFrame:
    """Return five-year means of income relative to the high-income line and to the frontier."""
    frame = annual.require(["gni_pc_atlas", "gni_pc_ppp"])
    years = frame.index.get_level_values("year")
    line = statistics.thresholds.set_index("year")["high_above"].reindex(years).to_numpy()
    leader = frame["gni_pc_ppp"].xs(frontier, level="country").reindex(years).to_numpy()
    ratios = pd.DataFrame(
        {
            "ratio_to_line": frame["gni_pc_atlas"] / line,
            "relative_to_usa": frame["gni_pc_ppp"] / leader,
        }
    )
    return period_means(ratios, INCOME_PERIODS).dropna(how="all").reset_index()


def _rounded(values: pd.Series, digits: int) -> pd.Series:
    # Through text: correct rounding of the decimal expansion, as the published figures have it.
    return values.map(lambda v: float(f"{v:.{digits}f}")).astype(float)


def _long(series: Mapping[str, Mapping[str, pd.Series]]) -> pd.DataFrame:
    pieces = [
        pd.DataFrame(
            {"country": country, "year": values.index, "variable": name, "value": values.to_numpy()}
        )
        for country, named in series.items()
        for name, values in named.items()
    ]
    columns = [*INDEX, "variable", "value"]
    return pd.concat(pieces, ignore_index=True).loc[:, columns]
