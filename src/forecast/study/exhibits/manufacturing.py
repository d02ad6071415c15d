"""Premature deindustrialisation, Rodrik's regression, the reasonable range of manufacturing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import DataError, EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.inference.delta_method import delta_method
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.structure.deindustrialisation import deindustrialised, flagged_spells
from forecast.structure.manufacturing_range import PATHS, quantile_curves, standing
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables
from forecast.study.exhibits.tables import own_annual, wide_annual

HORIZONS = (5, 10)
PWT = ["rgdpna", "pop"]
LOGS = {
    "log_population": {"of": "pop", "as": "log"},
    "log_population_2": {"of": "log_population", "as": "power"},
    "log_income": {"of": "income", "as": "log"},
    "log_income_2": {"of": "log_income", "as": "power"},
}


def _deindustrialisation(tables: Tables, asked: Asked) -> Tables:
    names = ["gdp_pc_current", "manuf_share", "output_per_worker", "industry_employment"]
    annual = wide_annual(tables["annual"], names)
    if annual.index.get_level_values("country").nunique() < 30:
        raise DataError("exhibit deindustrialisation: needs all economies: a full package (--data)")
    frame = annual.rename(
        columns={
            "gdp_pc_current": "income",
            "manuf_share": "value_added",
            "industry_employment": "employment",
        }
    )
    basis = "industry employment, a stand-in for manufacturing's"
    if "own" in tables:
        own = tables["own"].set_index(["country", "year"])["manufacturing_employment"]
        frame["employment"], basis = own.reindex(frame.index), "manufacturing employment"
    limits = {name: asked.parameters[name] for name in ("income", "employment", "value_added")}
    screens = {basis: frame, "value added alone": frame.drop(columns="employment")}
    spells, after = [], []
    for label, one in screens.items():
        if "employment" in one and one["employment"].isna().all():
            continue
        flagged = deindustrialised(one, **limits)
        spells.append(flagged_spells(one, flagged).assign(screen=label))
        after += [_what_followed(frame, flagged, label, h, limits["income"]) for h in HORIZONS]
    found = pd.concat(spells, ignore_index=True)
    if asked.countries:
        found = found[found["country"].isin(list(asked.countries))].reset_index(drop=True)
    return {"deindustrialisation": found, "growth that followed": pd.DataFrame(after)}


def _what_followed(
    frame: pd.DataFrame, flagged: pd.Series, label: str, horizon: int, income: float
) -> dict[str, Any]:
    """Return growth after the first flag against economies as poor in the same year.

    Least squares of average growth of output per worker over the next years on a dummy of the
    first flagged year, the log of income and years' effects, clustered by economy.
    """
    output = frame["output_per_worker"].unstack("country").transform(np.log)
    ahead = (100 * (output.shift(-horizon) - output) / horizon).stack().swaplevel()
    first = flagged.groupby(level="country").cumsum().eq(1) & flagged
    later = flagged.groupby(level="country").cumsum().gt(0) & ~first
    rows = pd.DataFrame(
        {
            "growth": ahead.reindex(frame.index),
            "flag": first.astype(float),
            "income": frame["income"],
        }
    )
    rows = rows[(frame["income"] < income) & ~later].dropna()
    told = {"screen": label, "years": horizon, "flagged": int(rows["flag"].sum())}
    spec = ModelSpec.model_validate(
        {
            "name": "after_the_flag",
            "label": "after the flag",
            "outcome": "growth",
            "drivers": ["flag", "log_income"],
            "derive": {"log_income": {"of": "income", "as": "log"}},
            "effects": ["year"],
            "estimator": "pooled",
        }
    )
    try:
        row = estimate(Panel(rows, source="annual"), spec).tidy().set_index("term").loc["flag"]
    except EstimationError:
        return told
    return told | {
        "growth_difference": row["estimate"],
        "low": row["conf_low"],
        "high": row["conf_high"],
        "t": row["statistic"],
        "compared": int((rows["flag"] == 0).sum()),
    }


def _with_income(tables: Tables) -> pd.DataFrame:
    """Return manufacturing shares and PWT 9.1's income per head and population, by year."""
    pwt = tables["pwt91"].set_index(["country", "year"])[PWT]
    annual = wide_annual(tables["annual"], ["manuf_share"])
    if annual.index.get_level_values("country").nunique() < 30:
        panel = tables["growth_panel"].set_index(["country", "year"])[["manuf_share"]]
        annual = panel.dropna()
    joined = annual.join(pwt, how="inner").dropna()
    return joined.assign(income=joined["rgdpna"] / joined["pop"])


def _rodrik(tables: Tables, asked: Asked) -> Tables:
    frame = _with_income(tables)
    decade = 10 * (frame.index.get_level_values("year") // 10)
    decades = sorted(set(decade))[1:]
    for one in decades:
        frame[f"decade_{one}"] = (decade == one).astype(float)
    spec = ModelSpec.model_validate(
        {
            "name": "rodrik",
            "label": "Rodrik (2016)",
            "outcome": "manuf_share",
            "drivers": [*LOGS, *(f"decade_{one}" for one in decades)],
            "derive": LOGS,
            "effects": ["country"],
            "estimator": "within",
        }
    )
    found = estimate(Panel(frame, source="manufacturing"), spec)
    peak = delta_method(found, "-log_income / (2 * log_income_2)")
    turn = pd.DataFrame(
        {
            "peak": [np.exp(peak.estimate)],
            "low": [np.exp(peak.conf_low)],
            "high": [np.exp(peak.conf_high)],
            "maximum": [bool(found.params[found.terms.index("log_income_2")] < 0)],
        }
    )
    rows = found.tidy()[["term", "estimate", "std_error", "statistic", "conf_low", "conf_high"]]
    size = pd.DataFrame({"rows": [found.n_obs], "economies": [found.n_countries]})
    return {"rodrik": rows, "income at the peak": turn, "sample": size}


def _range(tables: Tables, asked: Asked) -> Tables:
    frame = _with_income(tables).rename(columns={"manuf_share": "share"})
    curves = quantile_curves(frame, draws=int(asked.parameters["draws"]))
    chosen = asked.countries or PATHS
    paths = frame.loc[frame.index.get_level_values("country").isin(list(chosen))]
    return {
        "manufacturing_range": curves,
        "standing": standing(frame, list(chosen)),
        "paths": paths[["income", "share"]].reset_index(),
    }


EXHIBITS = {
    "deindustrialisation": PaperExhibit(
        said="who deindustrialised early by stated thresholds, and what growth followed",
        tables=("annual",),
        make=_deindustrialisation,
        own="country, year, manufacturing_employment (%)",
        read_own=own_annual,
        parameters={"income": 11750, "employment": 18, "value_added": 18},
        note="thresholds of Rekha and Suresh (2022) as the paper cites them, income in current "
        "US$; a difference is no effect: flagged economies differ in more than the flag",
    ),
    "rodrik": PaperExhibit(
        said="manufacturing's share on income and population, with decades (Rodrik 2016)",
        tables=("annual", "pwt91", "growth_panel"),
        make=_rodrik,
        note="within, clustered by economy; income per head of Penn World Table 9.1, 2011 US$; "
        "with the starter five-year means",
    ),
    "manufacturing_range": PaperExhibit(
        said="manufacturing's share against income: quantiles of all economies, and six paths",
        tables=("annual", "pwt91", "growth_panel"),
        make=_range,
        parameters={"draws": 200},
        figure="papers.manufacturing_range:draw_manufacturing_range",
        note="quantile regression on log income and its square; 80 % intervals from economies "
        "drawn anew; income of Penn World Table 9.1, to 2017",
    ),
}
