"""The records that projections pass on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Paths = NDArray[np.float64]

FAN_LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """When paths first stand above the line.

    Attributes
    ----------
    years : (t,) projected years.
    first : (draws,) year of the first crossing; 0 where a path never crosses by the horizon.
    """

    years: NDArray[np.int64]
    first: NDArray[np.int64]

    def probability(self, by: int) -> float:
        """Return the share of paths above the line in some year up to ``by``."""
        return float(np.mean((self.first > 0) & (self.first <= by)))

    def quantile(self, level: float) -> float:
        """Return the smallest year by which a share ``level`` of paths crossed; NaN where none.

        A path that never crosses by the horizon counts as later than every year.
        """
        ordered = np.sort(np.where(self.first == 0, np.iinfo(np.int64).max, self.first))
        year = ordered[max(int(np.ceil(level * len(ordered))) - 1, 0)]
        return float(year) if year < np.iinfo(np.int64).max else float("nan")

    @property
    def never(self) -> float:
        """Share of paths that do not cross by the horizon."""
        return float(np.mean(self.first == 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One scenario's draws for one economy.

    Attributes
    ----------
    scenario, country : str
    years : (t,) projected years.
    growth : (draws, t) growth of output per worker, % a year (log differences x 100).
    income : (draws, t) GNI per capita, current US$, Atlas method, rounded to 10 as published.
    threshold : (draws, t) high-income line, current US$, rounded to 5 as published.
    drivers : pandas.DataFrame
        Raw driver paths, index year, in the drivers' units; history included.
    crossing : Crossing
    """

    scenario: str
    country: str
    years: NDArray[np.int64]
    growth: Paths
    income: Paths
    threshold: Paths
    drivers: pd.DataFrame
    crossing: Crossing

    def variables(self) -> Mapping[str, Paths]:
        """Return the draws by the names that tables use."""
        return {
            "gni_pc_atlas": self.income,
            "threshold": self.threshold,
            "ratio": self.income / self.threshold,
            "productivity_growth": self.growth,
        }

    def fan(self, levels: Sequence[float] = FAN_LEVELS) -> pd.DataFrame:
        """Return quantiles: ``scenario, country, year, variable, level, value``."""
        pieces = []
        for name, draws in self.variables().items():
            values = np.quantile(draws, levels, axis=0)
            pieces.append(
                pd.DataFrame(
                    {
                        "scenario": self.scenario,
                        "country": self.country,
                        "year": np.tile(self.years, len(levels)),
                        "variable": name,
                        "level": np.repeat(levels, len(self.years)),
                        "value": values.ravel(),
                    }
                )
            )
        return pd.concat(pieces, ignore_index=True)
