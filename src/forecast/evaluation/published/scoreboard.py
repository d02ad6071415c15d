"""Published forecasts for one economy, set against what came and against simple rivals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError

RIVALS = ("drift", "world_mean", "fixed_shrinkage")
MEMORY = 10  # years of the own record behind a rival's forecast
WORLD_MEMORY = 20


def outcomes(annual: pd.DataFrame) -> pd.DataFrame:
    """Return what came, by year: growth in % a year, one column a target of the scoreboard.

    Parameters
    ----------
    annual : pandas.DataFrame
        One economy by year: ``gdp_growth`` (%), ``population``, ``output_per_worker``.
    """
    per_person = 100 * (
        (1 + annual["gdp_growth"] / 100) / (1 + annual["population"].pct_change(fill_method=None))
        - 1
    )
    return pd.DataFrame(
        {
            "gdp_growth": annual["gdp_growth"],
            "gdp_per_capita_growth": per_person,
            "labour_productivity_growth": 100
            * annual["output_per_worker"].pct_change(fill_method=None),
        }
    )


def score_growth_forecasts(
    published: pd.DataFrame, came: pd.DataFrame, world: pd.DataFrame
) -> pd.DataFrame:
    """Return each published growth forecast beside the outcome so far and its rivals.

    A rival knows what was known when the forecast was made: data through the year before. ``drift``
    is the economy's mean of the ten years before, ``world_mean`` that of all economies' growth over
    twenty years (or as far as the table goes), ``fixed_shrinkage`` 0.3 of the first and 0.7 of the
    second. Today's edition of the data stands in for what was published then.

    Parameters
    ----------
    published : pandas.DataFrame
        Rows of `sources.readers.published_forecasts`; those of passage are left out.
    came : pandas.DataFrame
        From `outcomes`.
    world : pandas.DataFrame
        The same columns, years by mean over economies of their growth, % a year.

    Returns
    -------
    pandas.DataFrame
        ``id, made, by, target, first_year, last_year, source_kind, forecast, outcome`` (mean of
        the window's known years, missing where none is), ``years_known, years``, ``error``
        (forecast less outcome), and for each rival its forecast and error (``error_<rival>``).
    """
    rows = []
    for one in published[published["target"] != "passage"].to_dict("records"):
        target, first, last = one["target"], int(one["first_year"]), int(one["last_year"])
        series = came[target].dropna()
        known = series.loc[first:last]
        outcome = float(known.mean()) if len(known) else np.nan
        row = {
            **{k: one[k] for k in ("id", "made", "by", "target", "first_year", "last_year")},
            "source_kind": one["source_kind"],
            "forecast": one["value"],
            "outcome": outcome,
            "years_known": len(known),
            "years": last - first + 1,
            "error": one["value"] - outcome,
        }
        for name, value in _rivals(series, world[target].dropna(), int(one["made"][:4])).items():
            row |= {name: value, f"error_{name}": value - outcome}
        rows.append(row)
    return pd.DataFrame(rows)


def summarise_growth(scored: pd.DataFrame) -> pd.DataFrame:
    """Return mean absolute error and bias, the forecasters' and each rival's on the same cases.

    Cases are forecasts with a known year; ``complete`` counts those whose window is over.
    ``forecaster, mae, bias`` (percentage points), ``n, complete``, one row a forecaster and target
    and one row ``all``; ``mae_<rival>`` beside.
    """
    known = scored[scored["years_known"] > 0]
    groups = [(("all", "all"), known), *known.groupby(["by", "target"], sort=False)]
    return pd.DataFrame(
        [
            {
                "forecaster": by,
                "target": target,
                "n": len(rows),
                "complete": int((rows["years_known"] == rows["years"]).sum()),
                "mae": float(rows["error"].abs().mean()),
                "bias": float(rows["error"].mean()),
                **{f"mae_{r}": float(rows[f"error_{r}"].abs().mean()) for r in RIVALS},
            }
            for (by, target), rows in groups
        ]
    )


def score_passage_forecasts(
    published: pd.DataFrame, ratio: pd.Series, chances: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return each named year of passage beside what came.

    Parameters
    ----------
    published : pandas.DataFrame
        Rows of `sources.readers.published_forecasts`; those of growth are left out.
    ratio : pandas.Series
        Log of GNI per capita (Atlas) over the high-income line, by year of the data.
    chances : pandas.DataFrame or None
        ``origin, by, probability``: what the shipped method says from ``origin`` (the last year
        known when the forecast was made) of passing by the year ``by``.

    Returns
    -------
    pandas.DataFrame
        ``id, made, by, source_kind``; ``predicted`` (the last year named); ``outcome``: ``passed
        in Y``, ``not by Y`` or ``open``; ``years_late``, at least where not passed; ``drift``, the
        year in which the mean growth of ten years before would have reached the line (missing:
        never); ``pool``, the method's probability of passage by the year named, if asked.

    Raises
    ------
    DataError
        If the ratio is not known before a forecast was made.
    """
    known = ratio.dropna()
    last = int(known.index.max())
    above = known.index[known > 0]
    rows = []
    for one in published[published["target"] == "passage"].to_dict("records"):
        predicted, origin = int(one["last_year"]), int(one["made"][:4]) - 1
        passed = int(above[above > origin].min()) if (above > origin).any() else None
        row = {
            **{k: one[k] for k in ("id", "made", "by", "source_kind")},
            "predicted": predicted,
            "outcome": _verdict(passed, predicted, last),
            "years_late": _late(passed, predicted, last),
            "drift": _drift_year(known.loc[:origin], one["id"]),
        }
        if chances is not None:
            said = chances[(chances["origin"] == origin) & (chances["by"] == predicted)]
            row["pool"] = float(said["probability"].iloc[0]) if len(said) else np.nan
        rows.append(row)
    return pd.DataFrame(rows)


def _rivals(own: pd.Series, world: pd.Series, made: int) -> dict[str, float]:
    drift = float(own.loc[: made - 1].iloc[-MEMORY:].mean())
    mean = float(world.loc[: made - 1].iloc[-WORLD_MEMORY:].mean())
    return {"drift": drift, "world_mean": mean, "fixed_shrinkage": 0.3 * drift + 0.7 * mean}


def _verdict(passed: int | None, predicted: int, last: int) -> str:
    if passed is not None:
        return f"passed in {passed}"
    return f"not by {last}" if predicted <= last else "open"


def _late(passed: int | None, predicted: int, last: int) -> float:
    """Return years between the year named and passage, at least; NaN while open."""
    if passed is not None:
        return float(passed - predicted)
    return float(last + 1 - predicted) if predicted <= last else np.nan


def _drift_year(past: pd.Series, name: str) -> float:
    if len(past) <= MEMORY:
        raise DataError(
            f"scoreboard: {name}: {len(past)} years of relative income, needs more than {MEMORY}"
        )
    step = float(past.diff().iloc[-MEMORY:].mean())
    if step <= 0:
        return float("nan")
    return float(past.index.max() + int(np.floor(-float(past.iloc[-1]) / step)) + 1)
