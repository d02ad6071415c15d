"""Scenarios of a study side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from forecast import catalog
from forecast.errors import ForecastError
from forecast.faces import as_names
from forecast.projection.explain.comparison import compare_scenarios
from forecast.projection.scenarios.telling_years import asked_years
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.specs.study import StudySpec
from forecast.study.declare import declare
from forecast.study.prepare import prepare
from forecast.study.questions.record import Compared, parts_of, words_of

BASELINE = "baseline"


def compare(  # noqa: PLR0913 the options of the command
    scenarios: Sequence[str | Path] | str | Path,
    against: Path | str = BASELINE,
    *,
    study: StudySpec | Path | str | None = None,
    country: str | None = None,
    data: Path | str | None = None,
    seed: int | None = None,
    draws: int | None = None,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    years: Sequence[int] | int = (),
    progress: Progress = lambda message: None,
) -> Compared:
    """Return scenarios side by side, differences path by path on the draws that they share.

    Parameters
    ----------
    scenarios : sequence of str
        Names or TOML files; mixtures and compositions too.
    against : str
        Scenario that differences are from, by name or file; the study's baseline if not given.
    study, country, data, seed, draws, baseline, without, known, years, progress
        As in `forecast.study.run.run`.

    Returns
    -------
    Compared
        ``to_frame()`` has one row a scenario, ``against`` first; the study's baseline has one too.

    Raises
    ------
    ForecastError
        If there is no scenario, or a declaration, the data or a projection is not usable.
    """
    declared = declare(
        study, scenarios=_asked(scenarios, against), country=country, data=data, seed=seed,
        draws=draws, baseline=baseline, without=without, known=known, years=asked_years(years),
    )  # fmt: skip
    prepared = prepare(declared, Stopwatch(progress))
    declared = prepared.declared
    base = declared.study.scenarios[0] if against == BASELINE else Path(against).stem
    progress(f"drawing {declared.study.draws} futures")
    futures = prepared.futures(progress=progress)
    projections, refused = prepared.project(futures)
    progress(f"comparing {len(declared.scenarios)} scenarios")
    places = catalog.countries()
    found = compare_scenarios(
        futures,
        projections,
        declared.known,
        declared.variables,
        base,
        places.aggregates(),
        prepared.marks(futures, projections),
        declared.years,
    )
    words = words_of(prepared)
    return Compared(**parts_of(found), lettering=words, remarks=prepared.remarks(refused))


def _asked(scenarios: Sequence[str | Path] | str | Path, against: Path | str) -> list[str]:
    names = as_names(scenarios)
    if not names:
        raise ForecastError("scenarios: found none, must be at least one")
    return [*([] if against == BASELINE else [str(against)]), *names]
