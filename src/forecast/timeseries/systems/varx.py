"""A small Bayesian vector autoregression, conditional on a series from outside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Mask
from forecast.errors import EstimationError
from forecast.randomness.inverse_wishart import inverse_wishart_roots
from forecast.statistics.variation import REMAINDER, varies

# Draws whose largest root of A reaches this are drawn again: at 0.98 a shock is still felt at half
# its size after 34 years, as long as the samples that these systems are estimated on.
MAX_ROOT = 0.98
ROUNDS = 200
# After these the powers are looked at: the 8th, the 64th and the 256th, which settles roots that
# differ from the limit by a percent.
SQUARINGS = (3, 3, 2)
SLACK = 1e-6  # for the rounding of powers


@dataclass(frozen=True, slots=True, kw_only=True)
class VarxPrior:
    """How tightly coefficients are held around zero; large values give least squares.

    A prior standard deviation is the value here times s_i / s_j, with s the residual standard
    deviation of a first-order autoregression (for growth, its standard deviation).

    Attributes
    ----------
    lag : of every lagged variable, the own one too.
    impact : of growth in the same year, B0.
    long_run : of the sum B0 + B1, the effect of growth that is lower or higher for good. It has
        its own tightness because a trend that growth shares with a rate over one sample is
        otherwise run on outside it.

    """

    lag: float = 0.1
    impact: float = 0.5
    long_run: float = 0.3


DEFAULT_PRIOR = VarxPrior()


@dataclass(frozen=True, slots=True, kw_only=True)
class VarxPosterior:
    """Posterior of w_t = c + A w_{t-1} + B0 g_t + B1 g_{t-1} + e_t, e_t ~ N(0, Sigma).

    Sigma is inverse Wishart (``scale``, ``dof``); the coefficients given Sigma are matrix normal
    (``mean``, ``row_cov``, Sigma).

    Attributes
    ----------
    mean : (k, n) coefficients; rows: constant, the n lags, g_t, g_{t-1}.
    row_cov : (k, k).
    scale : (n, n).
    dof : float
    n_obs : years used.
    """

    mean: Array
    row_cov: Array
    scale: Array
    dof: float
    n_obs: int

    @property
    def size(self) -> int:
        """Number of variables n."""
        return int(self.mean.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class VarxDraws:
    """Draws of the coefficients and of the shocks' covariance.

    Attributes
    ----------
    coefficients : (draws, k, n), rows as in ``VarxPosterior.mean``.
    root : (draws, n, n) lower triangular, root @ root.T = Sigma.
    rejected : share of candidate draws refused because A was explosive.
    """

    coefficients: Array
    root: Array
    rejected: float

    @property
    def lag(self) -> Array:
        """(draws, n, n): element i, j is the effect of variable j's last value on variable i."""
        n = self.root.shape[1]
        return self.coefficients[:, 1 : 1 + n].transpose(0, 2, 1)

    @property
    def sigma(self) -> Array:
        """(draws, n, n) covariance of the shocks."""
        return self.root @ self.root.transpose(0, 2, 1)


def varx_posterior(
    variables: Array,
    growth: Array,
    prior: VarxPrior = DEFAULT_PRIOR,
    persistence: Array | None = None,
) -> VarxPosterior:
    """Return the conjugate posterior under a Minnesota-type prior.

    The prior enters as dummy observations (Banbura, Giannone and Reichlin, 2010, Journal of
    Applied Econometrics 25, equations 4-6): every coefficient is centred on zero but the own
    first lags, which are centred on ``persistence``. The long-run effect of growth has a dummy of
    its own. The constant is free. Sigma has n + 2 degrees of freedom and as many squares, scale
    (n + 2) diag(s^2): with the usual diag(s^2) the degrees of freedom of n + 2 years come with the
    squares of one, and on 45 years shocks are a tenth too small (docs/methods/projection.md).

    Parameters
    ----------
    variables : (t, n) annual rates of change, or levels that return to a mean.
    growth : (t,) the outside series, same years.
    prior : VarxPrior
    persistence : (n,) prior means of the own first lags; None: zero, for rates of change.

    Returns
    -------
    VarxPosterior

    Raises
    ------
    EstimationError
        If shapes differ, a value is not finite, growth or a variable does not vary, or there are
        fewer than n + 6 years.
    """
    t, n = variables.shape
    if growth.shape != (t,):
        raise EstimationError(f"VARX: {t} years of variables, but growth has shape {growth.shape}")
    if not (np.isfinite(variables).all() and np.isfinite(growth).all()):
        raise EstimationError("VARX: a variable or growth is missing in some year")
    if t < n + 6:
        raise EstimationError(f"VARX: {t} years for {n} variables, needs at least {n + 6}")
    y, x = variables[1:], _regressors(variables, growth)
    spread = np.array([_residual_std(j, column) for j, column in enumerate(variables.T, 1)])
    dummies = _dummies(spread, _growth_std(growth), prior)
    centres = np.zeros((len(dummies), n))
    if persistence is not None:
        centres[1 : n + 1] = np.diag(spread / prior.lag * persistence)
    x_all = np.vstack([x, dummies])
    y_all = np.vstack([y, centres])
    # Columns are scaled before the QR: the constant's dummy is some 1e-7 of the others.
    size = np.sqrt((x_all**2).sum(axis=0))
    q, r = np.linalg.qr(x_all / size)
    inverse = np.linalg.inv(r) / size[:, None]
    mean = inverse @ (q.T @ y_all)
    residuals = y_all - x_all @ mean
    return VarxPosterior(
        mean=mean,
        row_cov=inverse @ inverse.T,
        scale=(n + 2) * np.diag(spread**2) + residuals.T @ residuals,
        dof=float(n + 2 + len(y)),
        n_obs=len(y),
    )


def draw_varx(posterior: VarxPosterior, draws: int, rng: Generator) -> VarxDraws:
    """Draw coefficients and covariance, refusing explosive autoregressions.

    A draw whose A has a root of modulus ``MAX_ROOT`` or more is drawn again, covariance included,
    which cuts the posterior to the region of stable systems.

    Parameters
    ----------
    posterior : VarxPosterior
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    VarxDraws

    Raises
    ------
    EstimationError
        If hardly any draw is stable: fewer than ``draws`` after 200 rounds.
    """
    n = posterior.size
    kept_b: list[Array] = []
    kept_root: list[Array] = []
    kept = tried = 0
    row_root = np.linalg.cholesky(posterior.row_cov)
    for _ in range(ROUNDS):
        wanted = max(draws - kept, 1)
        root = inverse_wishart_roots(posterior.scale, posterior.dof, wanted, rng)
        noise = rng.standard_normal((wanted, *posterior.mean.shape))
        b = posterior.mean + row_root @ noise @ root.transpose(0, 2, 1)
        stable = _stable(b[:, 1 : 1 + n])
        kept_b.append(b[stable])
        kept_root.append(root[stable])
        kept += int(stable.sum())
        tried += wanted
        if kept >= draws:
            return VarxDraws(
                coefficients=np.concatenate(kept_b)[:draws],
                root=np.concatenate(kept_root)[:draws],
                rejected=1 - kept / tried,
            )
    raise EstimationError(
        f"VARX: only {kept} of {tried} draws are stable; the variables do not look like rates of "
        "change"
    )


def _stable(lag: Array) -> Mask:
    """Return which matrices (draws, n, n) have all roots inside `MAX_ROOT`.

    The p-th power of the largest root is at most the norm of the matrix's p-th power, and at least
    its trace over n, so that a small power or a large trace settles the matter, and roots are
    computed for the rest alone.
    """
    stable = np.zeros(len(lag), dtype=bool)
    rest, power, limit = np.arange(len(lag)), lag, MAX_ROOT
    for squarings in SQUARINGS:
        # An explosive matrix overflows, which is no small power either.
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(squarings):
                power, limit = power @ power, limit**2
            small = np.einsum("dij,dij->d", power, power) < (1 - SLACK) * limit**2
            large = np.abs(np.einsum("dii->d", power)) > (1 + SLACK) * lag.shape[1] * limit
        stable[rest[small]] = True
        open_ = ~(small | large)
        rest, power = rest[open_], power[open_]
    if len(rest):
        stable[rest] = np.abs(np.linalg.eigvals(lag[rest])).max(axis=1) < MAX_ROOT
    return stable


def simulate_varx(
    parameters: VarxDraws,
    last: Array,
    last_growth: float,
    growth: Array,
    rng: Generator | Sequence[Generator],
) -> Array:
    """Simulate the variables along given paths of growth.

    Growth is outside the system, so running it forward on a path is exact, not an approximation.
    The random numbers used do not depend on the path: two scenarios with equal seeds share shocks.

    Parameters
    ----------
    parameters : VarxDraws
    last : (n,) variables in the last known year.
    last_growth : growth in that year.
    growth : (draws, horizon) growth, one path a draw.
    rng : numpy.random.Generator, or one a variable
        One a variable: shocks of the i-th are those of the variables before it, passed on by the
        lower triangular root, and its own.

    Returns
    -------
    numpy.ndarray
        (draws, horizon, n).

    Raises
    ------
    EstimationError
        If there is not one growth path a draw of the parameters.
    """
    draws, n = parameters.root.shape[:2]
    if growth.ndim != 2 or growth.shape[0] != draws:
        raise EstimationError(f"VARX: growth has shape {growth.shape}, must be ({draws}, horizon)")
    horizon = growth.shape[1]
    if isinstance(rng, Generator):
        shocks = list(np.moveaxis(rng.standard_normal((horizon, draws, n)), 2, 0))
    else:
        shocks = [one.standard_normal((horizon, draws)) for one in rng]
    return varx_paths((parameters,), last, last_growth, growth, shocks)


def varx_paths(
    parts: Sequence[VarxDraws],
    last: Array,
    last_growth: float,
    growth: Array,
    shocks: Iterable[Array],
) -> Array:
    """Return `simulate_varx` of several posteriors at once, from given shocks.

    Parameters
    ----------
    parts : draws of each posterior, one after the other
    last : (n,) variables in the last known year, or (n, draws).
    last_growth : growth in that year.
    growth : (draws, horizon)
    shocks : n of (horizon, draws), standard normal.

    Returns
    -------
    numpy.ndarray
        (draws, horizon, n), draws side by side in memory.
    """
    n, (draws, horizon) = parts[0].root.shape[1], growth.shape
    # One row an equation: constant, lags, growth now and before, shocks; draws last, so that the
    # inner loop of the product runs over them.
    inputs = np.empty((horizon + 1, 2 * n + 3, draws))
    inputs[:, 0] = 1.0
    inputs[0, 1 : n + 1] = last.reshape(n, -1)
    inputs[:-1, n + 1] = growth.T
    inputs[0, n + 2] = last_growth
    inputs[1:-1, n + 2] = inputs[:-2, n + 1]
    for i, one in enumerate(shocks):
        inputs[:-1, n + 3 + i] = one
    end = 0
    for part in parts:
        begin, end = end, end + len(part.root)
        weights = np.empty((n, 2 * n + 3, end - begin))
        weights[:, : n + 3] = part.coefficients.transpose(2, 1, 0)
        weights[:, n + 3 :] = part.root.transpose(1, 2, 0)
        along = inputs[:, :, begin:end]
        for t in range(horizon):
            np.einsum("ijd,jd->id", weights, along[t], out=along[t + 1, 1 : n + 1])
    return inputs[1:, 1 : n + 1].transpose(2, 0, 1)


def _regressors(variables: Array, growth: Array) -> Array:
    ones = np.ones(len(variables) - 1)
    return np.column_stack([ones, variables[:-1], growth[1:], growth[:-1]])


def _growth_std(growth: Array) -> float:
    if not varies(growth):
        raise EstimationError(f"VARX: growth is {growth[0]:g} in every year; nothing moves with it")
    return float(growth.std(ddof=1))


def _residual_std(place: int, column: Array) -> float:
    """Return the residual standard deviation of a first-order autoregression with a constant."""
    x = np.column_stack([np.ones(len(column) - 1), column[:-1]])
    residuals = column[1:] - x @ np.linalg.lstsq(x, column[1:], rcond=None)[0]
    exact = np.linalg.norm(residuals) <= REMAINDER * np.linalg.norm(column)
    if exact or not varies(column):
        raise EstimationError(
            f"VARX: variable {place} does not vary, or follows exactly from its own past; leave it "
            "out"
        )
    return float(np.sqrt(residuals @ residuals / (len(residuals) - 2)))


def _dummies(spread: Array, growth_std: float, prior: VarxPrior) -> Array:
    """Return the prior's rows of X."""
    n = len(spread)
    rows = np.zeros((n + 3, n + 3))
    rows[0, 0] = 1e-6  # the constant: a prior standard deviation of a million times s_i
    rows[1 : n + 1, 1 : n + 1] = np.diag(spread / prior.lag)
    rows[n + 1, n + 1] = growth_std / prior.impact
    rows[n + 2, n + 1 :] = growth_std / prior.long_run
    return rows
