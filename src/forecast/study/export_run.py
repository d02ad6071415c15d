"""A run, written or in memory, in the formats of other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.reporting.export.formats import Exported, write_export
from forecast.reporting.run_folder import tables as build
from forecast.reporting.run_folder.manifest import installed_versions
from forecast.reporting.run_folder.saved_run import SavedRun, read_run
from forecast.study.run import Results

if TYPE_CHECKING:
    from pathlib import Path


def export_run(run: Results | Path | str, to: str, out: Path | str | None = None) -> Exported:
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
    saved = saved_results(run) if isinstance(run, Results) else read_run(run)
    return write_export(saved, to, out)


def saved_results(results: Results) -> SavedRun:
    """Return results as a run that was read, with their draws."""
    draws = {
        p.scenario: {
            name: pd.DataFrame(paths, columns=p.years) for name, paths in p.variables().items()
        }
        for p in results.projections
    }
    if results.folder is not None:
        told = read_run(results.folder)
        return SavedRun(
            folder=told.folder,
            manifest=told.manifest,
            description=told.description,
            tables=told.tables,
            draws=draws,
        )
    return SavedRun(
        folder=None,
        manifest=_manifest(results),
        description={"sources": [{"key": k, **s} for k, s in results.package.sources.items()]},
        tables=_tables(results),
        draws=draws,
    )


def _manifest(results: Results) -> Mapping[str, Any]:
    package = results.package
    return {
        "study": results.study.name,
        "data": {"package": package.name, "vintage": package.vintage, "sha256": package.sha256},
        "seed": results.study.seed,
        "draws": results.study.draws,
        "versions": installed_versions(),
    }


def _tables(results: Results) -> dict[str, pd.DataFrame]:
    projections, estimates = results.projections, results.estimates
    return {
        "estimates": build.estimates_table(estimates),
        "models": build.models_table(estimates),
        "signs": build.signs_table(estimates),
        "income_fan": build.fan_table(projections),
        "crossing_probability": build.crossing_probability_table(projections),
        "crossing_summary": build.crossing_summary_table(projections),
        "income_change": build.income_change_table(projections),
        "drivers": build.driver_table(projections),
    }
