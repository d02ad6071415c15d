"""Where each of many series can be used: its last unbroken run of values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Draws, Integers, Mask
from forecast.errors import EstimationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """The last unbroken run of each series.

    Attributes
    ----------
    growth : (T, n) growth of the series used, zero before a run starts.
    first : (n,) row at which a run starts.
    used : (N,) whether a series has a value in the last row and a run that is long enough.
    """

    growth: Draws
    first: Integers
    used: Mask

    @property
    def count(self) -> Integers:
        """Years in each run, (n,)."""
        return len(self.growth) - self.first

    def spread(self, forecasts: Draws) -> Draws:
        """Return ``forecasts`` (H, n) over all series (H, N), missing where none was made."""
        out = np.full((len(forecasts), len(self.used)), np.nan)
        out[:, self.used] = forecasts
        return out


def last_stretches(growth: Draws, at_least: int) -> Stretches:
    """Return the last unbroken run of each column.

    Parameters
    ----------
    growth : (T, N) growth, % a year, NaN where not known.
    at_least : int
        Years that a run needs; a shorter one is not used.

    Raises
    ------
    EstimationError
        If ``growth`` is not a matrix.
    """
    if growth.ndim != 2:
        raise EstimationError(f"growth has shape {growth.shape}, must be (years, series)")
    known = np.isfinite(growth)
    # The row after the last one that is missing; rows from there on are all known.
    rows = np.arange(1, len(growth) + 1)[:, None]
    first = np.max(np.where(known, 0, rows), axis=0, initial=0)
    used = len(growth) - first >= at_least
    inside = np.arange(len(growth))[:, None] >= first[used]
    return Stretches(
        growth=np.where(inside, growth[:, used], 0.0), first=first[used].astype(np.int64), used=used
    )
