"""By how much real exchange rates rise with relative productivity, across economies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.estimation.estimate import estimate
from forecast.income.conversion_rate import conversion_rate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

FIRST_YEAR = 1987
LEAST_YEARS = 11
SPAN = 10
LEADER = "USA"


def price_elasticity(records: pd.DataFrame, span: int = SPAN) -> pd.DataFrame:
    """Return the elasticity of the real exchange rate to relative productivity, three ways.

    ``differences``: overlapping differences over ``span`` years, year effects; what a path of the
    real rate needs, since country means and reversals of a few years drop out. ``within``: annual
    levels, country and year effects. ``changes``: annual changes, year effects. Standard errors
    are clustered by economy.

    Parameters
    ----------
    records : pandas.DataFrame
        From `real_rate_records`.
    span : int

    Returns
    -------
    pandas.DataFrame
        ``how, estimate, std_error, n_obs, economies``.

    Raises
    ------
    EstimationError
        If too few economies are left.
    """
    by = records.groupby(level="country")[["real_rate", "relative"]]
    samples = {
        "differences": (by.diff(span).dropna(), "pooled", ["year"]),
        "within": (records, "within", ["country", "year"]),
        "changes": (by.diff().dropna(), "pooled", ["year"]),
    }
    return _table(samples)


def price_level_slopes(pwt: pd.DataFrame) -> pd.DataFrame:
    """Return the slope of the log price level of output on log output per worker, both against USA.

    ``between``: means of economies (the Penn effect), heteroskedasticity-robust. ``within``:
    country and year effects, clustered by economy. Output per worker is at purchasing power
    parity, which stands in the price level's denominator too: an error in it lowers both slopes,
    the within one most.

    Parameters
    ----------
    pwt : pandas.DataFrame
        Table ``pwt1001``: ``country, year, rgdpo, emp, pl_gdpo``.

    Returns
    -------
    pandas.DataFrame
        As `price_elasticity`.
    """
    wide = pwt.assign(real_rate=pwt["pl_gdpo"], relative=pwt["rgdpo"] / pwt["emp"])
    wide = wide.set_index(["country", "year"])[["real_rate", "relative"]]
    wide = wide.where(wide > 0).apply(np.log).dropna()
    leader = wide.xs(LEADER, level="country")
    years = wide.index.get_level_values("year")
    relative = wide - leader.reindex(years).to_numpy()
    effects = {"between": [], "within": ["country", "year"]}
    return _table({how: (relative, how, names) for how, names in effects.items()})


def real_rate_records(
    annual: Panel, inflation: pd.DataFrame, first_year: int = FIRST_YEAR
) -> pd.DataFrame:
    """Return each economy's log real exchange rate and log relative productivity.

    The real rate is the economy's GDP deflator in US$ over the SDR basket's; productivity is
    output per worker against the United States (``output_per_worker_pwt``). Both start from zero,
    since only their changes are comparable.

    Parameters
    ----------
    annual : Panel
    inflation : pandas.DataFrame
        ``sdr`` of `sdr_inflation`, index year.
    first_year : int
        First year of changes.

    Returns
    -------
    pandas.DataFrame
        Index country, year; ``real_rate, relative``, logs. Economies with an unbroken record of
        11 years to their last one.

    Raises
    ------
    DataError
        If the annual series have no output per worker.
    """
    if "output_per_worker_pwt" not in annual.frame:
        raise DataError(
            "annual: no column 'output_per_worker_pwt'; needs a package of all economies"
        )
    leader = np.log(annual.rows(LEADER)["output_per_worker_pwt"]).diff()
    pieces = {}
    for country in annual.countries():
        rows = annual.rows(country)
        price = np.log1p(rows["gdp_deflator_inflation"] / 100)
        rate = np.log(conversion_rate(rows, first_year)).diff()
        basket = inflation["sdr"].reindex(rows.index) / 100
        growth = np.log(rows["output_per_worker_pwt"]).diff()
        changes = pd.DataFrame(
            {"real_rate": price - rate - basket, "relative": growth - leader.reindex(rows.index)}
        ).loc[first_year:]
        known = changes.dropna()
        whole = changes.loc[: known.index.max()].isna().any(axis=1)
        if whole.any():
            known = known.loc[whole.index[whole].max() + 1 :]
        if len(known) >= LEAST_YEARS:
            pieces[country] = known.cumsum()
    return pd.concat(pieces, names=["country", "year"])


def _table(samples: Mapping[str, tuple[pd.DataFrame, str, list[str]]]) -> pd.DataFrame:
    rows = []
    for how, (frame, estimator, effects) in samples.items():
        economies = frame.index.get_level_values("country").nunique()
        rows.append((how, *_slope(frame, estimator, effects), economies))
    return pd.DataFrame(rows, columns=["how", "estimate", "std_error", "n_obs", "economies"])


def _slope(frame: pd.DataFrame, estimator: str, effects: list[str]) -> tuple[float, float, int]:
    spec = ModelSpec.model_validate(
        {
            "name": "elasticity",
            "label": "Elasticity",
            "table": "records",
            "outcome": "real_rate",
            "drivers": ["relative"],
            "effects": effects,
            "estimator": estimator,
            "covariance": "hc1" if estimator == "between" else "clustered",
        }
    )
    found = estimate(Panel(frame.sort_index(), source="records"), spec)
    row = found.tidy().query("term == 'relative'")
    return float(row["estimate"].iloc[0]), float(row["std_error"].iloc[0]), found.n_obs
