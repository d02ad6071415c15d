"""An exhibit by name, from a data package or a user's table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from forecast import catalog
from forecast.errors import ALL_ECONOMIES, DataError, SpecError, choose, unknown
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits import (
    classes,
    deindustrialisation,
    episodes,
    manufacturing,
    milestones,
    printed,
    relative,
    sectors,
)
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables

if TYPE_CHECKING:
    from pathlib import Path

PAPER_EXHIBITS: Mapping[str, PaperExhibit] = {
    **printed.EXHIBITS,
    **classes.EXHIBITS,
    **relative.EXHIBITS,
    **episodes.EXHIBITS,
    **milestones.EXHIBITS,
    **sectors.EXHIBITS,
    **deindustrialisation.EXHIBITS,
    **manufacturing.EXHIBITS,
}


def paper_exhibit(
    name: str,
    package: DataPackage | None = None,
    *,
    countries: Sequence[str] = (),
    year: int | None = None,
    at_passage: bool = False,
    parameters: Mapping[str, float] | None = None,
    table: pd.DataFrame | Path | str | None = None,
) -> Tables:
    """Return the tables of an exhibit, the main one first.

    Parameters
    ----------
    name : str
        Key of `PAPER_EXHIBITS`.
    package : DataPackage, optional
        For all that need tables of one.
    countries : sequence of str
        Names or ISO codes (entities of ``table``); all if empty.
    year : int, optional
        Of the figures shown.
    at_passage : bool
        Whether figures are of the year in which each economy became high income.
    parameters : mapping of name to number, optional
        In place of the exhibit's own.
    table : DataFrame, Path or str, optional
        A table of one's own, for the exhibits that take one.

    Raises
    ------
    SpecError
        If there is no such exhibit, or it does not take what is asked.
    DataError
        If the package lacks a table, or there is nothing of the countries.
    """
    exhibit = choose(name, PAPER_EXHIBITS, "exhibit", SpecError)
    found: Tables = {}
    if table is not None:
        if exhibit.read_own is None:
            raise SpecError(f"exhibit {name}: is made from a data package and takes no table")
        found["own"] = table if isinstance(table, pd.DataFrame) else exhibit.read_own(table)
    elif exhibit.own_needed:
        raise DataError(
            f"exhibit {name}: no data package carries it; bring a table (--panel FILE) with "
            f"{exhibit.own}"
        )
    for what, given in (("year", year is not None), ("at_passage", at_passage)):
        if given and what not in exhibit.takes:
            raise SpecError(f"exhibit {name}: takes no {what.replace('_', ' ')}")
    numbers = _parameters(name, exhibit, parameters or {})
    if exhibit.tables:
        if package is None:
            raise SpecError(f"exhibit {name}: needs a data package")
        countries = _codes(countries)
        found |= _needed(name, exhibit, package)
    asked = Asked(countries=countries, year=year, at_passage=at_passage, parameters=numbers)
    return exhibit.make(found, asked)


def _parameters(
    name: str, exhibit: PaperExhibit, given: Mapping[str, float]
) -> Mapping[str, float]:
    for one in given:
        if not exhibit.parameters:
            raise SpecError(f"exhibit {name}: has no parameters, found {one!r}")
        choose(one, exhibit.parameters, f"parameter of exhibit {name}", SpecError)
    return {**exhibit.parameters, **given}


def _needed(name: str, exhibit: PaperExhibit, package: DataPackage) -> Tables:
    missing = [table for table in exhibit.tables if table not in package.resources]
    if missing:
        raise DataError(
            f"exhibit {name}: {package.name} has no table {missing[0]!r}; a full package has it, "
            f"named with --data: {ALL_ECONOMIES}"
        )
    at_hand = [table for table in exhibit.optional if table in package.resources]
    return {table: package.table(table) for table in (*exhibit.tables, *at_hand)}


def _codes(countries: Sequence[str]) -> list[str]:
    places = catalog.countries()
    codes, known = [places.find(one) for one in countries], places.economies()
    for code in codes:
        if code not in known:
            raise DataError(unknown(code, known, "economy"))
    return codes
