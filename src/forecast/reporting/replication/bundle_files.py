"""The files of a bundle: what a run read, what it wrote, and the program."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from forecast.errors import DataError
from forecast.reporting.replication.citations import run_citations
from forecast.reporting.replication.replication_readme import replication_readme
from forecast.reporting.replication.rerun_script import rerun_script
from forecast.reporting.run_folder.manifest import DISTRIBUTION, code_hash, hash_file
from forecast.reporting.run_folder.saved_run import SavedRun

LEFT_OUT = {"__pycache__", "_defaults"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where what a run read is now.

    Attributes
    ----------
    home : Path
        The folder with ``study.toml``, ``models/``, ``scenarios/`` and ``data/``.
    package : Path
        The data package's folder.
    lock : Path or None
        The lock file.
    specs : dict of name in the manifest to Path
        The declarations that the run used.
    own : dict of name to Path
        Files of the user's own that the command names.
    """

    home: Path
    package: Path
    lock: Path | None
    specs: Mapping[str, Path]
    own: Mapping[str, Path]


def bundle_files(run: SavedRun, places: Places) -> dict[str, bytes]:
    """Return the files of a bundle by path.

    Raises
    ------
    DataError
        If the data, a declaration, the lock file or the code is not what the run used, so that
        the bundle would repeat another run.
    """
    if run.folder is None:
        raise DataError("a bundle is made of a run that was written: name its folder")
    _check(run, places)
    results = _tree(run.folder, "results")
    package = json.loads((places.package / "datapackage.json").read_bytes())
    names = [name.removeprefix("results/") for name in results]
    versions = run.manifest["versions"].items()
    pins = [f"{name}=={told}" for name, told in versions if name != DISTRIBUTION]
    words = shlex.split(str(run.manifest["reproduce"]))[1:]
    texts = {
        "README.md": replication_readme(run, package, names),
        "references.bib": "\n".join(one.bibtex() for one in run_citations(run)),
        "requirements.txt": "".join(f"{pin}\n" for pin in pins),
        "rerun.py": rerun_script(words),
    }
    return {
        **_tree(Path(__file__).resolve().parents[2], "src/forecast"),
        **_home(places),
        **{name: path.read_bytes() for name, path in {**places.specs, **places.own}.items()},
        **_tree(places.package, f"data/{package['name']}"),
        **results,
        **({"requirements.lock": places.lock.read_bytes()} if places.lock else {}),
        **{name: text.encode("utf-8") for name, text in texts.items()},
    }


def _check(run: SavedRun, places: Places) -> None:
    manifest = run.manifest
    now = {name: hash_file(path) for name, path in places.specs.items()}
    now |= {"data package": hash_file(places.package / "datapackage.json"), "code": code_hash()}
    then = {**manifest["specs"], "data package": manifest["data"]["sha256"]}
    then["code"] = manifest.get("code_sha256", "")
    if manifest.get("lock_sha256"):
        now["requirements.lock"] = hash_file(places.lock)
        then["requirements.lock"] = manifest["lock_sha256"]
    changed = sorted(name for name, digest in then.items() if now.get(name) != digest)
    if changed:
        raise DataError(
            f"{run.folder}: not bundled: changed since the run, or not found: "
            f"{', '.join(changed)}; run the study again, then bundle that run"
        )


def _home(places: Places) -> dict[str, bytes]:
    """Return the study, the scenarios and the small files that every run reads."""
    files = {"study.toml": (places.home / "study.toml").read_bytes()}
    for path in sorted((places.home / "scenarios").glob("*.toml")):
        files[f"scenarios/{path.name}"] = path.read_bytes()
    for path in sorted((places.home / "data").iterdir()):
        if path.is_file():
            files[f"data/{path.name}"] = path.read_bytes()
        elif path.name != "sealed" and not (path / "datapackage.json").is_file():
            files |= _tree(path, f"data/{path.name}")
    return files


def _tree(folder: Path, under: str) -> dict[str, bytes]:
    return {
        f"{under}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not LEFT_OUT & set(path.relative_to(folder).parts)
        and not path.name.startswith(".")
    }
