"""A run, written or in memory, in the formats of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forecast.reporting.export.formats import Exported, write_export
from forecast.study.run import Results
from forecast.study.sharing.as_saved import saved_run

if TYPE_CHECKING:
    from pathlib import Path


def export(run: Results | Path | str, to: str, out: Path | str | None = None) -> Exported:
    """Write a run in another program's format.

    Parameters
    ----------
    run : Results, path or str
        What `run` returned, or its folder. Results have draws, so a hub gets samples of paths;
        those that were not written have the tables of models and projections alone.
    to : {"xlsx", "dta", "parquet", "iamc", "hub"}
        Excel workbook; Stata files; Parquet files; the format of the Integrated Assessment
        Modeling Consortium; a hub of the hubverse.
    out : path or None
        The file or folder; by default beside the run's, named after it.

    Returns
    -------
    Exported
        The path, the files in it, and what the format has no place for.

    Raises
    ------
    ForecastError
        If the folder is not a run's, there is no such format, or ``out`` cannot be written.
    """
    return write_export(saved_run(run), to, out)
