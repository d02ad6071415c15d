"""What would have to happen for the line to be passed in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from forecast import catalog
from forecast.errors import ForecastError
from forecast.faces import as_names
from forecast.projection.require.drivers import required_drivers
from forecast.projection.require.growth import required_growth
from forecast.projection.require.record import Direction, Question, Shape
from forecast.reporting.figures.style import Lettering
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.specs.study import StudySpec
from forecast.study.declare import declare
from forecast.study.prepare import prepare
from forecast.study.questions.record import Required, parts_of
from forecast.variables import Variables

if TYPE_CHECKING:
    from pathlib import Path


def require(  # noqa: PLR0913 the options of the command
    *,
    by: int,
    probability: float,
    drivers: Sequence[str] | str = (),
    growth: bool = False,
    weights: Mapping[str, float] | None = None,
    unit: Literal["sd", "own"] = "sd",
    shape: Shape = "ramp",
    direction: Direction = "up",
    study: StudySpec | Path | str | None = None,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    data: Path | str | None = None,
    country: str | None = None,
    seed: int | None = None,
    draws: int | None = None,
    progress: Progress = lambda message: None,
) -> Required:
    """Return the least departure that passes the line by a year with a probability.

    Parameters
    ----------
    by, probability : int, float
        Last year that counts, and the probability asked for, between 0 and 1.
    drivers, growth
        Drivers that depart together, or a constant addition to productivity growth.
    weights : mapping of driver to float, optional
        How much of the effort a driver takes; 1 unless given.
    unit, shape, direction : {"sd", "own"}, {"ramp", "step"}, {"up", "down", "either"}
        Of effort; of the path; signs of effort that are searched.
    study, baseline, without, known, data, country, seed, draws, progress
        As in `forecast.study.run.run`.

    Returns
    -------
    Required
        One row a driver; its figure is ``frontier``.
    """
    moved = _weighted(as_names(drivers), growth, weights or {})
    question = Question(by=_one_year(by), asked=probability, shape=shape, direction=direction)
    variables = catalog.variables()
    for name in moved:
        variables.find(name)
    declared = declare(
        study, scenarios=[], baseline=baseline, without=without, known=known,
        data=data, country=country, seed=seed, draws=draws,
    )  # fmt: skip
    prepared = prepare(declared, Stopwatch(progress), drivers=list(moved))
    progress(f"drawing {declared.study.draws} futures")
    futures = prepared.futures(progress)
    found = (
        required_growth(futures, question)
        if growth
        else required_drivers(futures, moved, variables, question, unit)
    )
    words = _words(found.country, by, variables)
    return Required(**parts_of(found), lettering=words, remarks=prepared.remarks())


def _one_year(by: object) -> int:
    if isinstance(by, bool) or not isinstance(by, int | np.integer):
        raise ForecastError(f"by: found {by!r}, must be one year")
    return int(by)


def _weighted(
    drivers: Sequence[str], growth: bool, weights: Mapping[str, float]
) -> dict[str, float]:
    """Return weight by driver, 1 where none is given."""
    moved = dict.fromkeys(drivers, 1.0)
    if growth == bool(moved):
        raise ForecastError("require: name drivers, or growth=True, and not both")
    for name in weights:
        if name not in moved:
            named = ", ".join(moved) or "none"
            raise ForecastError(f"weight of {name}: its driver must be named; found {named}")
    return moved | dict(weights)


def _words(country: str, by: int, variables: Variables) -> Lettering:
    return Lettering(
        source="own calculations, forecast require",
        country=catalog.countries().name[country],
        scenarios={},
        kinds={},
        models={},
        terms={},
        variables=variables,
        first_projected=by,
    )
