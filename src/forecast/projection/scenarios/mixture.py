"""A mixture of scenarios: each draw takes one of them by its probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from forecast.arrays import Integers
from forecast.errors import ProjectionError, choose
from forecast.income.lines import Line
from forecast.projection.futures.futures import BLOCK, Futures
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import Difference
from forecast.projection.scenarios.project import project
from forecast.randomness.allot import allot
from forecast.randomness.streams import Streams
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables

T = TypeVar("T")


def project_mixture(
    futures: Futures,
    spec: ScenarioSpec,
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    streams: Streams,
    line: Line | None = None,
    lasting: int = 1,
    difference: Difference | None = None,
) -> Projection:
    """Return the distribution of income and of the crossing year under a mixture of scenarios.

    Each draw is that of one part's own projection, which it takes with the part's probability,
    stratified (`allot`); the probability of crossing is then the mean of the parts', weighted by
    their probabilities, up to which draws each part received. Draws are allotted in the blocks
    of `draw_futures`, so that their number does not change the first ones.

    Parameters
    ----------
    futures : Futures
    spec : ScenarioSpec
        Of kind ``mixture``.
    known : mapping of name to ScenarioSpec
        Where the parts are found.
    variables : Variables
    streams : Streams
        The study's: the choice is factor ``model``, part ``mixture <name>``.
    line, lasting, difference
        As in `project`.

    Returns
    -------
    Projection
        ``drivers`` are the parts' paths averaged by their probabilities: what is expected, not a
        path that any draw takes.

    Raises
    ------
    ProjectionError
        If ``spec`` is no mixture, or a part is unknown, a mixture itself or cannot be projected.
    """
    if not spec.mixture:
        raise ProjectionError(f"scenario {spec.name!r} is not a mixture")
    specs = [choose(one.scenario, known, "scenario", ProjectionError) for one in spec.mixture]
    parts = [project(futures, one, known, variables, line, lasting, difference) for one in specs]
    return mixed(spec, parts, streams)


def mixed(spec: ScenarioSpec, parts: Sequence[Projection], streams: Streams) -> Projection:
    """Return the mixture of projections already made, in the order of the file's parts."""
    chances = [one.probability for one in spec.mixture]
    codes = mixture_codes(spec, len(parts[0].difference), streams)
    return replace(
        _picked(parts, codes),
        scenario=spec.name,
        drivers=_expected([part.drivers for part in parts], chances),
        crossing=_picked([part.crossing for part in parts], codes),
    )


def mixture_codes(spec: ScenarioSpec, draws: int, streams: Streams) -> Integers:
    """Return (draws,) which part of a mixture each draw takes, in the order of the file."""
    chances = {one.scenario: one.probability for one in spec.mixture}
    return np.concatenate(
        [
            allot(
                chances,
                min(BLOCK, draws - begun),
                streams.at(number).generator("model", f"mixture {spec.name}"),
            )
            for number, begun in enumerate(range(0, draws, BLOCK))
        ]
    )


def _picked(parts: Sequence[T], codes: Integers) -> T:
    """Return a record each of whose rows (draws, ...) is that of the part that the code names."""
    first: Any = parts[0]
    arrays = {}
    for name in (field.name for field in fields(first)):
        value = getattr(first, name)
        if all(getattr(part, name) is value for part in parts):
            continue  # a baseline's paths are those of all parts, and are not copied
        if isinstance(value, np.ndarray) and name != "years" and len(value) == len(codes):
            arrays[name] = value.copy()
            for code, part in enumerate(parts):
                arrays[name][codes == code] = getattr(part, name)[codes == code]
    picked: T = replace(first, **arrays)
    return picked


def _expected(paths: Sequence[pd.DataFrame], chances: Sequence[float]) -> pd.DataFrame:
    total = chances[0] * paths[0]
    for path, chance in zip(paths[1:], chances[1:], strict=True):
        total = total + chance * path
    return total
