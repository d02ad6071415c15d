"""Columns of factors, polynomials and splines, made on the rows of a sample."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.arrays import Array, Matrix
from forecast.errors import EstimationError, unknown
from forecast.specs.changed import checked
from forecast.specs.formulas.engine import polynomial_columns, spline_columns
from forecast.specs.model import ModelSpec
from forecast.specs.options.basis import BasisSpec

MOST_VALUES = 2_000


def expanded(
    drivers: pd.DataFrame, labels: Mapping[str, pd.Series], spec: ModelSpec
) -> pd.DataFrame:
    """Return the regressors of a model, in its order, each basis as the columns it stands for.

    Dummies of ``factors`` come last.

    Parameters
    ----------
    drivers : (n, ...) columns of numbers of the rows, those that bases are made of among them.
    labels : of each factor, the value of every row.
    spec : ModelSpec

    Returns
    -------
    pandas.DataFrame
        (n, k). A factor's columns are called ``sector[steel]``, a polynomial's and a spline's
        ``poly(x, 2)[1]``; multiplied ones end in ``:z``.

    Raises
    ------
    EstimationError
        If a factor has one value, or more than 2,000, or not the one to be left out.
    """
    made: dict[str, Array] = {}
    for name in spec.drivers:
        basis = spec.bases.get(name)
        if basis is None:
            made[name] = drivers[name].to_numpy(dtype=np.float64)
            continue
        made |= basis_columns(name, drivers, labels, spec)
    for name in spec.factors:
        if drivers[name].nunique() > 1:  # a sample may have one value alone, which is the constant
            made |= _dummies(
                checked(BasisSpec, {"of": name, "as": "factor"}, ""), drivers[name], spec
            )
    return pd.DataFrame(made, index=drivers.index)


def basis_columns(
    name: str, drivers: pd.DataFrame, labels: Mapping[str, pd.Series], spec: ModelSpec
) -> dict[str, Array]:
    """Return the columns (n,) of one of the model's bases by term; parameters as `expanded`."""
    basis = spec.bases[name]
    head, ending = _ending(name, basis)
    factor = np.prod([drivers[one].to_numpy() for one in basis.times], axis=0)
    found = _columns(head, basis, drivers, labels, spec)
    return {title + ending: column * factor for title, column in found}


def level_of(term: str, name: str, spec: ModelSpec) -> str:
    """Return the value of a factor that a term of one of the model's bases stands for."""
    basis = spec.bases[name]
    return term.removeprefix(f"{basis.of}[").removesuffix(f"]{_ending(name, basis)[1]}")


def _ending(name: str, basis: BasisSpec) -> tuple[str, str]:
    """Return what terms of a basis begin with, and end on where a column multiplies it."""
    head, written, tail = name.partition("):")  # a formula's own spelling of what multiplies it
    if written:
        return f"{head})", f":{tail}"
    return name, "".join(f":{one}" for one in basis.times)


def _columns(
    name: str,
    basis: BasisSpec,
    drivers: pd.DataFrame,
    labels: Mapping[str, pd.Series],
    spec: ModelSpec,
) -> list[tuple[str, Array]]:
    if basis.apply == "factor":
        return _dummies(basis, labels[basis.of], spec)
    values = drivers[basis.of].to_numpy(dtype=np.float64)
    columns = _polynomial(values, basis) if basis.apply == "polynomial" else _spline(values, basis)
    return [(f"{name}[{place + 1}]", column) for place, column in enumerate(columns.T)]


def _dummies(basis: BasisSpec, values: pd.Series, spec: ModelSpec) -> list[tuple[str, Array]]:
    codes, levels = pd.factorize(values, sort=True)
    if not 1 < len(levels) <= MOST_VALUES:
        raise EstimationError(
            f"factor {basis.of!r}: has {len(levels)} value(s) in the sample, must have 2 to "
            f"{MOST_VALUES:,}"
        )
    titles = [level_title(level) for level in levels]
    left_out = _reference(basis, titles, spec)
    return [
        (f"{basis.of}[{title}]", (codes == place).astype(float))
        for place, title in enumerate(titles)
        if place != left_out
    ]


def level_title(level: object) -> str:
    """Return a factor's value as terms spell it."""
    return f"{level:.10g}" if isinstance(level, float) else str(level)


def _reference(basis: BasisSpec, titles: list[str], spec: ModelSpec) -> int | None:
    """Return the place of the value that is left out; None: all stay."""
    if basis.ref is not None:
        ref = f"{basis.ref:.10g}" if isinstance(basis.ref, float) else basis.ref
        if ref not in titles:
            raise EstimationError(f"factor {basis.of!r}: ref: {unknown(ref, titles, 'value')}")
        return titles.index(ref)
    alone = not basis.times or ":".join(basis.times) in spec.drivers
    constant = spec.constant or bool(spec.effects)
    return 0 if alone and (constant or basis.times) else None


def _polynomial(values: Array, basis: BasisSpec) -> Matrix:
    different = len(np.unique(values))
    if different <= basis.degree:
        raise EstimationError(
            f"poly: {basis.of!r} has {different} values, more than the degree {basis.degree} are "
            f"needed"
        )
    return polynomial_columns(values, basis.degree)


def _spline(values: Array, basis: BasisSpec) -> Matrix:
    return spline_columns(values, basis.df or basis.degree, basis.degree)
