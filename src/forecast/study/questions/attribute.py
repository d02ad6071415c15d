"""Which drivers scenarios' effects come from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from forecast.errors import ForecastError
from forecast.projection.explain import attribution
from forecast.projection.scenarios.telling_years import asked_years
from forecast.reporting.figures.exhibits import draw_exhibit
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.specs.study import StudySpec
from forecast.study.declare import declare
from forecast.study.prepare import prepare
from forecast.study.questions.record import Answer, words_of

if TYPE_CHECKING:
    from pathlib import Path


def attribute(  # noqa: PLR0913 the options of the command
    scenarios: Sequence[str | Path] | str | Path,
    *,
    by: Sequence[int] | int = (2030, 2035, 2040),
    study: StudySpec | Path | str | None = None,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    data: Path | str | None = None,
    country: str | None = None,
    seed: int | None = None,
    draws: int | None = 10_000,
    progress: Progress = lambda message: None,
) -> Answer:
    """Return the effects of scenarios, divided among the drivers that they move.

    Parameters
    ----------
    scenarios : str, path or sequence of them
        Names or TOML files.
    by : int or sequence of int
        Projected years.
    study, baseline, without, known, data, country, seed, draws, progress
        As in `forecast.study.run.run`.

    Returns
    -------
    Answer
        One row a scenario, driver, outcome and year; its figure is ``attribution``.

    Raises
    ------
    ForecastError
        If no scenario but the baseline is named, or an option is not usable.
    """
    years = asked_years(by, "by", least=1)
    declared = declare(
        study, scenarios=scenarios, baseline=baseline, without=without,
        known=known, data=data, country=country, seed=seed, draws=draws,
    )  # fmt: skip
    asked = [declared.known[name] for name in declared.study.scenarios[1:]]
    if not asked:
        raise ForecastError("the baseline moves no driver: name another scenario")
    prepared = prepare(declared, Stopwatch(progress))
    progress(f"drawing {declared.study.draws} futures")
    futures = prepared.futures(progress)
    known_by = declared.known, declared.variables
    tables = []
    for one in asked:
        progress(f"attributing {one.name}")
        tables.append(attribution.attribute(futures, one, *known_by, years))
    table = pd.concat(tables, ignore_index=True)
    return Answer(
        question="which drivers the scenarios' effects come from",
        about={"country": declared.study.country, "scenarios": [one.name for one in asked]},
        tables={"attribution": table},
        figure="attribution",
        draw=partial(draw_exhibit, "attribution", {"attribution": table}, words_of(prepared)),
        remarks=prepared.remarks(),
    )
