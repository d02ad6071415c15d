"""A scenario's changes beside those on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecast import catalog
from forecast.errors import SpecError
from forecast.projection.precedent.plausibility import plausibility
from forecast.projection.scenarios.scenario_drivers import scenario_drivers
from forecast.reporting.report.precedent_text import precedent_section
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.specs.study import StudySpec
from forecast.study.declare import declare
from forecast.study.prepare import prepare
from forecast.study.questions.record import Answer

if TYPE_CHECKING:
    from pathlib import Path

DRAWS = 1000  # enough for the median gap, which is all that is drawn


def precedent(
    scenarios: Sequence[str | Path] | str | Path,
    *,
    study: StudySpec | Path | str | None = None,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    data: Path | str | None = None,
    country: str | None = None,
    progress: Progress = lambda message: None,
) -> Answer:
    """Return scenarios' changes beside those that economies have made.

    Parameters
    ----------
    scenarios : str, path or sequence of them
        Names or TOML files; no mixtures.
    study, baseline, without, known, data, country, progress
        As in `forecast.study.run.run`.

    Returns
    -------
    Answer
        ``shares``, ``nearest`` (`forecast.projection.precedent.precedent.Precedents`) and
        ``ranges`` (`sample_range`); ``words`` says them.

    Raises
    ------
    ForecastError
        If a scenario is a mixture, or it, the data or an option is not usable.
    """
    declared = declare(
        study, scenarios=scenarios, draws=DRAWS, effects=False, baseline=baseline,
        without=without, known=known, data=data, country=country,
    )  # fmt: skip
    asked = [declared.scenarios[name] for name in declared.study.scenarios[1:]]
    for one in asked:
        if one.mixture:
            raise SpecError(
                f"scenario {one.name!r} is a mixture and has no one path: name its parts"
            )
    prepared = prepare(declared, Stopwatch(progress))
    futures = prepared.futures(progress)
    paths = {
        one.name: scenario_drivers(futures, one, declared.known, declared.variables)
        for one in asked
    }
    places = catalog.countries()
    found, ranges = plausibility(futures, paths, places.aggregates())
    labels = {name: spec.label for name, spec in declared.known.items()}
    said = precedent_section(found, ranges, declared.variables, labels, places.name)
    return Answer(
        question="how common such changes have been",
        about={"country": declared.study.country, "scenarios": list(paths)},
        tables={"shares": found.shares, "nearest": found.nearest, "ranges": ranges},
        words=tuple(said),
        remarks=prepared.remarks(),
    )
