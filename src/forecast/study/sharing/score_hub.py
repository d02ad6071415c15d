"""Anybody's forecasts in a hub's files, scored beside a run's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.errors import DataError
from forecast.evaluation.published.hub_scores import INCOME, HubScores, hub_scores
from forecast.reporting.export.hub import model_name
from forecast.reporting.export.hub_rows import hub_rows
from forecast.sources.package.package import DataPackage
from forecast.sources.package.selection import long_rows
from forecast.sources.readers.hub_files import read_hub
from forecast.specs.line import HIGH
from forecast.statistics.income_classes.high_income_years import (
    high_from_changes,
    high_from_classes,
)
from forecast.study.declare import study_package
from forecast.study.run import Results
from forecast.study.sharing.as_saved import saved_run

if TYPE_CHECKING:
    from pathlib import Path

BASELINE = "baseline"


def score(
    hub: Path | str,
    with_: Results | Path | str | None = None,
    *,
    data: str | None = None,
    scenario: str = BASELINE,
) -> HubScores:
    """Return scores of forecasts in the hubverse's format, on what a data package knows.

    Parameters
    ----------
    hub : path
        A folder with ``model-output/<model>/*.csv``: crossing years of the high-income line as
        ``pmf``, incomes as ``quantile`` (`reporting.export.hub_rows`).
    with_ : Results, path or None
        A run whose forecasts are scored too, under its model's name and `` (run)``.
    data : str or None
        Data package with the outcomes; the study's if not given. The shipped one knows the classes
        of all economies and the incomes of China; a full one knows all incomes.
    scenario : str
        Forecasts of other scenarios are left out and counted.

    Raises
    ------
    ForecastError
        If the hub, the run or the package cannot be used.
    """
    rows = read_hub(hub)
    if with_ is not None:
        rows = pd.concat([rows, _own(with_)], ignore_index=True)
    package = study_package(data)
    annual = long_rows(package)
    income = annual[annual["variable"] == INCOME][["country", "year", "value"]]
    return hub_scores(rows, _classed_high(package), income, scenario)


def _own(run: Results | Path | str) -> pd.DataFrame:
    saved = saved_run(run)
    line = str(saved.tables["crossing_summary"]["line"].iloc[0])
    if line != HIGH.label:
        raise DataError(f"the run is about {line}; crossings of {HIGH.label} alone are scored")
    rows = hub_rows(saved)
    return rows[rows["output_type"] != "sample"].assign(model=f"{model_name(saved)} (run)")


def _classed_high(package: DataPackage) -> pd.DataFrame:
    if "classes" in package.resources:
        return high_from_classes(package.table("classes"))
    years = package.table("thresholds")["year"]
    changes, incomes = package.table("class_changes"), package.table("relative_income")
    return high_from_changes(changes, incomes, int(years.min()), int(years.max()))
