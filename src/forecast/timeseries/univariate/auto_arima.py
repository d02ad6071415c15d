"""ARIMA of log output, its order chosen by information criterion (pmdarima)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Draws, Mask, Vector
from forecast.errors import EstimationError
from forecast.randomness.streams import Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth

MODEL = "auto_arima"
MAX_LAGS = 3
MAX_ITERATIONS = 200
# A parameter vector outside the stationary and invertible region is drawn again this many times.
ROUNDS = 50

Order = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArimaFit:
    """A fitted ARIMA of growth.

    Attributes
    ----------
    order : (p, d, q) of growth; d is 0 or 1.
    growth : (n,) the series that it was fitted to, % a year.
    params : (k,) mean of growth (where d is 0), then p autoregressive, then q moving-average terms.
    cov : (k, k) asymptotic covariance of ``params``, from the observed information.
    information : "hessian" where the likelihood's own Hessian could be inverted, else "harvey".
    sigma2 : variance of the innovations, divided by n - k.
    n_obs : observations after differencing.
    aicc : corrected Akaike criterion.
    converged : whether the likelihood's optimiser reported success.
    """

    order: Order
    growth: Vector
    params: Vector
    cov: Draws
    information: str
    sigma2: float
    n_obs: int
    aicc: float
    converged: bool


def auto_arima_growth(
    growth: pd.Series, horizon: int, draws: int, rng: Randomness, order: Order | None = None
) -> GrowthDensity:
    """Return draws of growth from the ARIMA that pmdarima chooses.

    Growth is the first difference of log output, so an ARIMA(p, d, q) of growth with d in {0, 1}
    is an ARIMA(p, d + 1, q) of the log level. d is chosen by the KPSS test on growth at 5 %
    (Kwiatkowski et al., 1992); p and q, up to 3, by the corrected Akaike criterion with the
    stepwise search of Hyndman and Khandakar (2008). A mean is estimated where d is 0 and none
    where d is 1, since a drift in growth itself would run on for ever.

    Parameters enter as draws from their asymptotic normal distribution, cut to the stationary and
    invertible region. Its covariance is the inverse of the likelihood's Hessian with the sign
    turned, as in R's ``arima``; where that is no variance (a maximum on the region's edge), of
    Harvey's (1989, chapter 3) information, which first derivatives give. The innovation
    variance is (n - k) s^2 over a chi-square with n - k degrees of freedom. The innovations of the
    past are recomputed for each draw, conditional on zeros before the sample.

    Parameters
    ----------
    growth : pandas.Series
        Growth by year, % a year; at least 12 years.
    horizon, draws : int
    rng : numpy.random.Generator, or streams of parameters and shocks
    order : tuple of int, optional
        Order (p, d, q) of growth, to leave out the search.

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon); notes name the order of growth, aicc, the information and the
        estimates.

    Raises
    ------
    EstimationError
        If the series is too short or broken or does not vary, no order can be fitted, parameters
        have no variance, or no draw of them is stationary and invertible.
    """
    return draw_arima(fit_arima(growth, order), horizon, draws, rng)


def fit_arima(growth: pd.Series, order: Order | None = None) -> ArimaFit:
    """Return the ARIMA of growth that `auto_arima_growth` draws from."""
    return _fit(checked_growth(growth, 12, MODEL), order)


def draw_arima(fit: ArimaFit, horizon: int, draws: int, rng: Randomness) -> GrowthDensity:
    """Return draws of growth from a fitted ARIMA (see `auto_arima_growth`)."""
    streams, values = paired(rng), fit.growth
    params = _draw_params(fit, draws, streams.parameters)
    degrees = fit.n_obs - len(fit.params)
    sigma = np.sqrt(degrees * fit.sigma2 / streams.parameters.chisquare(degrees, size=draws))
    shocks = streams.shocks.standard_normal((draws, horizon)) * sigma[:, None]
    return GrowthDensity(
        name=MODEL,
        draws=_paths(values, fit.order, params, shocks),
        point=_paths(values, fit.order, fit.params[None, :], np.zeros((1, horizon)))[0],
        notes=_notes(fit),
        converged=fit.converged,
    )


def _fit(values: Vector, order: Order | None) -> ArimaFit:
    import pmdarima

    # The optimiser stops early where the mean is large or the variance far from one.
    centre, scale = float(values.mean()), float(values.std())
    series = (values - centre) / scale
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            chosen = _search(series) if order is None else order
            model = pmdarima.ARIMA(
                chosen, maxiter=MAX_ITERATIONS, with_intercept=chosen[1] == 0
            ).fit(series)
            result = model.arima_res_
            raw = np.asarray(result.params, dtype=np.float64)
            cov, information = _covariance(result)
        except (ValueError, np.linalg.LinAlgError, AttributeError) as fault:
            raise EstimationError(f"{MODEL}: no ARIMA could be fitted: {fault}") from fault
    return _summary(result, values, chosen, raw, cov, information)


def _covariance(result: object) -> tuple[Draws, str]:
    """Return the parameters' covariance and the information that it is the inverse of.

    statsmodels' default is the outer product of gradients, in which one large residual counts to
    its fourth power.
    """
    for name, information in (("cov_params_approx", "hessian"), ("cov_params_oim", "harvey")):
        cov = np.asarray(getattr(result, name), dtype=np.float64)
        if np.isfinite(cov).all() and np.linalg.eigvalsh((cov + cov.T) / 2).min() > 0:
            return cov, information
    raise EstimationError(f"{MODEL}: the likelihood is flat: its parameters have no variance")


def _search(series: Vector) -> Order:
    """Return the order of least AICc; the mean is left to the fit, the series being centred."""
    import pmdarima

    model = pmdarima.auto_arima(
        series,
        d=int(pmdarima.arima.ndiffs(series, test="kpss", max_d=1)),
        max_p=MAX_LAGS,
        max_q=MAX_LAGS,
        maxiter=MAX_ITERATIONS,
        seasonal=False,
        with_intercept=False,
        information_criterion="aicc",
        error_action="ignore",
    )
    p, d, q = model.order
    return int(p), int(d), int(q)


def _summary(
    result: object, values: Vector, order: Order, raw: Vector, cov: Draws, information: str
) -> ArimaFit:
    """Return the fit in the series' own unit, with the mean in place of the intercept."""
    centre, scale = float(values.mean()), float(values.std())
    p, d, q = (int(part) for part in order)
    k = len(raw) - 1
    params, cov = raw[:k].copy(), cov[:k, :k]
    if d == 0:
        # mean = intercept / (1 - sum of AR terms); its covariance by the delta method.
        room = 1 - params[1 : 1 + p].sum()
        mean = params[0] / room
        jacobian = np.eye(k)
        jacobian[0, 0] = scale / room
        jacobian[0, 1 : 1 + p] = scale * mean / room
        params[0], cov = centre + scale * mean, jacobian @ cov @ jacobian.T
    n = int(getattr(result, "nobs", 0)) - d
    mle = getattr(result, "mle_retvals", None) or {}
    return ArimaFit(
        order=(p, d, q),
        growth=values,
        params=params,
        cov=cov,
        information=information,
        sigma2=float(raw[-1]) * scale**2 * n / (n - k),
        n_obs=n,
        aicc=float(getattr(result, "aicc", np.nan)) + 2 * n * float(np.log(scale)),
        converged=bool(mle.get("converged", True)),
    )


def _draw_params(fit: ArimaFit, draws: int, rng: Generator) -> Draws:
    """Draw from the asymptotic normal, again where a draw is not stationary or invertible."""
    k = len(fit.params)
    if k == 0:
        return np.empty((draws, 0))
    values, vectors = np.linalg.eigh((fit.cov + fit.cov.T) / 2)
    root = vectors * np.sqrt(np.clip(values, 0, None))  # rounding may leave -1e-17
    out = np.empty((draws, k))
    waiting = np.ones(draws, dtype=bool)
    for _ in range(ROUNDS):
        out[waiting] = fit.params + rng.standard_normal((int(waiting.sum()), k)) @ root.T
        waiting[waiting] = ~_admissible(out[waiting], fit.order)
        if not waiting.any():
            return out
    if waiting.all():
        raise EstimationError(
            f"{MODEL}: no draw of the parameters of ARIMA{fit.order} is stationary and invertible"
        )
    out[waiting] = out[~waiting][rng.integers(0, int((~waiting).sum()), int(waiting.sum()))]
    return out


def _admissible(params: Draws, order: Order) -> Mask:
    p, d, q = order
    first = 1 if d == 0 else 0
    ar, ma = params[:, first : first + p], -params[:, first + p : first + p + q]
    return np.asarray((_radius(ar) < 1) & (_radius(ma) < 1))


def _radius(lags: Draws) -> Vector:
    """Return the largest root's modulus of 1 - a1 L - ... in each row, by companion matrix."""
    n, p = lags.shape
    if p == 0:
        return np.zeros(n)
    companion = np.zeros((n, p, p))
    companion[:, 0] = lags
    companion[:, np.arange(1, p), np.arange(p - 1)] = 1.0
    return np.asarray(np.abs(np.linalg.eigvals(companion)).max(axis=1), dtype=np.float64)


def _paths(values: Vector, order: Order, params: Draws, shocks: Draws) -> Draws:
    """Return growth, (draws, horizon): filter the past's innovations, then run the ARMA on."""
    p, d, q = order
    n_draws, horizon = shocks.shape
    past = np.diff(values, n=d)
    first = 1 if d == 0 else 0
    mean = params[:, 0] if first else np.zeros(n_draws)
    ar, ma = params[:, first : first + p], params[:, first + p :]
    n = len(past)
    series = np.zeros((n_draws, p + n + horizon))
    series[:, p : p + n] = past - mean[:, None]
    noise = np.zeros((n_draws, q + n + horizon))
    noise[:, q + n :] = shocks
    for t in range(n + horizon):
        fitted = (ar * series[:, t : t + p][:, ::-1]).sum(axis=1)
        fitted += (ma * noise[:, t : t + q][:, ::-1]).sum(axis=1)
        if t >= n:
            series[:, p + t] = fitted + noise[:, q + t]
        elif t >= p:
            noise[:, q + t] = series[:, p + t] - fitted
    future = series[:, p + n :] + mean[:, None]
    return values[-1] + np.cumsum(future, axis=1) if d else future


def _notes(fit: ArimaFit) -> dict[str, str | float]:
    p, d, q = fit.order
    names = (
        ["mean"] * (d == 0)
        + [f"ar{i}" for i in range(1, p + 1)]
        + [f"ma{i}" for i in range(1, q + 1)]
    )
    return {
        "order_of_growth": f"({p},{d},{q})",
        "aicc": fit.aicc,
        "information": fit.information,
        "sigma2": fit.sigma2,
        "n_obs": float(fit.n_obs),
        **dict(zip(names, fit.params.tolist(), strict=True)),
    }
