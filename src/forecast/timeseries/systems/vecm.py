"""Vector error correction: Johansen's tests, the rank they choose, densities of the levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Cube, Draws, Vector
from forecast.errors import EstimationError, choose
from forecast.statistics.variation import REMAINDER, UNCHANGED, varies
from forecast.timeseries.record import checked_draws
from forecast.timeseries.systems.system import (
    SystemDensity,
    SystemFit,
    checked_system,
    draw_system,
    fit_system,
    lagged,
)
from forecast.timeseries.systems.var import run_on

MODEL = "vecm"
LEVELS = (0.10, 0.05, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Johansen:
    """Johansen's tests for the number of cointegrating relations, constant unrestricted.

    Attributes
    ----------
    eigenvalues : (n,) squared canonical correlations, largest first.
    vectors : (n, n) cointegrating vectors in columns, the first series' coefficient one.
    trace, max_eigenvalue : (n,) statistics for rank r = 0, ..., n - 1 against n and r + 1.
    trace_critical, max_critical : (n, 3) critical values at 10, 5 and 1 % (MacKinnon, Haug and
        Michelis, 1999, as tabulated by statsmodels).
    lags : lags of the vector autoregression in levels.
    n_obs : years used.
    """

    eigenvalues: Vector
    vectors: Draws
    trace: Vector
    max_eigenvalue: Vector
    trace_critical: Draws
    max_critical: Draws
    lags: int
    n_obs: int

    def rank(self, level: float = 0.05, test: Literal["trace", "max_eigenvalue"] = "trace") -> int:
        """Return the rank that a test's sequence does not reject at ``level``."""
        pairs = {
            "trace": (self.trace, self.trace_critical),
            "max_eigenvalue": (self.max_eigenvalue, self.max_critical),
        }
        statistic, critical = choose(test, pairs, "test", EstimationError)
        kept = np.flatnonzero(statistic <= critical[:, LEVELS.index(level)])
        return int(kept[0]) if len(kept) else len(statistic)


def johansen(frame: pd.DataFrame, lags: int) -> Johansen:
    """Return Johansen's (1988, 1991) trace and maximum-eigenvalue tests.

    Eigenvalues are squared canonical correlations of the changes and the lagged levels, both
    cleared of the constant and lagged changes, found by QR and singular values. The constant is
    unrestricted and the critical values are those of series that drift; for series without drift
    the last of them is too small.

    Parameters
    ----------
    frame : pandas.DataFrame
        Series in levels (logs) by year.
    lags : int
        Lags of the autoregression in levels, 1 or more.

    Returns
    -------
    Johansen

    Raises
    ------
    EstimationError
        If the frame is broken or short, has more than 12 series, a series that does not vary, is a
        straight line or repeats others, or lags do not fit the years.
    """
    from statsmodels.tsa.coint_tables import c_sja, c_sjt

    values = checked_system(frame, MODEL)
    n = values.shape[1]
    if not 1 <= lags < len(values) or n > 12:
        raise EstimationError(
            f"{MODEL}: lags must be 1 to {len(values) - 1} and series at most 12, found {lags} "
            f"and {n}"
        )
    for name, one in zip(frame.columns, np.diff(values, axis=0).T, strict=True):
        if not varies(one, UNCHANGED * float(np.abs(values).max())):
            raise EstimationError(
                f"{MODEL}: {name} moves by {one[0]:g} every year, a straight line; leave it out"
            )
    change, level, short = _parts(values, lags)
    q0, _ = np.linalg.qr(fit_system(change, short, MODEL).residuals)
    q1, r1 = np.linalg.qr(fit_system(level, short, MODEL).residuals)
    _, correlation, right = np.linalg.svd(q0.T @ q1)
    vectors = np.linalg.solve(r1, right.T)
    eigenvalues = correlation**2
    if eigenvalues[0] > 1 - REMAINDER:
        raise EstimationError(f"{MODEL}: the changes of a series follow exactly from the levels")
    each = -len(change) * np.log1p(-eigenvalues)
    left = n - np.arange(n)
    return Johansen(
        eigenvalues=eigenvalues,
        vectors=vectors / vectors[0],
        trace=np.cumsum(each[::-1])[::-1],
        max_eigenvalue=each,
        trace_critical=np.array([c_sjt(int(k), 0) for k in left]),
        max_critical=np.array([c_sja(int(k), 0) for k in left]),
        lags=lags,
        n_obs=len(change),
    )


def vecm_density(
    frame: pd.DataFrame,
    horizon: int,
    draws: int,
    rng: Generator,
    lags: int = 2,
    rank: int | None = None,
) -> SystemDensity:
    """Return draws of the levels of several series tied by cointegrating relations.

    The change is regressed on a constant, lagged changes and the deviations from the relations
    that Johansen's procedure finds. Rank and cointegrating vectors are taken for known (the
    vectors converge at rate T); everything else has its posterior under the Jeffreys prior (see
    ``system``), given them. With rank 0 this is an autoregression of the changes, with full rank
    one of the levels; draws may be explosive and are kept.

    Parameters
    ----------
    frame : pandas.DataFrame
        Levels (logs x 100, so that changes are % a year) by year.
    horizon, draws : int
    rng : numpy.random.Generator
    lags : int
        Lags of the autoregression in levels; choose with ``var.lag_criteria`` on the levels.
    rank : int, optional
        Default: by the trace test at 5 %.

    Returns
    -------
    SystemDensity
        Levels; notes give rank, lags and eigenvalues.

    Raises
    ------
    EstimationError
        If the frame cannot be used (see ``johansen``), rank, horizon or draws are out of range.
    """
    checked_draws(horizon, draws, MODEL)
    tests, values = johansen(frame, lags), checked_system(frame, MODEL)
    n = values.shape[1]
    r = tests.rank() if rank is None else rank
    if not 0 <= r <= n:
        raise EstimationError(f"{MODEL}: rank must be 0 to {n}, found {r}")
    beta = tests.vectors[:, :r]
    fit, last = vecm_fit(values, lags, beta), values[-lags:]
    coefficients, root = draw_system(fit, draws, rng)
    shocks = rng.standard_normal((horizon, draws, n))
    still = np.zeros((horizon, 1, n))
    return SystemDensity(
        name=MODEL,
        series=tuple(map(str, frame.columns)),
        draws=run_on(last, _in_levels(coefficients, beta, lags), root, shocks),
        point=run_on(last, _in_levels(fit.coefficients[None], beta, lags), root[:1], still)[0],
        notes={
            "rank": float(r),
            "lags": float(lags),
            "n_obs": float(tests.n_obs),
            **{f"eigenvalue_{i + 1}": float(e) for i, e in enumerate(tests.eigenvalues)},
        },
    )


def vecm_fit(values: Draws, lags: int, beta: Draws) -> SystemFit:
    """Return least squares of the changes on constant, lagged changes and beta'y, in that order.

    Parameters
    ----------
    values : (T, n) levels.
    lags : int
        Lags of the autoregression in levels.
    beta : (n, r) cointegrating vectors.
    """
    change, level, short = _parts(values, lags)
    return fit_system(change, np.hstack([short, level @ beta]), MODEL)


def _parts(values: Draws, lags: int) -> tuple[Draws, Draws, Draws]:
    """Return changes, levels a year before, and the constant with lagged changes."""
    change = np.diff(values, axis=0)
    ones = np.ones((len(change) - lags + 1, 1))
    short = np.hstack([ones, lagged(change, lags - 1)])
    return change[lags - 1 :], values[lags - 1 : -1], short


def _in_levels(coefficients: Cube, beta: Draws, lags: int) -> Cube:
    """Return the autoregression of the levels that equals the error correction, (draws, k, n)."""
    draws, _, n = coefficients.shape
    out = np.zeros((draws, 1 + n * lags, n))
    out[:, 0] = coefficients[:, 0]
    # y_t = y_{t-1} + beta alpha' + sum of lagged changes y_{t-j} - y_{t-j-1}.
    out[:, 1 : 1 + n] = np.eye(n) + beta @ coefficients[:, 1 + n * (lags - 1) :]
    for j in range(1, lags):
        effect = coefficients[:, 1 + n * (j - 1) : 1 + n * j]
        out[:, 1 + n * (j - 1) : 1 + n * j] += effect
        out[:, 1 + n * j : 1 + n * (j + 1)] -= effect
    return out
