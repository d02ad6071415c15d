"""Growth within and between sectors, growth accounts, broad sectors, world manufacturing."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.sources.readers.sectors import read_sectors
from forecast.structure.decomposition import shift_share
from forecast.structure.growth_accounting import growth_accounting
from forecast.structure.world_shares import broad_sectors, world_manufacturing
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept
from forecast.study.exhibits.tables import wide_annual

SUBJECT = ("CHN",)
LEAST_COVERED = 95.0
LARGEST = 10  # economies shown in the last year
PRINTED_SHARE = 35.0  # % of world manufacturing, China, as the paper has it


def _decomposition(tables: Tables, asked: Asked) -> Tables:
    return {"decomposition": shift_share(kept(tables["own"], asked.countries, "entity"))}


def _accounting(tables: Tables, asked: Asked) -> Tables:
    rows = kept(tables["pwt91"], asked.countries or SUBJECT)
    first, last = int(asked.parameters["first"]), int(asked.parameters["last"])
    step = int(asked.parameters["step"])
    if step < 1:
        raise DataError(f"exhibit growth_accounting: step: found {step}, must be 1 or more")
    ends = [*range(first, last, step), last]
    found = growth_accounting(rows, list(pairwise(ends)))
    if found.empty:
        raise DataError("exhibit growth_accounting: no span has all years of capital and schooling")
    return {"growth_accounting": found}


def _sectors(tables: Tables, asked: Asked) -> Tables:
    names = ["agriculture_share", "industry_share"]
    annual = kept(tables["annual"], asked.countries or SUBJECT)
    return {"sector_shares": broad_sectors(wide_annual(annual, names))}


def _world(tables: Tables, asked: Asked) -> Tables:
    annual = wide_annual(tables["annual"], ["manuf_share", "gdp_current"])
    if annual["gdp_current"].isna().all():
        raise DataError("exhibit world_manufacturing: needs GDP of all economies: a full package")
    found = world_manufacturing(Panel(annual, source="annual"))
    year = asked.year or _covered_year(found)
    shown = found[found["year"] == year]
    if shown.empty:
        raise DataError(f"exhibit world_manufacturing: no manufacturing is known in {year}")
    if asked.countries:
        return {"world_manufacturing": kept(found, asked.countries).reset_index(drop=True)}
    china = found[found["country"].isin(SUBJECT)]
    printed = pd.DataFrame(
        {"country": SUBJECT, "printed": PRINTED_SHARE, "year": year,
         "share": china.loc[china["year"] == year, "share"].to_numpy()}
    )  # fmt: skip
    return {
        "world_manufacturing": shown.head(LARGEST).reset_index(drop=True),
        "China over time": china.reset_index(drop=True),
        "as printed": printed.assign(difference=printed["share"] - printed["printed"]),
    }


def _covered_year(found: pd.DataFrame) -> int:
    """Return the last year in which economies with data have `LEAST_COVERED` % of GDP."""
    covered = found.groupby("year")["covered"].first()
    good = covered[covered >= LEAST_COVERED]
    years = (good if len(good) else covered).index.to_numpy()
    return int(years.max())


EXHIBITS = {
    "decomposition": PaperExhibit(
        said="labour productivity growth within and between sectors, of a table of your own",
        make=_decomposition,
        own="entity, year, sector, value_added, employment, and nominal_value_added for GEAD",
        own_needed=True,
        read_own=read_sectors,
        note="fractions of productivity in the first year, from the first to the last year",
    ),
    "growth_accounting": PaperExhibit(
        said="growth of output per worker from capital, human capital and TFP, by decade",
        tables=("pwt91",),
        make=_accounting,
        parameters={"first": 1957, "last": 2017, "step": 10},
        figure="papers.growth_accounting:draw_growth_accounting",
        note="% a year, log changes; Penn World Table 9.1, Törnqvist weights; China unless "
        "--countries; published_tfp is the table's own index",
    ),
    "sector_shares": PaperExhibit(
        said="agriculture, industry and the rest in % of GDP, and their changes",
        tables=("annual",),
        make=_sectors,
        note="value added at current prices: prices and volumes together, no growth within sectors",
    ),
    "world_manufacturing": PaperExhibit(
        said="shares of world manufacturing; China's over time and as printed",
        tables=("annual",),
        make=_world,
        takes=("year",),
        figure="papers.world_manufacturing:draw_world_manufacturing",
        note="of the sum of economies with data, current US$ at market rates; the paper's 35 % has "
        "no year; needs a full package",
    ),
}
