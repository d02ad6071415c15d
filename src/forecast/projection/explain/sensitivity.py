"""What the answer would be if one number of the method were another: a tornado's table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from forecast.errors import ProjectionError
from forecast.projection.explain.chain_parameters import parameters_of
from forecast.projection.explain.parameters import Variant, alternatives
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures, Setting
from forecast.projection.record import Projection
from forecast.projection.scenarios.project import project
from forecast.randomness.streams import Streams
from forecast.randomness.tasks import iterate_parallel
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables

DRAWS = 4000
BY = (2030, 2035)
ALONE = "alone"
SECONDS = 3.2e-6  # to draw and project one year of one path (0.24 s for 2890 of 25 years)
COLUMNS = [
    "parameter", "label", "side", "setting", "scenario", "year", "variable", "base", "value",
    "change",
]  # fmt: skip

Answer = dict[tuple[str, int, str], float]


def sensitivity(
    setting: Setting,
    streams: Streams,
    scenarios: Sequence[ScenarioSpec],
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    by: Sequence[int] = BY,
    draws: int = DRAWS,
    progress: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """Return how the answer moves when one parameter at a time does, random numbers kept.

    Parameters
    ----------
    setting : Setting
    streams : Streams
    scenarios : sequence of ScenarioSpec
        The baseline first; of the others the difference from it is reported.
    known : mapping of name to ScenarioSpec
    variables : Variables
    by : sequence of int
        Projected years.
    draws : int
        Paths of each evaluation.
    progress : callable

    Returns
    -------
    pandas.DataFrame
        ``parameter, label, side, setting, scenario, year, variable, base, value, change``: side
        is ``low``, ``high`` (`parameters_of`) or ``alone`` (`alternatives`, of which ``other_seed``
        shows the Monte Carlo error), ``setting`` the parameter's value. Variables are
        ``p_crossed`` (share of paths above the line by the year) and ``income_median`` (current
        US$, Atlas), of other scenarios than the first ``p_crossed_gain`` and
        ``income_median_gain``, differences from it.

    Raises
    ------
    ProjectionError
        If there is no scenario, or a year is not projected.
    """
    _check(setting, scenarios, by)
    fewer = replace(setting, plan=replace(setting.plan, draws=draws))
    varied = list(_variants(fewer))
    progress(f"the base and {len(varied)} variants")
    settings = [Variant(setting=fewer), *(variant for *_, variant in varied)]
    answer = partial(_answer_with, settings, streams, scenarios, known, variables, by)
    seconds = SECONDS * sum(fewer.sizes(draws)) * len(fewer.years) * len(scenarios)
    answers = iterate_parallel(answer, [(i,) for i in range(len(settings))], seconds=seconds)
    base = next(answers)
    rows = []
    for (name, label, side, value, _), answered in zip(varied, answers, strict=True):
        progress(label if side == ALONE else f"{label}: {value:g}")
        for (scenario, year, variable), found in answered.items():
            was = base[scenario, year, variable]
            rows.append(
                (name, label, side, value, scenario, year, variable, was, found, found - was)
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _answer_with(
    variants: Sequence[Variant],
    streams: Streams,
    scenarios: Sequence[ScenarioSpec],
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    by: Sequence[int],
    number: int,
) -> Answer:
    futures = _futures(variants[number], streams)
    return _answer([project(futures, one, known, variables) for one in scenarios], by)


def _check(setting: Setting, scenarios: Sequence[ScenarioSpec], by: Sequence[int]) -> None:
    if not scenarios:
        raise ProjectionError("sensitivity: needs at least the baseline scenario")
    for year in by:
        if year not in setting.years:
            raise ProjectionError(
                f"by: found {year}, must be {setting.years[0]} to {setting.years[-1]}"
            )


def _variants(setting: Setting) -> Iterator[tuple[str, str, str, float, Variant]]:
    for name, parameter in parameters_of(setting).items():
        for side, value in (("low", parameter.low), ("high", parameter.high)):
            variant = parameter.change(setting, value)
            if variant is not None:
                yield name, parameter.label, side, value, variant
    for name, (label, variant) in alternatives(setting).items():
        yield name, label, ALONE, float("nan"), variant


def _futures(variant: Variant, streams: Streams) -> Futures:
    if variant.other_seed:
        streams = replace(streams, seeds={name: seed + 1 for name, seed in streams.seeds.items()})
    futures = draw_futures(variant.setting, streams)
    if variant.line_drift == 0:
        return futures
    accounts = futures.accounts
    drift = np.exp(variant.line_drift / 100 * (1 + np.arange(len(futures.years))))
    line = accounts.threshold * drift
    moved = replace(accounts, threshold=line)
    return replace(futures, accounts=moved)


def _answer(projections: Sequence[Projection], by: Sequence[int]) -> Answer:
    found: Answer = {}
    first = projections[0]
    for projection in projections:
        gain = projection is not first
        for year in by:
            at = int(year - projection.years[0])
            crossed = projection.crossing.probability(year)
            income = float(np.median(projection.income[:, at]))
            if gain:
                crossed -= first.crossing.probability(year)
                income -= float(np.median(first.income[:, at]))
            end = "_gain" if gain else ""
            found[projection.scenario, year, f"p_crossed{end}"] = crossed
            found[projection.scenario, year, f"income_median{end}"] = income
    return found
