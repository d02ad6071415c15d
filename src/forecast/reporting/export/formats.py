"""THE list of formats that a run is exported to, and the writing of one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from forecast.errors import ForecastError, choose
from forecast.reporting.export.hub import hub_files
from forecast.reporting.export.iamc import iamc_files
from forecast.reporting.export.parquet import parquet_files
from forecast.reporting.export.stata import stata_files
from forecast.reporting.export.workbook import workbook_files
from forecast.reporting.run_folder.manifest import hash_file
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.write import check_file, check_folder, results_folder, write_bytes

Files = Callable[[SavedRun], tuple[dict[str, bytes], tuple[str, ...]]]
FORMATS: dict[str, Files] = {
    "xlsx": workbook_files,
    "dta": stata_files,
    "parquet": parquet_files,
    "iamc": iamc_files,
    "hub": hub_files,
}
# Those of one file: what its name ends in.
ONE_FILE = {"xlsx": ".xlsx", "iamc": ".csv"}
# What an export's folder has of itself: its format, and the sha256 of each of its files.
RECORD = "export.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written.

    Attributes
    ----------
    path : Path
        The file, or the folder.
    files : tuple of Path
    remarks : tuple of str
        What the format has no place for, or the run does not have.
    """

    path: Path
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def write_export(run: SavedRun, to: str, out: Path | str | None = None) -> Exported:
    """Write a run in another program's format, whole or not at all.

    Parameters
    ----------
    run : SavedRun
    to : str
        One of `FORMATS`.
    out : Path or None
        The file (xlsx, iamc) or the folder (dta, parquet, hub); by default named after the study
        and beside the run's folder. A folder is new, empty, or an older export of the format with
        nothing else in it and nothing changed since (its `RECORD`), which is replaced.

    Raises
    ------
    ForecastError
        If there is no such format, its library is not installed, or ``out`` is something else
        or cannot be written.
    """
    make = choose(to, FORMATS, "format", ForecastError)
    path = _beside(run, to) if out is None else Path(out)
    if to in ONE_FILE:
        check_file(path, "--out")
        if path.suffix.lower() != ONE_FILE[to]:
            raise ForecastError(
                f"--out {path}: found {path.suffix!r}, a file of {to} must end in {ONE_FILE[to]}"
            )
    else:
        _check_folder(path, to)
    files, remarks = make(run)
    if to in ONE_FILE:
        content = next(iter(files.values()))
        return Exported(path=path, files=(write_bytes(path, content),), remarks=remarks)
    files[RECORD] = _record(to, files)
    with results_folder(path) as partial:
        for name, content in files.items():
            write_bytes(partial / name, content)
        _check_folder(path, to)
    return Exported(path=path, files=tuple(path / name for name in files), remarks=remarks)


def _record(to: str, files: Mapping[str, bytes]) -> bytes:
    told = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return f"{json.dumps({'format': to, 'files': told}, indent=2)}\n".encode()


def _check_folder(path: Path, to: str) -> None:
    """Refuse a folder in which there is anything that no export of this format wrote."""
    check_folder(path, "--out")
    told = _recorded(path / RECORD, to)
    kept = {path / RECORD, *(up for name in told for up in (path / name).parents)} if told else {}
    found = ((one, one.relative_to(path).as_posix()) for one in path.rglob("*") if one not in kept)
    other = next(
        (name for one, name in found if name not in told or told[name] != hash_file(one)), None
    )
    if other is not None:
        raise ForecastError(
            f"--out {path}: holds {other}, which no export to {to} wrote or which was changed "
            "since; name another folder"
        )


def _recorded(path: Path, to: str) -> dict[str, str]:
    """Return the sha256 of each file of an older export; none where there is no record of it."""
    try:
        told = json.loads(path.read_bytes())
        return dict(told["files"]) if told["format"] == to else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _beside(run: SavedRun, to: str) -> Path:
    name = run.study if run.folder is None else run.folder.resolve().name
    place = Path() if run.folder is None else run.folder.parent
    return place / (f"{name}.xlsx" if to == "xlsx" else f"{name}-{to}{ONE_FILE.get(to, '')}")
