"""Scenarios side by side on the draws that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.errors import ProjectionError, choose
from forecast.faces import Face
from forecast.projection.explain.attribution import attribution_table
from forecast.projection.explain.marks import MARK_COLUMNS
from forecast.projection.explain.unidentified import unidentified
from forecast.projection.futures.futures import Futures
from forecast.projection.precedent.precedent import STILL, TWO_TOGETHER, find_precedents
from forecast.projection.record import Projection
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables

SHOWN_IN = (2030, 2035, 2050)
PASSED_BY = (2030, 2035)
LEVELS = (0.1, 0.5, 0.9)
CONFIDENCE = 0.95
MOVE_COLUMNS = ["scenario", "driver", "year", "value", "baseline", "change"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ScenarioComparison(Face):
    """Scenarios beside one of them.

    Attributes
    ----------
    country, line, against : str
        Subject, how a sentence names the line, and the scenario that differences are from.
    draws, first_year : int
        Paths, and the first projected year, in which means of growth begin.
    table : pandas.DataFrame
        One row a scenario, ``against`` first: ``scenario, like``, the earlier one from which it
        does not differ beyond Monte Carlo error, empty where it does; ``income_<year>``, median
        GNI per capita, current US$, Atlas method; ``growth_to_<year>``, median over paths of the
        mean growth of output per worker from ``first_year`` on, % a year;
        ``income_change_<year>`` (%) and ``growth_change_<year>`` (points), medians of the paths'
        differences, with ``_low`` and ``_high``, ends of their 80 % interval;
        ``p_<year>`` and ``p_change_<year>``, share of paths that have passed the line by the year
        and its difference; ``median_year``; ``precedent_years, precedent_windows,
        precedent_share``: share of recorded windows with at least all of its changes over its
        whole ramp. A year beyond the horizon, and a precedent that there is not, is missing.
    moves : pandas.DataFrame
        ``scenario, driver, year, value, baseline, change``: drivers that depart, at the horizon,
        in their units; expected values of a mixture.
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
        """Return ``table`` with ``against``, and ``drivers`` and ``unidentified`` as text."""
        return self.table.assign(
            against=self.against,
            drivers=[
                "; ".join(f"{d} {c:+.4g}" for d, c in zip(m["driver"], m["change"], strict=True))
                for m in map(self._moved, self.table["scenario"])
            ],
            unidentified=[
                "; ".join(unidentified(self._moved(name)["driver"]))
                for name in self.table["scenario"]
            ],
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

    Raises
    ------
    ProjectionError
        If ``against`` is not projected.
    """
    by_name = {p.scenario: p for p in projections}
    base = choose(against, by_name, "against", ProjectionError)
    shown = [base, *(p for name, p in by_name.items() if name != against)]
    moves = _moves(shown, futures.setting.drivers)
    specs = [known[p.scenario] for p in shown]
    years = [year for year in PASSED_BY if year in futures.years]
    rows = pd.DataFrame([_row(p, base, _like(p, shown)) for p in shown])
    return ScenarioComparison(
        country=futures.country,
        line=base.line,
        against=against,
        draws=len(base.income),
        first_year=int(base.years[0]),
        table=rows.merge(_precedents(futures, shown, known, leave_out), "left", "scenario"),
        moves=moves,
        attribution=attribution_table(futures, specs, known, variables, years),
        marks=_ordered(marks, [p.scenario for p in shown]),
        notes=unidentified(moves["driver"]),
    )


def _row(p: Projection, base: Projection, like: str) -> dict[str, object]:
    row: dict[str, object] = {"scenario": p.scenario, "like": like}
    growth, before = _mean_growth(p), _mean_growth(base)
    income = p.income_change(base)
    for year in SHOWN_IN:
        at = _at(p, year)
        row[f"income_{year}"] = _median(p.income, at)
        row |= _interval(f"income_change_{year}", income, at)
    for year in SHOWN_IN:
        at = _at(p, year)
        row[f"growth_to_{year}"] = _median(growth, at)
        row |= _interval(f"growth_change_{year}", growth - before, at)
    for year in PASSED_BY:
        beyond = _at(p, year) is None
        chance = np.nan if beyond else p.crossing.probability(year)
        row[f"p_{year}"] = chance
        row[f"p_change_{year}"] = np.nan if beyond else chance - base.crossing.probability(year)
    row["median_year"] = p.crossing.quantile(0.5)
    return row


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


def _like(p: Projection, shown: Sequence[Projection]) -> str:
    """Return the first scenario before this one that it does not differ from, or nothing."""
    for other in shown:
        if other is p:
            break
        if not _differs(p, other):
            return other.scenario
    return ""


def _differs(p: Projection, other: Projection) -> bool:
    """Whether a mean difference, of those shown or at the horizon, exceeds Monte Carlo error."""
    ahead = np.cumsum(p.growth - other.growth, axis=1)
    places = [_at(p, year) for year in {*SHOWN_IN, int(p.years[-1])}]
    paths = [ahead[:, at] for at in places if at is not None]
    passed = [
        [(one.crossing.first > 0) & (one.crossing.first <= year) for one in (p, other)]
        for year in PASSED_BY
        if year in p.years
    ]
    paths += [here.astype(float) - there for here, there in passed]
    wide = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) / np.sqrt(len(p.income))
    return any(abs(one.mean()) > wide * one.std() for one in paths)


def _moves(shown: Sequence[Projection], baseline: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for p in shown:
        gap = (p.drivers - baseline).fillna(0.0)
        last = int(p.years[-1])
        for name in gap:
            if gap[name].abs().max() > STILL:
                ends = float(p.drivers[name][last]), float(baseline[name][last])
                rows.append((p.scenario, str(name), last, *ends, ends[0] - ends[1]))
    return pd.DataFrame(rows, columns=MOVE_COLUMNS)


def _precedents(
    futures: Futures,
    shown: Sequence[Projection],
    known: Mapping[str, ScenarioSpec],
    leave_out: Sequence[str],
) -> pd.DataFrame:
    """Return the whole ramp's row of `find_precedents`; a mixture has no one path."""
    found = find_precedents(
        futures.setting.growth_panel,
        {p.scenario: p.drivers for p in shown if not known[p.scenario].mixture},
        futures.setting.drivers,
        futures.origin,
        leave_out=[futures.country, *leave_out],
    ).shares
    together = found[found["driver"] == TWO_TOGETHER].drop_duplicates("scenario", keep="last")
    columns = ["years", "windows", "share"]
    named = together[["scenario", *columns]].rename(columns={c: f"precedent_{c}" for c in columns})
    return named.astype({f"precedent_{c}": float for c in columns})
