"""A bundle's README claims nothing but what the run's manifest and the package say."""

from __future__ import annotations

import pandas as pd

from forecast.reporting.replication.replication_readme import replication_readme
from forecast.reporting.run_folder.saved_run import SavedRun


def _readme(**more: object) -> str:
    manifest = {
        "study": "s", "seed": 7, "draws": 100, "versions": {"numpy": "2.0"},
        "data": {"package": "p", "vintage": "2026-07-01", "sha256": "ab"}, **more,
    }  # fmt: skip
    tables = {"income_fan": pd.DataFrame({"country": ["CHN"]})}
    run = SavedRun(folder=None, manifest=manifest, description={}, tables=tables)
    return replication_readme(run, {}, [])


def test_the_time_is_the_runs_own() -> None:
    """The sum of the manifest's stages; where it has none, no time, and never a memory."""
    told = _readme(elapsed_seconds={"read": 12.25, "project": 75.5})

    assert "The run took 88 seconds." in told
    assert "second" not in _readme()
    assert "minute" not in told
    assert "memory" not in told
