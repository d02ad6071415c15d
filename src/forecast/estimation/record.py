"""The records that estimation passes on: a sample, a transformed regression, an estimate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from forecast.estimation.summary import summary, summary_html
from forecast.panel import Panel
from forecast.specs.model import Effect, ModelSpec

if TYPE_CHECKING:
    from forecast.estimation.bma import BayesianAverage

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]


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
    """

    y: Vector
    x: Matrix
    terms: tuple[str, ...]
    country: Codes
    year: Codes
    index: pd.MultiIndex
    dropped: int
    history: Panel


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
    effects : dimensions whose dummies were swept out of y and x.
    dummies : (m, q) the columns swept out where they are not plain dummies of ``effects`` (random
        effects: quasi-demeaned year dummies); None otherwise.
    counted : of ``absorbed``, those that small-sample factors count as regressors.
    rounding : relative rounding error that the transformation left in the worst column of x; least
        squares takes smaller differences between columns for collinearity.
    """

    y: Vector
    x: Matrix
    terms: tuple[str, ...]
    country: Codes
    year: Codes
    index: pd.MultiIndex
    absorbed: int = 0
    stats: Mapping[str, float] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    dummies: Matrix | None = None
    counted: int = 0
    rounding: float = 0.0


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
    average: BayesianAverage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A model estimated: numbers only, complete without the library that made them.

    Attributes
    ----------
    spec : ModelSpec
    source : str
        Package and table of the sample.
    terms : (p,) names; the constant is ``const``.
    params, cov : (p,) and (p, p).
    df_resid : int
        Degrees of freedom of the t distribution.
    n_obs, n_countries, n_years, first_year, last_year, dropped : int
    r2, r2_within, r2_between, r2_overall : float
        r2 is of the least-squares problem solved; the other three are squared correlations of the
        outcome with x'b within countries, between their means, and overall. NaN where undefined.
    resid_std : float
        Square root of the residual variance, degrees of freedom corrected, in the outcome's unit.
    residuals : pandas.Series on (country, year)
    anchors : pandas.DataFrame
        One row a country: sample means of the outcome and the regressors.
    stats : dict
        Tests and components by name.
    tables : dict
        Further tables by name: ``prior``, ``inclusion``, ``top_models``, ``threshold`` ...
    average : BayesianAverage or None
        The posterior over models that an average of models was made from.
    """

    spec: ModelSpec
    source: str
    terms: tuple[str, ...]
    params: Vector
    cov: Matrix
    df_resid: int
    n_obs: int
    n_countries: int
    n_years: int
    first_year: int
    last_year: int
    dropped: int
    r2: float
    r2_within: float
    r2_between: float
    r2_overall: float
    resid_std: float
    residuals: pd.Series
    anchors: pd.DataFrame
    stats: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    average: BayesianAverage | None = None

    def __str__(self) -> str:
        """Return the summary that ``print`` shows."""
        return summary(self)

    def _repr_html_(self) -> str:
        """Return the summary that a notebook shows."""
        return summary_html(self)

    @property
    def std_errors(self) -> Vector:
        """Standard errors, (p,)."""
        return np.sqrt(np.diag(self.cov))

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a coefficient.

        Columns ``model, term, estimate, std_error, statistic, p_value, conf_low, conf_high``; t
        distribution with ``df_resid`` degrees of freedom; interval at ``level``. An average of
        models has no test of a coefficient: its statistic and p-value are NaN, and the interval is
        the posterior mean plus and minus that quantile of posterior standard deviations.
        """
        se = self.std_errors
        statistic = self.params / se
        if self.average is not None:
            statistic = np.full_like(se, np.nan)
        quantile = stats.t.ppf(0.5 + level / 2, self.df_resid)
        return pd.DataFrame(
            {
                "model": self.spec.name,
                "term": self.terms,
                "estimate": self.params,
                "std_error": se,
                "statistic": statistic,
                "p_value": 2 * stats.t.sf(np.abs(statistic), self.df_resid),
                "conf_low": self.params - quantile * se,
                "conf_high": self.params + quantile * se,
            }
        )

    def glance(self) -> dict[str, object]:
        """Return one row about the model, as in ``models.csv``."""
        return {
            "model": self.spec.name,
            "estimator": self.spec.estimator,
            "covariance": self.spec.covariance,
            "outcome": self.spec.outcome,
            "effects": " + ".join(self.spec.effects) or "none",
            "n_obs": self.n_obs,
            "n_countries": self.n_countries,
            "first_year": self.first_year,
            "last_year": self.last_year,
            "dropped": self.dropped,
            "df_resid": self.df_resid,
            "r2": self.r2,
            "r2_within": self.r2_within,
            "r2_between": self.r2_between,
            "r2_overall": self.r2_overall,
            "resid_std": self.resid_std,
            **self.stats,
        }
