"""Scores of probabilities of an event: arrays of probability and of 0 or 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class BrierParts:
    """Murphy's parts of the Brier score of binned forecasts.

    The score of the forecasts, each replaced by its bin's mean, is
    ``reliability - resolution + uncertainty``. That of the forecasts themselves is exactly
    ``reliability - resolution + uncertainty + within``.

    Attributes
    ----------
    within : float
        What the bins hide: the variance of the forecasts in their bins less twice their
        covariance with the event there. Stephenson, D., Coelho, C. and Jolliffe, I. (2008),
        Two extra components in the Brier score decomposition, Weather and Forecasting 23.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float


def brier(event: Array, probability: Array) -> Array:
    """Return the squared error (n,) of the probability. Brier, G. (1950), MWR 78."""
    return np.asarray((probability - event) ** 2)


def log_score_event(event: Array, probability: Array) -> Array:
    """Return minus the log of the probability (n,) given to what came; infinite where it was 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(np.where(event > 0, probability, 1 - probability)))


def brier_parts(event: Array, probability: Array, bins: int = 10) -> BrierParts:
    """Return reliability, resolution and uncertainty over equally wide bins of probability.

    Murphy, A. (1973), Journal of Applied Meteorology 12, eq. 6.
    """
    table = _by_bin(event, probability, bins)
    share = table["n"].to_numpy() / len(event)
    base = float(np.mean(event))
    said, came = table["forecast"].to_numpy(), table["observed"].to_numpy()
    place = np.unique(_bin(probability, bins), return_inverse=True)[1]
    off, missed = probability - said[place], event - came[place]
    return BrierParts(
        reliability=float(share @ (said - came) ** 2),
        resolution=float(share @ (came - base) ** 2),
        uncertainty=base * (1 - base),
        within=float(np.mean(off**2) - 2 * np.mean(off * missed)),
    )


def reliability_table(event: Array, probability: Array, bins: int = 10) -> pd.DataFrame:
    """Return what was said and what came by bin of probability.

    Returns
    -------
    pandas.DataFrame
        ``low, high`` edges of the bin, ``n`` cases, ``forecast`` mean probability, ``observed``
        share of events, ``band_low, band_high`` the central 90 % of that share if the
        probabilities were right (binomial); bins without cases are left out.
    """
    from scipy.stats import binom

    told = _by_bin(event, probability, bins)
    n, said = told["n"].to_numpy(), told["forecast"].to_numpy()
    low, high = binom.ppf([[0.05], [0.95]], n, said) / n  # all bins at once: a call is slow
    return told.assign(band_low=low, band_high=high)


def _by_bin(event: Array, probability: Array, bins: int) -> pd.DataFrame:
    place = _bin(probability, bins)
    rows = []
    for k in np.unique(place):
        here = place == k
        rows.append({
            "low": k / bins, "high": (k + 1) / bins, "n": int(here.sum()),
            "forecast": float(probability[here].mean()), "observed": float(event[here].mean()),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _bin(probability: Array, bins: int) -> Integers:
    """Return the bin (n,) of each probability; 1 belongs to the last."""
    return np.minimum((probability * bins).astype(np.int64), bins - 1)
