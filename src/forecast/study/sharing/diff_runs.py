"""Two runs' folders compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forecast.reporting.run_folder.changes import NOISE, RunChanges, run_changes
from forecast.study.run import Results
from forecast.study.sharing.as_saved import saved_run

if TYPE_CHECKING:
    from pathlib import Path


def diff(
    before: Results | Path | str, after: Results | Path | str, tolerance: float = NOISE
) -> RunChanges:
    """Return what differs between two runs: data, declarations, code, settings, tables.

    Parameters
    ----------
    before, after : Results, path or str
        What `run` returned, or its folder.
    tolerance : float
        Relative difference up to which two numbers count as the same.

    Raises
    ------
    ForecastError
        If a folder is not a run's.
    """
    return run_changes(saved_run(before), saved_run(after), tolerance)
