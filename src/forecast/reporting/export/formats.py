"""THE list of formats that a run is exported to, and the writing of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forecast.errors import ForecastError, choose
from forecast.reporting.export.hub import hub_files
from forecast.reporting.export.iamc import iamc_files
from forecast.reporting.export.parquet import parquet_files
from forecast.reporting.export.stata import stata_files
from forecast.reporting.export.workbook import workbook_files
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
# What an older export of the format has, so that nothing else is taken for one and replaced.
MARKS = {"dta": "*.dta", "parquet": "*.parquet", "hub": "hub-config/tasks.json"}


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
        and beside the run's folder.

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
    with results_folder(path) as partial:
        for name, content in files.items():
            write_bytes(partial / name, content)
    return Exported(path=path, files=tuple(path / name for name in files), remarks=remarks)


def _check_folder(path: Path, to: str) -> None:
    check_folder(path, "--out")
    if path.is_dir() and any(path.iterdir()) and not any(path.glob(MARKS[to])):
        raise ForecastError(f"--out {path}: is there and holds no {to} export; name another folder")


def _beside(run: SavedRun, to: str) -> Path:
    name = run.study if run.folder is None else run.folder.resolve().name
    place = Path() if run.folder is None else run.folder.parent
    return place / (f"{name}.xlsx" if to == "xlsx" else f"{name}-{to}{ONE_FILE.get(to, '')}")
