"""Scenarios projected, without writing files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecast.projection.scenarios.effect_channel import PANEL
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.specs.line import LineSpec
from forecast.specs.study import StudySpec
from forecast.study.run import Results, run

if TYPE_CHECKING:
    from pathlib import Path


def project(  # noqa: PLR0913 the options of the command
    scenarios: Sequence[str | Path] | str | Path | None = None,
    *,
    study: StudySpec | Path | str | None = None,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    data: Path | str | None = None,
    country: str | None = None,
    line: LineSpec | Path | str | None = None,
    lasting: int = 1,
    channel: str = PANEL,
    seed: int | None = None,
    draws: int | None = None,
    years: Sequence[int] | int = (),
    jobs: int | None = None,
    progress: Progress = lambda message: None,
) -> Results:
    """Return scenarios projected beside the baseline; nothing is written.

    Parameters
    ----------
    scenarios : str, path or sequence of them, optional
        Names or TOML files; the study's own if not given.
    study, baseline, without, known, data, country, line, lasting, channel, seed, draws, years, jobs
        As in `forecast.study.run.run`.
    progress : callable
        Called with one line as each stage begins.

    Returns
    -------
    Results
        ``results["name"]`` is a scenario's `Projection`; ``to_frame()`` says when each passes.
    """
    return run(
        study, scenarios=scenarios, baseline=baseline, without=without, known=known, data=data,
        country=country, line=line, lasting=lasting, channel=channel, seed=seed, draws=draws,
        years=years, jobs=jobs, progress=progress,
    )  # fmt: skip
