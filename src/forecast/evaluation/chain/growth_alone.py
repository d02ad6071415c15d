"""The chain's growth per head alone, beside the IMF's forecast dressed with its past errors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.imf_view import view_ahead
from forecast.crosscountry.chain.record import LONGEST, ChainFit, moment_columns
from forecast.crosscountry.chain.regressors import GROWTH_SPREAD, chain_regressors, design_of
from forecast.crosscountry.chain.robust import robust_regression
from forecast.crosscountry.chain.windows import sums_ahead
from forecast.evaluation.scores.scores import covered, crps_sample
from forecast.randomness.tasks import in_parallel

DRESSED = "weo_dressed"
CHAIN_GROWTH = ("chain", "chain_without_view")
_ERRORS = 1500  # quantiles of the past errors that are used
_FIRST = 1990  # first editions
_UNIT, _LIMIT = 0.02, 0.15  # log points a year


def backtest_chain_growth(
    record: ChainRecord,
    imf: pd.DataFrame,
    *,
    origins: tuple[int, int],
    horizons: Sequence[int],
    jobs: int | None = None,
) -> pd.DataFrame:
    """Return scores of average growth per head, of all economies with a view of the IMF.

    ``weo_dressed``: the IMF's average growth over the horizon, corrected by a regression of what
    came on it, with the regression's past errors, larger where the own growth was more volatile;
    on all economies and editions whose outcome was known. ``chain``: the growth of the chain's
    forecast with that view; ``chain_without_view``: without.

    Parameters
    ----------
    record : ChainRecord
    imf : pandas.DataFrame
        ``imf_view``.
    origins, horizons, jobs
        As for ``backtest_chain``; horizons of five years at most are the IMF's own.

    Returns
    -------
    pandas.DataFrame
        ``model, origin, horizon, country, crps, covered``; percentage points a year, and whether
        the central 80 % held.
    """
    years = range(origins[0], origins[1] + 1)
    from_year = partial(growth_cases_at, record, imf, horizons=tuple(horizons))
    made = in_parallel(from_year, [(year,) for year in years], jobs, seconds=0.5)
    return pd.concat(made, ignore_index=True)


def growth_cases_at(
    record: ChainRecord, imf: pd.DataFrame, origin: int, horizons: Sequence[int]
) -> pd.DataFrame:
    """Return the rows of ``backtest_chain_growth`` of one origin."""
    known = record.through(origin)
    told = imf[imf.index.get_level_values("origin") <= origin]
    fits = (fit_chain(known, origin, imf=told), fit_chain(known, origin))
    came = sums_ahead(record.growth, LONGEST)[:, len(known.years) - 1]
    view = view_ahead(told, known)
    values = chain_regressors(known)
    column = pd.Index(record.countries).get_indexer(fits[0].state.index)
    parts = []
    for horizon in horizons:
        y = came[horizon - 1, column] / horizon
        seen = np.isfinite(y) & np.isfinite(view[horizon - 1, -1, column])
        if not seen.any():
            continue
        rows = column[seen]
        dressed = _dressed(known, values, view[horizon - 1] / horizon, horizon)[rows]
        draws = {DRESSED: dressed} | {
            name: _own(fit, horizon)[seen] for name, fit in zip(CHAIN_GROWTH, fits, strict=True)
        }
        parts += [
            _scored(model, origin, horizon, fits[0].state.index[seen], y[seen], made)
            for model, made in draws.items()
        ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _scored(
    model: str, origin: int, horizon: int, countries: pd.Index, y: Array, draws: Array
) -> pd.DataFrame:
    low, high = np.quantile(draws, [0.1, 0.9], axis=1)
    return pd.DataFrame({
        "model": model,
        "origin": origin,
        "horizon": horizon,
        "country": countries.to_numpy(),
        "crps": 100 * crps_sample(y, draws),
        "covered": covered(y, low, high),
    })  # fmt: skip


def _own(fit: ChainFit, horizon: int) -> Array:
    """Return draws (n, m) of average growth over the horizon."""
    mean, scale = (
        fit.moments[moment_columns(name)[horizon - 1]].to_numpy()[:, None]
        for name in ("growth_mean", "growth_scale")
    )
    return np.asarray((mean + scale * fit.errors.growth[:, horizon - 1]) / horizon)


def _dressed(known: ChainRecord, values: dict[str, Array], view: Array, horizon: int) -> Array:
    """Return draws (N, m) of average growth from the last year, from the view (T, N) alone."""
    y = sums_ahead(known.growth, LONGEST)[horizon - 1] / horizon
    x = np.stack(
        [np.ones_like(view), np.clip(np.nan_to_num(view), -_LIMIT, _LIMIT) / _UNIT], axis=-1
    )
    z = design_of(values, GROWTH_SPREAD)
    use = np.isfinite(y) & np.isfinite(view) & np.isfinite(known.relative)
    use &= (known.years >= _FIRST)[:, None]
    fit = robust_regression(y[use], x[use], z[use])
    scale = np.exp(z @ fit.gamma) * fit.factor
    errors = (y[use] - x[use] @ fit.beta) / scale[use]
    errors = np.quantile(errors, (np.arange(_ERRORS) + 0.5) / _ERRORS)
    return np.asarray((x[-1] @ fit.beta)[:, None] + scale[-1][:, None] * errors)
