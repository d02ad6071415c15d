"""Fixed effects swept out of columns, exactly, for balanced and unbalanced panels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import linalg, sparse

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.absorbing import Swept, absorb
from forecast.estimation.algebra.grouping import group_count, group_means, group_sizes, group_sums
from forecast.estimation.problem import EffectBlock, Regression, Sample
from forecast.specs.dimensions import DIMENSIONS, Effect, split_slope

# Sweeping leaves rounding of about 1e-15 of a column's size; what is left of a column below this
# share has lost eleven of its sixteen digits and is taken for nothing.
ABSORBED = 1e-11


def swept_regression(rows: Sample, effects: Sequence[Effect], *, constant: bool) -> Regression:
    """Return least squares on rows from which the dummies of ``effects`` are swept out.

    By Frisch, Waugh (1933) and Lovell (1963) the coefficients and residuals are those of least
    squares with the dummies.

    Parameters
    ----------
    rows : Sample
    effects : dimensions, columns, own slopes; may be empty.
    constant : bool
        Whether to keep an intercept: the columns' means are added back after sweeping, and the
        intercept is the one at which the effects average to zero over the rows (Stata's ``areg``).

    Returns
    -------
    Regression

    Raises
    ------
    EstimationError
        If the effects absorb the outcome or a regressor.
    """
    root = None if rows.weights is None else np.sqrt(rows.weights)
    values = np.column_stack([rows.y, rows.x])
    values = values if root is None else values * root[:, None]
    blocks = tuple(_block(rows, name) for name in effects)
    absorbed, rounded, left = 0, 0.0, values
    if effects:
        plain = root is None and set(effects) <= set(DIMENSIONS)
        swept = (
            sweep(values, rows.country, rows.year, effects)
            if plain
            else absorb(values, blocks, root)
        )
        refuse_absorbed(values, swept.values, ("outcome", *rows.terms), effects)
        absorbed, left = swept.absorbed - constant, swept.values
        rounded = rounding(values[:, 1:], left[:, 1:])
    one = np.ones(len(values)) if root is None else root
    if effects and constant:
        left = left + one[:, None] * (one @ values / (one @ one))
    x, terms = left[:, 1:], rows.terms
    if constant:
        x, terms = np.column_stack([one, x]), ("const", *terms)
    return Regression(
        y=left[:, 0],
        x=x,
        terms=terms,
        country=rows.country,
        year=rows.year,
        index=rows.index,
        absorbed=absorbed,
        blocks=blocks,
        counted=absorbed if constant else 0,
        rounding=rounded,
        groups=rows.groups,
        weights=rows.weights,
        counts=rows.counts,
        places=rows.places,
    )


def _block(rows: Sample, effect: Effect) -> EffectBlock:
    group, slope = split_slope(effect)
    own = {"country": rows.country, "year": rows.year}
    codes = own[group] if group in own else rows.groups[group]
    if not slope:
        return EffectBlock(name=effect, codes=codes)
    if slope == "year":
        column = rows.index.get_level_values("year").to_numpy(dtype=np.float64)
    else:
        column = rows.history.frame.loc[rows.index, slope].to_numpy(dtype=np.float64)
    return EffectBlock(name=effect, codes=codes, slopes=(column,))


def sweep(values: Matrix, country: Codes, year: Codes, effects: Sequence[Effect]) -> Swept:
    """Return ``values`` less their projection on the dummies of ``effects``.

    One effect: group means are taken off. Two, balanced: country means, then year means, which is
    exact there (Baltagi 2021, section 3.2). Two, unbalanced: the dimension with more groups is
    taken off as means, the dummies of the other by the normal equations of what is left (Wansbeek
    and Kapteyn 1989), by Cholesky; a second pass removes the rounding of the first.

    Parameters
    ----------
    values : (n, k) array
        Rows sorted by country and year, each pair at most once.
    country, year : (n,) arrays of codes without gaps.
    effects : one or both of "country", "year".

    Returns
    -------
    Swept
        ``absorbed`` is the number of groups, and for two effects countries + years - the number of
        sets of countries and years that no row connects (1 in a usual panel).
    """
    if len(effects) == 1:
        codes = country if effects[0] == "country" else year
        size = group_count(codes)
        return Swept(values=values - group_means(values, codes, size)[codes], absorbed=size)
    countries, years = group_count(country), group_count(year)
    if len(values) == countries * years:
        cube = values.reshape(countries, years, -1)
        cube = cube - cube.mean(axis=1, keepdims=True)
        cube -= cube.mean(axis=0, keepdims=True)
        return Swept(values=cube.reshape(values.shape), absorbed=countries + years - 1)
    if countries >= years:
        return _sweep_two(values, country, year)
    return _sweep_two(values, year, country)


def refuse_absorbed(
    before: Matrix, after: Matrix, names: Sequence[str], effects: Sequence[Effect]
) -> None:
    """Raise EstimationError naming the columns of which the effects leave nothing."""
    left = np.linalg.norm(after, axis=0) <= ABSORBED * np.linalg.norm(before, axis=0)
    if left.any():
        gone = ", ".join(repr(name) for name, lost in zip(names, left, strict=True) if lost)
        raise EstimationError(
            f"{gone}: nothing is left after the {' and '.join(effects)} effects; a column must "
            f"vary beyond them"
        )


def rounding(before: Matrix, after: Matrix) -> float:
    """Return the relative rounding error of the column of which the least is left."""
    left = np.linalg.norm(after, axis=0)
    lost = np.linalg.norm(before, axis=0)[left > 0] / left[left > 0]
    return float(np.finfo(float).eps * lost.max(initial=0.0))


def _sweep_two(values: Matrix, many: Codes, few: Codes) -> Swept:
    n_many, n_few = group_count(many), group_count(few)
    sizes = group_sizes(many, n_many)
    # of floats, as products of whole numbers do not go through BLAS
    cells = group_sizes(many * n_few + few, n_many * n_few).reshape(n_many, n_few)
    shares = cells / sizes[:, None]
    laplacian = np.diag(group_sizes(few, n_few)) - cells.T @ shares
    sets, labels = sparse.csgraph.connected_components(sparse.csr_array(cells.T @ cells > 0))
    # one dummy of each connected set is the sum of the others and of the first dimension's dummies
    free = np.setdiff1d(np.arange(n_few), np.unique(labels, return_index=True)[1])
    factor = linalg.cho_factor(laplacian[np.ix_(free, free)], check_finite=False)
    for _ in range(2):
        values = values - group_means(values, many, n_many)[many]
        effect: Matrix = np.zeros((n_few, values.shape[1]))
        sums: Vector = group_sums(values, few, n_few)[free]
        effect[free] = linalg.cho_solve(factor, sums, check_finite=False)
        values = values - (effect[few] - (shares @ effect)[many])
    return Swept(values=values, absorbed=n_many + n_few - int(sets))
