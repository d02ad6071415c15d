"""Scenarios side by side on the draws that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.errors import ProjectionError, choose
from forecast.faces import Face
from forecast.projection.explain.attribution import attribution_table
from forecast.projection.explain.driver_moves import driver_moves
from forecast.projection.explain.marks import MARK_COLUMNS
from forecast.projection.explain.unidentified import unidentified
from forecast.projection.futures.futures import Futures
from forecast.projection.precedent.precedent import TWO_TOGETHER, find_precedents
from forecast.projection.record import Projection
from forecast.projection.scenarios.telling_years import telling_years
from forecast.specs.scenario import ScenarioSpec
from forecast.statistics.significance.told import is_told
from forecast.variables import Variables

SHOWN_IN = (2030, 2035, 2050)
PASSED_BY = (2030, 2035)
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ScenarioComparison(Face):
    """Scenarios beside one of them.

    Attributes
    ----------
    country, line, against : str
        Subject, how a sentence names the line, and the scenario that differences are from.
    draws, first_year : int
        Paths, and the first projected year, in which means of growth begin.
    years, passed_by : tuple of int
        Years of income and growth, and those in which passing the line is told (`telling_years`).
    table : pandas.DataFrame
        One row a scenario, ``against`` first: ``scenario, like``, the earlier one from which it
        does not differ beyond Monte Carlo error, empty where it does; ``income_<year>``, median
        GNI per capita, current US$, Atlas method; ``growth_to_<year>``, median over paths of the
        mean growth of output per worker from ``first_year`` on, % a year;
        ``income_change_<year>`` (%) and ``growth_change_<year>`` (points), medians of the paths'
        differences, with ``_low`` and ``_high``, ends of their 80 % interval;
        ``differs_<year>``, whether the mean difference of log income, which is that of growth up
        to a factor, is beyond Monte Carlo error; ``p_<year>``, ``p_change_<year>`` and
        ``p_error_<year>``, share of paths that have passed the line by the year, its difference
        and the Monte Carlo error of that; ``median_year, year_p10, year_p90``, by which half, 10
        and 90 % of the paths have passed; ``precedent_years, precedent_windows,
        precedent_share``: share of recorded windows with at least all of its changes over its
        whole ramp, or the longest part of it on record. A year beyond the horizon, and a precedent
        that there is not, is missing.
    moves : pandas.DataFrame
        `driver_moves`: the drivers that depart, what each does alone, and how common that is.
    attribution : pandas.DataFrame
        `attribution_table`: changes from the baseline, whatever ``against`` is.
    marks : pandas.DataFrame
        `mark_table` of the study's marks, scenarios in the order of ``table``; none: no rows.
    notes : dict of driver to reason
        Drivers that are moved and whose effect the record does not identify.
    """

    country: str
    line: str
    against: str
    draws: int
    first_year: int
    years: tuple[int, ...]
    passed_by: tuple[int, ...]
    table: pd.DataFrame
    moves: pd.DataFrame
    attribution: pd.DataFrame
    marks: pd.DataFrame
    notes: Mapping[str, str]

    def facts(self) -> Mapping[str, object]:
        """Return who is compared, against what, and on how many paths."""
        return {
            "country": self.country,
            "line": self.line,
            "scenarios": list(self.table["scenario"]),
            "against": self.against,
            "draws": self.draws,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return ``table`` with ``against``, and what ``moves`` has of each scenario as text.

        ``drivers`` and their changes; ``attribution``, each one's part of median income, US$;
        ``includes_zero``, those whose own effect is not told from zero; ``unidentified``, those of
        which the record says no more than ``notes``.
        """
        each = [self._moved(name) for name in self.table["scenario"]]
        return self.table.assign(
            against=self.against,
            drivers=[_said(m, "change", "+.4g") for m in each],
            attribution=[
                _said(m.dropna(subset="part_income"), "part_income", "+.0f") for m in each
            ],
            includes_zero=["; ".join(m.loc[m["includes_zero"], "driver"]) for m in each],
            unidentified=["; ".join(unidentified(m["driver"])) for m in each],
        )

    def _moved(self, scenario: str) -> pd.DataFrame:
        return self.moves[self.moves["scenario"] == scenario]


def compare_scenarios(
    futures: Futures,
    projections: Sequence[Projection],
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    against: str,
    leave_out: Sequence[str] = (),
    marks: pd.DataFrame | None = None,
    asked: Sequence[int] = (),
) -> ScenarioComparison:
    """Return scenarios beside one of them, path by path on the draws that they share.

    Parameters
    ----------
    futures : Futures
    projections : sequence of Projection
        Of these futures, with that of ``against``.
    known : mapping of name to ScenarioSpec
    variables : Variables
    against : str
        Scenario that differences are from.
    leave_out : sequence of str
        Codes that are no precedent, such as aggregates; the subject never is one.
    marks : pandas.DataFrame, optional
        `mark_table` of these projections.
    asked : sequence of int
        Years in place of `SHOWN_IN`, and of those in which passing the line is told.

    Raises
    ------
    ProjectionError
        If ``against`` is not projected.
    """
    by_name = {p.scenario: p for p in projections}
    base = choose(against, by_name, "against", ProjectionError)
    shown = [base, *(p for name, p in by_name.items() if name != against)]
    specs = [known[p.scenario] for p in shown]
    years, passed = (tuple(asked), tuple(asked)) if asked else (SHOWN_IN, PASSED_BY)
    told = telling_years(base.crossing, asked)
    at_hand = [year for year in passed if year in futures.years]
    attribution = attribution_table(futures, specs, known, variables, at_hand)
    precedents = _precedents(futures, shown, known, leave_out)
    moves = driver_moves(futures, shown, attribution, precedents)
    likes = [_like(p, shown, years, passed) for p in shown]
    every, among = sorted({*passed, *told}), len(years) * (len(shown) - 1)
    rows = [_row(p, base, like, years, every, among) for p, like in zip(shown, likes, strict=True)]
    return ScenarioComparison(
        country=futures.country,
        line=base.line,
        against=against,
        draws=len(base.income),
        first_year=int(base.years[0]),
        years=years,
        passed_by=told,
        table=pd.DataFrame(rows).merge(_together(precedents), "left", "scenario"),
        moves=moves,
        attribution=attribution,
        marks=_ordered(marks, [p.scenario for p in shown]),
        notes=unidentified(moves["driver"]),
    )


def _row(
    p: Projection,
    base: Projection,
    like: str,
    years: Sequence[int],
    passed: Sequence[int],
    among: int,
) -> dict[str, object]:
    row: dict[str, object] = {"scenario": p.scenario, "like": like}
    growth, before = _mean_growth(p), _mean_growth(base)
    income = p.income_change(base)
    for year in years:
        at = _at(p, year)
        row[f"income_{year}"] = _median(p.income, at)
        row |= _interval(f"income_change_{year}", income, at)
    for year in years:
        at = _at(p, year)
        row[f"growth_to_{year}"] = _median(growth, at)
        row |= _interval(f"growth_change_{year}", growth - before, at)
        row[f"differs_{year}"] = at is not None and _is_ahead(p, base, at, among)
    for year in passed:
        beyond, other = _at(p, year) is None, base.crossing
        chance = np.nan if beyond else p.crossing.probability(year)
        row[f"p_{year}"] = chance
        row[f"p_change_{year}"] = np.nan if beyond else chance - other.probability(year)
        error = np.nan if beyond else p.crossing.difference_error(other, year)
        row[f"p_error_{year}"] = error
    levels = {"median_year": 0.5, "year_p10": 0.1, "year_p90": 0.9}
    return row | {name: p.crossing.quantile(level) for name, level in levels.items()}


def _said(moves: pd.DataFrame, column: str, form: str) -> str:
    return "; ".join(f"{d} {v:{form}}" for d, v in zip(moves["driver"], moves[column], strict=True))


def _ordered(marks: pd.DataFrame | None, scenarios: Sequence[str]) -> pd.DataFrame:
    """Return the marks' rows by mark, then in the order of the scenarios."""
    if marks is None or marks.empty:
        return pd.DataFrame(columns=MARK_COLUMNS)
    place = marks.assign(
        at=marks["scenario"].map(scenarios.index), nth=marks["mark"].factorize()[0]
    )
    return place.sort_values(["nth", "at"])[MARK_COLUMNS].reset_index(drop=True)


def _at(p: Projection, year: int) -> int | None:
    found = np.flatnonzero(p.years == year)
    return int(found[0]) if len(found) else None


def _mean_growth(p: Projection) -> Array:
    """Return mean growth from the first projected year through each year, (draws, t)."""
    return np.asarray(np.cumsum(p.growth, axis=1) / np.arange(1, len(p.years) + 1))


def _median(draws: Array, at: int | None) -> float:
    return np.nan if at is None else float(np.median(draws[:, at]))


def _interval(name: str, draws: Array, at: int | None) -> dict[str, float]:
    ends = [np.nan] * 3 if at is None else np.quantile(draws[:, at], LEVELS).tolist()
    return dict(zip((f"{name}_low", name, f"{name}_high"), ends, strict=True))


def _like(
    p: Projection, shown: Sequence[Projection], years: Sequence[int], passed: Sequence[int]
) -> str:
    """Return the first scenario before this one that it does not differ from, or nothing."""
    for other in shown:
        if other is p:
            break
        if not _differs(p, other, years, passed, len(shown)):
            return other.scenario
    return ""


def _differs(
    p: Projection, other: Projection, years: Sequence[int], passed_by: Sequence[int], count: int
) -> bool:
    """Say whether a mean difference, of those shown or at the horizon, is told from none."""
    places = [_at(p, year) for year in {*years, int(p.years[-1])}]
    known = [at for at in places if at is not None]
    by = [year for year in passed_by if year in p.years]
    among = (len(known) + len(by)) * (count - 1)
    one, two = p.crossing, other.crossing
    return any(_is_ahead(p, other, at, among) for at in known) or any(
        is_told(
            one.probability(year) - two.probability(year), one.difference_error(two, year), among
        )
        for year in by
    )


def _is_ahead(p: Projection, other: Projection, at: int, among: int) -> bool:
    """Say whether paths are ahead of the other's in a year on average, and not by chance."""
    ahead = np.sum(p.growth[:, : at + 1] - other.growth[:, : at + 1], axis=1)
    return is_told(float(ahead.mean()), p.crossing.mean_error(ahead), among)


def _precedents(
    futures: Futures,
    shown: Sequence[Projection],
    known: Mapping[str, ScenarioSpec],
    leave_out: Sequence[str],
) -> pd.DataFrame:
    """Return the longest precedents of each scenario; a mixture has no one path."""
    return find_precedents(
        futures.setting.growth_panel,
        {p.scenario: p.drivers for p in shown if not known[p.scenario].mixture},
        futures.setting.drivers,
        futures.origin,
        leave_out=[futures.country, *leave_out],
    ).longest()


def _together(found: pd.DataFrame) -> pd.DataFrame:
    together = found[found["driver"] == TWO_TOGETHER]
    columns = ["years", "windows", "share"]
    named = together[["scenario", *columns]].rename(columns={c: f"precedent_{c}" for c in columns})
    return named.astype({f"precedent_{c}": float for c in columns})
