"""What has changed a forecast between two data packages, or two seals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from forecast import catalog
from forecast.crosscountry.world import AHEAD
from forecast.errors import DataError
from forecast.projection.explain.news import passage_change, passage_news
from forecast.projection.scenarios.telling_years import asked_years
from forecast.sources.package.package import DataPackage, load
from forecast.sources.sealed import Seal, find_seal
from forecast.study.world import carried_chain

MOST = 20
USUAL = 5  # years ahead


def news(
    old: str,
    new: str,
    *,
    country: str | None = None,
    line: str = "high",
    view: str = "imf",
    by: Sequence[int] | int | None = None,
) -> pd.DataFrame:
    """Return why probabilities of passing a line are others than before.

    Parameters
    ----------
    old, new : str
        Data packages by name or folder, or seals by name or folder, whose packages are at hand.
    country : str or None
        One economy, by a name or ISO code; if not given, the 20 whose probability has changed most
        by the first of the years.
    line, view : str
    by : int, sequence of int or None
        Years. If not given: 1, 2, 3, 5 and 10 years after the new one's last year, as far as both
        reach, for one economy; 5 years after it for all.

    Returns
    -------
    pandas.DataFrame
        See ``passage_news``.

    Raises
    ------
    DataError
        If a package is not at hand or carries no chain.
    ProjectionError
        If a year is too near or far, or the economy is not in both.
    """
    before, after = (carried_chain(_package(name), line, view) for name in (old, new))
    last = min(before.origin, after.origin) + AHEAD[-1]
    usual = AHEAD if country is not None else (USUAL,)
    years = (
        list(asked_years(by, "by", least=1))
        if by is not None
        else [year for year in (after.origin + k for k in usual) if year <= last]
    )
    if country is not None:
        return passage_news(before, after, [catalog.countries().find(country)], years)
    change = passage_change(before, after, years[0])
    most = change.abs().sort_values(ascending=False, kind="stable").index[:MOST]
    return passage_news(before, after, [str(code) for code in most], years)


def _package(name: str) -> DataPackage:
    """Return a package by its name or folder, or that of a seal."""
    seal = find_seal(name, list(catalog.seal_folders().values()))
    return load(catalog.package_folder(name)) if seal is None else _of_seal(seal)


def _of_seal(seal: Seal) -> DataPackage:
    for folder in catalog.package_folders():
        package = load(folder)
        if package.sha256 == seal.package_sha256:
            return package
    raise DataError(
        f"seal {seal.name}: its package {seal.package} (sha256 {seal.package_sha256[:12]}...) is "
        "not at hand, only its probabilities are"
    )
