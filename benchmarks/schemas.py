"""JSON Schemas of what commands print, into docs/schemas: one file a command.

    python benchmarks/schemas.py

The same as ``forecast show schema COMMAND``.
"""

from __future__ import annotations

import json
from pathlib import Path

from forecast.cli.payload_schema import payload_names, payload_schema

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def schemas() -> dict[str, str]:
    """Return the text of each schema by its file's name."""
    found = {name.replace(" ", "-"): payload_schema(name) for name in payload_names()}
    return {f"{name}.json": json.dumps(told, indent=2) + "\n" for name, told in found.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
