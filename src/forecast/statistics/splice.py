"""Extend a level beyond its last year by the growth of another series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Growth = Literal["level", "percent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A level with the years that were added.

    Attributes
    ----------
    values : pandas.Series
        On the union of both indices (country, year): the level as published, then extended.
    added : pandas.Series
        Booleans: which values are extended.
    """

    values: pd.Series
    added: pd.Series


def extend(level: pd.Series, other: pd.Series, kind: Growth) -> Extension:
    """Return ``level`` extended from its last year on, as long as growth is known without a gap.

    x_t = x_{t-1} (z_t / z_{t-1}) where ``kind`` is ``level``, and x_{t-1} (1 + g_t / 100) where
    ``other`` is growth in percent a year. Published values are never changed.

    Parameters
    ----------
    level, other : pandas.Series
        On the index (country, year), step one year.
    kind : {"level", "percent"}
        What ``other`` is.
    """
    wide = level.unstack("country")
    step = other.unstack("country").reindex(columns=wide.columns)
    years = np.arange(
        min(wide.index.min(), step.index.min()), max(wide.index.max(), step.index.max()) + 1
    )
    wide, step = wide.reindex(years), step.reindex(years)
    factor = step / step.shift() if kind == "level" else 1.0 + step / 100.0
    ahead = wide.bfill().isna() & wide.ffill().notna()  # after the last published year
    filled, added = wide.to_numpy(dtype=float, copy=True), np.zeros(wide.shape, dtype=bool)
    after, rate = ahead.to_numpy(), factor.to_numpy(dtype=float)
    for row in range(1, len(years)):
        made = np.where(after[row], filled[row - 1] * rate[row], filled[row])
        added[row] = after[row] & np.isfinite(made)
        filled[row] = made
    values = _long(filled, wide)
    return Extension(values=values, added=_long(added, wide).loc[values.index].astype(bool))


def _long(array: np.ndarray, wide: pd.DataFrame) -> pd.Series:
    """Return the cells with a value, on the index (country, year)."""
    frame = pd.DataFrame(array, index=wide.index, columns=wide.columns)
    years, countries = np.nonzero(frame.notna().to_numpy())
    index = pd.MultiIndex.from_arrays(
        [frame.columns[countries], frame.index[years]], names=["country", "year"]
    )
    return pd.Series(frame.to_numpy()[years, countries], index=index).sort_index()
