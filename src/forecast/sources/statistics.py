"""The raw folder in one record, and the annual panel of all economies made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.panel import INDEX, Panel
from forecast.sources import raw
from forecast.variables import Variables

WORLD_BANK = "World Bank, WDI"
PENN = "Penn World Table 10.01"
FDI, GDP = "BX.KLT.DINV.CD.WD", "NY.GDP.MKTP.CD"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawStatistics:
    """What a folder of raw files holds, as read.

    Attributes
    ----------
    vintage : str
        Date of the World Development Indicators.
    indicators : pandas.DataFrame
        country, year, code, value: World Development Indicators and the manufacturing share,
        aggregates (WLD, EMU, ...) included.
    pwt : pandas.DataFrame
        country, year and the Penn World Table columns that the dictionary names.
    thresholds, classes, population_to_come, population_by_age : pandas.DataFrame
        As the readers of ``raw`` give them.
    """

    vintage: str
    indicators: pd.DataFrame
    pwt: pd.DataFrame
    thresholds: pd.DataFrame
    classes: pd.DataFrame
    population_to_come: pd.DataFrame
    population_by_age: pd.DataFrame

    def economies(self) -> list[str]:
        """Return the codes of economies: those ever classified by income, hence no aggregate."""
        return sorted(self.classes["country"].unique())


def read_raw(folder: Path, variables: Variables) -> RawStatistics:
    """Return the statistics in ``folder``.

    Raises
    ------
    DataError
        Naming the file or column that is missing.
    """
    codes = [v.code for v in variables.table.values() if v.source == PENN and v.code]
    return RawStatistics(
        vintage=raw.vintage(folder),
        indicators=pd.concat(
            [raw.indicators(folder), raw.manufacturing(folder)], ignore_index=True
        ),
        pwt=raw.pwt(folder, codes),
        thresholds=raw.thresholds(folder),
        classes=raw.income_classes(folder),
        population_to_come=raw.population_to_come(folder),
        population_by_age=raw.population_by_age(folder),
    )


def annual_panel(statistics: RawStatistics, variables: Variables) -> Panel:
    """Return all economies and years, one column a variable that the dictionary gives a code.

    Foreign direct investment is computed: 100 x net inflow / GDP, both in current US$.

    Raises
    ------
    DataError
        If a code of the dictionary is not among the raw indicators, or a key occurs twice.
    """
    published = {
        v.code: v.name
        for v in variables.table.values()
        if v.source.startswith(WORLD_BANK) and v.code
    }
    penn = {v.code: v.name for v in variables.table.values() if v.source == PENN and v.code}
    economies = statistics.economies()
    bank = wide(statistics.indicators, [*published, FDI, GDP], economies)
    named = bank.rename(columns=published).drop(columns=[FDI, GDP])
    named = named.assign(fdi_inflow_gdp=100.0 * bank[FDI] / bank[GDP])
    tables = statistics.pwt[statistics.pwt["country"].isin(economies)]
    joined = named.join(tables.set_index(list(INDEX)).rename(columns=penn), how="outer")
    order = [name for name in variables.table if name in joined.columns]
    frame = joined.loc[:, order].dropna(how="all").sort_index()
    return Panel(frame=frame, source=f"annual statistics of {statistics.vintage}")


def wide(indicators: pd.DataFrame, codes: list[str], countries: list[str]) -> pd.DataFrame:
    """Return (country, year) rows and one column a code.

    Raises
    ------
    DataError
        If a code has no value at all, or a key occurs twice.
    """
    rows = indicators[indicators["code"].isin(codes) & indicators["country"].isin(countries)]
    missing = sorted(set(codes) - set(rows["code"]))
    if missing:
        raise DataError(f"raw indicators: {missing[0]!r} has no value for the economies asked for")
    twice = rows.duplicated([*INDEX, "code"])
    if twice.any():
        row = tuple(rows.loc[twice, [*INDEX, "code"]].iloc[0])
        raise DataError(f"raw indicators: key {row} occurs more than once")
    table = rows.set_index([*INDEX, "code"])["value"].unstack("code")
    table.columns.name = None
    return table
