"""What a live source is: a record with its terms and a function that fetches long tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.live.session import Session
from forecast.sources.readers.origin import Origin
from forecast.specs.delivery.endpoints import Endpoints
from forecast.specs.delivery.package_notes import PackageNotes
from forecast.variables import Variables

KEYS = ("country", "year", "variable")
LONG = (*KEYS, "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an update asks its sources for.

    Attributes
    ----------
    variables : Variables
        The dictionary: a source reads the codes that name it.
    endpoints : Endpoints
    notes : PackageNotes
        Of the package that is made.
    since : int or None
        First year; None for all.
    vintage : str
        Month ``YYYY-MM`` whose statistics are wanted; empty for those of today.
    tables : tuple of Path
        Declarations of the user's own tables.
    wits : tuple of Path
        Files of export structure.
    """

    variables: Variables
    endpoints: Endpoints
    notes: PackageNotes
    since: int | None = None
    vintage: str = ""
    tables: tuple[Path, ...] = ()
    wits: tuple[Path, ...] = ()

    def codes(self, source: str) -> dict[str, str]:
        """Return the variables by code that the dictionary attributes to ``source``."""
        known = self.variables.table.values()
        return {v.code: v.name for v in known if v.code and v.source.split(";")[0] == source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a source delivered, in the form that a package is assembled from.

    Attributes
    ----------
    frames : mapping of key to pandas.DataFrame
        Long: country, year, variable, value; country in the origin's scheme, aggregates
        included, rows without a value left out.
    origins : mapping of key to Origin
        Licence, attribution, vintage, time of retrieval and files of each key; also of the
        deliveries that hold tables only.
    tables : mapping of name to pandas.DataFrame
        Tables carried as they are, such as ``thresholds`` and ``classes``.
    units : mapping of variable to str
        Unit in the publisher's words, where the reply tells it.
    """

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    origins: Mapping[str, Origin]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A live source.

    Attributes
    ----------
    name, publisher, licence, attribution, page : str
        ``page`` is the publisher's own, for people.
    plan : callable
        The addresses (or files) that a request would read first; asks nobody.
    fetch : callable
        Reads them; raises DataError where anything is not as documented.
    """

    name: str
    publisher: str
    licence: str
    attribution: str
    page: str
    plan: Callable[[Request], list[str]]
    fetch: Callable[[Request, Session], Fetched]

    def origin(self, title: str, vintage: str, files: Mapping[str, str], retrieved: str) -> Origin:
        """Return the origin of an alpha-3 delivery under this source's terms."""
        return Origin(
            title=title,
            path=self.page,
            attribution=self.attribution,
            license=self.licence,
            vintage=vintage,
            files=files,
            retrieved=retrieved,
        )


def refuse_twice(frame: pd.DataFrame, keys: Sequence[str], where: str) -> None:
    """Raise DataError naming the first key that ``frame`` has more than once."""
    twice = frame.duplicated(list(keys))
    if twice.any():
        key = ", ".join(str(part) for part in frame.loc[twice, list(keys)].iloc[0])
        raise DataError(f"{where}: found ({key}) more than once, must be once")


def since(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Return the rows from the request's first year on, row labels kept."""
    return frame if request.since is None else frame[frame["year"] >= request.since]
