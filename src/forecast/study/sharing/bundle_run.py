"""A run with all that repeats it, and its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forecast import catalog
from forecast.errors import DataError, ForecastError
from forecast.reporting.replication.bundle_files import Places
from forecast.reporting.replication.citations import Citation, run_citations
from forecast.reporting.replication.write_bundle import (
    Bundled,
    bundle_path,
    own_files,
    write_bundle,
)
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.study.run import Results
from forecast.study.sharing.as_saved import saved_run

if TYPE_CHECKING:
    from pathlib import Path


def bundle(run: Results | Path | str, out: Path | str | None = None) -> Bundled:
    """Put a run with all that repeats it into one zip archive.

    The run's folder, the data package, study, models and scenarios, the program, pins and lock
    file, a README in the order of the AEA data editor's template, a script that runs once more and
    compares tables byte for byte, BibTeX of every source. The same run gives the same bytes.

    Parameters
    ----------
    run : Results, path or str
        What `run` returned, written, or its folder.
    out : path or None
        The archive; by default the folder's name with ``.zip``.

    Raises
    ------
    ForecastError
        If the folder is not a run's, or what it read has changed since.
    """
    saved = saved_run(run)
    path = bundle_path(saved, out)
    return write_bundle(saved, _places(saved), path)


def cite(run: Results | Path | str) -> tuple[Citation, ...]:
    """Return the BibTeX entries of a run's sources, the papers behind it, and the program.

    Raises
    ------
    ForecastError
        If the folder is not a run's.
    """
    return tuple(run_citations(saved_run(run)))


def _places(run: SavedRun) -> Places:
    own = own_files(run)
    beside = next((path.parent for name, path in own.items() if name.endswith(".toml")), None)
    specs, known = {}, {"models": catalog.models(), "scenarios": catalog.scenarios(beside)}
    for name in run.manifest["specs"]:
        folder, _, file = str(name).partition("/")
        at_hand = known.get(folder, {}).get(file.removesuffix(".toml"))
        path = own.get(file, at_hand)
        if path is None:
            raise DataError(f"{name}: no such declaration now; the run used it")
        specs[str(name)] = path
    try:
        package = catalog.package_folder(str(run.manifest["data"]["package"]))
    except DataError as error:
        raise ForecastError(f"{run.folder}: its data are not at hand: {error}") from None
    home = catalog.home()
    return Places(home=home, package=package, lock=catalog.lock_file(), specs=specs, own=own)
