"""Print the packages of a lock file as a CycloneDX 1.5 bill of materials (JSON).

Versions and hashes are the lock's; licences and home pages are what the installed packages say.
The same lock and installation give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)")


def bill_of_materials(lock: str) -> dict[str, Any]:
    """Return the document of a lock file's text."""
    parts: dict[str, dict[str, Any]] = {}
    current: dict[str, Any] = {}
    for line in lock.splitlines():
        if found := PINNED.match(line):
            current = _component(found["name"].lower(), found["version"])
            parts.setdefault(current["bom-ref"], current)
        elif "--hash=sha256:" in line and current:
            digest = line.split("--hash=sha256:")[1].split()[0]
            current["hashes"].append({"alg": "SHA-256", "content": digest})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "highincome-forecast"}},
        "components": [parts[key] for key in sorted(parts)],
    }


def _component(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [],
    }
    try:
        told = metadata(name)
    except PackageNotFoundError:  # the lock also pins what other systems need
        return found
    licence = told.get("License-Expression") or told.get("License") or ""
    if licence and len(licence) < 100:  # longer ones are the licence's whole text
        found["licenses"] = [{"license": {"name": licence.strip()}}]
    return found


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    print(json.dumps(bill_of_materials(text), indent=2, ensure_ascii=False))
