"""What estimators take and give: a sample, a transformed regression, a solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from forecast.arrays import Codes, Matrix, Vector
from forecast.panel import Panel
from forecast.specs.dimensions import Effect


class ModelAverage(Protocol):
    """What is asked of the posterior behind an average of models."""

    @property
    def terms(self) -> tuple[str, ...]:
        """Drivers, (k,)."""

    @property
    def pip(self) -> Vector:
        """Posterior inclusion probabilities, (k,)."""

    @property
    def positive(self) -> Vector:
        """Share of the models with the driver in which its mean is positive, (k,)."""

    def tidy(self) -> pd.DataFrame:
        """Return one row a driver."""

    def draw(self, draws: int, rng: np.random.Generator) -> Matrix:
        """Return coefficients (draws, k) from the posterior."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Complete cases of a model, before any transformation.

    Attributes
    ----------
    y : (n,) outcome.
    x : (n, k) regressors, without a constant.
    terms : (k,) names.
    country, year : (n,) codes 0..G-1 and 0..T-1, by sorted label; rows are sorted by both.
    index : pandas.MultiIndex of the rows.
    dropped : rows of the panel left out for a missing value.
    history : the panel with its derived columns, all countries, years and columns, the incomplete
        rows too; estimators that instrument with lags reach back into it.
    groups : codes (n,) of the effects and clusters beside country and year, by name.
    weights : (n,) all above zero, of mean one unless they count rows; None: all one.
    counts : whether a weight is the number of rows that a row stands for.
    places : (n, 2) latitude and longitude in degrees, where a covariance asks for them.
    """

    y: Vector
    x: Matrix
    terms: tuple[str, ...]
    country: Codes
    year: Codes
    index: pd.MultiIndex
    dropped: int
    history: Panel
    groups: Mapping[str, Codes] = field(default_factory=dict)
    weights: Vector | None = None
    counts: bool = False
    places: Matrix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectBlock:
    """One effect: a dummy a group, and the own slopes of columns in it.

    Attributes
    ----------
    name : as the declaration writes it; empty for a constant.
    codes : (n,) groups, 0..G-1.
    slopes : columns (n,) with an own slope in each group.
    """

    name: Effect = ""
    codes: Codes
    slopes: tuple[Vector, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A model turned into one least-squares problem; what most estimators return.

    Attributes
    ----------
    y, x : (m,) and (m, p) transformed outcome and regressors, constant included where there is one.
    terms : (p,) names; the constant is ``const``.
    country, year : (m,) codes of the transformed rows, for clustering.
    index : rows that the residuals belong to.
    absorbed : degrees of freedom taken by effects swept out before least squares.
    stats : further numbers of the estimator (theta, variance components), by name.
    blocks : the effects that were swept out of y and x.
    dummies : (m, q) the columns swept out where they are not those of ``blocks`` (random
        effects: quasi-demeaned year dummies); None otherwise.
    counted : of ``absorbed``, those that small-sample factors count as regressors.
    rounding : relative rounding error that the transformation left in the worst column of x; least
        squares takes smaller differences between columns for collinearity.
    notes : what a reader of the estimate must be told, one sentence each.
    groups : codes (m,) of effects and clusters beside country and year, by name.
    weights : (m,) whose roots y and x have been multiplied by; None: all one.
    counts : whether a weight is the number of rows that a row stands for.
    places : (m, 2) as in `Sample`.
    """

    y: Vector
    x: Matrix
    terms: tuple[str, ...]
    country: Codes
    year: Codes
    index: pd.MultiIndex
    absorbed: int = 0
    stats: Mapping[str, float] = field(default_factory=dict)
    blocks: tuple[EffectBlock, ...] = ()
    dummies: Matrix | None = None
    counted: int = 0
    rounding: float = 0.0
    notes: tuple[str, ...] = ()
    groups: Mapping[str, Codes] = field(default_factory=dict)
    weights: Vector | None = None
    counts: bool = False
    places: Matrix | None = None

    @property
    def n_obs(self) -> int:
        """Rows, or what they stand for."""
        return len(self.y) if self.weights is None else rows_counted(self.weights, self.counts)


def rows_counted(weights: Vector, counts: bool) -> int:
    """Return the number of rows, or what they stand for where weights count."""
    return round(float(weights.sum())) if counts else len(weights)


def unweighted(residuals: Vector, problem: Regression) -> Vector:
    """Return residuals (m,) in the outcome's unit."""
    return residuals if problem.weights is None else residuals / np.sqrt(problem.weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A model solved; what estimators return that do not come down to one least-squares problem.

    Attributes
    ----------
    terms : (p,) names, the sample's among them unless one switches; the constant is ``const``.
    params, cov : (p,) and (p, p), by the covariance that the model names.
    df_resid : degrees of freedom of the t distribution.
    residuals : (m,) of the equation that was solved.
    index : the m rows that the residuals belong to.
    country : (m,) codes of those rows, 0..G-1.
    resid_std : standard deviation of the error that is left in a level of the outcome.
    stats : tests and components, by name.
    tables : what numbers by name cannot hold (inclusion, search), by name.
    average : the posterior over models behind an average of them; None for a single model.
    notes : what a reader of the estimate must be told, one sentence each.
    """

    terms: tuple[str, ...]
    params: Vector
    cov: Matrix
    df_resid: int
    residuals: Vector
    index: pd.MultiIndex
    country: Codes
    resid_std: float
    stats: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    average: ModelAverage | None = None
    notes: tuple[str, ...] = ()
