"""Rolling-origin backtest of the nominal systems (prices, exchange rate) on all economies."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.errors import ALL_ECONOMIES, ForecastError, ProjectionError
from forecast.income.accounts import simulate_accounts
from forecast.income.conversion_rate import conversion_rate
from forecast.income.nominal_block import NominalHistory, nominal_history
from forecast.income.nominal_system import NOMINAL_SYSTEMS, NominalSystem
from forecast.income.price_elasticity import FIRST_YEAR, LEADER, price_elasticity, real_rate_records
from forecast.income.sdr_deflator import sdr_inflation
from forecast.panel import Panel
from forecast.randomness.streams import Streams
from forecast.statistics.income_classes.class_lines import class_line

NOMINAL_ORIGINS = (1998, 2002, 2006, 2010, 2014)
NOMINAL_HORIZONS = (1, 3, 5, 10)
NOMINAL_DRAWS = 300
LEAST_YEARS = 11  # what a system of five variables needs
CALM = 25.0  # per cent a year: no inflation above it in the ten years to the origin
FAST = 4.0  # per cent a year: mean growth of output per worker in the ten years to the origin
SLOWER = 2.0
NO_CASE = (
    f"nominal systems: no economy has a record of {LEAST_YEARS} unbroken years through an origin "
    f"and published income after it; {ALL_ECONOMIES}"
)
# What a case is, what came, and each system's draws.
_Row = tuple[tuple[object, ...], float, dict[str, Array]]
_ABOUT = ("country", "origin", "horizon", "calm", "fast", "slowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class NominalCases:
    """Forecasts of 100 log(income / high-income line) and what came.

    Attributes
    ----------
    elasticities : dict of origin to float
        Per cent of real rate a per cent of relative productivity, as the data through the origin
        show (``balassa_samuelson``).
    about : pandas.DataFrame
        One row a case: ``country, origin, horizon`` (years), and whether ``calm`` (no inflation
        beyond 25 % either way in the ten years to the origin), ``fast`` (output per worker grew by
        4 % a year or more in them) and ``slowed`` (fast, and growth after the origin at least 2
        points lower).
    draws : dict of system to (cases, draws)
        Log points.
    outcome : (cases,)
        Log points.
    """

    elasticities: Mapping[int, float]
    about: pd.DataFrame
    draws: Mapping[str, Array]
    outcome: Array


def backtest_nominal(
    annual: Panel,
    thresholds: pd.DataFrame,
    sdr_parts: pd.DataFrame,
    *,
    origins: Sequence[int] = NOMINAL_ORIGINS,
    horizons: Sequence[int] = NOMINAL_HORIZONS,
    draws: int = NOMINAL_DRAWS,
    progress: Callable[[str], None] = lambda message: None,
) -> NominalCases:
    """Return every economy's forecasts by every nominal system, and the published outcomes.

    Growth of output per worker and the working-age share after an origin are given: those that
    happened. All else, the elasticity included, is of data through the origin. Cases are economies
    with ``LEAST_YEARS`` unbroken years that end at the origin, and horizons whose income is
    published. Today's edition of the data is used: revisions are not undone. Each economy and
    origin has random numbers of its own.

    Parameters
    ----------
    annual : Panel
        Of all economies, China and the United States among them: the columns of
        `income.nominal_block.NEEDED`, with ``output_per_worker_pwt`` and ``employment_pwt`` (the
        longer record) in place of ``output_per_worker`` and ``employment_rate``.
    thresholds : pandas.DataFrame
        ``year, high_above`` (current US$).
    sdr_parts : pandas.DataFrame
        As `income.sdr_deflator.sdr_inflation` takes it.
    origins, horizons : sequence of int
        Years; years ahead.
    draws : int
        A forecast.
    progress : function of a message

    Returns
    -------
    NominalCases

    Raises
    ------
    DataError
        If a column, China or the United States are missing.
    EstimationError
        If too few economies show the elasticity.
    ProjectionError
        If there is no case.
    """
    line = class_line(thresholds)
    inflation = sdr_inflation(sdr_parts, annual)
    rows: list[_Row] = []
    elasticities: dict[int, float] = {}
    for origin in origins:
        systems = _systems_at(annual.through(origin), inflation.loc[:origin])
        elasticities[origin] = systems["balassa_samuelson"].elasticity
        for subject in _subjects(annual, line, inflation, origin, max(horizons)):
            rows += _rows(annual, systems, subject, horizons, draws)
        progress(f"nominal systems: origin {origin}, {len(rows)} cases so far")
    if not rows:
        raise ProjectionError(NO_CASE)
    return _cases(rows, elasticities)


def _systems_at(past: Panel, inflation: pd.DataFrame) -> dict[str, NominalSystem]:
    """Return the systems with the elasticity that the data show so far."""
    found = price_elasticity(real_rate_records(past, inflation, FIRST_YEAR))
    row = found[found["how"] == "differences"].iloc[0]
    linked = replace(
        NOMINAL_SYSTEMS["balassa_samuelson"],
        elasticity=float(row["estimate"]),
        elasticity_error=float(row["std_error"]),
    )
    return {**NOMINAL_SYSTEMS, "balassa_samuelson": linked}


def _subjects(
    annual: Panel, line: pd.Series, inflation: pd.DataFrame, origin: int, longest: int
) -> Iterator[tuple[str, NominalHistory, pd.DataFrame]]:
    """Yield economy, history through the origin, and what came after it."""
    past = annual.through(origin)
    leader = float(_growth(past.rows(LEADER)).mean())
    for country in past.countries():
        known = _by_pwt(past.rows(country))
        try:
            history = nominal_history(
                known.assign(exchange_rate=conversion_rate(known, FIRST_YEAR)),
                line.loc[:origin],
                inflation.loc[:origin],
                first_year=FIRST_YEAR,
                least_years=LEAST_YEARS,
                errors_from=FIRST_YEAR,
            )
        except ForecastError:
            continue
        if history.base_year != origin:
            continue
        ahead = _ahead(annual.rows(country), line, origin, longest)
        if len(ahead):
            yield country, replace(history, frontier=leader), ahead


def _by_pwt(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the longer record of work: output per worker by Penn World Table."""
    rate = 100 * rows["employment_pwt"] / rows["population"]
    return rows.assign(output_per_worker=rows["output_per_worker_pwt"], employment_rate=rate)


def _growth(rows: pd.DataFrame) -> pd.Series:
    return 100 * rows["output_per_worker_pwt"].apply(np.log).diff()


def _ahead(rows: pd.DataFrame, line: pd.Series, origin: int, longest: int) -> pd.DataFrame:
    """Return ``growth, share, ratio`` after the origin, while both that are given are known."""
    later = pd.DataFrame(
        {
            "growth": _growth(rows),
            "share": rows["share_15_64"],
            "ratio": 100 * np.log(rows["gni_pc_atlas"] / line.reindex(rows.index)),
            "first_share": rows["share_15_64"].get(origin, np.nan),
        }
    )
    ahead = later.loc[origin + 1 : origin + longest]
    given = ahead["growth"].notna() & ahead["share"].notna()
    return ahead[given.cummin()]


def _rows(
    annual: Panel,
    systems: Mapping[str, NominalSystem],
    subject: tuple[str, NominalHistory, pd.DataFrame],
    horizons: Sequence[int],
    draws: int,
) -> list[_Row]:
    """Return one economy's cases from one origin."""
    country, history, ahead = subject
    origin, ratio = history.base_year, ahead["ratio"].to_numpy(dtype=np.float64)
    kind = _kind(annual.rows(country), ahead, origin)
    paths = {name: _paths(name, systems, country, history, ahead, draws) for name in systems}
    return [
        (
            (country, origin, h, *kind),
            float(ratio[h - 1]),
            {name: drawn[:, h - 1] for name, drawn in paths.items()},
        )
        for h in horizons
        if h <= len(ratio) and np.isfinite(ratio[h - 1])
    ]


def _cases(rows: Sequence[_Row], elasticities: Mapping[int, float]) -> NominalCases:
    about, outcome, drawn = zip(*rows, strict=True)
    return NominalCases(
        elasticities=elasticities,
        about=pd.DataFrame(about, columns=list(_ABOUT)),
        draws={name: np.array([paths[name] for paths in drawn]) for name in NOMINAL_SYSTEMS},
        outcome=np.array(outcome),
    )


def _kind(rows: pd.DataFrame, ahead: pd.DataFrame, origin: int) -> tuple[bool, bool, bool]:
    """Return whether an economy was calm, fast, and fast but then slower."""
    prices = rows["gdp_deflator_inflation"].loc[origin - 9 : origin]
    before = float(_growth(rows).loc[origin - 9 : origin].mean())
    fast = before >= FAST
    slowed = fast and float(ahead["growth"].mean()) <= before - SLOWER
    return bool((prices.abs() <= CALM).all()), fast, slowed


def _paths(
    name: str,
    systems: Mapping[str, NominalSystem],
    country: str,
    history: NominalHistory,
    ahead: pd.DataFrame,
    draws: int,
) -> Array:
    """Return draws of 100 log(income / line), (draws, years)."""
    first = pd.Series({history.base_year: ahead["first_share"].iloc[0]})
    share = pd.concat([first, ahead["share"]])
    growth = np.broadcast_to(ahead["growth"].to_numpy(), (draws, len(ahead))).copy()
    streams = Streams.of_seed(zlib.crc32(f"{country} {history.base_year}".encode()))
    found = simulate_accounts(history, growth, share, {name: 1.0}, streams, systems)
    return np.asarray(100 * np.log(found.income / found.threshold))
