"""A Bayesian vector autoregression with a conjugate prior: posterior, evidence, draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import multigammaln

from forecast.arrays import Array, Integers
from forecast.errors import EstimationError
from forecast.randomness.inverse_wishart import inverse_wishart_roots
from forecast.timeseries.bvar.prior import BvarPrior, PriorRows, check_bvar_data, prior_rows

# Rounds of drawing again where explosive systems are refused.
ROUNDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BvarPosterior:
    """Normal-inverse-Wishart posterior, one for each of m sets of tightnesses.

    Sigma is inverse Wishart (``scale``, ``dof``); the coefficients given Sigma are matrix normal
    with mean ``mean``, row covariance ``row_root @ row_root.T`` and column covariance Sigma.

    Attributes
    ----------
    mean : (m, k, n) rows: constant, the n variables at lag 1, ..., at lag p.
    row_root : (m, k, k) upper triangular.
    scale : (m, n, n)
    dof : float
    log_evidence : (m,) log marginal likelihood of the years after the first p, given those.
    lags : p
    n_obs : years used.
    """

    mean: Array
    row_root: Array
    scale: Array
    dof: float
    log_evidence: Array
    lags: int
    n_obs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BvarDraws:
    """Draws of a vector autoregression's parameters.

    Attributes
    ----------
    coefficients : (draws, k, n) rows as in ``BvarPosterior.mean``.
    root : (draws, n, n) lower triangular, root @ root.T = Sigma.
    lags : p
    rejected : share of candidates refused because their largest root was too large.
    tails : (draws,) or None
        Degrees of freedom of Student t shocks whose scale matrix is Sigma; None: normal.
    volatility : (draws, 3) or None
        Common stochastic volatility h, shocks having covariance exp(h_t) Sigma: the last year's
        h, its persistence and the standard deviation of its changes; None: constant.
    """

    coefficients: Array
    root: Array
    lags: int
    rejected: float = 0.0
    tails: Array | None = None
    volatility: Array | None = None

    @property
    def size(self) -> int:
        """Number of variables n."""
        return int(self.root.shape[1])


def bvar_posterior(data: Array, prior: BvarPrior, tightness: Array | None = None) -> BvarPosterior:
    """Return the posterior in closed form, with the exact marginal likelihood.

    Prior and data are rows of one least-squares problem. Its QR decomposition [X Y] = Q R holds
    everything: coefficients, their row covariance and the residual cross-product. The data are
    first reduced to their own triangle, so that many sets of tightnesses cost little. The
    evidence is the ratio of the normal-inverse-Wishart constants after and before the data
    (Giannone, Lenza and Primiceri, 2015, appendix A; the dummy priors belong to the prior, so
    their own constant is divided out).

    Parameters
    ----------
    data : (t, n)
        Years in rows, nothing missing.
    prior : BvarPrior
    tightness : (m, h) or None
        Values of ``tightness_names(prior)`` in the prior's place, one row a set.

    Returns
    -------
    BvarPosterior

    Raises
    ------
    EstimationError
        If the data cannot be used (see `check_bvar_data`).
    """
    check_bvar_data(data, prior)
    x, y = with_constant_and_lags(data, prior.lags)
    before = prior_rows(data, prior, tightness)
    triangle = np.asarray(np.linalg.qr(np.hstack([x, y]), mode="r"))
    return _updated(before, triangle, len(y), prior.lags)


def weighted_posterior(
    before: PriorRows, x: Array, y: Array, weights: Array, lags: int
) -> BvarPosterior:
    """Return the posterior where year t's shocks have covariance Sigma / weights_t^2.

    Parameters
    ----------
    before : PriorRows
        One set of tightnesses.
    x, y : (t, k), (t, n)
        From `with_constant_and_lags`.
    weights : (m, t)
        One posterior a row.
    lags : int
    """
    rows = weights[:, :, None] * np.hstack([x, y])
    return _updated(before, rows, len(y), lags)


def draw_bvar(
    posterior: BvarPosterior, draws: int, rng: Generator, max_root: float | None = None
) -> BvarDraws:
    """Draw coefficients and covariances.

    Parameters
    ----------
    posterior : BvarPosterior
        Where it holds m sets of tightnesses, each draw takes one of them at random, all in turn:
        draws then integrate over the tightnesses that the sets are draws of.
    draws : int
    rng : numpy.random.Generator
    max_root : float or None
        A draw whose companion matrix has a root of this modulus or more is drawn again, which
        cuts the posterior to the region below; None keeps all.

    Returns
    -------
    BvarDraws

    Raises
    ------
    EstimationError
        If hardly any draw has roots below ``max_root``: fewer than ``draws`` after 200 rounds.
    """
    sets, lags = len(posterior.mean), posterior.lags
    kept_b: list[Array] = []
    kept_root: list[Array] = []
    kept = tried = 0
    for _ in range(ROUNDS):
        wanted = draws - kept
        pick = rng.permutation(np.arange(wanted) % sets)
        b, root = matrix_normal_draws(posterior, pick, rng)
        good = np.ones(wanted, bool) if max_root is None else largest_root(b, lags) < max_root
        kept_b.append(b[good])
        kept_root.append(root[good])
        kept, tried = kept + int(good.sum()), tried + wanted
        if kept == draws:
            return BvarDraws(
                coefficients=np.concatenate(kept_b),
                root=np.concatenate(kept_root),
                lags=lags,
                rejected=1 - kept / tried,
            )
    raise EstimationError(
        f"BVAR: only {kept} of {tried} draws have all roots below {max_root:g}; the variables look "
        "like levels that drift, not like what the prior's means say"
    )


def matrix_normal_draws(
    posterior: BvarPosterior, pick: Integers, rng: Generator
) -> tuple[Array, Array]:
    """Return coefficients (draws, k, n) and roots of Sigma (draws, n, n).

    Parameters
    ----------
    posterior : BvarPosterior
    pick : (draws,)
        Which of its sets each draw comes from.
    rng : numpy.random.Generator
    """
    k, n = posterior.mean.shape[1:]
    one = len(posterior.mean) == 1
    scale = posterior.scale[0] if one else posterior.scale[pick]
    root = inverse_wishart_roots(scale, posterior.dof, len(pick), rng)
    noise = rng.standard_normal((len(pick), k, n))
    mean = posterior.mean if one else posterior.mean[pick]
    row_root = posterior.row_root if one else posterior.row_root[pick]
    return np.asarray(mean + row_root @ noise @ root.swapaxes(1, 2)), root


def with_constant_and_lags(data: Array, lags: int) -> tuple[Array, Array]:
    """Return regressors (t - p, 1 + n p): constant, lag 1, ..., lag p; and outcomes (t - p, n)."""
    t = len(data)
    columns = [data[lags - lag : t - lag] for lag in range(1, lags + 1)]
    return np.hstack([np.ones((t - lags, 1)), *columns]), data[lags:]


def largest_root(coefficients: Array, lags: int) -> Array:
    """Return the largest modulus of the companion matrix's eigenvalues, (draws,)."""
    draws, _, n = coefficients.shape
    companion = np.zeros((draws, n * lags, n * lags))
    companion[:, :n] = coefficients[:, 1:].swapaxes(1, 2)
    index = np.arange(n * (lags - 1))
    companion[:, n + index, index] = 1.0
    return np.asarray(np.abs(np.linalg.eigvals(companion)).max(axis=1))


def _updated(before: PriorRows, rows: Array, n_obs: int, lags: int) -> BvarPosterior:
    n = before.scale.shape[0]
    sets = max(len(before.rows), len(rows) if rows.ndim == 3 else 1)
    both = np.concatenate(
        [np.broadcast_to(part, (sets, *part.shape[-2:])) for part in (before.rows, rows)],
        axis=1,
    )
    inverse, mean, scale = _triangle(both, before.scale)
    prior_inverse, _, prior_scale = _triangle(before.rows, before.scale)
    dof = before.dof + n_obs
    log_evidence = (
        -n * n_obs / 2 * np.log(np.pi)
        + multigammaln(dof / 2, n)
        - multigammaln(before.dof / 2, n)
        + before.dof / 2 * _log_det(prior_scale)
        - dof / 2 * _log_det(scale)
        + n * (_log_diagonal(inverse) - _log_diagonal(prior_inverse))
    )
    return BvarPosterior(
        mean=mean,
        row_root=inverse,
        scale=scale,
        dof=dof,
        log_evidence=np.asarray(log_evidence),
        lags=lags,
        n_obs=n_obs,
    )


def _triangle(rows: Array, scale: Array) -> tuple[Array, Array, Array]:
    """Return R_x^-1, the coefficients and the updated scale from rows [X Y].

    Columns are brought to one size before the decomposition, as the constant's row is tiny.
    """
    n = scale.shape[0]
    k = rows.shape[2] - n
    size = np.sqrt((rows**2).sum(axis=1))
    size[size == 0] = 1.0
    r = np.asarray(np.linalg.qr(rows / size[:, None, :], mode="r"))
    inverse = np.linalg.inv(r[:, :k, :k])
    coefficients = inverse @ (r[:, :k, k:] * size[:, None, k:])
    left = r[:, k:, k:] * size[:, None, k:]
    inverse = inverse / size[:, :k, None]
    return (
        inverse,
        coefficients / size[:, :k, None],
        scale + left.swapaxes(1, 2) @ left,
    )


def _log_det(matrices: Array) -> Array:
    return np.asarray(np.linalg.slogdet(matrices)[1])


def _log_diagonal(triangles: Array) -> Array:
    """Return log |det| of triangular matrices."""
    return np.asarray(np.log(np.abs(np.diagonal(triangles, axis1=-2, axis2=-1))).sum(axis=-1))
