"""What the method said of one economy at intervals of ten years, and what came."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from forecast import catalog
from forecast.evaluation.growth.backtest import backtest_growth
from forecast.evaluation.growth.case_file import CASE_ORIGINS, case_file, case_verdicts
from forecast.reporting.figures.case import draw_case
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.study.questions.record import Answer
from forecast.study.scoring.backtest import newest_package

if TYPE_CHECKING:
    from pathlib import Path


def case(
    country: str,
    *,
    data: Path | str | None = None,
    progress: Progress = lambda message: None,
) -> Answer:
    """Return what the shipped growth forecast said of an economy, and what came.

    Parameters
    ----------
    country : str
        A name or ISO code.
    data : str or path, optional
        Data package; the newest at hand if not given.
    progress : callable

    Returns
    -------
    Answer
        ``verdicts``, one row an origin (growth of output per head, % a year), and ``paths``, those
        of the figure ``case``.

    Raises
    ------
    ForecastError
        If the economy is not known, or no package at hand has a Penn World Table.
    """
    package, table = newest_package(data, ("pwt1001", "pwt91"))
    panel = package.panel(table)
    code = catalog.countries().find(country)
    rows = panel.rows(code)
    cases = backtest_growth(
        panel,
        origins=(CASE_ORIGINS[0], min(CASE_ORIGINS[-1], int(rows.index.max()) - 1)),
        step=CASE_ORIGINS[1] - CASE_ORIGINS[0],
        models=("pool",),
        progress=progress,
    )
    paths = case_file(cases, rows["rgdpna"] / rows["pop"], code)
    source = f"Penn World Table, {package.name} ({table}), own calculations"
    return Answer(
        question="what the growth forecast said, and what came",
        about={"country": code, "data": f"{package.name}, {table}"},
        tables={"verdicts": case_verdicts(cases, (code,)), "paths": paths},
        figure="case",
        draw=partial(draw_case, paths, catalog.countries().name[code], source),
    )
