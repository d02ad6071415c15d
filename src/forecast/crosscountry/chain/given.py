"""A fitted chain given another view of growth, or what is known of its first year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.crosscountry.chain.fit_chain import state_moments
from forecast.crosscountry.chain.horizons import VIEW_TERMS
from forecast.crosscountry.chain.imf_view import carried_on
from forecast.crosscountry.chain.record import LONGEST, ChainFit, moment_columns
from forecast.errors import ProjectionError, unknown

PARTS = ("growth", "exchange")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstYear:
    """What is known of g or x in the first year ahead.

    Attributes
    ----------
    value : float
        Log points that follow if nothing moves any more.
    share : float
        Of the variance that the chain gives this year's change, how much is known: 0 to 1.
    """

    value: float
    share: float


def with_view(fit: ChainFit, view: pd.DataFrame) -> ChainFit:
    """Return the fit with growth as a plan, a consensus or another edition sees it.

    The view enters where the IMF's does, with the weight that the IMF's has earned. A path of g
    with a spread of its own is set directly, in ``fit.moments``.

    Parameters
    ----------
    fit : ChainFit
        Fitted with a view.
    view : pandas.DataFrame
        By country, columns 1 to 5: growth per head over the next years, log points, cumulated. The
        other economies keep what they have.

    Raises
    ------
    ProjectionError
        If the fit had no view to learn a weight from, or it has no such economy.
    """
    if VIEW_TERMS[0] not in fit.growth.terms:
        raise ProjectionError("income chain: fitted without a view of growth, so none has a weight")
    for code in view.index:
        if code not in fit.state.index:
            raise ProjectionError(unknown(str(code), fit.state.index, f"economy of {fit.origin}"))
    place = fit.state.index.get_indexer(view.index)
    ahead = carried_on(view[[1, 2, 3, 4, 5]].to_numpy(dtype=np.float64).T)
    mean, scale = state_moments(fit.growth, fit.state.iloc[place], fit.origin, ahead)
    moments = fit.moments.copy()
    for name, values in (("growth_mean", mean), ("growth_scale", scale)):
        moments.loc[list(view.index), moment_columns(name)] = values
    return replace(fit, moments=moments)


def with_first_year(fit: ChainFit, country: str, known: Mapping[str, FirstYear]) -> ChainFit:
    """Return the fit of one economy with what is known of its first year ahead.

    The first year's change of every draw keeps sqrt(1 - share) of its distance from the mean, and
    that mean is the known value. What a draw's first year moves by, its later years and the other
    part follow by their regression on it over all error vectors; the remainder u does not.

    Parameters
    ----------
    fit : ChainFit
    country : str
    known : mapping of "growth", "exchange" to FirstYear

    Raises
    ------
    ProjectionError
        If a part is neither, a share is not from 0 to 1, or the fit has no such economy.
    """
    if country not in fit.state.index:
        raise ProjectionError(unknown(country, fit.state.index, f"economy of {fit.origin}"))
    for part, told in known.items():
        if part not in PARTS:
            raise ProjectionError(unknown(part, PARTS, "part of the first year"))
        if not 0.0 <= told.share <= 1.0:
            raise ProjectionError(f"{part}: found a known share of {told.share}, must be 0 to 1")
    one = replace(fit, state=fit.state.loc[[country]], moments=fit.moments.loc[[country]].copy())
    used = [part for part in PARTS if part in known and known[part].share > 0]
    if not used:
        return one
    errors = np.hstack([one.errors.growth, one.errors.exchange])
    means = np.hstack([one.moment(f"{part}_mean")[0] for part in PARTS])
    scales = np.hstack([one.moment(f"{part}_scale")[0] for part in PARTS])
    first = [PARTS.index(part) * LONGEST for part in used]
    centre = errors.mean(axis=0)
    apart = errors - centre
    slopes = np.linalg.lstsq(apart[:, first], apart, rcond=None)[0]
    kept = np.array([np.sqrt(1.0 - known[part].share) for part in used])
    values = np.array([known[part].value for part in used])
    moved = (values - means[first]) / scales[first] - centre[first]
    means = means + scales * (moved @ slopes)
    errors = errors - ((1.0 - kept) * apart[:, first]) @ slopes
    for j, part in enumerate(PARTS):
        span = slice(j * LONGEST, (j + 1) * LONGEST)
        one.moments.loc[country, moment_columns(f"{part}_mean")] = means[span]
    growth, exchange = errors[:, :LONGEST].copy(), errors[:, LONGEST:].copy()
    return replace(one, errors=replace(one.errors, growth=growth, exchange=exchange))
