"""Westerlund's error-correction tests of cointegration in panels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Vector
from forecast.diagnostics.cointegration.error_correction import ErrorCorrection, error_correction
from forecast.diagnostics.cointegration.null_draws import null_draws
from forecast.diagnostics.cointegration.series import LongSeries, long_series
from forecast.diagnostics.cointegration.tables import WESTERLUND
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import DETERMINISTIC, Deterministic
from forecast.errors import EstimationError, choose
from forecast.faces import as_names
from forecast.panel import Panel
from forecast.statistics.significance.tails import normal_cdf

WESTERLUND_FORMS: dict[str, str] = {
    "gt": "Westerlund Gt",
    "ga": "Westerlund Ga",
    "pt": "Westerlund Pt",
    "pa": "Westerlund Pa",
}


def westerlund(
    panel: Panel,
    outcome: str,
    drivers: str | Sequence[str],
    form: str = "gt",
    deterministic: Deterministic = "intercept",
    how: ErrorCorrection = ErrorCorrection(),  # noqa: B008 (frozen)
    *,
    draws: int = 0,
    rng: np.random.Generator | None = None,
) -> TestResult:
    """Return Westerlund's (2007) test that no country's outcome corrects to its drivers.

    Of a, the coefficient of the outcome's lagged level in each country's error correction, ``gt``
    is the mean t, ``ga`` the mean T a / a(1), a(1) the ratio of the long-run deviations of error
    and outcome's change; ``pt`` and ``pa`` have one pooled a. Less mean, over deviation of his
    table 1: standard normal, left tail.

    Parameters
    ----------
    panel : Panel, balanced, without gaps
    outcome : str
    drivers : str or sequence of str, at most six
    form : {"gt", "ga", "pt", "pa"}
    deterministic : {"none", "intercept", "trend"}
    how : ErrorCorrection
        Lags, leads, bandwidth, and what T is.
    draws, rng : int, numpy.random.Generator or None
        Samples of a bootstrap that keeps dependence between countries, for the p-value.

    Raises
    ------
    EstimationError
        If an argument is not as allowed, the panel is unbalanced or too short, a series does not
        vary, or a country's regression is singular or exact.
    """
    name = choose(form, WESTERLUND_FORMS, "form", EstimationError)
    width = choose(deterministic, DETERMINISTIC, "deterministic", EstimationError)
    drivers = tuple(as_names(drivers))
    series = long_series(panel, outcome, drivers, f"{name} test")
    if draws < 0 or (draws > 0) is not (rng is not None):
        raise EstimationError(f"{name} test: found {draws} draws; draws and rng go together")
    _checked(name, series, width, how, len(WESTERLUND[deterministic]))
    found = _found(name, series, width, how)
    at, moments = list(WESTERLUND_FORMS).index(form), WESTERLUND[deterministic][len(drivers) - 1]
    score = float(_standardised(found, moments, series.y.shape[1])[at])
    p_value, note, law = float(normal_cdf(score)), "", "normal"
    if rng is not None:
        made = null_draws(series.y, series.x, width, how, draws, rng)[:, at]
        p_value = float((1 + (made <= found[at]).sum()) / (1 + len(made)))
        note, law = f"p-value of {len(made)} bootstrap samples", "bootstrap"
    return TestResult(
        name=name,
        statistic=score,
        df=None,
        p_value=p_value,
        null="no country's series are cointegrated",
        note=note,
        distribution=law,
    )


def _found(name: str, series: LongSeries, width: int, how: ErrorCorrection) -> Vector:
    found = error_correction(series.y, series.x, width, how)
    if found is None:
        raise EstimationError(
            f"{name} test: a country's regression is singular or exact; leave it out"
        )
    return found


def _checked(
    name: str, series: LongSeries, width: int, how: ErrorCorrection, tabulated: int
) -> None:
    length, k = len(series.y), series.x.shape[2]
    coefficients = 1 + width + k + how.lags + k * (how.lags + how.leads + 1)
    rows = length - 1 - how.lags - how.leads
    if min(how.lags, how.leads) < 0 or k > tabulated or rows < coefficients + 2:
        raise EstimationError(
            f"{name} test: found {k} drivers, {how.lags} lags and {how.leads} leads; none may be "
            f"negative, at most {tabulated} drivers are tabulated, and {length} years must leave "
            f"two rows more than the {coefficients} coefficients"
        )


def _standardised(raw: Vector, moments: Vector, countries: int) -> Vector:
    """Return the statistics less their means, over their deviations."""
    grown = raw * np.sqrt([countries, countries, 1, countries])
    return np.asarray((grown - np.sqrt(countries) * moments[:4]) / np.sqrt(moments[4:]))
