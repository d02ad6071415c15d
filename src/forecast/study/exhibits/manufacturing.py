"""Rodrik's regression of manufacturing's share, and its usual range at an income."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.estimation.estimate import estimate
from forecast.estimation.inference.delta_method import delta_method
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.structure.manufacturing_range import PATHS, quantile_curves, standing
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept
from forecast.study.exhibits.tables import LEAST_ECONOMIES, wide_annual

PERIOD = 5  # years of a mean of growth_panel
LOGS = {
    "log_population": {"of": "pop", "as": "log"},
    "log_population_2": {"of": "log_population", "as": "power"},
    "log_income": {"of": "income", "as": "log"},
    "log_income_2": {"of": "log_income", "as": "power"},
}


def _shares(tables: Tables, *, latest: bool = False) -> tuple[pd.DataFrame, str]:
    """Return ``share, pop, income`` on (country, year), and what income is measured in.

    With a full package single years, with an extract the means of five years. Income per head is
    the Penn World Table's at national growth: 9.1, or with ``latest`` 11.0 where it is at hand.
    """
    annual = wide_annual(tables["annual"], ["manuf_share", "population"])
    whole = annual.index.get_level_values("country").nunique() >= LEAST_ECONOMIES
    if whole and latest and "pwt11" in tables:
        pwt = tables["pwt11"].set_index(["country", "year"])[["rgdpna"]]
        pwt = pwt.join(annual["population"].div(1e6).rename("pop"), how="inner")
        said = "2021 US$, Penn World Table 11.0"
    else:
        pwt = tables["pwt91"].set_index(["country", "year"])[["rgdpna", "pop"]]
        said = "2011 US$, Penn World Table 9.1"
    share = annual["manuf_share"]
    if not whole:
        share = tables["growth_panel"].set_index(["country", "year"])["manuf_share"]
        pwt = pwt.sort_index().groupby(level="country", group_keys=False).apply(_means)
        said = f"{said}, means of {PERIOD} years"
    joined = pwt.join(share.rename("share"), how="inner").dropna()
    joined["income"] = joined["rgdpna"] / joined["pop"]
    return joined[["share", "pop", "income"]], said


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.rolling(PERIOD).mean()


def _rodrik(tables: Tables, asked: Asked) -> Tables:
    found, said = _shares(tables)
    frame = kept(found.reset_index(), asked.countries).set_index(["country", "year"])
    decade = 10 * (frame.index.get_level_values("year") // 10)
    decades = sorted(set(decade))[1:]
    for one in decades:
        frame[f"decade_{one}"] = (decade == one).astype(float)
    spec = ModelSpec.model_validate(
        {
            "name": "rodrik",
            "label": "Rodrik (2016)",
            "outcome": "share",
            "drivers": [*LOGS, *(f"decade_{one}" for one in decades)],
            "derive": LOGS,
            "effects": ["country"],
            "estimator": "within",
            "covariance": "clustered",
        }
    )
    fit = estimate(Panel(frame, source="manufacturing"), spec)
    peak = delta_method(fit, "-log_income / (2 * log_income_2)")
    turn = {
        "income": np.exp(peak.estimate),
        "low": np.exp(peak.conf_low),
        "high": np.exp(peak.conf_high),
        "is": "maximum" if fit.params["log_income_2"] < 0 else "minimum",
        "in": said,
    }
    return {
        "rodrik": fit.tidy().drop(columns="model"),
        "income at the peak": pd.DataFrame([turn]),
        "sample": _sample(frame, said).assign(r2_within=fit.r2_within),
    }


def _sample(frame: pd.DataFrame, said: str) -> pd.DataFrame:
    country, year = (frame.index.get_level_values(name) for name in ("country", "year"))
    row = (len(frame), country.nunique(), year.min(), year.max(), said)
    return pd.DataFrame([row], columns=["rows", "economies", "first", "last", "income_in"])


def _range(tables: Tables, asked: Asked) -> Tables:
    draws = int(asked.parameters["draws"])
    if draws < 0:
        raise DataError(f"exhibit manufacturing_range: draws: found {draws}, must be 0 or more")
    frame, said = _shares(tables, latest=True)
    chosen = list(asked.countries or PATHS)
    kept(frame.reset_index(), chosen if asked.countries else ())
    paths = frame[frame.index.get_level_values("country").isin(chosen)]
    return {
        "manufacturing_range": quantile_curves(frame, draws=draws),
        "standing": standing(frame, chosen),
        "paths": paths[["income", "share"]].reset_index(),
        "sample": _sample(frame, said),
    }


EXHIBITS = {
    "rodrik": PaperExhibit(
        said="manufacturing's share on income and population, with decades (Rodrik 2016)",
        tables=("annual", "pwt91", "growth_panel"),
        make=_rodrik,
        figure="papers.deindustrialisation:draw_rodrik",
        note="value added at current prices, % of GDP; within, clustered by economy; the first "
        "decade is left out; the interval of the peak is by the delta method, of its log",
    ),
    "manufacturing_range": PaperExhibit(
        said="manufacturing's share against income: quantiles of all economies, and six paths",
        tables=("annual", "pwt91", "growth_panel"),
        optional=("pwt11",),
        make=_range,
        parameters={"draws": 200},
        figure="papers.manufacturing_range:draw_manufacturing_range",
        note="quantile regression on log income and its square; intervals of 80 % from economies "
        "drawn anew; rank: % of economies at that income with no larger share",
    ),
}
