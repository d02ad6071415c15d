"""Regression of a yes or no: maximum likelihood of a logit or complementary log-log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError, unknown

LINKS = ("cloglog", "logit")
ROUNDS, ENOUGH, FAR = 100, 1e-11, 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryFit:
    """What was found.

    Attributes
    ----------
    params : ndarray of shape (k,)
    covariance : ndarray of shape (k, k)
        Clustered.
    log_likelihood : float
    """

    params: Vector
    covariance: Matrix
    log_likelihood: float

    @property
    def errors(self) -> Vector:
        """Standard errors."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)


def binary_regression(y: Vector, x: Matrix, groups: Codes, link: str = "cloglog") -> BinaryFit:
    """Return the maximum likelihood estimate with errors clustered by group.

    Fisher scoring. The covariance is the sandwich of expected information and the groups' sums of
    scores, times G / (G - 1) and (n - 1) / (n - k) (R's sandwich::vcovCL with type HC1).

    Parameters
    ----------
    y : ndarray of shape (n,)
        0 or 1.
    x : ndarray of shape (n, k)
        Constant included.
    groups : ndarray of shape (n,), int
    link : {"cloglog", "logit"}
        cloglog: P = 1 - exp(-exp(x b)), whose exp(b) is the ratio of hazards in continuous time
        (Prentice and Gloeckler 1978); logit: exp(b) is the ratio of odds.

    Raises
    ------
    EstimationError
        If columns are collinear, or some combination of them tells all ones from all zeros.
    """
    if link not in LINKS:
        raise EstimationError(unknown(link, LINKS, "link"))
    if np.linalg.matrix_rank(x / np.maximum(np.abs(x).max(axis=0), 1e-300)) < x.shape[1]:
        raise EstimationError("binary regression: columns are collinear")
    scale = np.abs(x).max(axis=0)
    scaled = x / scale
    b, likelihood = np.zeros(x.shape[1]), -np.inf
    for _ in range(ROUNDS):
        mean, slope, weight = _moments(scaled @ b, link)
        score = scaled.T @ (slope * (y - mean))
        step = np.linalg.solve(scaled.T @ (weight[:, None] * scaled), score)
        new = _likelihood(y, scaled @ (b + step), link)
        while new < likelihood and np.abs(step).max() > ENOUGH:
            step = step / 2
            new = _likelihood(y, scaled @ (b + step), link)
        b = b + step
        if np.abs(scaled @ b).max() > FAR:
            break
        if abs(new - likelihood) <= ENOUGH * (1 + abs(new)) and np.abs(step).max() < 1e-8:
            return _found(y, scaled, b, groups, link, scale)
        likelihood = new
    raise EstimationError(
        "binary regression: no estimate: the columns tell ones from zeros without fail, or nearly"
    )


def _moments(eta: Vector, link: str) -> tuple[Vector, Vector, Vector]:
    """Return the mean, d mean / d eta over the variance, and the weight of Fisher scoring."""
    if link == "logit":
        mean = 1 / (1 + np.exp(-eta))
        return mean, np.ones_like(eta), mean * (1 - mean)
    rate = np.exp(np.minimum(eta, FAR))
    mean = -np.expm1(-rate)
    slope = rate / np.maximum(mean, 1e-300)
    return mean, slope, slope * rate * np.exp(-rate)


def _likelihood(y: Vector, eta: Vector, link: str) -> float:
    if link == "logit":
        return float(np.sum(y * eta - np.logaddexp(0, eta)))
    rate = np.exp(np.minimum(eta, FAR))
    return float(np.sum(np.where(y > 0, np.log(np.maximum(-np.expm1(-rate), 1e-300)), -rate)))


def _found(y: Vector, x: Matrix, b: Vector, groups: Codes, link: str, scale: Vector) -> BinaryFit:
    mean, slope, weight = _moments(x @ b, link)
    bread = np.linalg.inv(x.T @ (weight[:, None] * x))
    names, place = np.unique(groups, return_inverse=True)
    sums = np.zeros((len(names), x.shape[1]))
    np.add.at(sums, place, x * (slope * (y - mean))[:, None])
    n, k, g = len(y), x.shape[1], len(names)
    correction = g / (g - 1) * (n - 1) / (n - k) if g > 1 else np.nan
    covariance = correction * bread @ (sums.T @ sums) @ bread
    return BinaryFit(
        params=b / scale,
        covariance=covariance / np.outer(scale, scale),
        log_likelihood=_likelihood(y, x @ b, link),
    )
