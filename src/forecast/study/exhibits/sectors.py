"""Growth within and between sectors, growth accounts, broad sectors, world manufacturing."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from forecast import catalog
from forecast.errors import DataError
from forecast.panel import Panel
from forecast.sources.readers.sectors import read_sectors
from forecast.structure.broad_sectors import broad_sectors, sector_contributions
from forecast.structure.decomposition import shift_share
from forecast.structure.growth_accounting import growth_accounting
from forecast.structure.world_shares import world_manufacturing
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept
from forecast.study.exhibits.tables import wide_annual

SUBJECT = ("CHN",)
LEAST_COVERED = 97.0  # % of GDP: with less, one of the ten largest economies may be missing
LARGEST, LINES = 10, 5  # economies shown in one year, and over the years
PRINTED_SHARE, PRINTED_YEAR = 35.0, 2023  # % of world manufacturing, China, as the paper has it
PRINTED = 5  # last years set beside it


def _decomposition(tables: Tables, asked: Asked) -> Tables:
    return {"decomposition": shift_share(kept(tables["own"], asked.countries, "entity"))}


def _accounting(tables: Tables, asked: Asked) -> Tables:
    rows = kept(tables["pwt91"], asked.countries or SUBJECT)
    found = growth_accounting(rows, _spans("growth_accounting", asked))
    if found.empty:
        raise DataError("exhibit growth_accounting: no span has all years of capital and schooling")
    return {"growth_accounting": _named(found)}


def _sectors(tables: Tables, asked: Asked) -> Tables:
    names = ["agriculture_share", "industry_share", "output_per_worker"]
    annual = wide_annual(kept(tables["annual"], asked.countries or SUBJECT), names)
    return {
        "sector_shares": broad_sectors(annual),
        "contributions": sector_contributions(annual, _spans("sector_shares", asked)),
    }


def _spans(name: str, asked: Asked) -> list[tuple[int, int]]:
    """Return the spans of ``step`` years from ``first``, the last one cut at ``last``."""
    first, last, step = (_whole(name, asked, key) for key in ("first", "last", "step"))
    if step < 1:
        raise DataError(f"exhibit {name}: step: found {step}, must be 1 or more")
    if first >= last:
        raise DataError(f"exhibit {name}: first: found {first}, must be before last, {last}")
    return list(pairwise([*range(first, last, step), last]))


def _whole(name: str, asked: Asked, key: str) -> int:
    value = asked.parameters[key]
    if value != int(value):
        raise DataError(f"exhibit {name}: {key}: found {value:g}, must be a whole number")
    return int(value)


def _world(tables: Tables, asked: Asked) -> Tables:
    name = "world_manufacturing"
    annual = wide_annual(tables["annual"], ["manuf_share", "gdp_current"])
    if annual["gdp_current"].isna().all():
        raise DataError(f"exhibit {name}: needs GDP of all economies: a full package")
    found = world_manufacturing(Panel(annual, source="annual"), _whole(name, asked, "carried"))
    year = asked.year or _covered_year(found)
    shown = found[found["year"] == year]
    if shown.empty:
        raise DataError(f"exhibit {name}: no manufacturing is known in {year}")
    lines = list(dict.fromkeys(asked.countries)) or list(shown["country"].head(LINES))
    rows = kept(shown, asked.countries) if asked.countries else shown.head(LARGEST)
    good = found[(found["covered_carried"] >= LEAST_COVERED) & (found["covered"] > 0)]
    wide = kept(good, lines).pivot(
        index=["year", "covered"], columns="country", values="share_carried"
    )
    china = good[good["country"].isin(SUBJECT)].tail(PRINTED)
    paper = {"printed": PRINTED_SHARE, "printed_year": PRINTED_YEAR}
    printed = china.assign(**paper, difference=china["share_carried"] - PRINTED_SHARE)
    return {
        name: _named(rows.reset_index(drop=True)),
        "by year": wide[lines].rename_axis(columns=None).reset_index(),
        "as printed": printed.reset_index(drop=True),
    }


def _covered_year(found: pd.DataFrame) -> int:
    """Return the last year in which economies with data have `LEAST_COVERED` % of GDP."""
    covered = found.groupby("year")["covered"].first()
    good = covered[covered >= LEAST_COVERED]
    years = (good if len(good) else covered).index.to_numpy()
    return int(years.max())


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with each economy's name behind its code."""
    names = catalog.countries().name
    found = table.copy()
    found.insert(
        list(table).index("country") + 1, "name", [names.get(c, c) for c in table["country"]]
    )
    return found


EXHIBITS = {
    "decomposition": PaperExhibit(
        said="labour productivity growth within and between sectors, of a table of your own",
        make=_decomposition,
        own="entity, year, sector, value_added, employment, and nominal_value_added for GEAD",
        own_needed=True,
        read_own=read_sectors,
        figure="papers.output_parts:draw_shift_share",
        note="fractions of productivity in the first year, from the first to the last year",
    ),
    "growth_accounting": PaperExhibit(
        said="growth of output per worker from capital, human capital and TFP, by decade",
        tables=("pwt91",),
        make=_accounting,
        parameters={"first": 1957, "last": 2017, "step": 10},
        figure="papers.output_parts:draw_growth_accounting",
        note="% a year, log changes; Penn World Table 9.1, Törnqvist weights; published_tfp is the "
        "table's own index, of capital services and hours",
        of_one=True,
    ),
    "sector_shares": PaperExhibit(
        said="agriculture, industry and the rest in % of GDP, and what they add to growth",
        tables=("annual",),
        make=_sectors,
        parameters={"first": 1994, "last": 2024, "step": 10},
        figure="papers.output_parts:draw_sector_shares",
        note="value added at current prices: prices and volumes together, so no part is growth "
        "within a sector",
        of_one=True,
    ),
    "world_manufacturing": PaperExhibit(
        said="shares of world manufacturing, by year, and China's beside the paper's",
        tables=("annual",),
        make=_world,
        takes=("year",),
        parameters={"carried": 3},
        figure="papers.world_manufacturing:draw_world_manufacturing",
        note="of the sum of economies with data, current US$ at market rates; covered: their % of "
        "the world's GDP; share_carried: an economy's last share of GDP stands for as many years; "
        "the paper's 35 % is of 2023, its source not said; needs a full package",
    ),
}
