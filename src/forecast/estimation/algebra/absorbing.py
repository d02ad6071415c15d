"""Effects of any columns swept out exactly: several groupings, own slopes, weighted rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count, group_sums
from forecast.estimation.problem import EffectBlock

# Columns have length 1; the square of what is left of one beyond the others is rounding below this.
DEPENDENT = 1e-10
MOST_COLUMNS = 8_000  # of effects whose products are held as one square


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """Columns without their fixed effects.

    Attributes
    ----------
    values : (n, k).
    absorbed : degrees of freedom of the effects, linear dependences among them taken off.
    """

    values: Matrix
    absorbed: int


def absorb(values: Matrix, blocks: Sequence[EffectBlock], root: Vector | None = None) -> Swept:
    """Return ``values`` less their projection on the columns of the effects.

    The effect with most groups is taken off group by group; the others by the normal equations of
    what it leaves of them (Wansbeek and Kapteyn 1989, for two effects), solved by Cholesky with
    pivots, which finds their rank. A second pass removes the rounding of the first.

    Parameters
    ----------
    values : (n, k), already multiplied by ``root`` where rows are weighted.
    blocks : the effects, at least one.
    root : (n,) roots of the rows' weights; None: all one.

    Raises
    ------
    EstimationError
        If the effects beside the largest have more than 8,000 columns.
    """
    ones = np.ones(len(values)) if root is None else root
    first, *others = sorted(blocks, key=lambda one: -group_count(one.codes))
    bases, rank = _own_bases(first, ones)
    if not others:
        for _ in range(2):
            values = _without_own(values, first.codes, bases)
        return Swept(values=values, absorbed=rank)
    dummies = effect_columns(others, ones)
    own = [sparse.csr_array(_own_sums(first.codes, base, dummies)) for base in bases]
    products = (dummies.T @ dummies).toarray()
    for part in own:
        products -= (part.T @ part).toarray()
    factor, kept = _pivoted(products)
    for _ in range(2):
        values = _without_own(values, first.codes, bases)
        effect = np.zeros((dummies.shape[1], values.shape[1]))
        if len(kept):
            effect[kept] = linalg.cho_solve((factor, False), (dummies.T @ values)[kept])
        values = values - dummies @ effect
    values = _without_own(values, first.codes, bases)
    return Swept(values=values, absorbed=rank + len(kept))


def effect_leverages(blocks: Sequence[EffectBlock], root: Vector | None = None) -> Vector:
    """Return the diagonal (n,) of the projection on the columns of at least one effect.

    Parameters and errors are those of `absorb`.
    """
    size = max(len(block.codes) for block in blocks)
    ones = np.ones(size) if root is None else root
    first, *others = sorted(blocks, key=lambda one: -group_count(one.codes))
    bases, _ = _own_bases(first, ones)
    found: Vector = np.sum([base**2 for base in bases], axis=0)
    if others:
        beyond = effect_columns(others, ones).toarray()
        for _ in range(2):
            beyond = _without_own(beyond, first.codes, bases)
        values, vectors = np.linalg.eigh(beyond.T @ beyond)
        kept = values > DEPENDENT * max(float(values.max()), 1.0)
        found += np.sum((beyond @ (vectors[:, kept] / np.sqrt(values[kept]))) ** 2, axis=1)
    return found


def _own_bases(block: EffectBlock, ones: Vector) -> tuple[list[Vector], int]:
    """Return columns (n,) orthonormal within each group of a block, zero where nothing is left."""
    size = group_count(block.codes)
    bases: list[Vector] = []
    rank = 0
    for column in (ones, *(slope * ones for slope in block.slopes)):
        left = column[:, None]
        for _ in range(2):
            left = _without_own(left, block.codes, bases)
        lengths = np.sqrt(group_sums(left**2, block.codes, size)[:, 0])
        before = np.sqrt(group_sums(column[:, None] ** 2, block.codes, size)[:, 0])
        there = lengths > DEPENDENT * before
        scale = np.divide(1.0, lengths, out=np.zeros(size), where=there)
        bases.append(left[:, 0] * scale[block.codes])
        rank += int(there.sum())
    return bases, rank


def _without_own(values: Matrix, codes: Codes, bases: Sequence[Vector]) -> Matrix:
    size = group_count(codes)
    for base in bases:
        sums = group_sums(values * base[:, None], codes, size)
        values = values - base[:, None] * sums[codes]
    return values


def effect_columns(blocks: Sequence[EffectBlock], ones: Vector) -> sparse.csr_array:
    """Return columns (n, q) that span effects, orthonormal within each group or zero.

    Parameters
    ----------
    blocks : the effects.
    ones : (n,) roots of the rows' weights.

    Raises
    ------
    EstimationError
        If they have more than 8,000 columns.
    """
    wide = sum(group_count(block.codes) * (1 + len(block.slopes)) for block in blocks)
    if wide > MOST_COLUMNS:
        raise EstimationError(
            f"effects {' and '.join(repr(block.name) for block in blocks)}: have {wide:,} columns "
            f"beside the others, at most {MOST_COLUMNS:,} are swept out exactly"
        )
    rows = np.arange(len(ones))
    parts = []
    for block in blocks:
        shape = len(ones), group_count(block.codes)
        bases, _ = _own_bases(block, ones)
        parts += [sparse.csr_array((base, (rows, block.codes)), shape=shape) for base in bases]
    return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _own_sums(codes: Codes, base: Vector, columns: sparse.csr_array) -> sparse.sparray:
    """Return the products of a base's columns, one a group, with ``columns``: (G, q)."""
    rows = np.arange(len(codes))
    dummies = sparse.csr_array((base, (codes, rows)), shape=(group_count(codes), len(codes)))
    found: sparse.sparray = dummies @ columns
    return found


def _pivoted(products: Matrix) -> tuple[Matrix, np.ndarray]:
    """Return the upper Cholesky factor of the products of independent columns, and which."""
    # dpstrf compares every pivot with its tolerance but the first
    if products.diagonal().max() <= DEPENDENT:
        return np.empty((0, 0)), np.empty(0, dtype=np.int64)
    found, pivots, rank, _ = linalg.lapack.dpstrf(products, tol=DEPENDENT, lower=0)
    kept = pivots[:rank] - 1
    return np.triu(found[:rank, :rank]), kept
