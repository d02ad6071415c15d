"""What the answer does when one parameter of the method is another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from forecast.faces import as_names
from forecast.projection.explain import sensitivity as one_parameter
from forecast.projection.explain.chain_parameters import parameters_of
from forecast.projection.scenarios.telling_years import asked_years
from forecast.reporting.figures.exhibits import draw_exhibit
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.specs.study import StudySpec
from forecast.study.declare import declare
from forecast.study.prepare import prepare
from forecast.study.questions.record import Answer, words_of

if TYPE_CHECKING:
    from pathlib import Path


def sensitivity(  # noqa: PLR0913 the options of the command
    scenarios: Sequence[str | Path] | str | Path = (),
    *,
    by: Sequence[int] | int = (2030, 2035),
    study: StudySpec | Path | str | None = None,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    data: Path | str | None = None,
    country: str | None = None,
    seed: int | None = None,
    draws: int = 4000,
    progress: Progress = lambda message: None,
) -> Answer:
    """Return what changes when one parameter at a time is another, random numbers kept.

    Parameters
    ----------
    scenarios : str, path or sequence of them
        Whose gains over the baseline are asked for too; none: the baseline alone.
    by : int or sequence of int
        Projected years.
    study, baseline, without, known, data, country, seed, draws, progress
        As in `forecast.study.run.run`.

    Returns
    -------
    Answer
        Columns of `forecast.projection.explain.sensitivity.sensitivity`; the table ``because``
        says why each parameter is moved by so much; its figure is ``sensitivity``.
    """
    names, years = as_names(scenarios), asked_years(by, "by", least=1)
    declared = declare(
        study, scenarios=names or None, baseline=baseline, without=without,
        known=known, data=data, country=country, seed=seed, draws=draws,
    )  # fmt: skip
    prepared = prepare(declared, Stopwatch(progress))
    shown = declared.study.scenarios if names else declared.study.scenarios[:1]
    table = one_parameter.sensitivity(
        prepared.setting,
        prepared.streams,
        [declared.known[name] for name in shown],
        declared.known,
        declared.variables,
        years,
        draws,
        progress,
    )
    reasons = {name: one.because for name, one in parameters_of(prepared.setting).items()}
    because = pd.DataFrame({"parameter": list(reasons), "because": list(reasons.values())})
    return Answer(
        question="what the answer does when one parameter is another",
        about={"country": declared.study.country, "scenarios": list(shown), "draws": draws},
        tables={"sensitivity": table, "because": because},
        figure="sensitivity",
        draw=partial(draw_exhibit, "sensitivity", {"sensitivity": table}, words_of(prepared)),
        remarks=prepared.remarks(),
    )
