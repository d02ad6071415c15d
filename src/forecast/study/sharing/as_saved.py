"""A run, written or in memory, as what leaves the program is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.reporting.run_folder.manifest import installed_versions
from forecast.reporting.run_folder.saved_run import SavedRun, read_run
from forecast.study.faces.tables import AT_HAND, run_table
from forecast.study.run import Results

if TYPE_CHECKING:
    from pathlib import Path


def saved_run(run: Results | Path | str) -> SavedRun:
    """Return a run as read from its folder; results in memory have their draws too.

    Results that were not written have the tables of models and projections alone.

    Raises
    ------
    DataError
        If the folder is not one that a run wrote.
    """
    if not isinstance(run, Results):
        return read_run(run)
    draws = {
        p.scenario: {name: pd.DataFrame(paths, columns=p.years) for name, paths in p.variables()}
        for p in run.projections
    }
    if run.folder is not None:
        return replace(read_run(run.folder), draws=draws)
    tables = {name: run_table(run, name) for name in AT_HAND}
    return SavedRun(
        folder=None,
        manifest=_manifest(run),
        description={"sources": [{"key": k, **s} for k, s in run.package.sources.items()]},
        tables={name: table for name, table in tables.items() if not table.empty},
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
