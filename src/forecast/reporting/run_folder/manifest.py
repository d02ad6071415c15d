"""The record of how a results folder was made; the only output that holds times."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from forecast.reporting.findings import Provenance

DISTRIBUTION = "highincome-forecast"


def manifest(
    provenance: Provenance,
    *,
    command: str,
    stages: Mapping[str, float],
    finished: datetime,
) -> dict[str, object]:
    """Return the content of ``manifest.json``.

    Parameters
    ----------
    provenance : Provenance
    command : str
        The command as it was typed.
    stages : dict
        Stage to elapsed seconds, in order.
    finished : datetime.datetime
        Given by the caller: nothing here reads the clock.

    Returns
    -------
    dict
        Ready for JSON: study, data package, hashes, versions, seed, command, platform, times.
    """
    return {
        "study": provenance.study,
        "data": {
            "package": provenance.package,
            "vintage": provenance.vintage,
            "sha256": provenance.package_sha256,
        },
        "specs": dict(sorted(provenance.spec_hashes.items())),
        "lock_sha256": provenance.lock_sha256 or None,
        "code_sha256": code_hash(),
        "seed": provenance.seed,
        "draws": provenance.draws,
        "channel": provenance.channel,
        "command": command,
        "reproduce": provenance.reproduce,
        "versions": installed_versions(),
        "python": platform.python_version(),
        "platform": {"system": platform.platform(), "machine": platform.machine()},
        "finished": finished.isoformat(timespec="seconds"),
        "elapsed_seconds": {name: round(seconds, 3) for name, seconds in stages.items()},
    }


def hash_file(path: Path | None) -> str:
    """Return a file's sha256 in hexadecimal; empty for None or where there is no such file."""
    if path is None or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def code_hash() -> str:
    """Return the sha256 of the modules that run, by path."""
    source = Path(__file__).resolve().parents[2]
    found = hashlib.sha256()
    for path in sorted(source.rglob("*.py")):
        found.update(f"{path.relative_to(source).as_posix()}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def installed_versions() -> dict[str, str]:
    """Return the version of this distribution and of each of its required ones."""
    try:
        required = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    plain = [line for line in required if "extra ==" not in line]
    names = [DISTRIBUTION, *sorted(re.split(r"[^A-Za-z0-9._-]", line)[0] for line in plain)]
    return {name: version for name in names if (version := _version(name))}


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
