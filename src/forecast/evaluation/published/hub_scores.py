"""Forecasts in the hubverse's format, anybody's, scored on what came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.evaluation.published.sealed_scores import FLOOR
from forecast.evaluation.scores.probability_scores import brier, log_score_event
from forecast.evaluation.scores.scores import covered, pinball

CROSSING, INCOME, NEVER = "crossing_year", "gni_pc_atlas", "never"
PLACE = ["model", "origin_date", "location"]
SUM = 0.005
"""How far from 1 the probabilities of a crossing year may add up: rounding to two digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubScores:
    """Scores of a hub's forecasts.

    Attributes
    ----------
    table : pandas.DataFrame
        ``model, target, horizon, scored, unresolved, brier, log_score, wis, covered_80``; a score
        is missing where it is of another target or nothing is known.
    remarks : tuple of str
        What was not read as a forecast that can be scored, counted.
    """

    table: pd.DataFrame
    remarks: tuple[str, ...]


def hub_scores(
    rows: pd.DataFrame, high: pd.DataFrame, income: pd.DataFrame, scenario: str
) -> HubScores:
    """Return scores by model, target and horizon (target year less the origin date's year).

    ``crossing_year`` (pmf): for each year of the pmf, the cumulative probability against whether
    the economy was classed high income in one of its years so far: Brier score, and minus the log
    of the probability given to what came, probabilities nearer to 0 or 1 than `FLOOR` counting as
    that. Known where the class of every year so far is. ``gni_pc_atlas`` (quantile): the weighted
    interval score, twice the mean pinball loss over the levels (Bracher, J. et al. (2021), PLOS
    Computational Biology 17(2), eq. 2 and section 2.2), in US$; and how many % of the outcomes lie
    between the quantiles .1 and .9. What has no outcome yet, and crossings of economies that were
    high income in the year before, or whose class then is not known, are counted as unresolved and
    not scored.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``model, origin_date, scenario_id, location, target, target_date, output_type,
        output_type_id`` (texts) and ``value``.
    high : pandas.DataFrame
        ``country, year, high``: whether classed high income, years known alone.
    income : pandas.DataFrame
        ``country, year, value``: GNI per capita, Atlas method, US$.
    scenario : str
        Rows of other scenarios are conditional on what did not happen and are left out.

    Raises
    ------
    DataError
        If probabilities of a crossing year are no distribution, or a category, a level or a date
        cannot be read; the message names the model.
    """
    own = rows[rows["scenario_id"].isin([scenario, "NA", ""])]
    kinds = {CROSSING: ("pmf", _crossings), INCOME: ("quantile", _incomes)}
    outcomes = {CROSSING: high, INCOME: income}
    pieces, read, blind = [], 0, 0
    for target, (kind, make) in kinds.items():
        part = own[(own["target"] == target) & (own["output_type"] == kind)]
        read += len(part)
        found = pd.DataFrame(list(make(part, outcomes[target])))
        if not found.empty:
            pieces.append(_summary(found).assign(target=target))
            blind += int(found["blind"].sum()) if "blind" in found else 0
    scores = ["brier", "log_score", "wis", "covered_80"]
    columns = ["model", "target", "horizon", "scored", "unresolved", *scores]
    table = pd.concat(pieces) if pieces else pd.DataFrame()
    table = table.reindex(columns=columns)
    order = ["target", "horizon", "model"]
    remarks = _remarks(len(rows) - len(own), len(own) - read, blind, scenario)
    return HubScores(table=table.sort_values(order, ignore_index=True), remarks=remarks)


def _remarks(conditional: int, other: int, blind: int, scenario: str) -> tuple[str, ...]:
    told = [
        (conditional, f"rows of scenarios other than {scenario}"),
        (other, f"rows that are neither {CROSSING} as pmf nor {INCOME} as quantile"),
        (blind, f"forecasts of {CROSSING} whose economy has no known class in the year before"),
    ]
    return tuple(f"not scored: {count} {what}" for count, what in told if count)


def _summary(found: pd.DataFrame) -> pd.DataFrame:
    groups = found.groupby(["model", "horizon"], sort=False)
    means = groups[[c for c in ("brier", "log_score", "wis", "covered_80") if c in found]].mean()
    scored = groups["known"].sum().astype(int)
    counts = pd.DataFrame({"scored": scored, "unresolved": groups.size() - scored})
    return counts.join(means).reset_index()


def _crossings(rows: pd.DataFrame, high: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the scores of each forecast and year of its pmf."""
    by_country = high.groupby("country")
    known = {str(c): dict(zip(g["year"], g["high"], strict=True)) for c, g in by_country}
    for (model, origin, place), group in rows.groupby(PLACE, sort=False):
        years, by = _cumulative(group, f"{model}, {origin}, {place}")
        history = known.get(str(place), {})
        before = history.get(years[0] - 1)
        came, open_ = False, before is None or bool(before)
        for year, said in zip(range(years[0], years[-1] + 1), by, strict=True):
            open_ = open_ or year not in history
            came = came or bool(history.get(year, False))
            row = {"model": model, "horizon": year - _year(origin, str(model)), "known": not open_}
            row["blind"] = before is None and year == years[0] and year in history
            if not open_:
                event, p = np.array([float(came)]), np.array([said])
                row["brier"] = float(brier(event, p)[0])
                row["log_score"] = float(log_score_event(event, np.clip(p, FLOOR, 1 - FLOOR))[0])
            yield row


def _cumulative(group: pd.DataFrame, where: str) -> tuple[list[int], list[float]]:
    """Return the first and last years of a pmf, in order, and P(by the year) of each."""
    told = dict(zip(group["output_type_id"], group["value"], strict=True))
    if len(told) < len(group):
        raise DataError(f"{where}: a category of {CROSSING} occurs twice")
    never = told.pop(NEVER, None)
    strange = [name for name in told if not (name.isdecimal() and len(name) == 4)]
    if strange or not told:
        found = repr(strange[0]) if strange else "no year"
        raise DataError(f"{where}: {CROSSING}: found {found}; must be years and {NEVER!r}")
    years = sorted(int(name) for name in told)
    values = np.array([told[str(year)] for year in years])
    if len(years) < years[-1] - years[0] + 1:
        raise DataError(
            f"{where}: {CROSSING}: a year between {years[0]} and {years[-1]} is missing"
        )
    total = values.sum() + (never or 0.0)
    if (values < 0).any() or (never or 0.0) < 0 or not abs(total - 1) <= SUM:
        raise DataError(
            f"{where}: {CROSSING}: probabilities add up to {total:.6g}, must be at least 0 and "
            f"add up to 1"
        )
    return years, [float(one) for one in np.minimum(np.cumsum(values), 1.0)]


def _incomes(rows: pd.DataFrame, income: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the scores of each set of quantiles."""
    known = income.dropna(subset=["value"]).set_index(["country", "year"])["value"].to_dict()
    for (model, origin, place, day), group in rows.groupby([*PLACE, "target_date"], sort=False):
        where = f"{model}, {origin}, {place}, {day}"
        levels = pd.to_numeric(group["output_type_id"], errors="coerce").to_numpy(np.float64)
        if not ((levels > 0) & (levels < 1)).all() or len(set(levels)) < len(levels):
            raise DataError(f"{where}: levels of {INCOME} must be between 0 and 1, each once")
        year = _year(day, where)
        outcome = known.get((str(place), year))
        row: dict[str, object] = {"model": model, "horizon": year - _year(origin, where)}
        if outcome is not None:
            values = group["value"].to_numpy(np.float64)
            came = np.full(len(values), float(outcome))
            losses = [pinball(came[[i]], values[[i]], level)[0] for i, level in enumerate(levels)]
            row["wis"] = 2 * float(np.mean(losses))
            ends = {round(level, 9): value for level, value in zip(levels, values, strict=True)}
            if {0.1, 0.9} <= set(ends):
                low, high = np.array([ends[0.1]]), np.array([ends[0.9]])
                row["covered_80"] = float(covered(came[:1], low, high)[0])
        yield row | {"known": outcome is not None}


def _year(day: object, where: str) -> int:
    text = str(day)[:4]
    if not text.isdecimal():
        raise DataError(f"{where}: found date {str(day)!r}, must be YYYY-MM-DD")
    return int(text)
