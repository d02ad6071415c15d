"""The closed list of what a sensitivity analysis changes, by how much, and why by so much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from forecast.income.working_age import AgeStructure
from forecast.projection.baseline.baseline import CONVERGENCE, CatchUp, fit_densities
from forecast.projection.baseline.state import GROWTH_OF
from forecast.projection.drivers.driver_deviations import DEMOGRAPHY, driver_spread
from forecast.projection.futures.futures import Setting
from forecast.projection.regressors import raw_drivers
from forecast.timeseries.density import Sampler
from forecast.timeseries.univariate.local_linear_trend import draw_trend, fit_trend

TREND = "local_linear_trend"
REVERTING = "mean_reverting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A setting with one thing changed.

    Attributes
    ----------
    setting : Setting
    line_drift : float
        Added to the line's growth, log points x 100 a year.
    other_seed : bool
        Whether random numbers are others.
    """

    setting: Setting
    line_drift: float = 0.0
    other_seed: bool = False


# What a value makes of a setting; None where the setting has no such part.
Change = Callable[[Setting, float], Variant | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number of the method, and two values it might as well have.

    Attributes
    ----------
    label : str
        As a figure names it, unit included.
    low, high : float
        In the unit of ``label``.
    because : str
        Why these sizes.
    change : callable
    """

    label: str
    low: float
    high: float
    because: str
    change: Change


def _trend(setting: Setting, value: float) -> Variant | None:
    if TREND not in setting.densities.samplers:
        return None
    return _with_sampler(setting, TREND, partial(draw_trend, fit_trend(setting.recent, value)))


def _convergence(setting: Setting, value: float) -> Variant | None:
    if not isinstance(setting.catch_up, CatchUp):
        return None
    old = setting.catch_up.estimate
    at = old.terms.index(GROWTH_OF[old.spec.outcome])
    params = old.params.copy()
    params.iloc[at] += value * np.sqrt(old.cov[at, at])
    return _with_catch_up(setting, replace(setting.catch_up, estimate=replace(old, params=params)))


def _frontier(setting: Setting, value: float) -> Variant | None:
    error = setting.leader.std / np.sqrt(setting.leader.periods)
    leader = replace(setting.leader, mean=float(setting.leader.mean + value * error))
    moved = replace(setting, leader=leader)
    if not isinstance(setting.catch_up, CatchUp):
        return Variant(setting=moved)
    return _with_catch_up(moved, replace(setting.catch_up, leader=leader))


def _real_rate(setting: Setting, value: float) -> Variant | None:
    if REVERTING not in setting.plan.nominal_weights:
        return None
    system = replace(setting.systems[REVERTING], persistence=value)
    return Variant(setting=replace(setting, systems={**setting.systems, REVERTING: system}))


def _working_age(setting: Setting, value: float) -> Variant | None:
    first, last = int(setting.years[0]) - 1, int(setting.years[-1])
    ages = setting.share
    share = ages.share if isinstance(ages, AgeStructure) else ages
    moved = share + value * np.clip((share.index.to_numpy() - first) / (last - first), 0, None)
    if isinstance(ages, AgeStructure):
        return Variant(setting=replace(setting, share=replace(ages, share=moved)))
    return Variant(setting=replace(setting, share=moved))


def _income(setting: Setting, value: float) -> Variant | None:
    old, factor = setting.history, 1 + value / 100
    history = replace(old, income=old.income * factor, income_local=old.income_local * factor)
    return Variant(setting=replace(setting, history=history))


def _line(setting: Setting, value: float) -> Variant | None:
    return Variant(setting=setting, line_drift=value)


PARAMETERS: dict[str, Parameter] = {
    "trend_long_run": Parameter(
        label="Growth that the trend is damped to, % a year",
        low=1.0,
        high=2.0,
        because="Half a point either way of the mean of the United States since 1991 (1.5): some "
        "two standard errors of its mean over the growth panel's periods.",
        change=_trend,
    ),
    "convergence": Parameter(
        label="Convergence coefficient, standard errors",
        low=-1.0,
        high=1.0,
        because="One standard error of the model behind the convergence density; its draws stay "
        "spread around the moved value.",
        change=_convergence,
    ),
    "frontier_growth": Parameter(
        label="Growth of the frontier, standard errors",
        low=-2.0,
        high=2.0,
        because="Two standard errors of its mean over the growth panel's periods (0.4 points).",
        change=_frontier,
    ),
    "real_rate_lag": Parameter(
        label="Own lag of a real exchange rate that reverts",
        low=0.87,
        high=0.98,
        because="From the slow end of the consensus half-life, five years (Rogoff 1996), to the "
        "largest root that a draw may have; the prior's mean is 0.95.",
        change=_real_rate,
    ),
    "working_age_share": Parameter(
        label="Share of ages 15-64 at the horizon, points",
        low=-1.0,
        high=1.0,
        because="A round size, reached linearly at the horizon: the projection is of 2017, and "
        "who will be 15 to 64 in 25 years is mostly born.",
        change=_working_age,
    ),
    "starting_income": Parameter(
        label="Income in the last known year, %",
        low=-1.0,
        high=1.0,
        because="Published income is itself an estimate that is revised; one percent is near the "
        "largest error of the back-cast of China's growth since 2010.",
        change=_income,
    ),
    "line_growth": Parameter(
        label="Growth of the line, points a year",
        low=-0.5,
        high=0.5,
        because="Less than half the standard deviation of the line's ten-year mean growth since "
        "1987 (1.3 points); the Atlas factor is left as it is.",
        change=_line,
    ),
}


def alternatives(setting: Setting) -> dict[str, tuple[str, Variant]]:
    """Return what can be switched: name to label and variant.

    Each density of the pool alone, each nominal system alone, each model behind the effects
    alone, drivers that wander, and, as a measure of Monte Carlo error, other random numbers.
    """
    plan, found = setting.plan, {}
    for name in setting.densities.weights:
        density = replace(setting.densities, weights={name: 1.0})
        found[f"density_{name}"] = (
            f"Density {_words(name)} alone",
            _plain(setting, densities=density),
        )
    for name in plan.nominal_weights:
        alone = replace(plan, nominal_weights={name: 1.0})
        found[f"nominal_{name}"] = (
            f"Real exchange rate {_words(name)} alone",
            _plain(setting, plan=alone),
        )
    for name in plan.effect_weights:
        alone = replace(plan, effect_weights={name: 1.0})
        found[f"effects_{name}"] = (
            f"Effects by {_words(name)} alone",
            _plain(setting, plan=alone),
        )
    if setting.starts and setting.spread is None:
        known = setting.growth_panel.through(int(setting.years[0]) - 1)
        used = [raw_drivers(setting.estimates[name].spec) for name in plan.effect_weights]
        named = dict.fromkeys(raw for names in used for raw in names)
        drivers = [raw for raw in named if raw not in DEMOGRAPHY]
        spread = driver_spread(known, plan.country, drivers)
        found["driver_deviations"] = ("Drivers wander", _plain(setting, spread=spread))
    found["other_seed"] = ("Other random numbers", Variant(setting=setting, other_seed=True))
    return found


def _words(name: str) -> str:
    return name.replace("_", " ")


def _plain(setting: Setting, **changes: object) -> Variant:
    return Variant(setting=replace(setting, **changes))  # type: ignore[arg-type]


def _with_sampler(setting: Setting, name: str, sampler: Sampler) -> Variant:
    samplers: Mapping[str, Sampler] = {**setting.densities.samplers, name: sampler}
    return Variant(
        setting=replace(setting, densities=replace(setting.densities, samplers=samplers))
    )


def _with_catch_up(setting: Setting, catch_up: CatchUp) -> Variant:
    """Return the setting with the convergence density made anew, the others kept."""
    if CONVERGENCE not in setting.densities.samplers:
        return Variant(setting=replace(setting, catch_up=catch_up))
    made = fit_densities(
        setting.plan.country, {CONVERGENCE: 1.0}, setting.recent, setting.years, catch_up
    )
    return _with_sampler(
        replace(setting, catch_up=catch_up), CONVERGENCE, made.samplers[CONVERGENCE]
    )
