"""A full package from live sources: everything asked for arrives whole, or nothing changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from forecast.errors import DataError, choose
from forecast.sources.assemble import assemble
from forecast.sources.clients.protocol import Fetched, Request, Source
from forecast.sources.clients.registry import SOURCES
from forecast.sources.countries import Countries
from forecast.sources.origin import Origin
from forecast.sources.package import DESCRIPTION, DataPackage, load
from forecast.sources.published import read_paper_tables
from forecast.sources.session import Session
from forecast.sources.statistics import carried_origins

CLASSES, USER, WITS = "income_classes", "user_table", "wits"
STAGING = ".update"
LOCK = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What an update made: the package, whether it is new, and rows delivered by source."""

    package: DataPackage
    new: bool
    rows: Mapping[str, int]


def chosen(only: Sequence[str], request: Request) -> list[Source]:
    """Return the sources to ask, in the registry's order.

    The income classification always belongs to them: every table of economies rests on it. Files
    are read where the request names some.

    Raises
    ------
    DataError
        If a name is not that of a source.
    """
    wanted = {choose(name, SOURCES, "source", DataError).name for name in only}
    wanted = wanted or set(SOURCES) - {USER, WITS}
    wanted |= {CLASSES}
    wanted |= {USER} if request.tables else set()
    wanted |= {WITS} if request.wits else set()
    return [source for name, source in SOURCES.items() if name in wanted]


def staging(root: Path, name: str) -> Path:
    """Return the folder in which the package ``name`` is fetched and built."""
    return root / f"{STAGING}-{name}"


def update(
    sources: Sequence[Source],
    request: Request,
    session: Session,
    *,
    root: Path,
    name: str,
    countries: Countries,
    paper_tables: Path,
) -> Updated:
    """Fetch from ``sources``, check, assemble, and put the package ``root/name`` in its place.

    Until the last step, one rename, ``root/name`` is not there. A package that is there stays as
    it is: the same tables make no change, others are refused. What was fetched is kept after a
    failure, so that the next run goes on; after success it is removed.

    Parameters
    ----------
    sources : sequence of Source
        As `chosen` gives them.
    request : Request
    session : Session
        Its folder is set here.
    root : Path
        The user's data directory.
    name : str
        ``<name>-<YYYY.MM>``.
    countries : Countries
    paper_tables : Path
        The printed figures, carried into every package.

    Raises
    ------
    DataError
        Whatever a source, a check or the file system refuses; nothing has changed then.
    """
    work = staging(root, name)
    with _alone(work):
        session = replace(session, folder=work / "files")
        delivered: dict[str, Fetched] = {}
        for number, source in enumerate(sources, start=1):
            session.tell(f"{source.name} ({number} of {len(sources)}): {source.publisher}")
            delivered[source.name] = source.fetch(request, session)
        frames, origins, tables = _merged(delivered, session)
        rows = {key: len(frame) for key, frame in frames.items()}
        rows |= {key: len(table) for key, table in tables.items()}
        session.tell(f"checking and assembling {name}")
        shutil.rmtree(work / "made", ignore_errors=True)
        package = assemble(
            frames,
            origins | carried_origins("paper"),
            tables | {"paper_tables": read_paper_tables(paper_tables)},
            out_dir=work / "made" / name,
            vintage=_vintage(name, origins),
            variables=request.variables,
            countries=countries,
        )
        new = _put(package, root / name)
    shutil.rmtree(work, ignore_errors=True)
    return Updated(package=load(root / name), new=new, rows=rows)


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Hold the staging folder against a second update; the system lets go of it at a kill."""
    try:
        work.mkdir(parents=True, exist_ok=True)
        with (work / LOCK).open("w", encoding="utf-8") as file:
            try:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:
                pass  # a system without locks: two updates at once are the user's to avoid
            except BlockingIOError:
                raise DataError(
                    f"{work}: another update of this package is at work, must be alone"
                ) from None
            yield
    except OSError as error:
        raise DataError(f"{work}: cannot be written: {error}") from None


def _merged(
    delivered: Mapping[str, Fetched], session: Session
) -> tuple[dict[str, pd.DataFrame], dict[str, Origin], dict[str, pd.DataFrame]]:
    """Return all deliveries as one; a variable of the user's own replaces the published one."""
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    tables: dict[str, pd.DataFrame] = {}
    for name, fetched in delivered.items():
        for key in fetched.origins:
            if key in origins:
                raise DataError(f"{name}: found a second delivery {key!r}, must have its own name")
        frames |= fetched.frames
        origins |= fetched.origins
        tables |= fetched.tables
    own = delivered[USER].frames if USER in delivered else {}
    taken = {str(v) for frame in own.values() for v in frame["variable"].unique()}
    for key in frames.keys() - own.keys():
        double = sorted(taken & set(frames[key]["variable"].unique()))
        if double and origins[key].table == "annual":
            session.tell(f"  {', '.join(double)}: from your own table in place of {key}")
            kept = ~frames[key]["variable"].isin(double)
            frames[key] = frames[key][kept]
            told = tuple(f"{v}: left out, a table of the user's own gives it" for v in double)
            was = origins[key]
            origins[key] = replace(was, transformations=(*was.transformations, *told))
    return frames, origins, tables


def _vintage(name: str, origins: Mapping[str, Origin]) -> str:
    """Return the World Bank's date where it is asked, else the first day of the name's month."""
    if "wdi" in origins:
        return origins["wdi"].vintage
    year, _, month = name.rpartition("-")[2].partition(".")
    return f"{year}-{month}-01"


def _put(package: DataPackage, target: Path) -> bool:
    """Rename the package to its place; return whether it is new there."""
    if not target.exists():
        package.folder.rename(target)
        return True
    if not (target / DESCRIPTION).is_file():
        raise DataError(f"{target}: is there and is not a data package; give another --name")
    there = load(target)
    names = sorted({*there.resources, *package.resources})
    changed = [
        n
        for n in names
        if n not in there.resources
        or n not in package.resources
        or there.resources[n].sha256 != package.resources[n].sha256
    ]
    if not changed:
        return False
    raise DataError(
        f"{target}: is there, and the sources now give other tables ({', '.join(changed[:5])}"
        f"{' and more' if len(changed) > 5 else ''}); a package is never edited in place: give "
        "another --name, or move the folder away; nothing was changed"
    )
