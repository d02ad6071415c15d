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
