"""Sealed forecasts on disk: dated, hashed, each naming the one before; written once, never again.

A seal is a folder ``<number>-<date>`` with the table of chances and ``seal.json``, which holds the
table's sha256 and that of the last seal's ``seal.json``. A change of any but the last, or of any
table, is found from the files alone; that the last ones were taken away or replaced is found by
whoever kept the hash of the last one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.typed_table import package_table

ABOUT, TABLE = "seal.json", "chances.csv"
COLUMNS: Mapping[str, str] = {
    "line": "string",
    "view": "string",
    "country": "string",
    "year": "integer",
    "income_over_line": "number",
    "passed": "number",
    "back": "number",
    "below": "number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a seal says of itself.

    Attributes
    ----------
    folder : Path
    sha256 : str
        Of its ``seal.json``.
    number : int
        From 1, in order.
    date : str
        When it was made, ``YYYY-MM-DD``.
    note : str
        Its maker's.
    origin : int
        Last year known.
    package, package_sha256 : str
        The data.
    version, code_sha256 : str
        Of this project, and of its modules.
    rows : int
    table_sha256 : str
    previous : str
        Hash of the seal before; empty for the first.
    """

    folder: Path
    sha256: str
    number: int
    date: str
    note: str
    origin: int
    package: str
    package_sha256: str
    version: str
    code_sha256: str
    rows: int
    table_sha256: str
    previous: str

    @property
    def name(self) -> str:
        """Return the folder's name."""
        return self.folder.name


_FIELDS = [name for name in Seal.__dataclass_fields__ if name not in {"folder", "sha256"}]


def read_seals(root: Path) -> list[Seal]:
    """Return the seals of a folder, in order; none where there is no such folder.

    Raises
    ------
    DataError
        If a seal cannot be read.
    """
    return [_read(file.parent) for file in sorted(root.glob(f"[0-9]*/{ABOUT}"))]


def find_seal(name: str, roots: Sequence[Path]) -> Seal | None:
    """Return a seal by its folder, or by its name in one of ``roots``; None where there is none.

    Raises
    ------
    DataError
        If two seals have that name, or it cannot be read.
    """
    places = [folder for folder in (Path(name), *(r / name for r in roots)) if _is_seal(folder)]
    found = {seal.sha256: seal for seal in map(_read, dict.fromkeys(p.resolve() for p in places))}
    if len(found) > 1:
        raise DataError(f"seal {name!r}: there are {len(found)}; name one by its folder")
    return next(iter(found.values()), None)


def _is_seal(folder: Path) -> bool:
    return (folder / ABOUT).is_file()


def sealed_table(seal: Seal) -> pd.DataFrame:
    """Return a seal's table, `COLUMNS`.

    Raises
    ------
    DataError
        If the table is not the one that was sealed.
    """
    data = _bytes(seal.folder / TABLE)
    if hashlib.sha256(data).hexdigest() != seal.table_sha256:
        raise DataError(f"{seal.folder / TABLE}: is not the table that was sealed on {seal.date}")
    return package_table(data, COLUMNS, str(seal.folder / TABLE))


def seal_faults(root: Path) -> list[str]:
    """Return what is wrong with the seals of a folder, one sentence each; empty if nothing is."""
    faults = []
    before = ""
    for number, seal in enumerate(read_seals(root), start=1):
        expected = f"{number:04}-{seal.date}"
        if seal.number != number or seal.name != expected:
            faults.append(f"{seal.folder}: is seal {seal.number}, must be {expected}")
        if seal.previous != before:
            faults.append(f"{seal.folder / ABOUT}: the seal before it is not the one it names")
        try:
            rows = len(sealed_table(seal))
        except DataError as error:
            faults.append(str(error))
        else:
            if rows != seal.rows:
                faults.append(f"{seal.folder / TABLE}: {rows} rows, must be {seal.rows}")
        before = seal.sha256
    return faults


def write_seal(root: Path, table: str, about: Mapping[str, Any], day: str) -> Seal:
    """Put a seal behind the last one and return it; nothing that is there is touched.

    Parameters
    ----------
    root : Path
    table : str
        CSV text with `COLUMNS`.
    about : mapping
        ``note, origin, package, package_sha256, version, code_sha256``.
    day : str
        ``YYYY-MM-DD``, given by the caller: nothing here reads the clock.

    Raises
    ------
    DataError
        If the seals at hand have a fault, the last one is of a later day, or it cannot be written.
    """
    faults = seal_faults(root)
    if faults:
        raise DataError(f"nothing sealed: {faults[0]}")
    seals = read_seals(root)
    if seals and seals[-1].date > day:
        raise DataError(f"nothing sealed: {seals[-1].folder} is of a later day than {day}")
    told = {
        **about,
        "number": len(seals) + 1,
        "date": day,
        "rows": table.count("\n") - 1,
        "table_sha256": hashlib.sha256(table.encode("utf-8")).hexdigest(),
        "previous": seals[-1].sha256 if seals else "",
    }
    text = json.dumps({name: told[name] for name in _FIELDS}, indent=2, ensure_ascii=False) + "\n"
    final = root / f"{told['number']:04}-{told['date']}"
    try:
        _put(final, {TABLE: table, ABOUT: text})
    except OSError as error:
        raise DataError(f"{final}: cannot be written: {error.strerror or error}") from None
    return _read(final)


def _put(final: Path, files: Mapping[str, str]) -> None:
    """Write a folder at once; a rename never replaces one that has files."""
    final.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{final.name}.", dir=final.parent))
    try:
        for name, text in files.items():
            (work / name).write_bytes(text.encode("utf-8"))
        work.chmod(0o755)
        work.rename(final)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read(folder: Path) -> Seal:
    data = _bytes(folder / ABOUT)
    try:
        raw = json.loads(data)
        told = {name: _typed(raw[name], Seal.__annotations__[name]) for name in _FIELDS}
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{folder / ABOUT}: lacks or misstates {error}") from None
    return Seal(folder=folder, sha256=hashlib.sha256(data).hexdigest(), **told)


def _typed(value: Any, kind: str) -> Any:
    if type(value).__name__ != kind:
        raise TypeError(f"{value!r}, must be {kind}")
    return value


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
