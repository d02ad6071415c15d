"""An exhibit: what it shows, what it needs, how it is made; and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from forecast.errors import DataError, unknown

if TYPE_CHECKING:
    from pathlib import Path

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader asks of an exhibit.

    Attributes
    ----------
    countries : sequence of str
        ISO codes, or entities of a table of the user's own; all if empty.
    year : int or None
        Of the figures shown; None: each exhibit's own choice.
    at_passage : bool
        Whether figures are of the year in which each economy passed the high-income line.
    parameters : mapping of name to number
        The exhibit's own, every one of `PaperExhibit.parameters`.
    """

    countries: Sequence[str] = ()
    year: int | None = None
    at_passage: bool = False
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperExhibit:
    """An exhibit.

    Attributes
    ----------
    said : str
    make : callable
        The tables by name, the main one first, from those needed and what is asked.
    figure : str
        ``module:function`` below ``forecast.reporting.figures`` that draws its tables.
    tables, optional : tuple of str
        Of the data package, that it must have and that it may have.
    own : str
        What a table of the user's own must hold, as a sentence says it; empty where it takes none.
    own_needed : bool
        Whether nothing can be shown without that table.
    read_own : callable
        Reads that table from a file.
    takes : tuple of {"year", "at_passage"}
        What may be asked besides countries.
    parameters : mapping of name to number
        Thresholds and the like, with their defaults.
    note : str
        What its reader must know besides.
    of_one : bool
        Whether it is of one economy: China, where no country is asked for.
    """

    said: str
    make: Callable[[Tables, Asked], Tables]
    figure: str
    tables: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    own: str = ""
    own_needed: bool = False
    read_own: Callable[[Path | str], pd.DataFrame] | None = None
    takes: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    of_one: bool = False


def kept(table: pd.DataFrame, countries: Sequence[str], key: str = "country") -> pd.DataFrame:
    """Return the rows of the countries asked for, all if none is.

    Raises
    ------
    DataError
        If the table has no row of one of them.
    """
    known = set(table[key])
    for name in countries:
        if name not in known:
            raise DataError(unknown(name, known, f"in the exhibit's table, {key}"))
    return table[table[key].isin(list(countries))] if countries else table
