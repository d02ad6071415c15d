"""A full package from live sources: everything asked for arrives whole, or nothing changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pandas as pd

from forecast.errors import DataError, choose
from forecast.sources.build.assemble import assemble
from forecast.sources.build.deliveries import carried_origins
from forecast.sources.live.download import arrived
from forecast.sources.live.protocol import Fetched, Request, Source
from forecast.sources.live.registry import SOURCES
from forecast.sources.live.session import Session
from forecast.sources.package.package import DESCRIPTION, DataPackage, load
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.origin import Origin
from forecast.sources.readers.published import read_paper_tables

USER, WITS = "user_table", "wits"
NEEDED = ("world_bank", "income_classes", "penn_world_table", "world_population")
STAGING, STORE = ".update", ".fetched"
EVER = timedelta(days=36500)
FILES, MADE, LOCK = "files", "made", "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What an update made: the package, whether it is new, and rows delivered by source."""

    package: DataPackage
    new: bool
    rows: Mapping[str, int]


def chosen(only: Sequence[str], request: Request) -> list[Source]:
    """Return the sources to ask, in the registry's order: those named, or all.

    Files are read where the request names some.

    Raises
    ------
    DataError
        If a name is not that of a source.
    """
    wanted = {choose(name, SOURCES, "source", DataError).name for name in only}
    wanted = wanted or set(SOURCES) - {USER, WITS}
    wanted |= {USER} if request.tables else set()
    wanted |= {WITS} if request.wits else set()
    return [source for name, source in SOURCES.items() if name in wanted]


def staging(root: Path, name: str) -> Path:
    """Return the folder in which the package ``name`` is fetched and built."""
    return root / (f"{STAGING}-{name}" if name else STAGING)


def update(
    sources: Sequence[Source],
    request: Request,
    session: Session,
    *,
    root: Path,
    name: str = "",
    countries: Countries,
    paper_tables: Path,
) -> Updated:
    """Fetch from ``sources``, check, assemble, and put the package ``root/name`` in its place.

    Until the last step, one rename, ``root/name`` is not there. A package that is there stays as
    it is: the same tables make no change, others are refused. Sources not asked give what earlier
    updates fetched. That is kept: after a failure to go on from, then in ``root/.fetched``.

    Parameters
    ----------
    sources : sequence of Source
        Those to ask, as `chosen` gives them.
    request : Request
    session : Session
    root : Path
        The user's data directory.
    name : str
        Empty for ``full-`` and the month of the indicators' last update.
    countries, paper_tables
        The table of countries; the file of printed figures that every package carries.

    Raises
    ------
    DataError
        Whatever a source, a check or the file system refuses; nothing has changed then.
    """
    work = staging(root, name)
    kept = replace(session, folder=root / STORE, fresh=EVER, offline=True)
    again = _unasked(sources, request, kept)
    with _alone(work):
        delivered = _delivered(sources, request, replace(session, folder=work / FILES))
        delivered |= _delivered(again, request, kept)
        frames, origins, tables = _merged(delivered, session)
        vintage = origins["wdi"].vintage
        name = name or "full-" + vintage[:7].replace("-", ".")
        session.tell(f"checking and assembling {name}")
        shutil.rmtree(work / MADE, ignore_errors=True)
        package = assemble(
            frames,
            origins | carried_origins(request.notes, "paper"),
            tables | {"paper_tables": read_paper_tables(paper_tables)},
            out_dir=work / MADE / name,
            vintage=vintage,
            variables=request.variables,
            countries=countries,
            notes=request.notes,
        )
        new = _put(package, root / name)
        _store(work / FILES, root / STORE)
        shutil.rmtree(work, ignore_errors=True)
    rows = {key: len(table) for key, table in (frames | tables).items()}
    return Updated(package=load(root / name), new=new, rows=rows)


def _delivered(sources: Sequence[Source], request: Request, session: Session) -> dict[str, Fetched]:
    delivered = {}
    for number, source in enumerate(sources, start=1):
        what = "as fetched before" if session.offline else source.publisher
        session.tell(f"{source.name} ({number} of {len(sources)}): {what}")
        delivered[source.name] = source.fetch(request, session)
    return delivered


def _unasked(sources: Sequence[Source], request: Request, kept: Session) -> list[Source]:
    """Return the sources that are read from earlier updates; refuse where a needed one has none."""
    asked = {source.name for source in sources}
    found = []
    for source in SOURCES.values():
        if source.name in asked | {USER, WITS}:
            continue
        if all(arrived(url, kept) for url in source.plan(request)):
            found.append(source)
        elif source.name in NEEDED:
            raise DataError(
                f"--only: found {', '.join(sorted(asked))}, must have {source.name} too: no "
                "earlier update fetched it, and a package rests on it"
            )
    return found


def _store(files: Path, store: Path) -> None:
    """Move what was fetched to the store, each file before the note that vouches for it."""
    store.mkdir(exist_ok=True)
    for path in sorted(files.glob("*"), key=lambda p: (p.suffix == ".json", p.name)):
        path.replace(store / path.name)


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
