"""From past origins: the class of high income, as against income above the line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.class_entry import classified_by, fit_class_entry
from forecast.evaluation.chain.backtest import ChainHistory
from forecast.evaluation.crossing.backtest import LOWEST, MIN_YEARS
from forecast.randomness.tasks import in_parallel

_HIGHEST = np.log(1.5)  # above the line and not high income: a case here, not of passing


def backtest_class(
    history: ChainHistory,
    events: pd.DataFrame,
    *,
    imf: pd.DataFrame | None = None,
    origins: tuple[int, int],
    horizons: Sequence[int],
    jobs: int | None = None,
) -> pd.DataFrame:
    """Return the probability of being classified high income within the horizon, and what came.

    Cases are economies that are not high income in the year of the origin, from 20 to 150 % of the
    line, with ten years of past. Only what was known is used, the history of classes included.

    Parameters
    ----------
    history : ChainHistory
    events : pandas.DataFrame
        Of ``class_events``.
    imf, origins, horizons, jobs
        As for ``backtest_chain``; horizons of ten years at most.

    Returns
    -------
    pandas.DataFrame
        ``origin, horizon, country, relative_income``; ``classified``, the probability of the class
        (``classified_by``); ``passed``, that income is above the line in any year; ``event``, 1
        where the class was H in any year of the horizon. Cases whose classes are not all known
        are left out.
    """
    years = range(origins[0], origins[1] + 1)
    from_year = partial(class_cases_at, history, events, horizons=tuple(horizons), imf=imf)
    found = in_parallel(from_year, [(year,) for year in years], jobs, seconds=0.3)
    made = pd.concat(found, ignore_index=True)
    return made.dropna(subset=["event"]).reset_index(drop=True)


def class_cases_at(
    history: ChainHistory,
    events: pd.DataFrame,
    origin: int,
    horizons: Sequence[int],
    imf: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the rows of ``backtest_class`` of one origin, ``event`` NaN where not known."""
    past = history.ratios.loc[:origin]
    high = events.pivot(index="year", columns="country", values="high").astype(float)
    now = high.loc[origin].reindex(past.columns)
    there = past.iloc[-1].between(LOWEST, _HIGHEST) & (past.notna().sum() >= MIN_YEARS)
    countries = [str(code) for code in past.columns[(there & (now == 0)).to_numpy()]]
    fit = fit_chain(history.record.through(origin), origin, imf=imf)
    made = forecast_chain(fit, countries, horizon=max(horizons))
    classified = classified_by(made, fit_class_entry(events, origin))
    passed = count_passages(made).by
    return pd.concat(
        [
            pd.DataFrame({
                "origin": origin,
                "horizon": h,
                "country": countries,
                "relative_income": made.relative,
                "classified": classified[:, h - 1],
                "passed": passed[:, h - 1],
                "event": _came(high, countries, origin, h),
            })
            for h in horizons
        ],
        ignore_index=True,
    )  # fmt: skip


def _came(high: pd.DataFrame, countries: list[str], origin: int, horizon: int) -> Array:
    ahead = high.reindex(index=range(origin + 1, origin + horizon + 1), columns=countries)
    return ahead.max().where(ahead.notna().all()).to_numpy(dtype=np.float64)
