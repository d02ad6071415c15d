"""Every economy's chances of passing a line and of falling below it, from a fitted chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Array, Integers, Mask
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.passages import Passages, count_passages
from forecast.crosscountry.chain.record import LONGEST, ChainFit
from forecast.errors import ProjectionError
from forecast.randomness.tasks import in_parallel

AHEAD = (1, 2, 3, 5, 10)
"""Years ahead that are told unless others are asked for."""
FURTHEST = 25  # years ahead that the chain was scored at
LEVELS = (0.1, 0.5, 0.9)
PIECE = 20  # economies of one task
SECONDS = 0.002  # an economy's every path
_DRAWS = 4000  # joint ones, for intervals of totals


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldTable:
    """What a fitted chain says of economies.

    Attributes
    ----------
    origin : int
        Last year known.
    line : str
    until : int
        Last year in which a year of passage is looked for.
    economies : pandas.DataFrame
        ``country, income_over_line`` at the origin, ``above`` (it is above the line then);
        ``year_p10, median_year, year_p90``: first years by which the probability of having passed
        is .1, .5 and .9, missing where that is after ``until`` and for economies above.
    chances : pandas.DataFrame
        ``country, year``; ``passed``: probability of having been above in a year after the origin,
        ``back``: of that and having been below since (both missing for economies above the line at
        the origin); ``below``: of being below in that year.
    totals : pandas.DataFrame
        ``year``; ``passages, passages_low, passages_high``: expected number of economies below the
        line that pass by then, and its 80 % interval; ``back``: expected number that pass and are
        below again; ``people, people_low, people_high``: people in the economies that pass, in the
        unit given, missing where none is known.
    uncounted : int
        Economies below the line whose people are not known, so not in ``people``.
    """

    origin: int
    line: str
    until: int
    economies: pd.DataFrame
    chances: pd.DataFrame
    totals: pd.DataFrame
    uncounted: int


def world_table(
    fit: ChainFit,
    rng: Generator,
    *,
    countries: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    people: Mapping[str, float] | None = None,
) -> WorldTable:
    """Return every economy's chances by the years asked, and totals over economies.

    Chances within ten years take every error vector once and carry no Monte Carlo error; beyond,
    blocks of ten years are drawn. Intervals of totals are of joint draws: the start year of the
    errors first, one for all economies, since what hits the world hits all.

    Parameters
    ----------
    fit : ChainFit
    rng : numpy.random.Generator
    countries : sequence of str or None
        All whose income is known at the origin if not given.
    years : sequence of int or None
        `AHEAD` after the origin if not given.
    people : mapping of country to number or None
        Population, for the people in passages.

    Raises
    ------
    ProjectionError
        If a year is not within `FURTHEST` after the origin, or an economy has no known income.
    """
    ahead = _ahead(fit.origin, years)
    horizon = max(LONGEST, int(ahead[-1]))
    joint, further = rng.spawn(2)
    codes = list(fit.state.index) if countries is None else list(countries)
    found = _passages(fit, codes, horizon, further)
    relative = fit.state.loc[codes, "relative"]
    apart = (relative <= 0).to_numpy()
    rising = [code for code, is_below in zip(codes, apart, strict=True) if is_below]
    drawn = forecast_chain(
        fit, rising, horizon=horizon, draws=_DRAWS, rng=joint, together=True
    ).income
    known = np.array([(people or {}).get(code, np.nan) for code in rising])
    return WorldTable(
        origin=fit.origin,
        line=fit.line,
        until=fit.origin + horizon,
        economies=_economies(relative, fit.origin, found.by, apart),
        chances=_chances(codes, fit.origin, found, apart, ahead),
        totals=pd.DataFrame(
            {"year": fit.origin + ahead}
            | _total("passages", found.by[apart], drawn, np.ones(len(rising)), ahead)
            | {"back": found.back[apart][:, ahead - 1].sum(axis=0)}
            | _total("people", found.by[apart], drawn, known, ahead)
        ),
        uncounted=int(np.isnan(known).sum()),
    )


def _ahead(origin: int, years: Sequence[int] | None) -> Integers:
    """Return the years asked for as years after the origin, sorted."""
    if years is None:
        return np.array(AHEAD)
    ahead = np.unique(np.array(list(years), dtype=np.int64)) - origin
    if not len(ahead) or ahead[0] < 1 or ahead[-1] > FURTHEST:
        raise ProjectionError(
            f"years: found {', '.join(map(str, years)) or 'none'}, must lie within "
            f"{origin + 1}-{origin + FURTHEST}"
        )
    return ahead


def _passages(fit: ChainFit, codes: Sequence[str], horizon: int, rng: Generator) -> Passages:
    """Return the economies' passages, made in pieces: all take the same error vectors."""
    pieces = [(codes[i : i + PIECE],) for i in range(0, max(len(codes), 1), PIECE)]
    made = in_parallel(partial(_piece, fit, horizon, rng), pieces, seconds=PIECE * SECONDS)
    return Passages(
        by=np.concatenate([one.by for one in made]),
        above=np.concatenate([one.above for one in made]),
        back=np.concatenate([one.back for one in made]),
    )


def _piece(fit: ChainFit, horizon: int, rng: Generator, codes: Sequence[str]) -> Passages:
    return count_passages(forecast_chain(fit, codes, horizon=horizon, rng=deepcopy(rng)))


def _economies(relative: pd.Series, origin: int, by: Array, apart: Mask) -> pd.DataFrame:
    years = origin + np.arange(1, by.shape[1] + 1)
    columns = dict(zip(("year_p10", "median_year", "year_p90"), LEVELS, strict=True))
    return pd.DataFrame(
        {
            "country": list(relative.index),
            "income_over_line": np.exp(relative.to_numpy()),
            "above": ~apart,
        }
        | {
            name: np.where(apart, _first_year(by >= level, years), np.nan)
            for name, level in columns.items()
        }
    )


def _first_year(reached: Mask, years: Integers) -> Array:
    """Return the first year (n,) in which a row of (n, h) is true; NaN for none."""
    return np.where(reached.any(axis=1), years[reached.argmax(axis=1)], np.nan)


def _chances(
    codes: Sequence[str], origin: int, found: Passages, apart: Mask, ahead: Integers
) -> pd.DataFrame:
    asked = {
        "passed": np.where(apart[:, None], found.by, np.nan),
        "back": np.where(apart[:, None], found.back, np.nan),
        "below": 1 - found.above,
    }
    return pd.DataFrame(
        {
            "country": np.repeat(codes, len(ahead)),
            "year": np.tile(origin + ahead, len(codes)),
        }
        | {name: values[:, ahead - 1].ravel() for name, values in asked.items()}
    )


def _total(name: str, by: Array, drawn: Array, size: Array, ahead: Integers) -> dict[str, Array]:
    """Return an expected total over economies and its 80 % interval, by year.

    Parameters
    ----------
    name : str
    by : (n, h)
        Probabilities of having passed.
    drawn : (n, draws, h)
        Log income over the line.
    size : (n,)
        What an economy counts for; NaN: it does not.
    ahead : (years,)
    """
    counts = np.isfinite(size)
    if len(size) and not counts.any():
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), np.full(len(ahead), np.nan))
    passed = np.logical_or.accumulate(drawn[counts] > 0, axis=-1)[..., ahead - 1]
    totals = np.tensordot(size[counts], passed, 1)
    low, high = np.quantile(totals, [LEVELS[0], LEVELS[-1]], axis=0)
    expected = size[counts] @ by[counts][:, ahead - 1]
    return {name: expected, f"{name}_low": low, f"{name}_high": high}
