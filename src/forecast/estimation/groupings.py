"""What rows are grouped and chosen by: columns of codes and of words, alone or joined."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Mask
from forecast.panel import Panel
from forecast.specs.dimensions import Effect
from forecast.specs.formulas.condition import parse_condition


def groupings(panel: Panel, names: Sequence[Effect]) -> dict[str, pd.Series]:
    """Return the groups of a panel's rows by each name: codes from 0, -1 where there is none.

    Parameters
    ----------
    panel : Panel
    names : columns of numbers or words, ``country``, ``year``, or several joined by ``^``.

    Raises
    ------
    DataError
        If a column does not exist.
    """
    found = {}
    for name in names:
        parts = [name] if panel.has(name) else [part.strip() for part in name.split("^")]
        codes = np.stack([pd.factorize(panel.values(part))[0] for part in parts])
        joint = np.unique(codes, axis=1, return_inverse=True)[1].ravel()
        joint[(codes < 0).any(axis=0)] = -1
        found[name] = pd.Series(joint, index=panel.frame.index)
    return found


def labels(panel: Panel, name: str, rows: pd.Index) -> pd.Series:
    """Return the values of a column by which rows are grouped; of several, joined by ``^``."""
    if panel.has(name):
        found = pd.Series(panel.values(name), index=panel.frame.index)
        return found.loc[rows]
    parts = [labels(panel, part.strip(), rows) for part in name.split("^")]
    words = [part.map(lambda v: f"{v:.10g}" if isinstance(v, float) else str(v)) for part in parts]
    return pd.Series(["^".join(row) for row in zip(*words, strict=True)], index=rows)


def meets(panel: Panel, where: str) -> Mask:
    """Return the rows (n,) that a condition on columns holds for.

    Raises
    ------
    DataError
        If a column does not exist.
    SpecError
        If the condition cannot be read, or compares words with numbers.
    """
    condition = parse_condition(where)
    return condition.holds({name: panel.values(name) for name in condition.names.values()})
