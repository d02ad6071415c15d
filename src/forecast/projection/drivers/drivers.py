"""Raw driver paths: a country's history, the baseline that holds it, a scenario's departures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.errors import ProjectionError, choose
from forecast.panel import Panel
from forecast.projection.drivers.relative_size import relative_size
from forecast.specs.scenario import Follow, ScenarioSpec
from forecast.variables import Variables


def baseline_paths(
    annual: Panel, country: str, drivers: Sequence[str], origin: int, horizon: int
) -> pd.DataFrame:
    """Return each driver's path when nothing changes.

    History as recorded, gaps inside it filled linearly, the last value held through ``horizon``.

    Returns
    -------
    pandas.DataFrame
        Index ``year`` from the first year on record to ``horizon``; one column a driver, in the
        driver's unit; missing before a driver's record begins.

    Raises
    ------
    ProjectionError
        If a driver has no value for the country by ``origin``.
    """
    columns = {}
    for name in dict.fromkeys(drivers):
        known = annual.through(origin).series(country, name)
        if known.empty:
            raise ProjectionError(f"{country}: driver {name!r} has no value up to {origin}")
        years = np.arange(known.index[0], horizon + 1)
        columns[name] = pd.Series(
            np.interp(years, known.index.to_numpy(), known.to_numpy()), index=years
        )
    frame = pd.DataFrame(columns)
    frame.index.name = "year"
    return frame


def scenario_paths(
    spec: ScenarioSpec,
    known: Mapping[str, ScenarioSpec],
    baseline: pd.DataFrame,
    growth_panel: Panel,
    origin: int,
    variables: Variables,
) -> pd.DataFrame:
    """Return the driver paths of a scenario: the baseline plus its departures after ``origin``.

    Parameters
    ----------
    spec : ScenarioSpec
    known : mapping of name to ScenarioSpec
        Where the parts of a composed scenario are found.
    baseline : pandas.DataFrame
        From `baseline_paths`, with every driver that the scenario moves.
    growth_panel : Panel
        Period means, for scenarios that follow another economy.
    origin : int
        Last known year; departures are zero up to it.
    variables : Variables
        Bounds of possible values.

    Raises
    ------
    ProjectionError
        If a driver is unknown or is not one, a path leaves the possible values, a knot lies in
        the past, the economy to follow has no record, or a composition contains itself.
    """
    paths = baseline + departures(spec, known, baseline, growth_panel, origin, ())
    for name in paths.columns:
        bounds = variables.table.get(name)
        future = paths.loc[paths.index > origin, name]
        if bounds is None:
            continue
        for limit, wrong in ((bounds.low, future.min()), (bounds.high, future.max())):
            if limit is not None and (wrong < limit if limit == bounds.low else wrong > limit):
                raise ProjectionError(
                    f"scenario {spec.name!r}: {name} reaches {wrong:.4g} {bounds.unit}, "
                    f"allowed {bounds.low} to {bounds.high}"
                )
    return paths


def moved(
    spec: ScenarioSpec, known: Mapping[str, ScenarioSpec], above: tuple[str, ...] = ()
) -> list[str]:
    """Return the drivers that a scenario moves, its parts' included, in order of appearance.

    ``above`` names the compositions that this scenario is already part of.
    """
    _not_among(spec, above)
    names = [
        *spec.paths,
        *spec.changes,
        *spec.relative,
        *(spec.follow.drivers if spec.follow else []),
    ]
    parts = [part.scenario for part in spec.compose] + [one.scenario for one in spec.mixture]
    for part in parts:
        inner = choose(part, known, "scenario", ProjectionError)
        names += moved(inner, known, (*above, spec.name))
    return list(dict.fromkeys(names))


def departures(
    spec: ScenarioSpec,
    known: Mapping[str, ScenarioSpec],
    baseline: pd.DataFrame,
    growth_panel: Panel,
    origin: int,
    above: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Return scenario minus baseline, (years, drivers), zero up to ``origin``.

    ``above`` names the compositions that this scenario is already part of.
    """
    _not_among(spec, above)
    if spec.mixture:
        raise ProjectionError(
            f"scenario {spec.name!r} is a mixture: it has no one path and cannot be a part of "
            "another scenario"
        )
    gap = pd.DataFrame(0.0, index=baseline.index, columns=baseline.columns)
    years = baseline.index.to_numpy()
    for name, knots in spec.paths.items():
        start = float(_column(baseline, name, spec)[origin])
        level = _ramp(knots, origin, start, years, spec, name)
        gap[name] += np.where(years > origin, level - baseline[name].to_numpy(), 0.0)
    for name, knots in spec.changes.items():
        _column(baseline, name, spec)
        gap[name] += _ramp(knots, origin, 0.0, years, spec, name)
    for name, rule in spec.relative.items():
        _column(baseline, name, spec)
        size = relative_size(rule, name, spec.country, growth_panel)
        gap[name] += _ramp({origin + rule.by: size}, origin, 0.0, years, spec, name)
    if spec.follow:
        for name in spec.follow.drivers:
            _column(baseline, name, spec)
            knots = _followed(spec.follow, name, growth_panel, origin, spec)
            gap[name] += _ramp(knots, origin, 0.0, years, spec, name)
    parts: list[tuple[str, pd.DataFrame]] = []
    for part in spec.compose:
        inner = choose(part.scenario, known, "scenario", ProjectionError)
        piece = departures(inner, known, baseline, growth_panel, origin, (*above, spec.name))
        parts.append((part.scenario, part.strength * piece.shift(part.delay, fill_value=0.0)))
        gap += parts[-1][1]
    for one in spec.interaction:
        joined = [piece for name, piece in parts if not one.between or name in one.between]
        gap += one.size * _joint(joined)
    return gap


def _not_among(spec: ScenarioSpec, above: tuple[str, ...]) -> None:
    if spec.name in above:
        raise ProjectionError(f"scenario {spec.name!r} is composed of itself: {' > '.join(above)}")


def _joint(pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the parts' departures together, as far as all of them are in force.

    A part's force in a year is the largest, over its drivers, of the departure as a share of the
    largest that it reaches by the horizon; the least of the parts' forces scales their sum.
    """
    forces = [
        (piece.abs() / piece.abs().max().replace(0.0, np.nan)).max(axis=1).fillna(0.0)
        for piece in pieces
    ]
    total = pieces[0].copy()
    for piece in pieces[1:]:
        total += piece
    return total.mul(pd.concat(forces, axis=1).min(axis=1), axis=0)


def _column(baseline: pd.DataFrame, name: str, spec: ScenarioSpec) -> pd.Series:
    if name not in baseline.columns:
        raise ProjectionError(f"scenario {spec.name!r}: driver {name!r} has no baseline path")
    return baseline[name]


def _ramp(
    knots: Mapping[int, float],
    origin: int,
    start: float,
    years: np.ndarray,
    spec: ScenarioSpec,
    name: str,
) -> np.ndarray:
    """Return the linear path from ``start`` in ``origin`` through the knots, level afterwards."""
    past = [year for year in knots if year <= origin]
    if past:
        raise ProjectionError(
            f"scenario {spec.name!r}: {name} has a knot in {past[0]}, "
            f"must be after the last known year {origin}"
        )
    at = sorted(knots)
    return np.asarray(np.interp(years, [origin, *at], [start, *(knots[year] for year in at)]))


def _followed(
    follow: Follow, name: str, growth_panel: Panel, origin: int, spec: ScenarioSpec
) -> dict[int, float]:
    record = growth_panel.series(follow.economy, name)
    if follow.since not in record.index or record.index.max() == follow.since:
        raise ProjectionError(
            f"scenario {spec.name!r}: {follow.economy} has {name} for periods ending "
            f"{list(record.index)}, needs {follow.since} and a later one"
        )
    later = record[record.index > follow.since] - record[follow.since]
    return {origin + int(year) - follow.since: float(value) for year, value in later.items()}
