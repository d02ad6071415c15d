"""Interactive effects where a rectangle has holes: least squares on its rows alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from forecast.arrays import Integers, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.interactive.layout import ROUNDED, FactorFit, Layout, normalised

MOST = 500
FEW = 6
DONE = 1e-24  # of the sum of squares, what a step must still move
STIFF = 1e12  # damping at which a step is nothing
LOST = 1e-11  # of the largest eigenvalue: below it a direction is rounding of the others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Slopes (k,), effects (N,) and (T,), loadings (N, r) and factors (T, r)."""

    slopes: Vector
    country: Vector
    year: Vector
    loadings: Matrix
    factors: Matrix

    def fitted(self) -> Matrix:
        return self.country[:, None] + self.year + self.loadings @ self.factors.T

    def left(self, panel: Layout) -> Vector:
        return (panel.y - panel.x @ self.slopes - self.fitted())[panel.inside]

    def moved(self, step: Vector, panel: Layout) -> _Place:
        """Return the place after a step in the order of ``directions``, slopes first."""
        countries, years = panel.y.shape
        parts = [len(self.slopes), countries * panel.country, years * panel.year]
        slopes, country, year, rest = np.split(step, np.cumsum(parts))
        pairs = rest.reshape(self.factors.shape[1], countries + years).T
        return _Place(
            slopes=self.slopes + slopes,
            country=self.country + country if panel.country else self.country,
            year=self.year + year if panel.year else self.year,
            loadings=self.loadings + pairs[:countries],
            factors=self.factors + pairs[countries:],
        )


def polished(panel: Layout, start: FactorFit, *, exact: bool) -> FactorFit:
    """Return the least sum of squares over the rows, from where maximisation has got.

    Damped Newton steps over slopes, effects, loadings and factors at once: expectation
    maximisation creeps where factors fit noise. Without ``exact`` a few steps do, for the sum of
    squares: a factor that fits holes has its minimum at infinity.

    Raises
    ------
    EstimationError
        If it does not converge.
    """
    countries, years = panel.y.shape
    additive = start.fill - start.left - start.loadings @ start.factors.T
    country = additive.mean(axis=1) if panel.country else np.zeros(countries)
    place = _Place(
        slopes=start.slopes,
        country=country,
        year=(additive - country[:, None]).mean(axis=0) if panel.year else np.zeros(years),
        loadings=start.loadings,
        factors=start.factors,
    )
    x = sparse.csr_array(panel.x[panel.inside])
    left, damp = place.left(panel), 1e-6
    for _ in range(MOST if exact else FEW):
        b = sparse.hstack([x, directions(panel, place.loadings, place.factors)]).tocsr()
        squares, sizes, curved = float(left @ left), _sizes(b), _curvature(panel, b, left)
        scaled = curved / np.outer(sizes, sizes)
        while True:
            step = _solved(scaled, (b.T @ left) / sizes, damp) / sizes
            there = place.moved(step, panel)
            after = there.left(panel)
            reach = float(np.sum((b @ step) ** 2))
            if float(after @ after) <= squares * ROUNDED or damp > STIFF:
                break
            damp *= 8
        if reach <= DONE * squares or panel.fits_exactly(squares):
            return _finished(panel, place, left)
        place, left, damp = there, after, max(damp / 8, 1e-9)
    if not exact:
        return _finished(panel, place, left)
    raise EstimationError(
        f"{place.factors.shape[1]} factors: no convergence in {MOST} steps; take fewer factors, or "
        f"leave countries with few rows out"
    )


def _sizes(columns: sparse.csr_array) -> Vector:
    """Return the lengths of columns (q,), those of almost nothing taken longer."""
    squares = columns.multiply(columns).sum(axis=0)
    lengths: Vector = np.sqrt(np.maximum(squares, LOST * squares.max()))
    return lengths


def _curvature(panel: Layout, columns: sparse.csr_array, left: Vector) -> Matrix:
    """Return (q, q) half the second derivatives of the sum of squares.

    A loading times a factor bends the fit: their second derivative is the residual.
    """
    products: Matrix = (columns.T @ columns).toarray()
    countries, years = panel.y.shape
    rest = np.zeros_like(panel.y)
    rest[panel.inside] = left
    at = len(panel.x[0, 0]) + countries * panel.country + years * panel.year
    for loading in range(at, len(products), countries + years):
        factor = loading + countries
        products[loading:factor, factor : factor + years] -= rest
        products[factor : factor + years, loading:factor] -= rest.T
    return products


def _solved(matrix: Matrix, towards: Vector, damp: float) -> Vector:
    """Return the damped step, more damped where curvature is negative."""
    for more in 8.0 ** np.arange(20):
        try:
            factor = linalg.cho_factor(
                matrix + damp * more * np.eye(len(matrix)), check_finite=False
            )
        except linalg.LinAlgError:
            continue
        step: Vector = linalg.cho_solve(factor, towards, check_finite=False)
        return step
    raise EstimationError("interactive effects: the sum of squares cannot be told from rounding")


def _finished(panel: Layout, place: _Place, left: Vector) -> FactorFit:
    rest = np.zeros_like(panel.y)
    rest[panel.inside] = left
    loadings, factors = normalised(
        panel.additive(place.loadings @ place.factors.T), place.factors.shape[1]
    )
    return FactorFit(
        slopes=place.slopes,
        fill=place.fitted() + rest,
        left=rest,
        loadings=loadings,
        factors=factors,
        squares=float(left @ left),
    )


def directions(panel: Layout, loadings: Matrix, factors: Matrix) -> sparse.csr_array:
    """Return (n, q) what effects, loadings and factors move fitted values of the rows by."""
    country, year = np.nonzero(panel.inside)
    rows, (countries, years) = np.arange(len(country)), panel.y.shape

    def block(values: Vector, codes: Integers, width: int) -> sparse.csr_array:
        return sparse.csr_array((values, (rows, codes)), shape=(len(rows), width))

    ones = np.ones(len(rows))
    blocks = [block(ones, country, countries)] * panel.country
    blocks += [block(ones, year, years)] * panel.year
    for loading, factor in zip(loadings.T, factors.T, strict=True):
        blocks += [block(factor[year], country, countries), block(loading[country], year, years)]
    if not blocks:
        return sparse.csr_array((len(rows), 0))
    return sparse.csr_array(sparse.hstack(blocks))


def without_directions(values: Matrix, columns: sparse.csr_array) -> tuple[Matrix, int]:
    """Return values (n, m) without their projection on columns (n, q), and the columns' rank."""
    if not columns.shape[1]:
        return values, 0
    products = (columns.T @ columns).toarray()
    sizes = np.sqrt(np.maximum(np.diag(products), LOST * np.diag(products).max()))
    eigenvalues, vectors = np.linalg.eigh(products / np.outer(sizes, sizes))
    kept = eigenvalues > LOST * eigenvalues[-1]
    root = vectors[:, kept] / np.sqrt(eigenvalues[kept]) / sizes[:, None]
    for _ in range(3):  # further passes remove the rounding of the first
        values = values - columns @ (root @ (root.T @ (columns.T @ values)))
    return values, int(kept.sum())
