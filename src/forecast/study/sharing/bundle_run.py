"""A run with all that repeats it, and its sources."""

from __future__ import annotations

from pathlib import Path, PurePath

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
    study = next((path for path in own.values() if catalog.kind_of(path) == "study"), None)
    beside, listed = None if study is None else study.parent, _listed(study)
    by_name = {
        "models": catalog.models(beside) | {path.stem: path for path in listed["models"].values()},
        "scenarios": catalog.scenarios(beside)
        | {path.stem: path for path in (*listed["scenarios"].values(), *own.values())},
    }
    specs = {}
    for name in map(str, run.manifest["specs"]):
        folder, _, file = name.partition("/")
        path = by_name.get(folder, {}).get(file.removesuffix(".toml"))
        if path is None:
            raise DataError(f"{name}: no such declaration now; the run used it")
        specs[name] = path
    # a mixture's parts and what a composition adds to are read too, and not in the manifest
    parts = {
        f"scenarios/{name}.toml": path
        for name, path in catalog.scenarios(beside).items()
        if catalog.scenarios().get(name) != path
    }
    own = {**parts, **own, **listed["models"], **listed["scenarios"]}
    try:
        package = catalog.package_folder(str(run.manifest["data"]["package"]))
    except DataError as error:
        raise ForecastError(f"{run.folder}: its data are not at hand: {error}") from None
    home = catalog.home()
    return Places(home=home, package=package, lock=catalog.lock_file(), specs=specs, own=own)


def _listed(study: Path | None) -> dict[str, dict[str, Path]]:
    """Return the files that a study lists, by what it calls them: they lie as it says."""
    spec, beside = catalog.read_study(study or catalog.study_path()), study and study.parent
    find = {"models": catalog.model_path, "scenarios": catalog.scenario_path}
    found: dict[str, dict[str, Path]] = {}
    for kind, names in (("models", spec.models), ("scenarios", spec.scenarios)):
        files = [name for name in names if name.endswith(".toml")]
        for name in files:
            if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
                raise DataError(f"{study}: {name} is not in its folder, and a bundle is one folder")
        found[kind] = {name: find[kind](name, beside) for name in files}
    return found
