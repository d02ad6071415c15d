"""Slopes of polynomials, splines and factors' columns at values beside the sample's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.bases import basis_columns, level_of, level_title
from forecast.estimation.groupings import labels
from forecast.estimation.problem import Sample
from forecast.specs.formulas.engine import polynomial_at, spline_at
from forecast.specs.model import ModelSpec
from forecast.specs.options.basis import BasisSpec


def basis_slopes(
    spec: ModelSpec,
    name: str,
    rows: Sample,
    points: pd.DataFrame,
    value: Callable[[str], Vector],
    inner: Mapping[str, Vector | None],
) -> dict[str, Vector]:
    """Return the slopes (m,) of a basis's columns by a driver behind it, by term.

    Parameters
    ----------
    spec : ModelSpec
    name : of the basis.
    rows : the sample, on which the basis was made.
    points : (m, ...) with the value of a factor under its column's name.
    value : gives a column at the points, where it is needed.
    inner : their slopes by the driver; None where they do not depend on it.

    Raises
    ------
    EstimationError
        If the points lack a factor's value.
    """
    basis = spec.bases[name]
    terms, columns, slopes = _at(spec, name, rows, points, value)
    own = inner.get(basis.of) if basis.apply != "factor" else None
    total = np.zeros_like(columns)
    if own is not None:
        times = np.prod([value(one) for one in basis.times], axis=0)
        total += slopes * (own * times)[:, None]
    for one in basis.times:
        part = inner[one]
        if part is not None:
            others = np.prod([value(other) for other in basis.times if other != one], axis=0)
            total += columns * (others * part)[:, None]
    return {term: total[:, place] for place, term in enumerate(terms)}


def factor_levels(spec: ModelSpec, name: str, rows: Sample) -> dict[str, str]:
    """Return the value of a factor that each of a basis's terms stands for."""
    found = basis_columns(name, *_made_of(spec.bases[name], rows), spec)
    return {term: level_of(term, name, spec) for term in found}


def _at(
    spec: ModelSpec, name: str, rows: Sample, points: pd.DataFrame, value: Callable[[str], Vector]
) -> tuple[list[str], Matrix, Matrix]:
    """Return terms, columns (m, k) and slopes by the basis's own column, before ``times``."""
    basis = spec.bases[name]
    if basis.apply == "factor":
        levels, here = factor_levels(spec, name, rows), _levels_at(spec, basis, points)
        columns = np.column_stack([here == level for level in levels.values()]).astype(float)
        return list(levels), columns, np.zeros_like(columns)
    made_of, _ = _made_of(basis, rows)
    terms = list(basis_columns(name, made_of, {}, spec))
    sample, here_at = made_of[basis.of].to_numpy(dtype=np.float64), value(basis.of)
    if basis.apply == "polynomial":
        return terms, *polynomial_at(sample, basis.degree, here_at)
    return terms, *spline_at(sample, basis.df or basis.degree, basis.degree, here_at)


def _made_of(basis: BasisSpec, rows: Sample) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    drivers = rows.history.frame.loc[rows.index]
    named = (
        {basis.of: labels(rows.history, basis.of, rows.index)} if basis.apply == "factor" else {}
    )
    return drivers, named


def _levels_at(spec: ModelSpec, basis: BasisSpec, points: pd.DataFrame) -> np.ndarray:
    parts = [basis.of] if basis.of in points else [part.strip() for part in basis.of.split("^")]
    for part in parts:
        if part not in points:
            raise EstimationError(
                f"model {spec.name!r}: the effect depends on {part!r}: give its values in 'at'"
            )
    return np.array(["^".join(level_title(one) for one in row) for row in zip(
        *(points[part] for part in parts), strict=True
    )])  # fmt: skip
