"""Derived columns: the same operations for history and for a scenario's path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.errors import DataError, choose
from forecast.panel import Panel
from forecast.specs.options.derivation import Derivation

# A column's values of so many years before (after, where negative), same entity; missing where that
# row is missing.
Earlier = Callable[[Array, int], Array]
Lagged = Callable[[Array], Array]


def add_derived(panel: Panel, derivations: Mapping[str, Derivation]) -> Panel:
    """Return ``panel`` with the derived columns added, in the order in which they are declared.

    Lags and differences are taken in calendar time: row ``year - by * panel.step`` of the same
    entity, missing where that row is missing, never the previous row that happens to be there.

    Raises
    ------
    DataError
        If a column is missing, the logarithm or ratio of a value does not exist, or the panel has
        a column of the name with other values.
    """
    for name, rule in derivations.items():
        columns = panel.require(rule.of)
        values = operate(
            rule, list(columns.to_numpy(dtype=float).T), panel.step, _before(columns.index)
        )
        _check(values, columns, name, rule, panel.source)
        values = values * rule.scale
        if name in panel.frame and not np.array_equal(panel.frame[name], values, equal_nan=True):
            raise DataError(
                f"{panel.source}: {name!r} is a column of the panel and also derived "
                f"({rule.apply} of {', '.join(rule.of)}), with other values: give one of them "
                f"another name"
            )
        panel = panel.with_columns(**{name: pd.Series(values, index=columns.index)})
    return panel


def operate(rule: Derivation, columns: Sequence[Array], step: int, earlier: Earlier) -> Array:
    """Return what a derivation makes of its inputs, ``rule.scale`` left out.

    Parameters
    ----------
    rule : Derivation
    columns : sequence of arrays of one shape, in the order of ``rule.of``.
    step : int
        Years a period: the unit of ``rule.by``.
    earlier : callable
        Shifts an array in time.

    Raises
    ------
    DataError
        If there is no such operation.
    """
    operation = choose(rule.apply, OPERATIONS, "operation", DataError)
    with np.errstate(divide="ignore", invalid="ignore"):
        by = -rule.by if rule.apply == "lead" else rule.by
        return np.asarray(operation(columns, rule, lambda x: earlier(x, by * step)))


def shift(column: pd.Series, years: int) -> pd.Series:
    """Return the value of ``years`` earlier, same entity, on the column's own index."""
    index = column.index
    earlier = pd.MultiIndex.from_arrays(
        [index.get_level_values(0), index.get_level_values(1) - years], names=index.names
    )
    return pd.Series(column.reindex(earlier).to_numpy(), index=index, name=column.name)


def _before(index: pd.Index) -> Earlier:
    return lambda values, years: shift(pd.Series(values, index=index), years).to_numpy()


def _log(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(np.log(columns[0]))


def _exp(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(np.exp(columns[0]))


def _sqrt(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(np.sqrt(columns[0]))


def _difference(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(columns[0] - lagged(columns[0]))


def _log_difference(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    logs = np.log(columns[0])
    return np.asarray(logs - lagged(logs))


def _lag(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return lagged(columns[0])


def _ratio(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(columns[0] / columns[1])


def _interaction(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(np.prod(columns, axis=0))


def _power(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(columns[0] ** rule.exponent)


def _sum(columns: Sequence[Array], rule: Derivation, lagged: Lagged) -> Array:
    return np.asarray(np.sum(columns, axis=0))


def _check(values: Array, columns: pd.DataFrame, name: str, rule: Derivation, source: str) -> None:
    """Refuse values that the operation cannot give: a log of zero, a ratio over zero."""
    broken = ~np.isfinite(values)
    if rule.apply in {"lag", "lead", "difference", "log_difference"}:
        broken &= np.isinf(values)
        if rule.apply == "log_difference":
            broken |= (columns.iloc[:, 0] <= 0).to_numpy()
    else:
        broken &= columns.notna().all(axis=1).to_numpy()
    if broken.any():
        row = int(np.argmax(broken))
        country, year = columns.index[row]
        found = dict(zip(rule.of, columns.iloc[row].tolist(), strict=True))
        raise DataError(
            f"{source}: {name!r} ({rule.apply} of {', '.join(rule.of)}) does not exist at "
            f"{country} {year}: found {found}"
        )


OPERATIONS: dict[str, Callable[[Sequence[Array], Derivation, Lagged], Array]] = {
    "log": _log,
    "exp": _exp,
    "sqrt": _sqrt,
    "difference": _difference,
    "log_difference": _log_difference,
    "lag": _lag,
    "lead": _lag,
    "ratio": _ratio,
    "interaction": _interaction,
    "power": _power,
    "sum": _sum,
}
