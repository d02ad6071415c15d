"""Growth from a small Bayesian vector autoregression, as a density for a pool."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.errors import EstimationError
from forecast.statistics.variation import varies
from forecast.timeseries.bvar.posterior import BvarDraws, bvar_posterior, draw_bvar
from forecast.timeseries.bvar.prior import BvarPrior
from forecast.timeseries.bvar.simulate import mean_path, simulate_bvar
from forecast.timeseries.bvar.tightness import choose_bvar_prior, draw_bvar_tightness
from forecast.timeseries.record import GrowthDensity, checked_draws

MODEL = "bvar"

# A root of one or more sends the far end of a long horizon anywhere.
MAX_ROOT = 1.0
# Draws of the tightnesses; parameter draws take them in turn.
TIGHTNESS_DRAWS = 1200


def bvar_system_growth(
    frame: pd.DataFrame,
    horizon: int,
    draws: int,
    rng: Generator,
    levels: Sequence[str] = (),
    lags: int = 2,
) -> GrowthDensity:
    """Return draws of growth from a BVAR of growth and a few companions.

    Prior of `system_prior`, its tightnesses integrated over (`draw_bvar_tightness`); parameters
    from the conjugate posterior cut to stable systems; normal shocks.

    Parameters
    ----------
    frame : pandas.DataFrame
        Annual, index year without gaps, nothing missing; the first column is growth of output per
        worker, % a year (log differences x 100).
    horizon, draws : int
    rng : numpy.random.Generator
    levels : sequence of str
        Columns that are levels or shares, expected to stay where they are; the others are rates
        of change, expected to return to a mean.
    lags : int

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon), % a year; ``point`` at the posterior mean under the chosen
        tightnesses.

    Raises
    ------
    EstimationError
        If a year or value is missing, a series does not vary or follows exactly from its own
        past, there are too few years, horizon or draws are below one, or hardly any draw is stable.
    """
    checked_draws(horizon, draws, MODEL)
    data = _values(frame)
    prior = system_prior([str(name) for name in frame.columns], levels, lags)
    chosen = choose_bvar_prior(data, prior)
    tightness = draw_bvar_tightness(data, chosen, min(draws, TIGHTNESS_DRAWS), rng)
    posterior = bvar_posterior(data, chosen, tightness.values)
    parameters = draw_bvar(posterior, draws, rng, MAX_ROOT)
    centre = bvar_posterior(data, chosen)
    middle = BvarDraws(coefficients=centre.mean, root=np.eye(data.shape[1])[None], lags=chosen.lags)
    return GrowthDensity(
        name=MODEL,
        draws=simulate_bvar(parameters, data, horizon, rng)[:, :, 0],
        point=mean_path(middle, data, horizon)[0, :, 0],
        notes={
            "variables": ", ".join(map(str, frame.columns)),
            "lags": float(chosen.lags),
            "overall": chosen.overall,
            "log_evidence": float(centre.log_evidence[0]),
            "rejected": parameters.rejected,
            "n_obs": float(centre.n_obs),
        },
    )


def system_prior(names: Sequence[str], levels: Sequence[str], lags: int) -> BvarPrior:
    """Return the prior of a small system before its tightnesses are chosen.

    Own first lags are centred on 1 for ``levels`` and on 0 for the rest; with levels comes the
    sum-of-coefficients prior; the dummy initial observation always. Sigma's scale is n + 2 times
    that of the source, so that intervals from short records cover (docs/methods/bvar.md).

    Raises
    ------
    EstimationError
        If a level is not among ``names``.
    """
    strange = [name for name in levels if name not in names]
    if strange:
        raise EstimationError(f"{MODEL}: level {strange[0]!r} is not one of {', '.join(names)}")
    return BvarPrior(
        lags=lags,
        own_lag=tuple(float(name in levels) for name in names),
        scale=len(names) + 2.0,
        sum_of_coefficients=1.0 if levels else None,
        initial=1.0,
    )


def _values(frame: pd.DataFrame) -> np.ndarray:
    years = frame.index.to_numpy(dtype=np.int64)
    if (np.diff(years) != 1).any():
        raise EstimationError(
            f"{MODEL}: years have a gap after {years[:-1][np.diff(years) != 1][0]}"
        )
    values = frame.to_numpy(dtype=float, na_value=np.nan)
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        raise EstimationError(f"{MODEL}: {frame.columns[column]!r} is missing in {years[row]}")
    for name, one in zip(frame.columns, values.T, strict=True):
        if not varies(one):
            raise EstimationError(f"{MODEL}: {name!r} is {one[0]:g} in every year; leave it out")
    return values
