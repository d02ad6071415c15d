"""Put results on disk whole or not at all, in bytes that depend on the results alone."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import ForecastError

FLOAT_FORMAT = "%.10g"
# What a spreadsheet would compute; a number with its stars is text, and a lone sign is none.
_FORMULA = re.compile(r"[=+\-@\t\r](?!$)(?![ (]?[\d.][\d.,]*(e[+-]?\d+)?[%)]*\**$)")

# What XML 1.0 lacks (section 2.2): other control characters, halves of pairs, two non-characters.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def csv_text(table: pd.DataFrame) -> str:
    r"""Return a table as CSV text: no index, ``\n`` line ends, missing values empty.

    Floats are printed with ``%.10g``: ten significant digits, far beyond the accuracy of any
    input and short of the last bits, in which machines may differ. A whole number (a year, a
    count) therefore has no decimal point even where its column also holds missing values.
    Negative zero is printed as 0. Texts and headings that a spreadsheet would take for a formula
    are made text (`inert`).
    """
    tidy = table.copy()
    for name in tidy.columns:
        if pd.api.types.is_float_dtype(tidy[name]):
            tidy[name] = tidy[name] + 0.0
        elif not pd.api.types.is_numeric_dtype(tidy[name]):
            tidy[name] = tidy[name].map(inert)
    tidy.columns = tidy.columns.map(inert)
    return tidy.to_csv(index=False, float_format=FLOAT_FORMAT, lineterminator="\n")


def inert(cell: Any) -> Any:
    """Return a cell; a text that a spreadsheet would compute gets an apostrophe before it.

    That is one beginning with ``= + - @``, a tab or a carriage return, numbers excepted (OWASP,
    CSV injection): a name in a user's file may be ``=HYPERLINK(...)``.
    """
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def xml_text(text: str) -> str:
    """Return a text with a space in place of each character that no XML file can hold."""
    return _NO_XML.sub(" ", text)


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return the bytes of a table's file, by which it is hashed as well."""
    return _text_bytes(csv_text(table))


def write_table(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as CSV (see ``csv_text``) at once; return ``path``."""
    return write_bytes(path, table_bytes(table))


def write_text(path: Path, text: str) -> Path:
    r"""Write UTF-8 text with ``\n`` line ends at once; return ``path``."""
    return write_bytes(path, _text_bytes(text))


def _text_bytes(text: str) -> bytes:
    return text.replace("\r\n", "\n").encode("utf-8")


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file at once: a reader sees the old content or the new, never a part of it.

    Parent folders are made. The bytes go to a hidden sibling, which then takes the name. A link's
    target is replaced in this way and the link stays; a device or a pipe is written to.
    """
    target = path.resolve() if path.is_symlink() else path
    if target.exists() and not target.is_file():
        with target.open("wb") as device:
            device.write(content)
        return path
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    partial = _sibling(target, "partial")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return path


def check_file(path: Path, option: str) -> Path:
    """Return ``path`` if a file can be written there: asked before any long work.

    Raises
    ------
    ForecastError
        Naming the option, what was found and why it cannot be written.
    """
    with _named(f"{option} {path}"):
        if path.is_dir():
            raise ForecastError(f"{option} {path}: is a folder, must be a file")
        if path.is_file() or not path.exists():
            _try_writing(path.parent, path.name)
    return path


def check_folder(path: Path, option: str) -> Path:
    """Return ``path`` if folders can be made in it: asked before any long work.

    Raises
    ------
    ForecastError
        Naming the option, what was found and why nothing can be written there.
    """
    with _named(f"{option} {path}"):
        if path.exists() and not path.is_dir():
            raise ForecastError(f"{option} {path}: is a file, must be a folder")
        _try_writing(path, "results")
    return path


@contextlib.contextmanager
def _named(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ForecastError(f"{what}: cannot be written: {error.strerror or error}") from None


def _try_writing(folder: Path, name: str) -> None:
    """Write an empty file beside where the real one will stand, and take away what was made."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = _sibling(folder / name, "trial")
        trial.touch()
        trial.unlink()
    finally:
        for one in made:
            with contextlib.suppress(OSError):
                one.rmdir()


@contextlib.contextmanager
def results_folder(final: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the name ``final`` when the block ends well.

    The folder given is a hidden sibling, ``.<name>.partial-<process>-<random>``; those of runs that
    are no more are removed. At the end an older ``final`` is set aside, the new one takes its name,
    and the old one is deleted. Where the block or the renaming fails, the older folder is back
    under its name and the new one is removed; a folder set aside by a process that was killed
    between the two renames is put back by the next call. So a complete folder always exists if one
    ever did.

    Parameters
    ----------
    final : pathlib.Path
        Name of the finished folder. Parents are made.

    Yields
    ------
    pathlib.Path
        The folder to write into.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    _put_back(final)
    _sweep(final)
    partial = _sibling(final, "partial")
    partial.mkdir()
    try:
        yield partial
        _take_place(partial, final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _take_place(partial: Path, final: Path) -> None:
    if not final.exists():
        partial.rename(final)
        return
    old = _sibling(final, "old")
    final.rename(old)
    try:
        partial.rename(final)
    except BaseException:
        old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _put_back(final: Path) -> None:
    left = _left(final, "old")
    if left and not final.exists():
        left.pop().rename(final)


def _sweep(final: Path) -> None:
    """Remove what processes that are no more have left beside ``final``."""
    for left in [*_left(final, "partial"), *(_left(final, "old") if final.exists() else [])]:
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _left(final: Path, what: str) -> list[Path]:
    """Return the siblings of ``final`` whose makers are no more."""
    found = sorted(final.parent.glob(f".{glob.escape(final.name)}.{what}-*"))
    owners = [path.name.rsplit("-", 2)[-2] for path in found]
    return [
        path
        for path, owner in zip(found, owners, strict=True)
        if owner.isdigit() and not _alive(int(owner))
    ]


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is someone else's
    return True


def _sibling(path: Path, what: str) -> Path:
    return path.with_name(f".{path.name}.{what}-{os.getpid()}-{secrets.token_hex(4)}")
