"""Derived columns: the same operations for history and for a scenario's path."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from forecast.errors import DataError, choose
from forecast.panel import Panel
from forecast.specs.model import Derivation


def add_derived(panel: Panel, derivations: Mapping[str, Derivation]) -> Panel:
    """Return ``panel`` with the derived columns added, in the order in which they are declared.

    Lags and differences are taken in calendar time: row ``year - by * panel.step`` of the same
    entity, missing where that row is missing, never the previous row that happens to be there.

    Raises
    ------
    DataError
        If a column is missing, or the logarithm or ratio of a value does not exist.
    """
    for name, rule in derivations.items():
        columns = panel.require(rule.of)
        operation = choose(rule.apply, OPERATIONS, "operation", DataError)
        values = operation(columns, rule, panel.step)
        _check(values, columns, name, rule, panel.source)
        panel = panel.with_columns(**{name: values * rule.scale})
    return panel


def shift(column: pd.Series, years: int) -> pd.Series:
    """Return the value of ``years`` earlier, same entity, on the column's own index."""
    index = column.index
    earlier = pd.MultiIndex.from_arrays(
        [index.get_level_values(0), index.get_level_values(1) - years], names=index.names
    )
    return pd.Series(column.reindex(earlier).to_numpy(), index=index, name=column.name)


def _log(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    return _safe_log(columns.iloc[:, 0])


def _difference(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    return columns.iloc[:, 0] - shift(columns.iloc[:, 0], rule.by * step)


def _log_difference(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    logs = _safe_log(columns.iloc[:, 0])
    return logs - shift(logs, rule.by * step)


def _lag(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    return shift(columns.iloc[:, 0], rule.by * step)


def _ratio(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    return columns.iloc[:, 0] / columns.iloc[:, 1]


def _interaction(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    return columns.prod(axis=1, skipna=False)


def _power(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    return columns.iloc[:, 0].astype(float) ** rule.exponent


def _sum(columns: pd.DataFrame, rule: Derivation, step: int) -> pd.Series:
    return columns.sum(axis=1, skipna=False)


def _safe_log(column: pd.Series) -> pd.Series:
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.Series(np.log(column.to_numpy(dtype=float)), index=column.index)


def _check(
    values: pd.Series, columns: pd.DataFrame, name: str, rule: Derivation, source: str
) -> None:
    """Refuse values that the operation cannot give: a log of zero, a ratio over zero."""
    broken = ~np.isfinite(values.to_numpy(dtype=float))
    if rule.apply in {"lag", "difference", "log_difference"}:
        broken &= np.isinf(values.to_numpy(dtype=float))
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


OPERATIONS: dict[str, Callable[[pd.DataFrame, Derivation, int], pd.Series]] = {
    "log": _log,
    "difference": _difference,
    "log_difference": _log_difference,
    "lag": _lag,
    "ratio": _ratio,
    "interaction": _interaction,
    "power": _power,
    "sum": _sum,
}
