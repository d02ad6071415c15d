"""Options of estimators whose slopes differ between countries."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from forecast.specs.declaration import Declaration

Lags = Annotated[int, Field(ge=0, le=20)]


class PooledMeanGroupSpec(Declaration):
    """The ``[pooled_mean_group]`` table: an ARDL(p, q, ..., q) in error-correction form.

    Attributes
    ----------
    p : int
        Lags of the outcome, at least 1.
    q : int or dict
        Lags of every driver, or of those named, the others 1; with 0 a driver has no difference
        in the equation.
    trend : bool
        Whether each country has a linear trend of its own.
    information : {"expected", "observed"}
        Standard errors of the long-run coefficients from the information matrix (Pesaran, Shin and
        Smith 1999), or from the second derivatives of the concentrated likelihood.
    """

    p: int = Field(default=1, ge=1, le=20)
    q: Lags | dict[str, Lags] = 1
    trend: bool = False
    information: Literal["expected", "observed"] = "expected"

    def driver_lags(self, name: str) -> int:
        """Return the lags of a driver."""
        return self.q.get(name, 1) if isinstance(self.q, dict) else self.q


class DynamicCceSpec(Declaration):
    """The ``[dynamic_cce]`` table: averages over countries, and bias.

    Attributes
    ----------
    lags : int or None
        Lags of the averages; None: the whole part of the cube root of the number of years.
    averages : {"sample", "panel"}
        Of the sample's rows of a year; or of all values that the panel has for the sample's
        countries, so that lags reach back behind the sample and no year is lost.
    jackknife : bool
        Whether the small-sample bias is taken off by the two halves of each country's years:
        2 b - (b1 + b2) / 2.
    trend : bool
        Whether each country has a linear trend of its own.
    """

    lags: int | None = Field(default=None, ge=0, le=20)
    averages: Literal["sample", "panel"] = "sample"
    jackknife: bool = False
    trend: bool = False


class AugmentedMeanGroupSpec(Declaration):
    """The ``[augmented_mean_group]`` table.

    Attributes
    ----------
    process : {"included", "imposed"}
        The common dynamic process as a regressor with each country's own coefficient, or taken off
        the outcome.
    trend : bool
        Whether each country has a linear trend of its own.
    """

    process: Literal["included", "imposed"] = "included"
    trend: bool = False
