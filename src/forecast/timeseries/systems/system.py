"""What models of several series share: checked input, posterior draws, the density."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Cube, Draws
from forecast.errors import EstimationError
from forecast.statistics.variation import REMAINDER, varies

CRITERIA = ("aic", "hq", "bic")
# A shock with this share of its own has a square of 1e-14 in the covariance: next to rounding.
SINGULAR = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemDensity:
    """Draws of several series from one model.

    Attributes
    ----------
    name : str
    series : names of the n series.
    draws : (draws, horizon, n) in the units of the data.
    point : (horizon, n) at the point estimates.
    notes : dict
    """

    name: str
    series: tuple[str, ...]
    draws: Cube
    point: Draws
    notes: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFit:
    """Least squares of n series on the same k regressors.

    Attributes
    ----------
    coefficients : (k, n)
    row_root : (k, k) square root of the inverse of X'X.
    residuals : (T, n)
    """

    coefficients: Draws
    row_root: Draws
    residuals: Draws

    @property
    def degrees(self) -> int:
        """Observations less regressors."""
        return len(self.residuals) - len(self.coefficients)

    @property
    def covariance(self) -> Draws:
        """Covariance of the errors (n, n), divided by the degrees of freedom."""
        return self.residuals.T @ self.residuals / self.degrees

    @property
    def log_det(self) -> float:
        """Log determinant of the residuals' covariance, divided by the observations."""
        return float(np.linalg.slogdet(self.residuals.T @ self.residuals / len(self.residuals))[1])


def fit_system(y: Draws, x: Draws, model: str) -> SystemFit:
    """Return least squares of each column of ``y`` (T, n) on ``x`` (T, k), by scaled QR.

    Raises
    ------
    EstimationError
        If fewer than n degrees of freedom are left, columns of x depend on one another, or the
        residuals of y do or are nothing but rounding.
    """
    if len(y) - x.shape[1] < y.shape[1]:
        raise EstimationError(
            f"{model}: {len(y)} years for {x.shape[1]} regressors and {y.shape[1]} series leave "
            "too few degrees of freedom"
        )
    size = np.sqrt((x**2).sum(axis=0))
    q, r = np.linalg.qr(x / np.where(size > 0, size, 1.0))
    if np.abs(np.diag(r)).min() < REMAINDER:
        raise EstimationError(f"{model}: a series repeats others, its own past or a straight line")
    root = np.linalg.inv(r) / size[:, None]
    coefficients = root @ (q.T @ y)
    fit = SystemFit(coefficients=coefficients, row_root=root, residuals=y - x @ coefficients)
    _refuse_exact(fit, y, model)
    return fit


def _refuse_exact(fit: SystemFit, y: Draws, model: str) -> None:
    """Refuse residuals that are rounding, or whose cross-product has no Cholesky root."""
    left = np.linalg.norm(fit.residuals, axis=0)
    exact = np.flatnonzero(left <= REMAINDER * np.linalg.norm(y, axis=0))
    if len(exact):
        raise EstimationError(
            f"{model}: series {exact[0] + 1} of {y.shape[1]} follows exactly from the past"
        )
    if np.abs(np.diag(np.linalg.qr(fit.residuals / left, mode="r"))).min() < SINGULAR:
        raise EstimationError(
            f"{model}: the shocks of one series are those of the others; leave it out"
        )


def draw_system(fit: SystemFit, draws: int, rng: Generator) -> tuple[Cube, Cube]:
    """Return draws of coefficients (draws, k, n) and of the errors' lower roots (draws, n, n).

    The posterior under the prior |Sigma|^(-(n + 1) / 2), flat in the coefficients: Sigma is
    inverse Wishart with T - k degrees of freedom around the residuals' products, coefficients
    given Sigma matrix normal around least squares (Zellner, 1971, An Introduction to Bayesian
    Inference in Econometrics, chapter 8).
    """
    n = fit.residuals.shape[1]
    bartlett = np.tril(rng.standard_normal((draws, n, n)), k=-1)
    index = np.arange(n)
    bartlett[:, index, index] = np.sqrt(rng.chisquare(fit.degrees - index, size=(draws, n)))
    scale = np.linalg.cholesky(fit.residuals.T @ fit.residuals)
    half = scale @ np.linalg.inv(bartlett.transpose(0, 2, 1))
    root = np.linalg.cholesky(half @ half.transpose(0, 2, 1))
    noise = rng.standard_normal((draws, *fit.coefficients.shape))
    return fit.coefficients + fit.row_root @ noise @ root.transpose(0, 2, 1), root


def checked_system(frame: pd.DataFrame, model: str) -> Draws:
    """Return the values (T, n) of an unbroken annual frame of at least two series.

    Raises
    ------
    EstimationError
        If a year or a value is missing, a series does not vary, or there are fewer than two.
    """
    if frame.shape[1] < 2:
        raise EstimationError(f"{model}: needs two series or more, found {list(frame.columns)}")
    years = frame.index.to_numpy(dtype=np.int64)
    if (np.diff(years) != 1).any():
        after = years[np.argmax(np.diff(years) != 1)]
        raise EstimationError(f"{model}: years have a gap after {after}")
    values = frame.to_numpy(dtype=np.float64)
    holes = ~np.isfinite(values)
    if holes.any():
        row, column = np.argwhere(holes)[0]
        raise EstimationError(f"{model}: {frame.columns[column]} in {years[row]} is not a number")
    for name, one in zip(frame.columns, values.T, strict=True):
        if not varies(one):
            raise EstimationError(f"{model}: {name} is {one[0]:g} in every year; leave it out")
    return values


def lagged(values: Draws, lags: int) -> Draws:
    """Return lags 1 to ``lags`` side by side, (T - lags, n lags), newest first."""
    t = len(values)
    return np.hstack([values[lags - j : t - j] for j in range(1, lags + 1)] or [values[:, :0]])
