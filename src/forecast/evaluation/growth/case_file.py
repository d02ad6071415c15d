"""One economy's file: what the method said at intervals of ten years, and what came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.errors import ProjectionError
from forecast.evaluation.scores.scores import crps_t, pit_t, quantile_t

CASE_ORIGINS = (1980, 1990, 2000, 2010)
CASE_HORIZON = 10  # years shown: up to the next origin
# Economies that rose, stalled or fell back, whatever the method said of them.
CASE_ECONOMIES = (
    "JPN", "KOR", "TWN", "ESP", "PRT", "GRC", "IRL", "ISR", "CHL", "URY",
    "POL", "HUN", "HRV", "MYS", "TUR", "RUS", "BRA", "ARG", "MEX", "THA",
)  # fmt: skip
LEVELS = {"low_80": 0.1, "median": 0.5, "high_80": 0.9}


def case_file(
    cases: pd.DataFrame,
    output: pd.Series,
    country: str,
    origins: Sequence[int] = CASE_ORIGINS,
    model: str = "pool",
) -> pd.DataFrame:
    """Return one economy's forecasts from past origins as levels beside the recorded path.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of `backtest_growth`: ``model, origin, horizon, country, mean, scale, degrees``.
    output : pandas.Series
        The economy's output per capita (constant national prices) by year.
    country : str
        ISO 3166 alpha-3.
    origins : sequence of int
        Those at which the economy is no case (too short a past) are left out.
    model : str

    Returns
    -------
    pandas.DataFrame
        ``country, origin, year, variable, value``: ``low_80``, ``median`` and ``high_80`` said at
        ``origin``, the origin itself included, and ``recorded`` (origin 0), all as index numbers,
        first recorded year = 100.

    Raises
    ------
    ProjectionError
        If the economy is a case at none of the origins.
    """
    own = cases[(cases["country"] == country) & (cases["model"] == model)]
    own = own[own["origin"].isin(origins) & (own["horizon"] <= CASE_HORIZON)]
    if own.empty:
        raise ProjectionError(
            f"{country}: no forecast from {', '.join(map(str, origins))}: too short a past, or no "
            "such economy in the table"
        )
    known = output.dropna()
    index = 100 * known / known.iloc[0]
    pieces = [_rows(country, 0, "recorded", index)]
    for origin in sorted(int(year) for year in own["origin"].unique()):
        said = own[own["origin"] == origin]
        start = float(index.loc[origin])
        ordered = said.sort_values("horizon")
        years = np.concatenate([[origin], origin + ordered["horizon"].to_numpy()])
        parts = (ordered[name].to_numpy(dtype=np.float64) for name in ("mean", "scale", "degrees"))
        mean, scale, degrees = parts
        for name, level in LEVELS.items():
            growth = quantile_t(mean, scale, degrees, level) * ordered["horizon"].to_numpy()
            path = start * np.exp(np.concatenate([[0.0], growth]) / 100)
            pieces.append(_rows(country, origin, name, pd.Series(path, index=years)))
    return pd.concat(pieces, ignore_index=True)


def case_verdicts(
    cases: pd.DataFrame,
    countries: Sequence[str] = CASE_ECONOMIES,
    origins: Sequence[int] = CASE_ORIGINS,
    model: str = "pool",
) -> pd.DataFrame:
    """Return what was said and what came, a row an economy and origin.

    Each at the longest horizon of up to ten years whose outcome is known.

    Returns
    -------
    pandas.DataFrame
        ``country, origin, horizon, said, low_80, high_80, came`` (% a year), ``pit`` (probability
        put below what came), ``crps`` (percentage points), ``inside`` (whether in the 80 %
        interval).
    """
    chosen = cases[
        (cases["model"] == model)
        & (cases["horizon"] <= CASE_HORIZON)
        & cases["origin"].isin(origins)
        & cases["country"].isin(countries)
    ]
    chosen = chosen.loc[chosen.groupby(["country", "origin"])["horizon"].idxmax()]
    parts = (chosen[n].to_numpy(dtype=np.float64) for n in ("mean", "scale", "degrees", "outcome"))
    mean, scale, degrees, came = parts
    low, high = (quantile_t(mean, scale, degrees, q) for q in (0.1, 0.9))
    found = pd.DataFrame(
        {
            "country": chosen["country"].to_numpy(),
            "origin": chosen["origin"].to_numpy(),
            "horizon": chosen["horizon"].to_numpy(),
            "said": mean,
            "low_80": low,
            "high_80": high,
            "came": came,
            "pit": pit_t(came, mean, scale, degrees),
            "crps": crps_t(came, mean, scale, degrees),
            "inside": (low <= came) & (came <= high),
        }
    )
    order = {code: i for i, code in enumerate(countries)}
    return found.sort_values(
        ["country", "origin"],
        key=lambda column: column.map(order) if column.name == "country" else column,
        ignore_index=True,
    )


def _rows(country: str, origin: int, name: str, values: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": country,
            "origin": origin,
            "year": values.index.to_numpy(dtype=np.int64),
            "variable": name,
            "value": values.to_numpy(dtype=np.float64),
        }
    )
