"""Published forecasts for China, and sealed ones, on what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast import catalog
from forecast.crosscountry.class_entry import fit_class_entry
from forecast.evaluation.published import published_board
from forecast.evaluation.published.named_passages import named_passages
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.named_years import read_published_passages
from forecast.sources.readers.published_forecasts import read_published_forecasts
from forecast.statistics.income_classes.class_events import class_events
from forecast.study.declare import study_package
from forecast.study.inputs import package_chain
from forecast.study.packages.sealing import score_seals
from forecast.study.questions.record import Answer

if TYPE_CHECKING:
    from pathlib import Path

STUDIED = "CHN"  # the economy that the published forecasts are about


def scoreboard(data: Path | str | None = None, *, sealed: bool = False) -> Answer:
    """Return published forecasts of China's growth and passage beside what came.

    Parameters
    ----------
    data : str or path, optional
        Data package; the study's if not given.
    sealed : bool
        Scores of the sealed forecasts at hand in place of them: the table ``scores``.

    Returns
    -------
    Answer
        ``growth``, ``summary``, ``passage`` (`Board`) and ``named``, years that a published rule
        names for many economies beside the income chain's chance of passing by then.

    Raises
    ------
    ForecastError
        If the package lacks a table, or a seal is not what was sealed.
    """
    package = study_package(data)
    about = {"data": package.name}
    if sealed:
        scores = score_seals(None if data is None else str(data))
        return Answer(question="sealed forecasts, scored", about=about, tables={"scores": scores})
    home = catalog.home() / "data"
    board = published_board.scoreboard(
        read_published_forecasts(home / "published_forecasts.csv"),
        package.annual(),
        package.panel("pwt91"),
        package.table("thresholds"),
        STUDIED,
    )
    return Answer(
        question="published forecasts, scored",
        about={"country": STUDIED, **about},
        tables={
            "growth": board.growth,
            "summary": board.summary,
            "passage": board.passage,
            "named": _named(package),
        },
    )


def _named(package: DataPackage) -> pd.DataFrame:
    fit = package_chain(package)
    if fit is None:
        return pd.DataFrame()
    entry = None
    if "classes" in package.resources:
        income = package.annual().require(["gni_pc_atlas"])["gni_pc_atlas"].unstack("country")
        events = class_events(income, package.table("thresholds"), package.table("classes"))
        entry = fit_class_entry(events, fit.origin)
    named = read_published_passages(catalog.home() / "data" / "published_passages.csv")
    return named_passages(named, fit, entry)
