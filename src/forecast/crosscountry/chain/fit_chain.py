"""The income chain, fitted on what every economy's past says at an origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Array, Mask
from forecast.crosscountry.chain.horizons import fit_horizons, means_and_scales
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.imf_view import view_ahead
from forecast.crosscountry.chain.record import (
    LONGEST,
    MOMENTS,
    ChainFit,
    ErrorVectors,
    HorizonFit,
    moment_columns,
)
from forecast.crosscountry.chain.regressors import (
    EXCHANGE_SPREAD,
    EXCHANGE_TERMS,
    GROWTH_SPREAD,
    GROWTH_TERMS,
    chain_regressors,
    income_spread,
)
from forecast.crosscountry.chain.windows import sums_ahead
from forecast.errors import ALL_ECONOMIES, DataError, ProjectionError, choose

LEARNT_FROM = {
    "high": (0.2, 1.5),
    "upper_middle": (0.1, 3.0),
    "lower_middle": (0.1, 3.0),
}
"""Income over the line of the economies whose past is learnt from."""
FLOATING_SINCE = 1972  # flexible exchange rates: what moved them before says little of now
MIN_VECTORS = 100
# Kept to so many decimals, a hundredth of what any of them is known to, so that a fit that was
# written down and one that is made are the same to the last digit.
_DIGITS, _ERROR_DIGITS = 7, 4
_LARGEST_REMAINDER = 0.3  # log points a year: a wider gap of the identity is a break of the data


def fit_chain(record: ChainRecord, origin: int, *, imf: pd.DataFrame | None = None) -> ChainFit:
    """Return the income chain fitted at an origin, on outcomes known by then.

    The sums of g and of x over the next k = 1 to 10 years are each regressed on the regressors of
    the start, pooled over all economies at the distances `LEARNT_FROM` since 1972, with robust
    weights and a mild ridge; the log scale on volatilities and relative income. The world mean of
    x is set to zero: a real exchange rate has no drift against the world. The errors of the
    economy-years with all ten years known are kept whole, standardised, with what the identity
    left in those years.

    Parameters
    ----------
    record : ChainRecord
        May reach beyond the origin: nothing later is read.
    origin : int
        Last year known.
    imf : pandas.DataFrame or None
        Growth per head expected by others, as known at each origin (``imf_view``); editions after
        the origin are not read.

    Raises
    ------
    ProjectionError
        If the origin lies outside the record.
    DataError
        If too few economy-years are known.
    """
    if not record.years[0] <= origin <= record.years[-1]:
        raise ProjectionError(
            f"origin: found {origin}, must lie within {record.years[0]}-{record.years[-1]}"
        )
    known = record.through(origin)
    values = chain_regressors(known)
    view = None if imf is None else view_ahead(imf, known)
    rows = _learnt_from(known)
    growth_sums, exchange_sums = (
        sums_ahead(part, LONGEST) for part in (known.growth, known.exchange)
    )
    growth, growth_errors = fit_horizons(
        growth_sums, values, rows, (GROWTH_TERMS, GROWTH_SPREAD), view=view
    )
    exchange, exchange_errors = fit_horizons(
        exchange_sums, values, rows, (EXCHANGE_TERMS, EXCHANGE_SPREAD), centred=True
    )
    there = np.isfinite(known.relative[-1])
    state = _state(known, values, there)
    seen = None if view is None else view[:, -1, there]
    later, later_errors = fit_horizons(growth_sums, values, rows, (("position",), GROWTH_SPREAD))
    return ChainFit(
        origin=origin,
        line=record.line,
        growth=growth,
        exchange=exchange,
        later=later,
        errors=_vectors(known, growth_errors, exchange_errors, later_errors),
        state=state,
        moments=_moments(state, (growth, exchange), origin, seen),
    )


def _learnt_from(record: ChainRecord) -> Mask:
    """Return which economy-years (T, N) may be learnt from, their future apart."""
    low, high = np.log(choose(record.line, LEARNT_FROM, "line", DataError))
    near = (record.relative >= low) & (record.relative <= high)
    since = (record.years >= FLOATING_SINCE)[:, None]
    return np.asarray(near & since & np.isfinite(income_spread(record)))


def _vectors(record: ChainRecord, *errors: Array) -> ErrorVectors:
    """Return the error vectors (m, 10) of the economy-years whose ten years are all known."""
    whole = np.isfinite(np.stack(errors)).all(axis=(0, 1))
    start, column = np.nonzero(whole)
    if len(start) < MIN_VECTORS:
        raise DataError(
            f"income chain, origin {record.years[-1]}, line {record.line}: {len(start)} economy-"
            f"years with ten years known after them, must be {MIN_VECTORS} or more; "
            f"{ALL_ECONOMIES}"
        )
    left = np.nan_to_num(np.clip(record.remainder, -_LARGEST_REMAINDER, _LARGEST_REMAINDER))
    ahead = sums_ahead(left, LONGEST)[:, start, column].T
    growth, exchange, later = (part[:, start, column].T for part in errors)
    return ErrorVectors(
        country=tuple(record.countries[j] for j in column),
        year=record.years[start],
        growth=growth.round(_ERROR_DIGITS),
        exchange=exchange.round(_ERROR_DIGITS),
        later=later.round(_ERROR_DIGITS),
        remainder=(ahead - np.median(ahead, axis=0)).round(_ERROR_DIGITS),
    )


def _state(record: ChainRecord, values: Mapping[str, Array], there: Mask) -> pd.DataFrame:
    """Return every economy's state in the last year, where its income is known."""
    columns = {"relative": record.relative[-1]} | {name: v[-1] for name, v in values.items()}
    table = pd.DataFrame(columns, index=pd.Index(record.countries, name="country"))
    return table[there].round(_DIGITS)


def state_moments(
    fit: HorizonFit, state: pd.DataFrame, origin: int, view: Array | None
) -> tuple[Array, Array]:
    """Return means and scales (n, 10) of the sums over the next k years, from economies' states.

    Parameters
    ----------
    fit : HorizonFit
    state : pandas.DataFrame
        Rows of ``ChainFit.state``.
    origin : int
    view : (10, n) or None
        Needed by a fit with a view.
    """
    values = {str(name): state[name].to_numpy(dtype=np.float64) for name in state.columns}
    mean, scale = means_and_scales(fit, values, float(origin - FLOATING_SINCE), view)
    return mean.round(_DIGITS), scale.round(_DIGITS)


def _moments(
    state: pd.DataFrame, fits: Sequence[HorizonFit], origin: int, view: Array | None
) -> pd.DataFrame:
    parts = [part for fit in fits for part in state_moments(fit, state, origin, view)]
    columns = [column for name in MOMENTS for column in moment_columns(name)]
    return pd.DataFrame(np.concatenate(parts, axis=1), index=state.index, columns=columns)
