"""The income chain from past origins, by a package: cases and their scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast.errors import SpecError

if TYPE_CHECKING:
    import pandas as pd

    from forecast.crosscountry.chain.identity import ChainRecord
    from forecast.sources.package.package import DataPackage


def chain_cases(
    package: DataPackage, settings: dict[str, Any], line: str, raw: Path | str | None, *, weo: bool
) -> pd.DataFrame:
    """Return the cases of ``backtest_chain`` from a package's annual table.

    Parameters
    ----------
    package : DataPackage
        With ``annual`` and ``thresholds``.
    settings : dict
        Keywords of ``backtest_chain``.
    line : str
    raw : pathlib.Path or None
        Folder of the editions of the World Economic Outlook.
    weo : bool
        Give the chain the IMF's view.

    Raises
    ------
    SpecError
        If the view is asked for and no folder is given.
    """
    from forecast.evaluation.chain.backtest import backtest_chain, chain_history

    classes = package.table("classes") if "classes" in package.resources else None
    history = chain_history(package.annual(), package.table("thresholds"), line, classes)
    imf = _view(raw, history.record, settings) if weo else None
    return backtest_chain(history, imf=imf, **settings)


def _view(raw: Path | str | None, record: ChainRecord, settings: dict[str, Any]) -> pd.DataFrame:
    from forecast.crosscountry.chain.imf_view import edition_growth, imf_view
    from forecast.sources.readers.weo import read_weo_editions

    if raw is None:
        raise SpecError(
            "--raw: names the folder with the IMF's editions (or set FORECAST_RAW); "
            "without them: --without weo"
        )
    settings["progress"]("editions of the World Economic Outlook, fall of each origin's year")
    return imf_view(edition_growth(read_weo_editions(Path(raw))), record)


def printed_tables(
    cases: pd.DataFrame, by: Sequence[str], compare: bool
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return the scores, and calibration, groups and (if asked) differences to rivals."""
    import numpy as np
    import pandas as pd

    from forecast import catalog
    from forecast.evaluation.chain.groups import chain_groups
    from forecast.evaluation.chain.scores import (
        chain_calibration,
        chain_differences,
        score_chain,
        score_chain_by,
    )

    more = {"calibration": chain_calibration(cases)}
    if by:
        regions = catalog.countries().region
        told = [score_chain_by(cases, chain_groups(cases, name, regions), name) for name in by]
        more["groups"] = pd.concat(told, ignore_index=True)
    if compare:
        more["differences"] = chain_differences(cases, np.random.default_rng(0))
    return score_chain(cases), more
