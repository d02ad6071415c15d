"""The income accounting against what was published, by economy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.income.economies import backcast_economies
from forecast.income.sdr_deflator import sdr_inflation
from forecast.study.declare import study_package
from forecast.study.questions.record import Answer

if TYPE_CHECKING:
    from pathlib import Path


def backcast(data: Path | str | None = None, *, rate: str = "conversion") -> Answer:
    """Return growth of Atlas GNI per capita by formula beside the published one, by economy.

    Parameters
    ----------
    data : str or path, optional
        Data package; the study's, which has China alone, if not given.
    rate : {"conversion", "official"}
        Exchange rate: the one between GDP in local currency and in US$, or the official one.

    Returns
    -------
    Answer
        ``summary`` (``measure, value``), ``groups`` and ``rows`` of `EconomiesBackcast`, %.
    """
    package = study_package(data)
    annual = package.annual()
    inflation = sdr_inflation(package.table("sdr_parts"), annual)
    found = backcast_economies(annual, package.table("thresholds"), inflation, rate)
    summary = pd.DataFrame(list(found.summary().items()), columns=["measure", "value"])
    return Answer(
        question="the income accounting against what was published",
        about={"data": package.name, "rate": rate},
        tables={"summary": summary, "groups": found.groups(), "rows": found.rows},
    )
