"""All subsets of regressors: their residual sums of squares and averaged coefficients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Integers, Mask, Masks, Matrix, Vector
from forecast.estimation.averaging.evidence import Shrinkage

# Models are swept in blocks of 2^INNER, so that a block's matrices stay near the cache.
INNER = 9
# A block or model whose posterior probability is below this changes no digit of a sum of one.
NEGLIGIBLE = 1e-19
CHUNK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossProducts:
    """A regression after sweeping, reduced to sums of products of columns of length 1.

    Attributes
    ----------
    gram : (k, k) X'X, its diagonal 1.
    cross : (k,) X'y, y of length 1: correlations.
    lengths : (k,) of the columns; y_length: of the outcome.
    rows, df : number of rows, and rows less the constant and the effects swept out.
    """

    gram: Matrix
    cross: Vector
    lengths: Vector
    y_length: float
    rows: int
    df: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Averages:
    """Sums over models, weighted by posterior probability, in units of length 1.

    Attributes
    ----------
    pip : (k,) probability that a regressor is in.
    first : (k,) E[beta]; second : (k, k) E[beta beta'].
    positive : (k,) probability of the models in which it is in with a positive posterior mean.
    """

    pip: Vector
    first: Vector
    second: Matrix
    positive: Vector


def cross_products(y: Vector, x: Matrix, df: int) -> CrossProducts:
    """Return the cross-products of a swept outcome (n,) and regressors (n, k)."""
    lengths = np.linalg.norm(x, axis=0)
    y_length = float(np.linalg.norm(y))
    unit = x / lengths
    return CrossProducts(
        gram=unit.T @ unit,
        cross=unit.T @ y / y_length,
        lengths=lengths,
        y_length=y_length,
        rows=len(y),
        df=df,
    )


def membership(masks: Masks, columns: int) -> Mask:
    """Return (m, k) whether a column is in a model: bit j of a mask stands for column j."""
    inside: Mask = (masks[:, None] >> np.arange(columns)) & 1 == 1
    return inside


def subset_masks(free: Sequence[int], always: Sequence[int]) -> Masks:
    """Return the masks of all 2^f models, in the order of ``subset_r2``."""
    masks = np.full(1, sum(1 << j for j in always), dtype=np.int64)
    for j in free:
        masks = np.concatenate([masks, masks + (1 << j)])
    return masks


def subset_r2(products: CrossProducts, free: Sequence[int], always: Sequence[int]) -> Vector:
    """Return the R^2 of all 2^f models that contain ``always`` and a subset of ``free``.

    The models over the first j columns are doubled by column j: those without it, and those with
    it, one rank-one update of what the columns still to come are left with (Garside 1965; Furnival
    and Wilson 1974). Matrices shrink as models multiply, so the work is a few operations a model.
    """
    left = augmented(products)[None]
    order = [*always, *free]
    left = left[:, [*order, -1]][:, :, [*order, -1]]
    for _ in always:
        left = _residualised(left)
    for _ in free:
        left = np.concatenate([left[:, 1:, 1:], _residualised(left)])
    return np.clip(1 - left[:, 0, 0], 0.0, 1.0)


def averages_of_all(
    products: CrossProducts,
    free: Sequence[int],
    always: Sequence[int],
    weights: Vector,
    shrinkage: Shrinkage,
) -> Averages:
    """Return weighted sums over all models, in the order of ``subset_masks``.

    Each model's matrix is reached by sweeping its columns in one after another, never out again,
    so rounding does not build up along the enumeration.
    """
    columns = len(products.cross)
    masks = subset_masks(free, always)
    outer = max(len(free) - INNER, 0)
    start = _doubled(_swept_in(augmented(products)[None], always), free[:outer])
    total = Averages(
        pip=np.zeros(columns),
        first=np.zeros(columns),
        second=np.zeros((columns, columns)),
        positive=np.zeros(columns),
    )
    for block in range(len(start)):
        rows = np.arange(block, len(masks), len(start))
        if weights[rows].sum() < NEGLIGIBLE:
            continue
        swept = _doubled(start[block : block + 1], free[outer:])
        inside = membership(masks[rows], columns).astype(float)
        inverse = -swept[:, :columns, :columns]
        inverse *= inside[:, :, None]
        inverse *= inside[:, None, :]
        coefficients = swept[:, :columns, columns] * inside
        _add(total, products, inside, coefficients, inverse, weights[rows], _rows(shrinkage, rows))
    return total


def averages_of(
    products: CrossProducts, masks: Masks, weights: Vector, shrinkage: Shrinkage
) -> Averages:
    """Return weighted sums over a list of models, those of one size solved together."""
    columns = len(products.cross)
    total = Averages(
        pip=np.zeros(columns),
        first=np.zeros(columns),
        second=np.zeros((columns, columns)),
        positive=np.zeros(columns),
    )
    inside = membership(masks, columns)
    sizes = inside.sum(axis=1)
    for size in np.unique(sizes[sizes > 0]):
        of_size = np.flatnonzero((sizes == size) & (weights > NEGLIGIBLE))
        for rows in (of_size[i : i + CHUNK] for i in range(0, len(of_size), CHUNK)):
            members = np.nonzero(inside[rows])[1].reshape(len(rows), size)
            each = np.arange(len(rows))[:, None]
            small = np.linalg.inv(products.gram[members[:, :, None], members[:, None, :]])
            inverse = np.zeros((len(rows), columns, columns))
            inverse[each[:, :, None], members[:, :, None], members[:, None, :]] = small
            coefficients = np.zeros((len(rows), columns))
            coefficients[each, members] = np.einsum("mij,mj->mi", small, products.cross[members])
            part = _rows(shrinkage, rows)
            within = inside[rows].astype(float)
            _add(total, products, within, coefficients, inverse, weights[rows], part)
    return total


def augmented(products: CrossProducts) -> Matrix:
    """Return the cross-products of regressors and outcome, the outcome last: (k+1, k+1)."""
    columns = len(products.cross)
    out = np.empty((columns + 1, columns + 1))
    out[:columns, :columns] = products.gram
    out[columns, :columns] = out[:columns, columns] = products.cross
    out[columns, columns] = 1.0
    return out


def sweep_in(swept: Matrix, column: int) -> Matrix:
    """Return matrices (m, k+1, k+1) with one column swept in (Goodnight 1979, symmetric form).

    Swept columns hold minus the inverse of X'X; the last row holds coefficients and, at its end,
    the residual sum of squares.
    """
    pivot = swept[:, column, column]
    row = swept[:, column, :] / pivot[:, None]
    out = swept - swept[:, :, column, None] * row[:, None, :]
    out[:, column, :] = row
    out[:, :, column] = row
    out[:, column, column] = -1 / pivot
    return out


def _doubled(swept: Matrix, columns: Iterable[int]) -> Matrix:
    for column in columns:
        swept = np.concatenate([swept, sweep_in(swept, column)])
    return swept


def _swept_in(swept: Matrix, columns: Iterable[int]) -> Matrix:
    for column in columns:
        swept = sweep_in(swept, column)
    return swept


def _residualised(left: Matrix) -> Matrix:
    """Return what is left of columns 1, 2, ... after regressing them on column 0."""
    share = left[:, 0, 1:] / left[:, 0, :1]
    return left[:, 1:, 1:] - left[:, 0, 1:, None] * share[:, None, :]


def _rows(shrinkage: Shrinkage, rows: Integers) -> Shrinkage:
    return Shrinkage(
        first=shrinkage.first[rows],
        second=shrinkage.second[rows],
        residual=shrinkage.residual[rows],
    )


def _add(
    total: Averages,
    products: CrossProducts,
    inside: Matrix,
    coefficients: Matrix,
    inverse: Matrix,
    weights: Vector,
    shrinkage: Shrinkage,
) -> None:
    """Add models to running sums in place: E[b b'] = E[s^2] b b' + E[s(1-sR^2)]/(df-2) inverse."""
    spread = weights * shrinkage.residual / (products.df - 2)
    size = len(total.pip)
    total.pip[:] += weights @ inside
    total.first[:] += (weights * shrinkage.first) @ coefficients
    total.second[:] += (coefficients * (weights * shrinkage.second)[:, None]).T @ coefficients
    total.second[:] += (spread @ inverse.reshape(len(weights), -1)).reshape(size, size)
    total.positive[:] += weights @ (coefficients > 0)
