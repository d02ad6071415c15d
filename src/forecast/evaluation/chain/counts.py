"""How many economies pass within some years: said, with a joint interval, and come."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.evaluation.chain.backtest import ChainHistory
from forecast.evaluation.crossing.backtest import economies_below, passing_events
from forecast.randomness.tasks import in_parallel

DRAWS = 4000


def passage_counts(
    history: ChainHistory,
    *,
    imf: pd.DataFrame | None = None,
    origins: tuple[int, int],
    horizons: Sequence[int],
    seed: int = 0,
    jobs: int | None = None,
) -> pd.DataFrame:
    """Return the number of passages among the cases of each origin and horizon.

    Parameters
    ----------
    history, imf, origins, horizons, seed, jobs
        As for ``backtest_chain``; horizons of ten years at most.

    Returns
    -------
    pandas.DataFrame
        ``origin, horizon, cases, came``; ``said``, the sum of the probabilities; ``low, high``, the
        central 80 % of the joint draws, in which all economies meet the errors of one start year;
        ``alone_low, alone_high``, were economies independent.
    """
    years = range(origins[0], origins[1] + 1)
    from_year = partial(passage_counts_at, history, horizons=tuple(horizons), imf=imf, seed=seed)
    made = in_parallel(from_year, [(year,) for year in years], jobs, seconds=0.5)
    return pd.concat(made, ignore_index=True)


def passage_counts_at(
    history: ChainHistory,
    origin: int,
    horizons: Sequence[int],
    imf: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the rows of ``passage_counts`` of one origin; horizons not yet known are left out."""
    record, ratios = history.record.through(origin), history.ratios
    columns = ratios.columns[economies_below(ratios.loc[:origin])]
    countries = [str(code) for code in columns]
    fit = fit_chain(record, origin, imf=imf)
    rng = np.random.default_rng([seed, origin, 1])
    made = forecast_chain(
        fit, countries, horizon=max(horizons), draws=DRAWS, rng=rng, together=True
    )
    rows = []
    for horizon in horizons:
        cases = pd.DataFrame({"origin": origin, "horizon": horizon, "country": countries})
        event = passing_events(ratios, cases)
        known = np.isfinite(event)
        if not known.any():
            continue
        passed = (made.income[known, :, :horizon] > 0).any(axis=2)
        chance = passed.mean(axis=1)
        alone = (rng.random((DRAWS, len(chance))) < chance).sum(axis=1)
        low, high = np.quantile(passed.sum(axis=0), [0.1, 0.9])
        alone_low, alone_high = np.quantile(alone, [0.1, 0.9])
        rows.append({
            "origin": origin, "horizon": horizon, "cases": int(known.sum()),
            "came": int(event[known].sum()), "said": float(chance.sum()), "low": float(low),
            "high": float(high), "alone_low": float(alone_low), "alone_high": float(alone_high),
        })  # fmt: skip
    return pd.DataFrame(rows)
