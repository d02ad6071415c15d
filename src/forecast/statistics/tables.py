"""The tables of the starter package, each computed from raw statistics; nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.panel import INDEX, Panel
from forecast.statistics.imputed import IMPUTED, flat_runs, imputed_shares
from forecast.statistics.income_classes.class_lines import class_line
from forecast.statistics.periods import Periods, growth_panel, initial_values, period_means
from forecast.statistics.rd_stocks import period_stocks
from forecast.variables import INITIAL, Variables

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
SDR_DECIMALS: Mapping[str, int] = {"gdp_deflator_inflation": 2, "exchange_rate": 4}
PROJECTION_LAST_YEAR = 2070
TEN_YEARS = Periods(ends=(2004, 2014, 2024), length=10, least=4)
INCOME_PERIODS = Periods(ends=tuple(range(1989, 2025, 5)))


def period_growth(
    annual: Panel, variables: Variables, regions: Mapping[str, int], periods: Periods
) -> pd.DataFrame:
    """Return a growth panel with the dictionary's determinants, initial values and R&D stocks.

    Parameters
    ----------
    annual : Panel
        All economies.
    variables : Variables
    regions : mapping of economy to the United Nations' number of its region
    periods : Periods
    """
    panel = growth_panel(
        annual, variables.determinants(), periods=periods, initial=variables.with_initial()
    )
    frame = panel.frame.join(period_stocks(annual, periods))
    countries = frame.index.get_level_values("country")
    frame["region_m49"] = pd.Series(countries.map(regions), index=frame.index, dtype=float)
    return frame.reset_index()


def subject_annual(annual: Panel, pwt91: pd.DataFrame, variables: Variables) -> pd.DataFrame:
    """Return China's annual series, long, rounded to the decimals of ``DECIMALS``, with flags.

    Two series are made here: population growth from the population of this table, human capital
    from Penn World Table 9.1. ``flag`` is found before rounding.
    """
    own = annual.require(list(DECIMALS)).xs(SUBJECT, level="country").sort_index()
    series = {
        name: rounded(own.loc[FIRST_YEARS.get(name, FIRST_YEAR) :, name].dropna(), digits)
        for name, digits in DECIMALS.items()
    }
    series["pop_growth"] = population_growth(series["population"])
    schooling = pwt91[pwt91["country"] == SUBJECT].set_index("year")["hc"].loc[FIRST_YEAR:]
    series["human_capital"] = rounded(schooling.dropna(), 3)
    rows = _long({SUBJECT: series})
    runs = flat_runs(annual.require(list(DECIMALS)), natural=variables.repeating())
    run = runs.xs(SUBJECT, level="country").stack()
    flagged = rows.set_index(["year", "variable"]).index.isin(run.index[run.to_numpy()])
    return rows.assign(flag=np.where(flagged, IMPUTED, ""))


def population_growth(population: pd.Series) -> pd.Series:
    """Return 100 x log change on the year before, percent, to 4 decimals."""
    change = 100.0 * np.log(population).diff()
    return rounded(change.dropna(), 4)


def sdr_parts(bank: pd.DataFrame) -> pd.DataFrame:
    """Return the GDP deflators and exchange rates of the SDR currencies' economies, long.

    Published series to 2 and 4 decimals. The US dollar's rate is 1 by definition. The euro's
    rate begins in 1999.

    Parameters
    ----------
    bank : pandas.DataFrame
        World Bank's rows, long, aggregates (the euro area) included.

    Raises
    ------
    DataError
        If one of the economies has no deflator.
    """
    asked = (
        bank["country"].isin(SDR_ECONOMIES)
        & bank["variable"].isin(list(SDR_DECIMALS))
        & (bank["year"] >= SDR_FIRST_YEAR)
    )
    rows = bank.loc[asked, [*INDEX, "variable", "value"]].sort_values([*INDEX, "variable"])
    deflators = set(rows.loc[rows["variable"] == "gdp_deflator_inflation", "country"])
    missing = [economy for economy in SDR_ECONOMIES if economy not in deflators]
    if missing:
        raise DataError(f"gdp_deflator_inflation: no value for {missing[0]}, of the SDR's basket")
    series = rows.set_index("variable")["value"]
    published = [rounded(series.loc[[name]], digits) for name, digits in SDR_DECIMALS.items()]
    ordered = pd.concat([rows[rows["variable"] == name] for name in SDR_DECIMALS])
    return ordered.assign(value=pd.concat(published).to_numpy()).reset_index(drop=True)


def subject_projection(rows: pd.DataFrame) -> pd.DataFrame:
    """Return China's population to come to 2070, long.

    Persons are carried to 0.1 million, ages 15-64 in % to 2 decimals (WPP 2024).
    """
    own = rows[(rows["country"] == SUBJECT) & (rows["year"] <= PROJECTION_LAST_YEAR)]
    people = own["variable"] != "share_15_64"
    millions = rounded(own.loc[people, "value"] / 1e6, 1)
    carried = pd.concat([millions * 1e6, rounded(own.loc[~people, "value"], 2)])
    return own.assign(value=carried)


def relative_income(annual: Panel, thresholds: pd.DataFrame, frontier: str = "USA") -> pd.DataFrame:
    """Return five-year means of income relative to the high-income line and to the frontier."""
    frame = annual.require(["gni_pc_atlas", "gni_pc_ppp"])
    years = frame.index.get_level_values("year")
    line = class_line(thresholds).reindex(years).to_numpy()
    leader = frame["gni_pc_ppp"].xs(frontier, level="country").reindex(years).to_numpy()
    ratios = pd.DataFrame(
        {
            "ratio_to_line": frame["gni_pc_atlas"] / line,
            "relative_to_usa": frame["gni_pc_ppp"] / leader,
        }
    )
    return period_means(ratios, INCOME_PERIODS).dropna(how="all").reset_index()


def imputed_means(annual: Panel, variables: Variables, periods: Periods) -> pd.DataFrame:
    """Return the companion of a growth panel: which means rest on imputed years, long.

    Columns country, year, variable, share (of the years with a value behind the mean or initial
    value); rows with a share above zero only.
    """
    names = variables.determinants()
    values = annual.require(names)
    runs = flat_runs(values, natural=variables.repeating())
    shares = imputed_shares(values, runs, periods)
    shares = shares[shares.index.get_level_values("year").isin(periods.ends)]
    marked = initial_values(runs.astype(float).where(values.notna()), periods)
    shares = shares.join(marked.add_suffix(INITIAL), how="outer")
    long = shares.melt(ignore_index=False, var_name="variable", value_name="share").reset_index()
    return long[long["share"] > 0].reset_index(drop=True)


def rounded(values: pd.Series, digits: int) -> pd.Series:
    """Return the values to so many decimals, as the published figures have them."""
    # Through text: correct rounding of the decimal expansion.
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
