"""A small world of its own law, as publishers reply and as raw files: no published figure in it."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast import catalog
from sources.live.replies import (
    LAYOUTS,
    PENN_COLUMNS,
    SHEET,
    VARIABLES,
    Reply,
    pages,
    sdmx,
    workbook,
)

OWN = ("VNM", "MYS", "KAZ", "TUR", "IND", "BRA", "POL")
SDR = ("USA", "JPN", "GBR", "DEU", "FRA", "CHN")
NO_TFP = "VNM"  # as in the Penn World Table
EURO = "EMU"
SIZE = 75
YEARS = np.arange(1985, 2026)
LAST = int(YEARS[-1])
TO_COME = range(2020, 2071)
BANK = "World Bank, W"
LINES = ("low_at_most", "lower_middle_at_most", "high_above")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWorld:
    """What happened in it.

    Attributes
    ----------
    annual : DataFrame
        Index (country, year); one column a code of the World Bank.
    penn : DataFrame
        The same index; the Penn World Table's own columns.
    lines : DataFrame
        Limits of income classes by year.
    """

    annual: pd.DataFrame
    penn: pd.DataFrame
    lines: pd.DataFrame


def made_world(seed: int = 16) -> MadeWorld:
    """Return a world: growth slows towards the frontier, prices and exchange rates wander."""
    rng = np.random.default_rng(seed)
    places = catalog.countries()
    others = [
        c for c in places.economies() if places.kind[c] == "economy" and c not in (*SDR, *OWN)
    ]
    codes = [*SDR, *OWN, EURO, *others][:SIZE]
    shape = (len(YEARS), len(codes))
    first = rng.uniform(-4.0, -1.0, len(codes))
    first[: len(SDR) - 1] = np.append(0.0, rng.uniform(-0.4, -0.1, len(SDR) - 2))
    first[len(SDR) : len(SDR) + len(OWN)] = -2.4  # below the line today
    level, growth = np.empty(shape), rng.normal(0, 0.02, shape)
    level[0] = first
    for t in range(1, len(YEARS)):
        growth[t] += 0.016 - 0.003 * (level[t - 1] - level[t - 1, 0])
        level[t] = level[t - 1] + growth[t]
    prices, real = rng.normal(0.025, 0.01, shape), rng.normal(-0.004, 0.04, shape)
    real[:, 0] = 0.0
    births = rng.normal(0.012, 0.006, len(codes)) + rng.normal(0, 0.002, shape)
    people = np.log(rng.uniform(2e6, 9e7, len(codes))) + np.cumsum(births, axis=0)
    index = pd.MultiIndex.from_product([codes, YEARS], names=["country", "year"])

    def column(table: np.ndarray) -> np.ndarray:
        return table.T.ravel()

    deflator, rate = np.cumsum(prices, axis=0), np.cumsum(prices - prices[:, :1] - real, axis=0)
    local = np.log(25_000) + level + deflator  # per head, current prices
    named = {
        "population": np.exp(people),
        "pop_growth": 100 * births,
        "gdp_growth": 100 * np.expm1(growth + births),
        "gdp_deflator_inflation": 100 * np.expm1(prices),
        "exchange_rate": np.exp(rate),
        "gdp_pc_current": np.exp(local - rate),
        "gdp_current": np.exp(local - rate + people),
        "gni_pc_atlas": np.round(np.exp(local) / _atlas(rate, deflator), -1),
        "gni_pc_ppp": 40_000 * np.exp(0.8 * level),
        "output_per_worker": 90_000 * np.exp(0.8 * level),
        "employment_rate": 58 + 0.1 * np.cumsum(rng.normal(0, 1, shape), axis=0),
        "share_15_64": 64 + 0.02 * np.cumsum(rng.normal(0, 1, shape), axis=0),
        "rd_gdp": 2.5 * np.exp(0.4 * level)
        + 0.02 * np.cumsum(rng.normal(0, 1, shape), axis=0) ** 2,
    }
    annual = {}
    for variable in VARIABLES.table.values():
        if variable.code and variable.source.startswith(BANK):
            made = named.get(variable.name)
            annual[variable.code] = column(
                _wandering(variable, shape, rng) if made is None else made
            )
    penn = {
        "rtfpna": np.exp(0.5 * (level - level[YEARS.tolist().index(2017)])),
        "ctfp": np.exp(0.5 * level),
        "hc": 3.0 + 0.4 * level / 3.5 + 0.005 * np.arange(len(YEARS))[:, None],
        "rgdpna": np.exp(level + people - 6),
        "pop": np.exp(people) / 1e6,
        "emp": 0.45 * np.exp(people) / 1e6,
        "labsh": np.full(shape, 0.55),
    }
    plain = {c: column(penn.get(c, np.full(shape, 1.0))) for c in PENN_COLUMNS}
    table = pd.DataFrame(plain, index=index)
    table.loc[NO_TFP, ["rtfpna", "ctfp"]] = np.nan
    high = np.round(6000 * 1.022 ** np.arange(len(YEARS)) / 5) * 5
    lines = pd.DataFrame({"year": YEARS, LINES[0]: high / 12 // 5 * 5, LINES[1]: high / 3 // 5 * 5})
    lines = lines.assign(high_above=high).query("year >= 1987").astype(int)
    return MadeWorld(annual=pd.DataFrame(annual, index=index), penn=table, lines=lines)


def _atlas(rate: np.ndarray, deflator: np.ndarray) -> np.ndarray:
    """Return the World Bank's factor: three years' rates, carried by prices at home and abroad."""
    carried = deflator - deflator[:, :1]
    factors = []
    for back in (0, 1, 2):
        moved = np.exp(rate + 0 * carried)
        if back:
            past = np.exp(rate[:-back] + carried[back:] - carried[:-back])
            moved = np.vstack([moved[:back], past])
        factors.append(moved)
    return np.mean(factors, axis=0)


def _wandering(variable: Any, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return a variable that stays within its bounds, each economy about a level of its own."""
    low = max(variable.low or 0.0, 0.0)
    high = 100.0 if variable.high is None else min(variable.high, 100.0)
    middle = low + (high - low) * rng.uniform(0.15, 0.35, shape[1])
    steps = 0.01 * (high - low) * np.cumsum(rng.normal(0, 1, shape), axis=0)
    return np.clip(middle + steps, low + 0.02 * (high - low), high - 0.02 * (high - low))


def _classes(world: MadeWorld) -> pd.DataFrame:
    """Return every economy's class by year: country, year, income_class."""
    code = VARIABLES.find("gni_pc_atlas").code
    rows = world.annual[code].drop(EURO, level="country").rename("income").reset_index()
    rows = rows.merge(world.lines, on="year")
    above = sum((rows["income"] > rows[line]).astype(int) for line in LINES)
    return rows.assign(income_class=above.map(dict(enumerate(("L", "LM", "UM", "H")))))[
        ["country", "year", "income_class"]
    ]


def routes(world: MadeWorld) -> dict[str, Any]:
    """Return what each path of the publishers' services replies."""
    found: dict[str, Any] = {
        f"/v2/country/all/indicator/{code}": pages(_indicator(world.annual[code], code), 2000)
        for code in world.annual
    }
    found["/OGHIST.xlsx"] = Reply(body=workbook(_oghist(world)), kind=SHEET)
    for release, (columns, last) in LAYOUTS.items():
        kept = world.penn[world.penn.index.get_level_values("year") <= last]
        kept = kept.reindex(columns=columns).rename_axis(["countrycode", "year"]).reset_index()
        file = io.BytesIO()
        kept.to_stata(file, write_index=False)
        found[f"/pwt/{release}"] = Reply(body=file.getvalue(), kind="application/octet-stream")
    found["/totals.csv.gz"] = Reply(body=_totals(world), kind="application/gzip")
    found["/ages.csv.gz"] = Reply(body=_ages(world), kind="application/gzip")
    found["/msti"] = Reply(
        body=sdmx({"G_BR": 0.3, "B": 1.5}),
        kind="application/vnd.sdmx.genericdata+xml; version=2.1",
    )
    return found


def mirror(url: str) -> str:
    """Return the addresses of a service that replies by `routes`, as ``data/endpoints.toml``."""
    penn = "".join(f'[penn_world_table."{r}"]\nurl = "{url}/pwt/{r}"\n' for r in LAYOUTS)
    return (
        f'[world_bank]\napi = "{url}/v2"\n[income_classes]\nurl = "{url}/OGHIST.xlsx"\n{penn}'
        f'[world_population]\nvintage = "2024-07"\n[world_population.totals]\n'
        f'url = "{url}/totals.csv.gz"\n[world_population.by_age]\nurl = "{url}/ages.csv.gz"\n'
        f'[oecd]\nurl = "{url}/msti"\nunit = "PT_B1GQ"\n'
        '[oecd.measures]\nbasic_research_gdp = "G_BR"\nbusiness_rd_gdp = "B"\n'
    )


def raw_files(world: MadeWorld, folder: Path) -> None:
    """Write the same world as the files that ``forecast data build --raw`` reads."""
    folder.mkdir()
    long = world.annual.rename_axis(columns="indicator").stack().rename("value").reset_index()
    long = long.rename(columns={"country": "iso3"})[["iso3", "year", "indicator", "value"]]
    share = long["indicator"] == VARIABLES.find("manuf_share").code
    long[~share].to_csv(folder / "wdi_2026-07-01.csv.gz", index=False)
    long[share].to_csv(folder / "manufacturing_share_2025-06.csv.gz", index=False)
    world.lines.to_csv(folder / "income_thresholds_2026-07-01.csv", index=False)
    classes = _classes(world).rename(columns={"country": "iso3"})
    classes.to_csv(folder / "income_classes_2026-07-01.csv", index=False)
    penn = world.penn.reset_index()
    penn[penn["year"] <= 2019].rename(columns={"country": "iso3"}).to_csv(
        folder / "pwt_10.01.csv.gz", index=False
    )
    penn[penn["year"] <= 2023].rename(columns={"country": "countrycode"}).to_csv(
        folder / "pwt_11.0_levels.csv.gz", index=False
    )
    people = _people(world)
    bounds = {"pop_med": 1.0, "pop_80l": 0.99, "pop_80u": 1.01, "pop_95l": 0.98, "pop_95u": 1.02}
    wide = people[["country_code", "year"]].assign(
        **{name: people["thousands"] * factor for name, factor in bounds.items()}
    )
    wide.to_csv(folder / "population_wpp2024.csv.gz", index=False)
    people.assign(pop_0_14=20.0, pop_15_64=65.0, pop_65_plus=15.0).rename(
        columns={"country": "iso3"}
    ).to_csv(folder / "ages_wpp2024.csv.gz", index=False)


def _people(world: MadeWorld) -> pd.DataFrame:
    """Return population to come: country, its number, year, thousands of persons."""
    number = {code: m49 for m49, code in catalog.countries().m49.items()}
    last = world.annual[VARIABLES.find("population").code].xs(LAST, level="year") / 1000
    return pd.DataFrame(
        [
            (code, number[code], year, float(people) * 1.004 ** (year - LAST))
            for code, people in last.items()
            if code in number
            for year in TO_COME
        ],
        columns=["country", "country_code", "year", "thousands"],
    )


def _indicator(values: pd.Series, code: str) -> list[dict[str, Any]]:
    return [
        {
            "indicator": {"id": code, "value": f"Series {code} (constant 2021 PPP $)"},
            "country": {"id": place[:2], "value": place},
            "countryiso3code": place,
            "date": str(year),
            "value": float(value),
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        for (place, year), value in values.items()
    ]


def _oghist(world: MadeWorld) -> dict[str, list[list[Any]]]:
    years = world.lines["year"].tolist()
    low, middle, high = (world.lines[name].tolist() for name in LINES)
    top = [["World Bank Analytical Classifications"], ["(presented in WDI)"], [None], [None]]
    heads = [
        ["", "Bank's fiscal year:", *[f"FY{(y + 2) % 100:02d}" for y in years]],
        ["", "Data for calendar year :", *years],
    ]
    limits = [
        ["", "Low income (L)", *[f"<= {a}" for a in low]],
        [
            "",
            "Lower middle income (LM)",
            *[f"{a + 1}-{b:,}" for a, b in zip(low, middle, strict=True)],
        ],
        [
            "",
            "Upper middle income (UM)",
            *[f"{a + 1}-{b:,}" for a, b in zip(middle, high, strict=True)],
        ],
        ["", "High income (H)", *[f"> {a:,}" for a in high]],
    ]
    by_year = _classes(world).pivot(index="country", columns="year", values="income_class")
    history = [
        [code, code, *row] for code, row in zip(by_year.index, by_year.to_numpy(), strict=True)
    ]
    note = [["Source: made"]]
    return {
        "Country Analytical History": [*top, *heads, *limits, *history, [None], *note],
        "Thresholds": [*top, *heads, *limits, ["", "Civil works preference", "<= 480"], *note],
    }


def _totals(world: MadeWorld) -> bytes:
    lines = [
        "SortOrder,LocID,Notes,ISO3_code,ISO2_code,SDMX_code,LocTypeID,LocTypeName,ParentID,"
        "Location,VarID,Variant,Time,MidPeriod,PopMale,PopFemale,PopTotal,PopDensity"
    ]
    bounds = {"Medium": 1.0, "Lower 80 PI": 0.99, "Upper 80 PI": 1.01, "Lower 95 PI": 0.98}
    bounds["Upper 95 PI"] = 1.02
    for place, number, year, total in _people(world).itertuples(index=False):
        for variant, factor in bounds.items():
            lines.append(
                f"2,{number},,{place},XX,{number},4,Country/Area,1,{place},2,{variant},{year},"
                f"{year}.5,1,1,{total * factor},1"
            )
    return gzip.compress(("\n".join(lines) + "\n").encode())


def _ages(world: MadeWorld) -> bytes:
    lines = ["LocID,ISO3_code,VarID,Variant,Time,AgeGrp,AgeGrpStart,AgeGrpSpan,PopTotal"]
    for place, number, year, _ in _people(world).itertuples(index=False):
        for start in range(0, 105, 5):
            persons = 6.7 if start < 15 else 6.5 if start <= 60 else 2.0
            lines.append(f"{number},{place},2,Medium,{year},{start},{start},5,{persons}")
    return gzip.compress(("\n".join(lines) + "\n").encode())
