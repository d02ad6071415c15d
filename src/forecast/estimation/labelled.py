"""A regression's numbers under the names that statsmodels gives them, labelled by term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit  # scipy.stats takes half a second to import

from forecast.arrays import Matrix
from forecast.errors import EstimationError, SpecError
from forecast.estimation.problem import ModelAverage
from forecast.faces import Face, deed
from forecast.specs.model import ModelSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forecast.panel import Panel


class Labelled(Face):
    """What `Estimate` offers besides its fields; index ``term``, units of the outcome per driver's.

    Standard errors are those of the model's own covariance; p-values and intervals are of the t
    distribution with ``df_resid`` degrees of freedom. An average of models has no test of a
    coefficient: its t- and p-values are missing.
    """

    __slots__ = ()

    spec: ModelSpec
    terms: tuple[str, ...]
    params: pd.Series
    cov: Matrix
    df_resid: int
    n_obs: int
    r2: float
    residuals: pd.Series
    observed: pd.Series | None
    average: ModelAverage | None

    @property
    def std_errors(self) -> pd.Series:
        """Standard errors, by term."""
        return self._by_term(np.sqrt(np.diag(self.cov)), "std_error")

    @property
    def bse(self) -> pd.Series:
        """`std_errors`."""
        return self.std_errors

    @property
    def tvalues(self) -> pd.Series:
        """Coefficients over their standard errors, by term."""
        found = self.params / self.std_errors
        return (found if self.average is None else found * np.nan).rename("statistic")

    @property
    def pvalues(self) -> pd.Series:
        """Two-sided p-values of a coefficient of zero, by term."""
        return self._by_term(2 * stdtr(self.df_resid, -np.abs(self.tvalues)), "p_value")

    @property
    def nobs(self) -> int:
        """Observations, ``n_obs``."""
        return self.n_obs

    @property
    def rsquared(self) -> float:
        """R-squared of the least-squares problem solved, ``r2``."""
        return self.r2

    @property
    def resid(self) -> pd.Series:
        """Residuals, on (country, year), in the outcome's unit."""
        return self.residuals

    @property
    def fittedvalues(self) -> pd.Series:
        """The outcome less the residual, on (country, year), fixed effects included.

        Raises
        ------
        EstimationError
            If the residuals are not of the sample's own rows, as those of first differences or
            random effects.
        """
        if self.observed is None:
            raise EstimationError(
                f"model {self.spec.name!r}: estimator {self.spec.estimator!r} has no fitted values "
                "of the sample's rows; predict(panel, effects=False) gives x'b where there is one"
            )
        return (self.observed - self.residuals).rename(self.spec.outcome)

    @property
    def fitted(self) -> pd.Series:
        """`fittedvalues`."""
        return self.fittedvalues

    def cov_params(self) -> pd.DataFrame:
        """Return the covariance of the coefficients, term by term."""
        index = pd.Index(self.terms, name="term")
        return pd.DataFrame(self.cov, index=index, columns=list(self.terms))

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Return intervals at level ``1 - alpha``: columns ``conf_low, conf_high``, by term."""
        if not 0 < alpha < 1:
            raise SpecError(f"alpha: found {alpha}, must be between 0 and 1")
        return self._interval(1 - alpha)

    def predict(
        self,
        panel: Panel | None = None,
        *,
        effects: bool = True,
        fitted_on: Panel | None = None,
        level: float | None = None,
    ) -> Any:
        """Return the outcome predicted for a panel's rows; without one `fittedvalues`.

        Parameters, errors and what is returned are those of ``forecast.predict``.
        """
        if panel is None and level is None:
            return self.fittedvalues
        if panel is None:
            raise EstimationError("predict: errors of predictions need a panel beside 'level'")
        return deed("predict")(self, panel, effects=effects, fitted_on=fitted_on, level=level)

    def wald(self, hypothesis: str | Sequence[str], distribution: str = "F") -> Any:
        """Return ``forecast.wald``, the test of hypotheses such as ``"gap = 0, rd = 1"``."""
        return deed("wald")(self, hypothesis, distribution)

    def wald_test(self, hypothesis: str | Sequence[str], use_f: bool = True) -> Any:
        """Return `wald` by F, or by chi-squared where ``use_f`` is not set."""
        return self.wald(hypothesis, "F" if use_f else "chi2")

    def _interval(self, level: float) -> pd.DataFrame:
        reach = stdtrit(self.df_resid, 0.5 + level / 2) * self.std_errors
        return pd.DataFrame({"conf_low": self.params - reach, "conf_high": self.params + reach})

    def _by_term(self, values: object, name: str) -> pd.Series:
        return pd.Series(values, index=self.params.index, name=name)
