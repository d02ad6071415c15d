"""Direct regressions by horizon, and the means and scales that follow from a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forecast.arrays import Array, Mask
from forecast.crosscountry.chain.record import LONGEST, HorizonFit
from forecast.crosscountry.chain.regressors import design_of
from forecast.crosscountry.chain.robust import RobustFit, robust_regression
from forecast.errors import ALL_ECONOMIES, DataError

VIEW_TERMS = ("imf_known", "imf_gap")
MIN_ROWS = 150
_MIN_VIEWED = 300  # economy-years with a view, before it is used
_VIEW_UNIT = 0.02  # log points a year that a view departs from the own fit
_VIEW_LIMIT = 3.0
_WIDENING = 0.5
_ROUNDING = 3e-7  # log points: moments that differ by less are the same, written down


def fit_horizons(
    sums: Array,
    values: Mapping[str, Array],
    rows: Mask,
    terms: tuple[Sequence[str], Sequence[str]],
    *,
    view: Array | None = None,
    centred: bool = False,
) -> tuple[HorizonFit, Array]:
    """Return the regressions of the sums over k years, and their standardised errors.

    Parameters
    ----------
    sums : (10, T, N)
        Over the next k years, NaN where not known.
    values : mapping of regressor to (T, N)
    rows : (T, N)
        Economy-years that may be learnt from.
    terms : (sequence, sequence) of str
        Regressors of the mean and of the log scale.
    view : (10, T, N) or None
        What others expected of the sums, NaN where nothing.
    centred : bool
        Take the mean of the fitted values out of the forecasts.

    Returns
    -------
    HorizonFit, (10, T, N)
        Errors are NaN outside the economy-years learnt from.

    Raises
    ------
    DataError
        If fewer than ``MIN_ROWS`` economy-years are known at a horizon.
    """
    x, z = design_of(values, terms[0]), design_of(values, terms[1])
    errors = np.full(sums.shape, np.nan)
    fits, centres, own, counts = [], [], [], []
    for k in range(LONGEST):
        use = rows & np.isfinite(sums[k])
        counts.append(_enough(int(use.sum()), k + 1))
        fit = robust_regression(sums[k][use], x[use], z[use])
        own.append(fit.beta)
        xk, zk = x, z
        if view is not None:
            xk, zk = _with_view(x, z, fit.beta, view[k], k + 1)
            fit = _viewed(sums[k], xk, zk, use, fit)
        fitted = xk[use] @ fit.beta
        errors[k][use] = (sums[k][use] - fitted) / (np.exp(zk[use] @ fit.gamma) * fit.factor)
        centres.append(fitted.mean() if centred else 0.0)
        fits.append(fit)
    own = [] if view is None else own
    return _gathered(fits, centres, own, counts, terms), errors


def means_and_scales(
    fit: HorizonFit, values: Mapping[str, Array], since: float, view: Array | None = None
) -> tuple[Array, Array]:
    """Return means and scales (..., 10) of the sums over k years from a state.

    Scales are widened by sqrt(1 + .5 k / n), n being the years learnt from: few ten-year spans lie
    in them.

    Parameters
    ----------
    fit : HorizonFit
    values : mapping of regressor to array of any one shape
    since : float
        Years learnt from, n.
    view : (10, ...) or None
        Needed by a fit with a view.
    """
    seen = len(VIEW_TERMS) if VIEW_TERMS[0] in fit.terms else 0
    x = design_of(values, fit.terms[: len(fit.terms) - seen])
    z = design_of(values, fit.spread_terms[: len(fit.spread_terms) - seen // 2])
    means, scales = [], []
    for k in range(LONGEST):
        xk, zk = x, z
        if seen:
            known = np.full(x.shape[:-1], np.nan) if view is None else view[k]
            xk, zk = _with_view(x, z, fit.own[k], known, k + 1)
        means.append(xk @ fit.beta[k] - fit.centre[k])
        widening = np.sqrt(1 + _WIDENING * (k + 1) / since)
        scales.append(np.exp(zk @ fit.gamma[k]) * fit.factor[k] * widening)
    return np.stack(means, axis=-1), np.stack(scales, axis=-1)


def view_within(
    fit: HorizonFit, values: Mapping[str, Array], since: float, mean: Array, scale: Array
) -> Array:
    """Return the view (10, ...) that means and scales (..., 10) were made with; NaN for none.

    The inverse of ``means_and_scales``. A view that was further from the own fit than counts comes
    back at the limit; one without weight, as the own fit.

    Parameters
    ----------
    fit : HorizonFit
    values : mapping of regressor to array of any one shape
    since : float
    mean, scale : (..., 10)
        Rounded to 1e-7 or better.
    """
    view = np.full((LONGEST, *mean.shape[:-1]), np.nan)
    if VIEW_TERMS[0] not in fit.terms:
        return view
    without, narrow = means_and_scales(fit, values, since)
    moved = np.abs(mean - without) + np.abs(scale - narrow) > _ROUNDING
    known = moved.any(axis=-1)
    x = design_of(values, fit.terms[: -len(VIEW_TERMS)])
    for k in range(LONGEST):
        dummy, weight = fit.beta[k, -2:]
        gap = (mean[..., k] - without[..., k] - dummy) / weight if weight else 0.0
        view[k] = np.where(known, x @ fit.own[k] + gap * _VIEW_UNIT * (k + 1), np.nan)
    return view


def _gathered(
    fits: Sequence[RobustFit],
    centres: Sequence[float],
    own: Sequence[Array],
    counts: Sequence[int],
    terms: tuple[Sequence[str], Sequence[str]],
) -> HorizonFit:
    seen = VIEW_TERMS if own else ()
    return HorizonFit(
        terms=(*terms[0], *seen),
        spread_terms=(*terms[1], *seen[:1]),
        beta=np.stack([fit.beta for fit in fits]),
        gamma=np.stack([fit.gamma for fit in fits]),
        factor=np.array([fit.factor for fit in fits]),
        centre=np.array(centres),
        own=np.stack(own) if own else np.empty((LONGEST, 0)),
        rows=np.array(counts, dtype=np.int64),
    )


def _enough(found: int, horizon: int) -> int:
    if found < MIN_ROWS:
        raise DataError(
            f"income chain: {found} economy-years known {horizon} years later, must be {MIN_ROWS} "
            f"or more; {ALL_ECONOMIES}"
        )
    return found


def _with_view(x: Array, z: Array, own: Array, view: Array, horizon: int) -> tuple[Array, Array]:
    """Return both designs with a dummy for a view; the mean's also with its gap to the own fit."""
    known = np.isfinite(view)
    gap = np.where(known, np.nan_to_num(view) - x @ own, 0.0) / (_VIEW_UNIT * horizon)
    dummy = known.astype(np.float64)[..., None]
    limited = np.clip(gap, -_VIEW_LIMIT, _VIEW_LIMIT)[..., None]
    return np.concatenate([x, dummy, limited], axis=-1), np.concatenate([z, dummy], axis=-1)


def _viewed(sums: Array, x: Array, z: Array, use: Mask, own: RobustFit) -> RobustFit:
    """Return the fit with the view; that without it, with zeros, where too few had one."""
    if (use & (x[..., -2] > 0)).sum() > _MIN_VIEWED:
        return robust_regression(sums[use], x[use], z[use])
    return RobustFit(
        beta=np.append(own.beta, [0.0, 0.0]), gamma=np.append(own.gamma, 0.0), factor=own.factor
    )
