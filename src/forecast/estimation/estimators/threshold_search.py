"""The value at which a coefficient changes: sums of squares over a grid, and their bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from forecast.arrays import Array, Codes, Matrix, Vector
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.least_squares import beyond

CHUNK = 256  # draws at a time: the working arrays stay in cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One threshold searched, given what the model holds without it.

    Attributes
    ----------
    grid : (g,) values tried; ssr : (g,) residual sums of squares with a break at each.
    null_ssr : without the break.
    directions : (n, g, s) orthonormal columns that the break at each value adds.
    """

    grid: Vector
    ssr: Vector
    null_ssr: float
    directions: Array

    @property
    def best(self) -> int:
        """Position of the least sum of squares; the first of equals."""
        return int(np.argmin(self.ssr))

    def statistic(self, df: int) -> float:
        """Return F = (S0 - S1) / (S1 / df) (Hansen 1999)."""
        least = float(self.ssr[self.best])
        return (self.null_ssr - least) / (least / df)

    def likelihood_ratio(self, df: int) -> Vector:
        """Return LR = (S1(value) - S1) / (S1 / df), (g,)."""
        least = float(self.ssr[self.best])
        ratio: Vector = (self.ssr - least) / (least / df)
        return ratio


def candidates(variable: Vector, size: int, trim: float, taken: tuple[float, ...]) -> Vector:
    """Return at most ``size`` values that leave a share ``trim`` of the rows in every regime.

    Values are observed ones, at quantiles evenly spaced among those allowed; the lower regime is
    "at most". ``taken`` are thresholds already there.
    """
    values, counts = np.unique(variable, return_counts=True)
    below = np.cumsum(counts)  # rows at or below each value
    least = trim * len(variable)
    ends = [0, *(int(np.sum(variable <= value)) for value in sorted(taken)), len(variable)]
    allowed = np.zeros(len(values), dtype=bool)
    for low, high in pairwise(ends):
        allowed |= (below - low >= least) & (high - below >= least)
    values = values[allowed]
    if len(values) <= size:
        return np.asarray(values, dtype=float)
    positions = np.round(np.linspace(0, len(values) - 1, size)).astype(int)
    return np.asarray(values[positions], dtype=float)


def search(y: Vector, held: Matrix, added: Array, grid: Vector) -> Search:
    """Return the sums of squares of y on ``held`` and, one value after another, ``added``.

    Parameters
    ----------
    y : (n,) outcome without effects.
    held : (n, p) orthonormal columns of the model without the break.
    added : (n, g, s) columns that a break at each value adds, without effects.
    grid : (g,) the values.
    """
    left = y - held @ (held.T @ y)
    flat = added.reshape(len(y), -1)
    size = np.linalg.norm(flat, axis=0)
    flat = beyond(held, flat)
    # what is left of a column by rounding alone is no direction; units decide no rank
    left_over = np.linalg.norm(flat, axis=0)
    kept = left_over > 1e-9 * size
    added = (flat * (kept / np.where(kept, left_over, 1.0))).reshape(added.shape)
    gram = np.einsum("ngs,ngt->gst", added, added)
    values, vectors = np.linalg.eigh(gram)
    usable = values > 1e-12 * np.maximum(values[:, -1:], np.finfo(float).tiny)
    scale = np.where(usable, 1 / np.sqrt(np.where(usable, values, 1.0)), 0.0)
    directions = np.einsum("ngs,gst->ngt", added, vectors * scale[:, None, :])
    null = float(left @ left)
    gain = np.sum(np.einsum("ngs,n->gs", directions, left) ** 2, axis=1)
    return Search(grid=grid, ssr=null - gain, null_ssr=null, directions=directions)


def bootstrap_statistics(
    found: Search,
    residuals: Vector,
    country: Codes,
    projected: Matrix,
    df: int,
    draws: int,
    rng: np.random.Generator,
    *,
    wild: bool,
) -> Vector:
    """Return the F statistics of bootstrap samples made without the break, (draws,).

    A sample takes whole countries' residuals, drawn with replacement (Hansen 1999), or
    each country's own times a random sign (``wild``). As regressors are fixed and F does not depend
    on coefficients, only inner products of countries' residuals with the directions are needed:
    they are taken once, and a draw sums them.

    Parameters
    ----------
    projected : (n, m)
        Orthonormal columns that estimation takes out of a sample: the model without the break, and
        dummies that reshuffled residuals are no longer orthogonal to.
    """
    columns = np.column_stack([projected, found.directions.reshape(len(residuals), -1)])
    taken = projected.shape[1]
    shape = found.directions.shape[1:]
    countries = group_count(country)
    squares = np.bincount(country, weights=residuals**2)
    starts = np.searchsorted(country, np.arange(countries))
    out = np.empty(draws)
    if wild:
        scores = np.add.reduceat(columns * residuals[:, None], starts, axis=0).T
    else:
        length = len(residuals) // countries
        cube = columns.reshape(countries, length, -1)
        own = residuals.reshape(countries, length).T
    for begin in range(0, draws, CHUNK):
        size = min(CHUNK, draws - begin)
        if wild:
            signs = rng.integers(0, 2, size=(countries, size)) * 2.0 - 1.0
            total = np.full(size, squares.sum())
            products = scores @ signs
        else:
            picked = rng.integers(0, countries, size=(countries, size))
            total = squares[picked].sum(axis=0)
            products = np.zeros((columns.shape[1], size))
            for place in range(countries):
                products += (cube[place].T @ own)[:, picked[place]]
        null = total - np.sum(products[:taken] ** 2, axis=0)
        gain = np.sum(products[taken:].reshape(*shape, size) ** 2, axis=1).max(axis=0)
        out[begin : begin + size] = gain / ((null - gain) / df)
    return out
