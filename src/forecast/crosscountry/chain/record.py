"""What is fitted at an origin, and what is forecast from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Codes, Integers

LONGEST = 10
"""Years ahead of which each has its regression, and years of one block beyond them."""


MOMENTS = ("growth_mean", "growth_scale", "exchange_mean", "exchange_scale")


def moment_columns(name: str) -> list[str]:
    """Return the ten columns of one of `MOMENTS`."""
    return [f"{name}_{k}" for k in range(1, LONGEST + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonFit:
    """Regressions of the sum over the next k years on regressors, k = 1 to ``LONGEST``.

    Attributes
    ----------
    terms, spread_terms : tuple of str
        Regressors of the mean and of the log scale, a constant before each.
    beta : (10, 1 + terms)
        Coefficients of the mean; zero for a view that too few editions teach.
    gamma : (10, 1 + spread terms)
        Coefficients of the log scale.
    factor : (10,)
        What the scale is multiplied with.
    centre : (10,)
        World mean that is taken out of the mean: of the real exchange rate's, which has none.
    own : (10, ...)
        Coefficients of the mean without the IMF's view, which is seen as a departure from it;
        without columns where there is no view.
    rows : (10,)
        Economy-years learnt from.
    """

    terms: tuple[str, ...]
    spread_terms: tuple[str, ...]
    beta: Array
    gamma: Array
    factor: Array
    centre: Array
    own: Array
    rows: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorVectors:
    """Whole ten-year error vectors of past economy-years: one common set for all horizons.

    Attributes
    ----------
    country : (m,) codes of economies, as text.
    year : (m,)
        The year from which each vector starts.
    growth, exchange : (m, 10)
        Standardised errors of the sums of g and of x.
    later : (m, 10)
        The same of g in a block that starts from a path (`HorizonFit` of ``ChainFit.later``).
    remainder : (m, 10)
        Sums of u, log points, less their median over the vectors.
    """

    country: tuple[str, ...]
    year: Integers
    growth: Array
    exchange: Array
    later: Array
    remainder: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFit:
    """Everything that is fitted at an origin, and every economy's state there.

    Attributes
    ----------
    origin : int
        Last year known.
    line : str
    growth, exchange : HorizonFit
    later : HorizonFit
        Of growth in the blocks beyond ten years: on relative income alone, without the IMF.
    errors : ErrorVectors
    state : pandas.DataFrame
        By country: ``relative`` (log income over the line), every regressor and the columns of
        ``regressors.STATE``.
    moments : pandas.DataFrame
        By country: mean and scale of the sums of g and of x over the next 1 to 10 years, log points
        (`moment_columns`), the IMF's view in them where the fit has one.
    """

    origin: int
    line: str
    growth: HorizonFit
    exchange: HorizonFit
    later: HorizonFit
    errors: ErrorVectors
    state: pd.DataFrame
    moments: pd.DataFrame

    def moment(self, name: str) -> Array:
        """Return one of `MOMENTS`, (n, 10), in the order of ``state``."""
        return self.moments[moment_columns(name)].to_numpy(dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainForecast:
    """Paths of relative income and of its parts.

    Attributes
    ----------
    origin : int
    line : str
    countries : tuple of n codes.
    years : (h,)
    relative : (n,)
        Log of income over the line at the origin.
    growth_mean, growth_scale, exchange_mean, exchange_scale : (n, 10)
        Of the sums of g and of x over the first k years, before errors; log points.
    vectors : (n, draws)
        Which of the fit's error vectors the first ten years of a draw take.
    growth, exchange : (n, draws, h)
        Sums of g and of x since the origin, log points.
    income : (n, draws, h)
        Log of income over the line.
    """

    origin: int
    line: str
    countries: tuple[str, ...]
    years: Integers
    relative: Array
    growth_mean: Array
    growth_scale: Array
    exchange_mean: Array
    exchange_scale: Array
    vectors: Codes
    growth: Array
    exchange: Array
    income: Array
