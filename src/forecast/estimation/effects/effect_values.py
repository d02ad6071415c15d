"""Fixed effects of country and year that columns of a sample come down to, for any rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from forecast.arrays import Codes, Mask, Matrix, Vector
from forecast.estimation.algebra.grouping import group_sums

DEPENDENT = 1e-10  # of the largest eigenvalue: below it is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectValues:
    """The projection of a sample's columns on its dummies, read at other rows.

    Attributes
    ----------
    rows, index : rows of the sample (n), and those to be read at (m).
    one, two : (n,) codes of the sample by the dimension of more groups and by the other.
    place, when : (m,) the same of the rows to be read at, -1 where new.
    weights : (n,).
    sizes : (G,) weights of each group of the first.
    shares : (G, T) of a group's weight, by group of the second.
    inverse : (T, T) generalised, of the second dimension's moments beyond the first.
    known : (m,) whether sample rows connect the row's two groups.
    """

    rows: pd.Index
    index: pd.Index
    one: Codes
    two: Codes
    place: Codes
    when: Codes
    weights: Vector
    sizes: Vector
    shares: Matrix
    inverse: Matrix
    known: Mask

    def values(self, column: pd.Series) -> pd.Series:
        """Return the effects of a column of the sample, missing where they are not known."""
        return pd.Series(self.fitted(column.loc[self.rows].to_numpy()[:, None])[:, 0], self.index)

    def fitted(self, columns: Matrix) -> Matrix:
        """Return the effects (m, k) of columns (n, k) of the sample."""
        weighted = columns * self.weights[:, None]
        means = group_sums(weighted, self.one, len(self.sizes)) / self.sizes[:, None]
        left = group_sums(weighted, self.two, len(self.inverse))
        left = left - self.shares.T @ (means * self.sizes[:, None])
        second = self.inverse @ left
        first = means - self.shares @ second
        return np.where(self.known[:, None], first[self.place] + second[self.when], np.nan)

    def variances(self) -> Vector:
        """Return d'(D'D)^-d (m,): the effects' variances, of errors of variance one."""
        beyond = -self.shares[self.place]
        beyond[np.arange(len(beyond)), self.when] += 1
        found = 1 / self.sizes[self.place] + np.einsum(
            "mt,tu,mu->m", beyond, self.inverse, beyond
        )  # fmt: skip
        return np.where(self.known, found, np.nan)


def effect_values(
    rows: pd.Index, index: pd.Index, dimensions: Collection[str], weights: pd.Series | None = None
) -> EffectValues:
    """Return the projection on the dummies of ``country``, ``year`` or both.

    Parameters
    ----------
    rows : of the sample, (country, year).
    index : rows to be read at.
    dimensions : of the effects.
    weights : of the sample's rows; None: all one.
    """
    names = ("country", "year")
    codes = [_codes(rows, index, name if name in dimensions else None) for name in names]
    (one, place), (two, when) = sorted(codes, key=lambda both: -int(both[0].max(initial=0)))
    weight = np.ones(len(rows)) if weights is None else weights.loc[rows].to_numpy(dtype=float)
    shape = int(one.max()) + 1, int(two.max()) + 1
    cells = sparse.coo_array((weight, (one, two)), shape=shape).toarray()
    sizes = cells.sum(axis=1)
    shares = cells / sizes[:, None]
    values, vectors = np.linalg.eigh(np.diag(cells.sum(axis=0)) - cells.T @ shares)
    kept = values > DEPENDENT * cells.sum(axis=0).max()
    links = sparse.block_array([[None, sparse.csr_array(cells)], [sparse.csr_array(cells.T), None]])
    sets = sparse.csgraph.connected_components(links, directed=False)[1]
    return EffectValues(
        rows=rows,
        index=index,
        one=one,
        two=two,
        place=place,
        when=when,
        weights=weight,
        sizes=sizes,
        shares=shares,
        inverse=(vectors[:, kept] / values[kept]) @ vectors[:, kept].T,
        # effects of sets of countries and years that no row connects have no common zero
        known=(place >= 0) & (when >= 0) & (sets[place] == sets[shape[0] + when]),
    )


def _codes(rows: pd.Index, index: pd.Index, level: str | None) -> tuple[Codes, Codes]:
    """Return the groups of the sample's rows and of others, -1 where new; one without a level."""
    if level is None:
        return np.zeros(len(rows), dtype=np.int64), np.zeros(len(index), dtype=np.int64)
    codes, labels = pd.factorize(rows.get_level_values(level))
    return codes.astype(np.int64), labels.get_indexer(index.get_level_values(level))
