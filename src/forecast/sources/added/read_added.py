"""A user's file, by what it is: the OECD's indicators, a WITS trade summary, or a table."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from forecast.errors import DataError, SpecError, choose
from forecast.sources.added.record import Added
from forecast.sources.build.admission import admit
from forecast.sources.live import oecd, wits
from forecast.sources.live.protocol import KEYS, LONG, refuse_twice
from forecast.sources.live.user_table import read_user_table
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.origin import Origin
from forecast.specs.delivery.endpoints import OecdEndpoint
from forecast.specs.delivery.user_table import UserTable
from forecast.specs.read import read_declaration
from forecast.variables import Variable, Variables

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
TAKEN = {*LONG, "flag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the user says of a file, and the tables that it is checked against.

    Attributes
    ----------
    source, licence : str
        In place of the publisher's or the declaration's own; empty to keep them.
    vintage : str
        Date of the statistics, ``YYYY-MM-DD``, where the file does not tell it.
    variables : Variables
    countries : Countries
    measures : OecdEndpoint
        Codes of the OECD's measures.
    """

    source: str = ""
    licence: str = ""
    vintage: str
    variables: Variables
    countries: Countries
    measures: OecdEndpoint


Read = tuple[pd.DataFrame, Origin, dict[str, Variable]]


def read_added(path: Path, kind: str, terms: Terms) -> Added:
    """Return what a file adds to a package, after every check; nothing is written.

    Parameters
    ----------
    path : Path
        The file; of a table its declaration (TOML), or the table with the declaration beside it,
        of the same name.
    kind : {"oecd", "wits", "table"}
    terms : Terms

    Raises
    ------
    SpecError
        If a declaration is not one, or a variable has no unit or label, or another unit than the
        dictionary's.
    DataError
        If the file cannot be read, has a cell that is no number, a value out of bounds, a key
        twice, or no value of an economy.
    """
    read = choose(kind, READERS, "--as", DataError)
    frame, origin, own = read(path, terms)
    origin = replace(
        origin,
        title=terms.source or origin.title,
        attribution=terms.source or origin.attribution,
        license=terms.licence or origin.license,
    )
    known = Variables(table={**terms.variables.table, **own})
    key = "added-" + re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    admitted = admit({key: frame}, {key: origin}, known, terms.countries)
    rows = admitted.frames[key]
    rows = rows[rows["country"].isin(terms.countries.economies())]
    left = admitted.dropped[["country", "rows", "reason"]]
    if rows.empty:
        raise DataError(
            f"{path}: found no value of an economy among {len(frame)}, must have some; left out: "
            f"{_told(left) or 'none'}"
        )
    kept = [f"{n} row(s) of {c} left out: {why}" for c, n, why in left.itertuples(index=False)]
    return Added(
        key=key,
        rows=rows[list(LONG)].sort_values(list(KEYS), ignore_index=True),
        origin=replace(origin, transformations=(*origin.transformations, *kept)),
        own=own,
        read=len(frame),
        left=left,
    )


def _told(left: pd.DataFrame) -> str:
    most = 5
    said = [f"{c} ({why})" for c, _, why in left.head(most).itertuples(index=False)]
    return ", ".join(said) + (f" and {len(left) - most} more" if len(left) > most else "")


def _oecd(path: Path, terms: Terms) -> Read:
    frame = oecd.read_indicators(path, terms.measures)
    return frame, _origin(oecd.SOURCE.origin, oecd.NAME, path, terms), {}


def _wits(path: Path, terms: Terms) -> Read:
    frame = wits.read_trade_summary(path)
    refuse_twice(frame, KEYS, str(path))
    title = "World Integrated Trade Solution, exports by stage of processing"
    origin = _origin(wits.SOURCE.origin, title, path, terms)
    return frame, replace(origin, scheme="name"), {}


def _origin(make: Callable[..., Origin], title: str, path: Path, terms: Terms) -> Origin:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return make(title, terms.vintage, {path.name: sha256}, "")


def _table(path: Path, terms: Terms) -> Read:
    declared = path if path.suffix.lower() == ".toml" else path.with_suffix(".toml")
    if not declared.is_file():
        raise SpecError(
            f"{declared}: no such file; a table needs a declaration of its columns (name, unit, "
            "label) beside it: docs/data.md"
        )
    spec = read_declaration(declared, UserTable)
    if declared != path and declared.parent / spec.file != path:
        raise SpecError(f"{declared}: file: found {spec.file!r}, must be {path.name!r}")
    own = {
        name: _variable(name, spec, declared)
        for name in spec.variables
        if name not in terms.variables.table
    }
    frame, origin = read_user_table(declared, spec, terms.variables)
    return frame, origin, own


def _variable(name: str, spec: UserTable, declared: Path) -> Variable:
    """Return a variable that the dictionary does not have, as the declaration describes it."""
    if not NAME.fullmatch(name) or name in TAKEN:
        raise SpecError(
            f"{declared.name}: variables: found {name!r}, must be small letters, digits and _ "
            f"(at most 60), and none of {', '.join(sorted(TAKEN))}"
        )
    column = spec.variables[name]
    if not column.label:
        raise SpecError(
            f"{declared.name}: variables.{name}.label: is missing; {name!r} is not in the "
            "dictionary of variables, so tables need to know what to call it"
        )
    return Variable(name=name, label=column.label, unit=column.unit, source=spec.title)


READERS: Mapping[str, Callable[[Path, Terms], Read]] = {
    "oecd": _oecd,
    "wits": _wits,
    "table": _table,
}
