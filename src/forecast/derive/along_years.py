"""Derived columns along consecutive years: many paths at once, by the operations of estimation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forecast.arrays import Array, Integers
from forecast.derive.apply import operate
from forecast.errors import DataError, unknown
from forecast.specs.options.derivation import Derivation


def derive_along_years(
    columns: Mapping[str, Array],
    derivations: Mapping[str, Derivation],
    years: Sequence[int] | Integers,
    step: int,
    source: str,
) -> dict[str, Array]:
    """Return the columns with the derived ones added: `add_derived` on arrays.

    Parameters
    ----------
    columns : mapping of name to (..., t)
        Shapes that broadcast against each other; the last axis is ``years``.
    derivations : mapping of name to Derivation
        In the order in which they build on each other.
    years : (t,) consecutive years.
    step : int
        Years a period.
    source : str
        What messages call the paths.

    Raises
    ------
    DataError
        If a column is missing, or the logarithm or ratio of a value does not exist.
    """
    found = dict(columns)
    for name, rule in derivations.items():
        for one in rule.of:
            if one not in found:
                raise DataError(f"{source}: {unknown(one, found, 'column')}")
        inputs = list(np.broadcast_arrays(*(found[one] for one in rule.of)))
        values = operate(rule, inputs, step, _earlier)
        _check(values, inputs, name, rule, years, source)
        found[name] = values * rule.scale
    return found


def _earlier(values: Array, years: int) -> Array:
    moved = np.full(values.shape, np.nan)
    if years < 0:
        moved[..., :years] = values[..., -years:]
    elif years < values.shape[-1]:
        moved[..., years:] = values[..., : values.shape[-1] - years]
    return moved


def _check(
    values: Array,
    inputs: Sequence[Array],
    name: str,
    rule: Derivation,
    years: Sequence[int] | Integers,
    source: str,
) -> None:
    """Refuse values that the operation cannot give; a missing input or lag stays missing."""
    broken = ~np.isfinite(values)
    if not broken.any():
        return
    if rule.apply in {"lag", "lead", "difference", "log_difference"}:
        broken &= np.isinf(values)
        if rule.apply == "log_difference":
            broken |= inputs[0] <= 0
    else:
        broken &= ~np.isnan(inputs).any(axis=0)
    if broken.any():
        at = tuple(np.argwhere(broken)[0])
        values_found = {one: float(x[at]) for one, x in zip(rule.of, inputs, strict=True)}
        raise DataError(
            f"{source}: {name!r} ({rule.apply} of {', '.join(rule.of)}) does not exist in "
            f"{years[at[-1]]}: found {values_found}"
        )
