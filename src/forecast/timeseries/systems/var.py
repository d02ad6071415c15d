"""Vector autoregression: lags by information criterion, density with parameter uncertainty."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Cube, Draws
from forecast.errors import EstimationError, choose
from forecast.timeseries.record import checked_draws
from forecast.timeseries.systems.system import (
    CRITERIA,
    SystemDensity,
    SystemFit,
    checked_system,
    draw_system,
    fit_system,
    lagged,
)

MODEL = "var"
MAX_LAGS = 4
# A draw of the coefficients with a root this large is drawn again.
MAX_ROOT = 0.999
ROUNDS = 200

Criterion = Literal["aic", "hq", "bic"]


def lag_criteria(frame: pd.DataFrame, max_lags: int = MAX_LAGS) -> pd.DataFrame:
    """Return AIC, HQ and BIC by number of lags, all on the same years.

    log det of the residuals' covariance (divided by T) plus, for m = n (n p + 1) coefficients,
    2 m / T, 2 m log log T / T and m log T / T (Luetkepohl, 2005, section 4.3).

    Parameters
    ----------
    frame : pandas.DataFrame
        Series by year.
    max_lags : int

    Returns
    -------
    pandas.DataFrame
        Rows 0, ..., ``max_lags``; columns ``aic``, ``hq``, ``bic``.

    Raises
    ------
    EstimationError
        If a value is missing or the years are too few for the longest lags.
    """
    values = checked_system(frame, MODEL)
    t, n = len(values) - max_lags, values.shape[1]
    if t < 1 or max_lags < 0:
        raise EstimationError(f"{MODEL}: {len(values)} years are too few for {max_lags} lags")
    rows = []
    for p in range(max_lags + 1):
        fit = _fit(values[max_lags - p :], p)
        m = n * (n * p + 1)
        penalties = (2.0, 2 * np.log(np.log(t)), np.log(t))
        rows.append([fit.log_det + m * penalty / t for penalty in penalties])
    return pd.DataFrame(rows, columns=list(CRITERIA)).rename_axis("lags")


def relation_lags(frame: pd.DataFrame) -> int:
    """Return the lags by AIC of the autoregression that Johansen's tests stand on.

    At most `MAX_LAGS`, and one for every three years that there are of each series.

    Raises
    ------
    EstimationError
        As `lag_criteria`.
    """
    most = max(1, min(MAX_LAGS, len(frame) // (3 * frame.shape[1])))
    return int(lag_criteria(frame, most)["aic"].to_numpy()[1:].argmin()) + 1


def var_density(
    frame: pd.DataFrame,
    horizon: int,
    draws: int,
    rng: Generator,
    lags: int | None = None,
    criterion: Criterion = "aic",
) -> SystemDensity:
    """Return draws of several stationary series from a vector autoregression with constant.

    Parameter uncertainty is the posterior under the Jeffreys prior (see ``system``), cut to the
    stable region; the number of lags is taken for known.

    Parameters
    ----------
    frame : pandas.DataFrame
        Series by year, rates of change or other stationary series; no gaps.
    horizon, draws : int
    rng : numpy.random.Generator
    lags : int, optional
        Default: the least ``criterion`` over 1 to 4 lags.
    criterion : {"aic", "hq", "bic"}

    Returns
    -------
    SystemDensity

    Raises
    ------
    EstimationError
        If the frame is broken or short, a series does not vary or repeats others, the criterion is
        unknown, horizon or draws are below one, or hardly a draw is stable.
    """
    checked_draws(horizon, draws, MODEL)
    values = checked_system(frame, MODEL)
    choose(criterion, dict.fromkeys(CRITERIA), "criterion", EstimationError)
    p = int(lag_criteria(frame)[criterion].to_numpy()[1:].argmin()) + 1 if lags is None else lags
    if not 1 <= p < len(values):
        raise EstimationError(f"{MODEL}: lags must be 1 to {len(values) - 1}, found {p}")
    fit = _fit(values, p)
    coefficients, root = _stable_draws(fit, p, draws, rng)
    shocks = rng.standard_normal((horizon, draws, values.shape[1]))
    still = np.zeros((horizon, 1, values.shape[1]))
    return SystemDensity(
        name=MODEL,
        series=tuple(map(str, frame.columns)),
        draws=run_on(values[-p:], coefficients, root, shocks),
        point=run_on(values[-p:], fit.coefficients[None], root[:1], still)[0],
        notes={
            "lags": float(p),
            "n_obs": float(len(fit.residuals)),
            "largest_root": float(_radius(fit.coefficients[None], p)[0]),
        },
    )


def run_on(last: Draws, coefficients: Cube, root: Cube, shocks: Cube) -> Cube:
    """Return paths (draws, horizon, n) of an autoregression from its last p years.

    Parameters
    ----------
    last : (p, n) oldest first.
    coefficients : (draws, 1 + n p, n) constant, then lags, newest first.
    root : (draws, n, n) lower roots of the errors' covariance.
    shocks : (horizon, draws, n) standard normal.
    """
    p, n = last.shape
    state = np.broadcast_to(last[::-1].reshape(1, 1, n * p), (len(coefficients), 1, n * p))
    out = np.empty((len(coefficients), len(shocks), n))
    for t, shock in enumerate(shocks):
        now = coefficients[:, :1] + state @ coefficients[:, 1:]
        now = now + shock[:, None, :] @ root.transpose(0, 2, 1)
        out[:, t] = now[:, 0]
        state = np.concatenate([now, state[:, :, : n * (p - 1)]], axis=2)
    return out


def _fit(values: Draws, lags: int) -> SystemFit:
    x = np.hstack([np.ones((len(values) - lags, 1)), lagged(values, lags)])
    return fit_system(values[lags:], x, MODEL)


def _stable_draws(fit: SystemFit, lags: int, draws: int, rng: Generator) -> tuple[Cube, Cube]:
    kept: list[tuple[Cube, Cube]] = []
    count = 0
    for _ in range(ROUNDS):
        coefficients, root = draw_system(fit, draws, rng)
        stable = _radius(coefficients, lags) < MAX_ROOT
        kept.append((coefficients[stable], root[stable]))
        count += int(stable.sum())
        if count >= draws:
            found, roots = zip(*kept, strict=True)
            return np.concatenate(found)[:draws], np.concatenate(roots)[:draws]
    raise EstimationError(
        f"{MODEL}: only {count} of {ROUNDS * draws} draws are stable; the series do not look "
        "stationary"
    )


def _radius(coefficients: Cube, lags: int) -> Draws:
    """Return the modulus of the largest root of each draw."""
    draws, _, n = coefficients.shape
    companion = np.zeros((draws, n * lags, n * lags))
    companion[:, :n] = coefficients[:, 1:].transpose(0, 2, 1)
    companion[:, n:, :-n] = np.eye(n * (lags - 1))
    return np.asarray(np.abs(np.linalg.eigvals(companion)).max(axis=1))
