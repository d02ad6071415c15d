"""Standard errors and intervals of predictions, fixed effects included."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from forecast.arrays import Vector
from forecast.errors import EstimationError
from forecast.estimation.effects.effect_values import EffectValues
from forecast.estimation.record import Estimate

GIVEN = (
    "pooled", "within", "iv", "between", "random_effects", "correlated_random_effects"
)  # fmt: skip


def refuse_errors(estimate: Estimate) -> None:
    """Raise EstimationError where the error of a prediction cannot be given."""
    if estimate.spec.estimator not in GIVEN:
        raise EstimationError(
            f"model {estimate.spec.name!r}: errors of predictions are given for "
            f"{', '.join(GIVEN)}; {estimate.spec.estimator!r} does not say how its constants err "
            f"with its slopes: leave out 'level'"
        )


def prediction_errors(
    estimate: Estimate,
    values: pd.Series,
    columns: pd.DataFrame,
    effects: EffectValues | None,
    sample: pd.DataFrame | None,
    level: float,
) -> pd.DataFrame:
    """Return predictions with their standard errors and intervals.

    Without effects the variance is d'Vd, d the row's constant and regressors. With effects, h the
    weights of the sample's rows in the row's effect: (x - X'h)'V(x - X'h) + s^2 h'h, which for
    classical errors is exactly that of least squares with the dummies written out (R's
    ``predict.lm``). The first part has the estimate's own covariance; the second always takes
    independent errors of one variance, as residuals sum to zero in every group and leave no other
    estimate of what a group shares.

    Parameters
    ----------
    estimate : Estimate
        Of one of `GIVEN`.
    values : (m,) predictions.
    columns : (m, k) regressors of their rows.
    effects : the projection on the dummies; None: no effects are in the predictions.
    sample : (..., k) regressors of the sample's rows; None: no effects.
    level : of the intervals.

    Returns
    -------
    pandas.DataFrame
        ``prediction, std_error, conf_low, conf_high, new_low, new_high``, index as ``values``. A
        new observation has an error of its own beside: of the country's and of the row's for random
        effects; of a mean over a country's rows for ``between``; of a row of mean weight where rows
        are weighted. Its interval is missing where effects are left out, which its level needs.
    """
    variance, own = _variances(estimate, columns, effects, sample), estimate.resid_std**2
    if "sigma2_id" in estimate.stats:
        own = estimate.stats["sigma2_idios"] + estimate.stats["sigma2_id"]
    if effects is None and estimate.spec.effects:
        own = np.nan
    reach = float(stdtrit(estimate.df_resid, 0.5 + level / 2))
    error, wider = np.sqrt(variance), np.sqrt(variance + own)
    return pd.DataFrame(
        {
            "prediction": values,
            "std_error": error,
            "conf_low": values - reach * error,
            "conf_high": values + reach * error,
            "new_low": values - reach * wider,
            "new_high": values + reach * wider,
        },
        index=values.index,
    )


def _variances(
    estimate: Estimate,
    columns: pd.DataFrame,
    effects: EffectValues | None,
    sample: pd.DataFrame | None,
) -> Vector:
    x, slopes = columns.to_numpy(dtype=float), [estimate.terms.index(name) for name in columns]
    if effects is not None and sample is not None:
        x = x - effects.fitted(sample.loc[effects.rows, list(columns)].to_numpy(dtype=float))
        spread = estimate.cov[np.ix_(slopes, slopes)]
        found: Vector = np.einsum("mi,ij,mj->m", x, spread, x)
        found += estimate.resid_std**2 * effects.variances()
        return found
    design = np.zeros((len(x), len(estimate.terms)))
    design[:, slopes] = x
    if "const" in estimate.terms:
        design[:, estimate.terms.index("const")] = 1
    found = np.einsum("mi,ij,mj->m", design, estimate.cov, design)
    return found
