"""From paths of productivity growth to income and the line, draw by draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers, compounded, read_only, running_sum
from forecast.errors import ProjectionError, choose
from forecast.income.atlas import atlas_factor, rounded_income
from forecast.income.nominal_block import NominalHistory
from forecast.income.nominal_system import (
    INTERNATIONAL,
    NOMINAL_SYSTEMS,
    VARIABLES,
    NominalSystem,
    SystemDraws,
    draw_price_system,
    fit_price_system,
    simulate_systems,
)
from forecast.income.sdr_deflator import threshold_growth
from forecast.income.threshold import rounded_threshold, threshold_path
from forecast.income.working_age import AgeStructure, employment_per_person, share_draws
from forecast.randomness.allot import allot
from forecast.randomness.streams import Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Simulated accounts; every array is (draws, t).

    Attributes
    ----------
    years : (t,) first year is the one after the base year.
    growth : output per worker, log differences x 100, as given.
    employment : employment per person, log differences x 100.
    deflator : GDP deflator in local currency, base year = 1.
    exchange_rate : local currency per US$, period average. These three are empty where growth is
        already per head and income is drawn against the line.
    sdr : growth of the SDR basket's deflator in US$, log differences x 100.
    usa : growth of the United States GDP deflator, log differences x 100.
    income : GNI per capita, current US$, Atlas method, not rounded.
    threshold : high-income line, current US$, not rounded.
    systems, codes : nominal systems, and (draws,) which of them each draw came from.
    rejected : largest share of a system's parameter draws refused as explosive.
    rounded : whether income and line are compared as published, income rounded to 10 US$ and the
        line to 5; otherwise neither is.
    """

    years: Integers
    growth: Array
    sdr: Array
    income: Array
    threshold: Array
    employment: Array = field(default_factory=lambda: np.empty((0, 0)))
    deflator: Array = field(default_factory=lambda: np.empty((0, 0)))
    exchange_rate: Array = field(default_factory=lambda: np.empty((0, 0)))
    usa: Array = field(default_factory=lambda: np.empty((0, 0)))
    systems: tuple[str, ...] = ()
    codes: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    rejected: float = 0.0
    rounded: bool = True

    def compared(self, income: Array) -> Array:
        """Return income as it is compared with the line."""
        return rounded_income(income) if self.rounded else income

    @property
    def line(self) -> Array:
        """The high-income line as income is compared with it, current US$."""
        return rounded_threshold(self.threshold) if self.rounded else self.threshold

    @property
    def per_head(self) -> Array:
        """Growth of output per head, log differences x 100."""
        return self.growth + self.employment if self.employment.size else self.growth


def simulate_accounts(
    history: NominalHistory,
    growth: Array,
    working_age_share: pd.Series | AgeStructure,
    weights: Mapping[str, float],
    streams: Streams,
    systems: Mapping[str, NominalSystem] = NOMINAL_SYSTEMS,
) -> Accounts:
    """Return joint draws of income and the line along given paths of productivity growth.

    GNI per capita in local currency grows by productivity, employment per person and the GDP
    deflator; the Atlas factor turns it into US$; the line grows with the smoothed SDR deflator,
    which is also the S of the Atlas factor. Nominal rates and employment come from a Bayesian
    VARX given growth (``timeseries.systems.varx``). What sets the level of income apart from the
    formula, measurement and the ratio of GNI to GDP, is a stationary first-order autoregression
    and includes the base year's own, which the published number carries on; the line's growth has
    independent noise. In the base year income and the line are the published ones exactly.

    Parameters
    ----------
    history : NominalHistory
    growth : (draws, t) growth of output per worker, log differences x 100, from the year after
        the base year.
    working_age_share : pandas.Series or AgeStructure
        Share of ages 15-64, %, by year, base year included: known, or drawn (`share_draws`).
    weights : dict of nominal system to weight
        Each draw comes whole from one of ``systems``, in proportion.
    streams : Streams
        The numbers drawn do not depend on ``growth``: scenarios given equal streams share them
        all. Shocks to employment, prices and the real rate are the factor ``exchange_rate``;
        what is left of the shocks to international inflation given those, and the line's own
        noise, are ``threshold``; the working-age share is ``population``.
    systems : dict of name to NominalSystem

    Returns
    -------
    Accounts

    Raises
    ------
    ProjectionError
        If ``growth`` is not (draws, t) or the share does not cover the years.
    EstimationError
        If the nominal system cannot be estimated.
    """
    if growth.ndim != 2 or not np.isfinite(growth).all():
        raise ProjectionError(
            f"growth paths have shape {growth.shape}, must be (draws, years) and finite"
        )
    share = _share(working_age_share, history.base_year, growth.shape, streams)
    codes = allot(weights, len(growth), streams.generator("model", "nominal"))
    paths, rejected = _nominal_paths(history, growth, _chosen(weights, systems), codes, streams)
    found = _accounts(history, growth, paths, share, streams)
    return replace(found, systems=tuple(weights), codes=codes, rejected=rejected)


def _chosen(
    weights: Mapping[str, float], systems: Mapping[str, NominalSystem]
) -> dict[str, NominalSystem]:
    return {name: choose(name, systems, "nominal system", ProjectionError) for name in weights}


def _nominal_paths(
    history: NominalHistory,
    growth: Array,
    systems: Mapping[str, NominalSystem],
    codes: Integers,
    streams: Streams,
) -> tuple[Array, float]:
    """Return paths (draws, t, ``VARIABLES``), each from the system of its code.

    Draws lie side by side in memory, as they are simulated.
    """
    drawn, order, shocks = [], [], []
    seed = streams.seeds["coefficients"]
    for code, (name, system) in enumerate(systems.items()):
        rows = np.flatnonzero(codes == code)
        if len(rows):
            drawn.append(_drawn(system, history, name, seed, streams.block, len(rows)))
            order.append(rows[drawn[-1].order])
            shocks.append([streams.generator(_factor(v), f"{name} {v}") for v in VARIABLES])
    ordered = np.concatenate(order)
    found = simulate_systems(drawn, growth[ordered], shocks).transpose(2, 1, 0)
    paths = np.take(found, np.argsort(ordered), axis=2).transpose(2, 1, 0)
    return paths, max(one.parameters.rejected for one in drawn)


# A decomposition asks for the same parameters with other shocks many times in a row.
@lru_cache(maxsize=6)
def _drawn(
    system: NominalSystem, history: NominalHistory, name: str, seed: int, block: int, draws: int
) -> SystemDraws:
    """Return parameters of a system for one block of draws."""
    streams = replace(Streams.of_seed(seed), block=block)
    rng = streams.generator("coefficients", f"nominal {name}")
    return read_only(draw_price_system(fit_price_system(system, history), draws, rng))


def _accounts(
    history: NominalHistory,
    growth: Array,
    paths: Array,
    share: Array,
    streams: Streams,
) -> Accounts:
    """Return levels from simulated paths (draws, t, ``VARIABLES``).

    All is worked out with draws side by side in memory, where sums over years are of whole rows.
    The exchange rate follows from the real one: it depreciates by inflation less the basket's
    less the change of the real rate.
    """
    draws, t = growth.shape
    along = np.asfortranarray(growth)
    income_rng = streams.generator("shocks", "income noise")
    line_rng = streams.generator("threshold", "line noise")
    level_noise = _level_noise(history, income_rng.standard_normal((draws, t + 1)))
    line_noise = history.threshold_noise * np.asfortranarray(line_rng.standard_normal((draws, t)))
    per_working_age, inflation, real_rate, sdr, usa = np.moveaxis(paths, 2, 0)
    today = float(history.rates["real_rate"].iloc[-1])
    depreciation = inflation - sdr - np.diff(real_rate, axis=1, prepend=today)
    employment = employment_per_person(per_working_age, share)
    known = history.rates[["sdr", "usa"]].to_numpy()[-2:]
    line_growth = threshold_growth(_after(known[:, 0], sdr), _after(known[:, 1], usa)) + line_noise
    threshold = threshold_path(float(history.threshold[-1]), line_growth)
    deflator = compounded(1.0, inflation)
    exchange_rate = compounded(float(history.exchange_rate[-1]), depreciation)
    factor = atlas_factor(
        _after(history.exchange_rate[-2:], exchange_rate),
        _after(history.deflator[-2:], deflator),
        _after(history.threshold[-2:], threshold),
    )
    local = running_sum(along + employment + inflation)
    local = local + level_noise[:, 1:] - level_noise[:, :1]
    income = history.income_local * np.exp(local / 100) / factor
    return Accounts(
        years=history.base_year + 1 + np.arange(t, dtype=np.int64),
        growth=growth.copy(),
        employment=np.ascontiguousarray(employment),
        deflator=np.ascontiguousarray(deflator),
        exchange_rate=np.ascontiguousarray(exchange_rate),
        sdr=np.ascontiguousarray(sdr),
        income=np.ascontiguousarray(income),
        threshold=np.ascontiguousarray(threshold),
        usa=np.ascontiguousarray(usa),
    )


def _level_noise(history: NominalHistory, shocks: Array) -> Array:
    """Return paths of a stationary autoregression from standard normal shocks, (draws, t + 1)."""
    phi = history.income_persistence
    paths = shocks.copy(order="F")
    if phi > 0:
        for year in range(1, shocks.shape[1]):
            paths[:, year] = phi * paths[:, year - 1] + (1 - phi**2) ** 0.5 * shocks[:, year]
    return history.income_noise * paths


def _factor(variable: str) -> str:
    return "threshold" if variable in INTERNATIONAL else "exchange_rate"


def _share(
    share: pd.Series | AgeStructure, base: int, shape: tuple[int, ...], streams: Streams
) -> Array:
    """Return the share of ages 15-64 from the base year on: (t + 1,), or (draws, t + 1)."""
    draws, t = shape
    known = share.share if isinstance(share, AgeStructure) else share
    wanted = list(range(base, base + t + 1))
    missing = [year for year in wanted if year not in known.index]
    if missing:
        raise ProjectionError(
            f"share_15_64: no value for {missing[0]}; the projection needs {base}-{base + t}"
        )
    median = known.loc[wanted]
    if not isinstance(share, AgeStructure):
        return median.to_numpy(dtype=np.float64)
    ages = AgeStructure(share=median, people=share.people)
    return share_draws(ages, draws, streams.generator("population", "total"))


def _after(known: Array, paths: Array) -> Array:
    """Return paths with the same known years put before each of them."""
    before = np.broadcast_to(known, (len(paths), len(known)))
    return np.concatenate([before, paths], axis=1)
