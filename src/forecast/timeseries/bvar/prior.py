"""The Minnesota prior of a Bayesian vector autoregression, as rows of data that were never seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array
from forecast.errors import EstimationError


@dataclass(frozen=True, slots=True, kw_only=True)
class BvarPrior:
    """Normal-inverse-Wishart prior of y_t = c + A_1 y_{t-1} + ... + A_p y_{t-p} + e_t.

    Sigma is inverse Wishart with n + 2 degrees of freedom and mean ``scale`` diag(s^2), s the
    residual standard deviations of first-order autoregressions. Given Sigma, the coefficient of
    variable j at lag l in equation i has standard deviation ``overall`` / l^``decay`` *
    sqrt(Sigma_ii) / s_j around its mean (Giannone, Lenza and Primiceri, 2015, Review of Economics
    and Statistics 97; their alpha is twice ``decay``).

    Attributes
    ----------
    lags : int
        p.
    own_lag : tuple of float
        Prior mean of each variable's own first lag: 0 for a rate of change, 1 for a level; empty
        for all 0. All other coefficients are centred on 0.
    overall : float
        Tightness of all coefficients, lambda in the source; large values give least squares.
    decay : float
        How fast coefficients of longer lags shrink.
    constant : float
        Prior standard deviation of the constants, in units of each equation's shock.
    scale : float
        1 in the source. The prior then counts for n + 2 years of degrees of freedom but for one
        of squares, and intervals from short records are too narrow; n + 2 mends that.
    sum_of_coefficients : float or None
        Tightness of the belief that variables with ``own_lag`` 1 stay where their first p years
        were, each by itself (mu in the source); None leaves it out. The tighter, the closer to a
        system in first differences.
    initial : float or None
        Tightness of the dummy initial observation (delta in the source), by which a system at
        its initial mean stays there; None leaves it out.
    """

    lags: int = 1
    own_lag: tuple[float, ...] = ()
    overall: float = 0.2
    decay: float = 1.0
    constant: float = 1e3
    scale: float = 1.0
    sum_of_coefficients: float | None = None
    initial: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no prior."""
        if self.lags < 1:
            raise EstimationError(f"BVAR: {self.lags} lags, must be 1 or more")
        tightness = {
            "overall": self.overall,
            "constant": self.constant,
            "scale": self.scale,
            "sum_of_coefficients": self.sum_of_coefficients,
            "initial": self.initial,
        }
        for name, value in tightness.items():
            if value is not None and not (np.isfinite(value) and value > 0):
                raise EstimationError(f"BVAR: prior {name} is {value}, must be above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorRows:
    """A prior as rows [X Y] of artificial data, one set a vector of tightnesses.

    Attributes
    ----------
    rows : (m, r, k + n)
        Regressors (constant, lag 1, ..., lag p), then outcomes.
    scale : (n, n)
        Inverse Wishart scale before the rows.
    dof : float
        Degrees of freedom that belong to ``scale``, plus one a row of the two dummy priors; the k
        rows that stand for the Minnesota moments add none.
    """

    rows: Array
    scale: Array
    dof: float


def check_bvar_data(data: Array, prior: BvarPrior) -> None:
    """Refuse data that a BVAR with ``prior`` cannot use.

    Raises
    ------
    EstimationError
        If the data are not (t, n), a value is not finite, there are fewer than p + 4 years, a
        variable does not vary, or the prior's means are not one a variable.
    """
    if data.ndim != 2:
        raise EstimationError(f"BVAR: data of shape {data.shape}, must be (years, variables)")
    t, n = data.shape
    if not np.isfinite(data).all():
        row, column = np.argwhere(~np.isfinite(data))[0]
        raise EstimationError(f"BVAR: variable {column} is missing in year {row} of {t}")
    if t < prior.lags + 4:
        raise EstimationError(f"BVAR: {t} years, {prior.lags} lags need at least {prior.lags + 4}")
    if prior.own_lag and len(prior.own_lag) != n:
        raise EstimationError(f"BVAR: {len(prior.own_lag)} prior means for {n} variables")


def prior_rows(data: Array, prior: BvarPrior, tightness: Array | None = None) -> PriorRows:
    """Return the prior as artificial data.

    Parameters
    ----------
    data : (t, n)
        Scales come from first-order autoregressions on it, the dummy priors' levels from the mean
        of its first p years (Giannone, Lenza and Primiceri, 2015).
    prior : BvarPrior
    tightness : (m, h) or None
        Values of ``tightness_names(prior)`` that replace the prior's own, one row a set.

    Returns
    -------
    PriorRows
        With m = 1 where ``tightness`` is None.
    """
    names = tightness_names(prior)
    if tightness is None:
        tightness = np.array([[getattr(prior, name) for name in names]])
    sets, n, p = len(tightness), data.shape[1], prior.lags
    k = 1 + n * p
    means = np.array(prior.own_lag or (0.0,) * n)
    spread = residual_std(data)
    start = data[:p].mean(axis=0)
    stays = (means == 1) & (prior.sum_of_coefficients is not None)
    levels = np.flatnonzero(stays)
    extra = len(levels) + (prior.initial is not None)
    rows = np.zeros((sets, k + extra, k + n))
    rows[:, 0, 0] = 1 / prior.constant
    lag = np.repeat(np.arange(1, p + 1), n) ** prior.decay
    overall = tightness[:, :1]
    rows[:, np.arange(1, k), np.arange(1, k)] = np.tile(spread, p) * lag / overall
    rows[:, np.arange(1, n + 1), np.arange(k, k + n)] = means * spread / overall
    at = k
    for variable in levels:
        by = tightness[:, names.index("sum_of_coefficients")]
        columns = [*(1 + variable + n * np.arange(p)), k + variable]
        rows[:, at, columns] = (start[variable] / by)[:, None]
        at += 1
    if prior.initial is not None:
        whole = np.concatenate([[1.0], np.tile(start, p), start])
        rows[:, at] = whole / tightness[:, names.index("initial"), None]
    return PriorRows(rows=rows, scale=prior.scale * np.diag(spread**2), dof=float(n + 2 + extra))


def tightness_names(prior: BvarPrior) -> Sequence[str]:
    """Return the tightnesses that the prior uses: those that can be chosen."""
    optional = [
        name for name in ("sum_of_coefficients", "initial") if getattr(prior, name) is not None
    ]
    return ["overall", *optional]


def residual_std(data: Array) -> Array:
    """Return residual standard deviations of first-order autoregressions with a constant, (n,).

    Raises
    ------
    EstimationError
        If a variable does not vary.
    """
    out = np.empty(data.shape[1])
    for j, column in enumerate(data.T):
        x = np.column_stack([np.ones(len(column) - 1), column[:-1]])
        residuals = column[1:] - x @ np.linalg.lstsq(x, column[1:], rcond=None)[0]
        out[j] = np.sqrt(residuals @ residuals / (len(residuals) - 2))
        if not out[j] > 1e-10 * np.abs(column).max():
            raise EstimationError(
                f"BVAR: variable {j} does not vary, or follows exactly from its own past; leave it "
                "out"
            )
    return out
