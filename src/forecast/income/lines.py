"""Paths of any line in the unit of the subject's Atlas income, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, compounded
from forecast.errors import DataError, ProjectionError
from forecast.income.accounts import Accounts
from forecast.income.nominal_block import NominalHistory
from forecast.income.threshold import rounded_threshold
from forecast.specs.line import LineSpec
from forecast.statistics.income_classes.class_lines import CLASS_LINES, class_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line's draws beside the subject's income.

    Attributes
    ----------
    spec : LineSpec
    values : (draws, t) current US$, Atlas method.
    last : float
        The line in the last known year, same unit.
    published : bool
        Whether both sides are compared as the World Bank publishes them, income rounded to 10 US$
        and the line to 5; otherwise neither is rounded.
    """

    spec: LineSpec
    values: Array
    last: float
    published: bool


def published_line(
    spec: LineSpec, accounts: Accounts, history: NominalHistory, thresholds: pd.DataFrame
) -> Line:
    """Return one of the World Bank's lines.

    All three move with the SDR deflator (World Bank, Data Help Desk, "How does the World Bank
    classify countries?"): each goes on from its own last published value at the growth of the
    accounts' high-income line, and is rounded to 5 US$. Since each is rounded by itself, the ratio
    of two published lines varies by up to half of 5 US$ over the lower one.

    Parameters
    ----------
    spec : LineSpec
    accounts : Accounts
    history : NominalHistory
    thresholds : pandas.DataFrame
        Table ``thresholds``.

    Raises
    ------
    DataError
        If the table has no value for the last known year.
    """
    known = class_line(thresholds, spec.kind)
    if history.base_year not in known.index:
        column = CLASS_LINES[spec.kind]
        raise DataError(f"thresholds: {column!r} has no value for {history.base_year}")
    last = float(known.loc[history.base_year])
    growth = accounts.threshold / history.threshold[-1]
    values = last * growth
    return Line(
        spec=spec,
        values=rounded_threshold(values) if accounts.rounded else values,
        last=last,
        published=accounts.rounded,
    )


def constant_line(spec: LineSpec, accounts: Accounts, history: NominalHistory) -> Line:
    """Return a line of constant US$: moved by the United States GDP deflator.

    From the year of its prices to the last known one by the published deflator, then along each
    draw's own. Income stays what it is elsewhere, GNI per capita by the Atlas method in current
    US$: comparing it with this line compares it, deflated by United States prices, with the
    constant value.

    Raises
    ------
    ProjectionError
        If the deflator does not reach back to the year of the prices, or that year is to come.
    """
    if spec.value is None or spec.year is None:
        raise ProjectionError(f"line {spec.name!r}: has no value and year of prices")
    base, known = history.base_year, history.rates["usa"]
    first = int(known.index[0]) - 1
    if not first <= spec.year <= base:
        raise ProjectionError(
            f"line {spec.name!r}: found prices of {spec.year}, must be of {first} to {base}, the "
            "years whose United States deflator is known"
        )
    last = spec.value * float(np.exp(known.loc[spec.year + 1 :].sum() / 100))
    values = compounded(last, accounts.usa)
    return Line(spec=spec, values=values, last=last, published=False)


def stated_line(spec: LineSpec, accounts: Accounts, history: NominalHistory) -> Line:
    """Return a line given by year in current US$, the same in all draws.

    Linear between the years given. It must reach from the last known year or before to the last
    projected one: nothing is carried on.

    Raises
    ------
    ProjectionError
        If it does not.
    """
    knots = dict(sorted(spec.path.items()))
    if not knots:
        raise ProjectionError(f"line {spec.name!r}: has no path")
    given, base, end = list(knots), history.base_year, int(accounts.years[-1])
    if given[0] > base or given[-1] < end:
        raise ProjectionError(
            f"line {spec.name!r}: years {given[0]}-{given[-1]} given, must reach from {base} or "
            f"before to {end}"
        )
    path = np.interp([base, *accounts.years], given, list(knots.values()))
    values = np.broadcast_to(path[1:], accounts.income.shape).copy()
    return Line(spec=spec, values=values, last=float(path[0]), published=False)


def relative_line(
    spec: LineSpec, accounts: Accounts, history: NominalHistory, today: float, leader: Array
) -> Line:
    """Return a share of United States income in the unit of the subject's Atlas income.

    The subject's real income per head grows by output per worker and employment per person of the
    accounts, that of the United States by ``leader``; parity moves with neither's prices. Where
    the subject stands at r of United States income and the line asks for s, it needs s / r of its
    income, so the line is income * s / r: income passes it exactly where r passes s. A scenario
    multiplies income and r alike and leaves the line as it is.

    Parameters
    ----------
    spec : LineSpec
    accounts : Accounts
    history : NominalHistory
    today : float
        The subject's share of United States income in the last known year, 0.4 for 40 %.
    leader : (draws, t) growth of real income per head in the United States, log points x 100.
    """
    if spec.share is None:
        raise ProjectionError(f"line {spec.name!r}: has no share")
    own = accounts.per_head
    relative = compounded(today, own - leader)
    return Line(
        spec=spec,
        values=accounts.income * spec.share / relative,
        last=history.income * spec.share / today,
        published=False,
    )
