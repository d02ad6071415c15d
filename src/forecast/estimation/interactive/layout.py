"""A panel as a rectangle, its additive effects and its principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from forecast.arrays import Cube, Mask, Matrix, Vector

EXACT = 1e-24  # of the outcome's sum of squares, what an exact fit leaves in rounding
ROUNDED = 1 + 1e-13  # a sum of squares that grew by less has not grown


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A panel as a rectangle.

    Attributes
    ----------
    y : (N, T), 0 where there is no row.
    x : (N, T, k), 0 where there is no row.
    inside : (N, T) whether there is one.
    country, year : whether countries and years have additive effects.
    """

    y: Matrix
    x: Cube
    inside: Mask
    country: bool
    year: bool

    def fits_exactly(self, squares: float) -> bool:
        """Say whether a sum of squared residuals is rounding of the outcome's."""
        return squares <= EXACT * float(np.sum(self.y**2))

    def additive(self, values: Cube) -> Cube:
        """Return values (N, T, ...) of the whole rectangle without their additive effects."""
        if self.country:
            values = values - values.mean(axis=1, keepdims=True)
        if self.year:
            values = values - values.mean(axis=0, keepdims=True)
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFit:
    """What the iteration has come to.

    Attributes
    ----------
    slopes : (k,).
    fill : (N, T) outcome less x'b as fitted where there is no row.
    left : (N, T) residuals, 0 at the end where there is no row.
    loadings, factors : (N, r) and (T, r), factors with F'F / T = I, largest first.
    squares : sum of squared residuals.
    """

    slopes: Vector
    fill: Matrix
    left: Matrix
    loadings: Matrix
    factors: Matrix
    squares: float


def components(panel: Layout, factors: int, slopes: Vector, fill: Matrix) -> FactorFit:
    """Return additive effects and principal components of what slopes leave.

    ``fill`` (N, T) stands where there is no row.
    """
    whole = np.where(panel.inside, panel.y - panel.x @ slopes, fill)
    centred = panel.additive(whole)
    found, loadings = _largest(centred, factors)
    left = centred - loadings @ found.T
    return FactorFit(
        slopes=slopes,
        fill=whole,
        left=left,
        loadings=loadings,
        factors=found,
        squares=float(np.sum(left**2)),
    )


def normalised(low: Matrix, factors: int) -> tuple[Matrix, Matrix]:
    """Return loadings (N, r) and factors (T, r) with F'F / T = I of a product of that rank."""
    left, sizes, right = np.linalg.svd(low, full_matrices=False)
    years = np.sqrt(low.shape[1])
    return left[:, :factors] * sizes[:factors] / years, right[:factors].T * years


def _largest(values: Matrix, factors: int) -> tuple[Matrix, Matrix]:
    """Return the factors (T, r) and loadings (N, r) of the largest principal components."""
    countries, years = values.shape
    if not factors:
        return np.empty((years, 0)), np.empty((countries, 0))
    if years <= countries:
        _, vectors = linalg.eigh(values.T @ values, subset_by_index=(years - factors, years - 1))
        found = vectors[:, ::-1] * np.sqrt(years)
        return found, values @ found / years
    _, vectors = linalg.eigh(
        values @ values.T, subset_by_index=(countries - factors, countries - 1)
    )
    left = vectors[:, ::-1]
    loadings = values.T @ left  # (T, r), orthogonal: the factors but for their lengths
    lengths = np.linalg.norm(loadings, axis=0) / np.sqrt(years)
    return loadings / lengths, left * lengths


def spanned_off(x: Cube, fit: FactorFit) -> Cube:
    """Return x (N, T, k) without what factors and loadings span, M_L X M_F by driver."""
    for axis, basis in ((0, fit.loadings), (1, fit.factors)):
        q = np.linalg.qr(basis)[0]
        x = x - np.moveaxis(np.tensordot(q, np.tensordot(q, x, ((0,), (axis,))), (1, 0)), 0, axis)
    return x
