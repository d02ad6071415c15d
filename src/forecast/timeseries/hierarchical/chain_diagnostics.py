"""Whether the chains of a sampler have met, and how many independent draws they are worth."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from forecast.arrays import Array
from forecast.errors import EstimationError


def split_r_hat(chains: Array) -> float:
    """Return the potential scale reduction of chains (m, n), each split in two.

    One where the halves agree; Gelman et al. (2013), Bayesian Data Analysis, section 11.4. Not
    rank-normalised.

    Raises
    ------
    EstimationError
        If there are fewer than four draws a chain.
    """
    halves = _halves(chains)
    n = halves.shape[1]
    between = n * halves.mean(axis=1).var(ddof=1)
    within = halves.var(axis=1, ddof=1).mean()
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt((n - 1) / n + between / within / n))


def effective_size(chains: Array) -> float:
    """Return the effective number of draws of chains (m, n), each split in two.

    Autocorrelations are summed in pairs as long as pairs are positive and fall (Geyer, 1992;
    Gelman et al., 2013, section 11.5).

    Raises
    ------
    EstimationError
        If there are fewer than four draws a chain.
    """
    return _effective(_halves(chains))


def bulk_size(chains: Array) -> float:
    """Return the effective number of draws for the centre: `effective_size` of normal scores.

    Draws are replaced by normal scores of their ranks over all chains (Vehtari, Gelman, Simpson,
    Carpenter and Bürkner, 2021, Bayesian Analysis 16, section 4): no moment need exist.

    Raises
    ------
    EstimationError
        If there are fewer than four draws a chain.
    """
    both = _halves(chains)
    _, place, count = np.unique(both, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place].reshape(both.shape)  # means where tied
    return _effective(ndtri((rank - 3 / 8) / (both.size + 1 / 4)))


def tail_size(chains: Array) -> float:
    """Return the effective number of draws for the 5 and 95 % quantiles, the smaller of the two.

    Of the indicators of being at or below either (Vehtari et al., 2021, section 4.3).

    Raises
    ------
    EstimationError
        If there are fewer than four draws a chain.
    """
    both = _halves(chains)
    return min(_effective((both <= q).astype(float)) for q in np.quantile(chains, (0.05, 0.95)))


def _effective(halves: Array) -> float:
    m, n = halves.shape
    centred = halves - halves.mean(axis=1, keepdims=True)
    size = 2 ** int(np.ceil(np.log2(2 * n)))
    spectrum = np.abs(np.fft.rfft(centred, size, axis=1)) ** 2
    covariance = np.fft.irfft(spectrum, size, axis=1)[:, :n].mean(axis=0) / n
    within = halves.var(axis=1, ddof=1).mean()
    total = (n - 1) / n * within + halves.mean(axis=1).var(ddof=1)
    if total == 0:
        return float(m * n)
    correlation = 1 - (within - covariance * n / (n - 1)) / total
    correlation[0] = 1.0
    pairs = correlation[: n // 2 * 2].reshape(-1, 2).sum(axis=1)
    stop = int(np.argmax(pairs <= 0)) if (pairs <= 0).any() else len(pairs)
    summed = np.minimum.accumulate(pairs[:stop]).sum() if stop else 0.5
    return float(min(m * n / max(2 * summed - 1, 1e-12), m * n * np.log10(m * n)))


def _halves(chains: Array) -> Array:
    m, n = np.atleast_2d(chains).shape
    if n < 4:
        raise EstimationError(f"diagnostics: {n} draws a chain, needs at least 4")
    half = n // 2
    both = np.atleast_2d(chains)
    return np.concatenate([both[:, :half], both[:, n - half :]]).reshape(2 * m, half)
