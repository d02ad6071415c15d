"""How far the IMF's forecasts of growth per head have been from what came.

    FORECAST_RAW=DIR python benchmarks/imf_errors.py

writes data/imf_view/errors.csv, statistics of errors only, and data/imf_view/china.csv, what the
edition of October 2025 sees for China. ``DIR`` holds the editions of the World Economic Outlook
(``editions_weo_history.csv.gz``: edition_year, season, iso3, year, indicator, value;
``editions_weo.csv.gz``: edition, iso3, indicator, year, value, ...), the indicators and the income
classes as `forecast data build` reads them.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.sources.readers import raw
from forecast.statistics.imf_growth import growth_per_head

FOLDER = Path(__file__).resolve().parents[1] / "data" / "imf_view"
# Season of the edition, and how many years after the origin it appears.
SEASONS = {"spring": ("S", 1), "fall": ("F", 0)}
HORIZONS = range(1, 6)
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
GROUPS = {"L": "low", "LM": "lower_middle", "UM": "upper_middle", "H": "high"}
CHINA = "2025-10"
SOURCE = "IMF, World Economic Outlook, October 2025"


def edition_growth(folder: Path) -> pd.DataFrame:
    """Return growth of real GDP, %, by edition_year, season (S, F), country and year."""
    old = pd.read_csv(folder / "editions_weo_history.csv.gz", keep_default_na=False)
    old = old[old["indicator"] == "ngdp_rpch"].rename(columns={"iso3": "country"})
    whole = _editions(folder)
    levels = whole[whole["subject"] == "NGDP_R"].sort_values(["edition", "country", "year"])
    before = levels.groupby(["edition", "country"])[["year", "value"]].shift()
    growth = 100 * (levels["value"] / before["value"] - 1)
    new = levels.assign(
        value=growth.where(levels["year"] == before["year"] + 1),
        edition_year=levels["edition"].str[:4].astype(int),
        season=levels["edition"].str[5:].map({"04": "S", "10": "F"}),
    )
    # Editions that the history has as growth are not made from levels again.
    new = new[new["edition_year"] > old["edition_year"].max()]
    columns = ["edition_year", "season", "country", "year", "value"]
    both = pd.concat([old[columns], new[columns]], ignore_index=True)
    places = catalog.countries()
    codes = {code: places.code(code, "alpha3") or code for code in both["country"].unique()}
    return both.assign(
        country=both["country"].map(codes), value=both["value"].astype(float)
    ).dropna()


def errors(folder: Path) -> pd.DataFrame:
    """Return one row an economy, season, origin and horizon: outcome less forecast.

    Both are averages over the horizon of 100 x log growth of real GDP per head. The forecast is
    the edition's growth of GDP less the population growth of the origin, which is known then; the
    outcome is the World Development Indicators' growth of GDP less that of population.
    """
    bank = raw.indicators(folder)
    wide = {
        code: bank[bank["code"] == code].pivot(index="year", columns="country", values="value")
        for code in ("NY.GDP.MKTP.KD.ZG", "SP.POP.TOTL")
    }
    people = 100 * np.log(wide["SP.POP.TOTL"]).diff()
    came = 100 * np.log1p(wide["NY.GDP.MKTP.KD.ZG"] / 100) - people
    classes = raw.income_classes(folder).drop_duplicates(["country", "year"])
    economies = sorted(set(classes["country"]) & set(came.columns))
    groups = classes.pivot(index="year", columns="country", values="income_class")
    growth, found = edition_growth(folder), []
    for name, (letter, after) in SEASONS.items():
        for edition_year, edition in growth[growth["season"] == letter].groupby("edition_year"):
            origin = int(edition_year) - after
            if origin not in people.index:
                continue
            told = edition.pivot(index="year", columns="country", values="value")
            told = told.reindex(index=range(origin + 1, origin + 6), columns=economies)
            told = 100 * np.log1p(told / 100) - people.loc[origin].reindex(economies)
            miss = came.reindex(index=told.index, columns=economies) - told
            averages = miss.cumsum(skipna=False).div(np.arange(1, 6), axis=0)
            averages.index = pd.Index(HORIZONS, name="horizon")
            long = averages.stack().dropna().rename("error").reset_index()
            standing = groups.reindex(range(1987, origin + 1)).ffill().loc[origin]
            group = long["country"].map(standing).str.rstrip("*").map(GROUPS)
            found.append(long.assign(season=name, origin=origin, group=group))
    return pd.concat(found, ignore_index=True)


def statistics(found: pd.DataFrame) -> pd.DataFrame:
    """Return count, bias, RMSE, MAE and quantiles by season, horizon and group."""
    both = pd.concat([found.assign(group="all"), found[found["group"].notna()]])
    order = ["all", *GROUPS.values()]
    rows = []
    for season in SEASONS:
        for horizon in HORIZONS:
            for group in order:
                cases = both[
                    (both["season"] == season)
                    & (both["horizon"] == horizon)
                    & (both["group"] == group)
                ]
                miss = cases["error"]
                rows.append(
                    {
                        "season": season,
                        "horizon": horizon,
                        "group": group,
                        "first_origin": cases["origin"].min(),
                        "last_origin": cases["origin"].max(),
                        "count": len(miss),
                        "bias": miss.mean(),
                        "rmse": np.sqrt((miss**2).mean()),
                        "mae": miss.abs().mean(),
                        **{f"q{100 * q:02.0f}": miss.quantile(q) for q in QUANTILES},
                    }
                )
    return pd.DataFrame(rows)


def china(folder: Path) -> pd.DataFrame:
    """Return what the edition of October 2025 sees for China: edition, country, variable, ..."""
    whole = _editions(folder)
    own = whole[(whole["edition"] == CHINA) & (whole["country"] == "CHN")]
    first = int(CHINA[:4])
    level = own.pivot(index="year", columns="subject", values="value")
    rates = 100 * (level / level.shift() - 1)
    series = {
        "growth_per_head": (growth_per_head(own, first).loc["CHN"], 2),
        "gdp_growth": (rates["NGDP_R"].loc[first:], 2),
        "gdp_deflator_inflation": (rates["NGDP_D"].loc[first:], 2),
        "exchange_rate": ((level["NGDP"] / level["NGDPD"]).loc[first - 1 :], 4),
    }
    rows = [
        (CHINA, "CHN", name, year, f"{value:.{digits}f}", SOURCE)
        for name, (values, digits) in series.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows, columns=["edition", "country", "variable", "year", "value", "source"])


def files(folder: Path) -> dict[str, str]:
    """Return the text of each file of data/imf_view that is made here."""
    table = statistics(errors(folder))
    return {
        "errors.csv": table.to_csv(index=False, float_format="%.3f", lineterminator="\n"),
        "china.csv": china(folder).to_csv(index=False, lineterminator="\n"),
    }


def _editions(folder: Path) -> pd.DataFrame:
    columns = {"iso3": "country", "indicator": "subject"}
    frame = pd.read_csv(
        folder / "editions_weo.csv.gz", dtype={"last_actual": str}, keep_default_na=False
    )
    return frame.rename(columns=columns)


if __name__ == "__main__":
    for name, text in files(Path(os.environ["FORECAST_RAW"])).items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"wrote {FOLDER / name}")
