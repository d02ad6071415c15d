"""The page of Python's public names, docs/reference.md, from the stub that lists them.

    python benchmarks/reference.py [--write]

Prints the page; ``--write`` puts it into docs/reference.md. The site fills it from the docstrings.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference.md"
HEAD = """# Python

Made by `benchmarks/reference.py`; the text is that of the docstrings. Everything is at hand as
`import forecast as fc`, then `fc.run`, `fc.world`, ...; names load on first use. Verbs are
functions, nouns frozen records. A mistake in what was given raises `fc.ForecastError` with one
message. In a checkout without the site, `help(fc.run)` prints the same.
"""
ROOMS = {
    "study": "Studies: run, compare, share",
    "catalog": "Declarations by name",
    "specs": "Declarations",
    "panel": "Panels",
    "derive": "Derived columns",
    "sources": "Sources",
    "estimation": "Estimation",
    "diagnostics": "Diagnostics",
    "crosscountry": "The income chain: every economy",
    "projection": "Projection",
    "evaluation": "Evaluation",
    "timeseries": "Time series",
    "structure": "What the papers measure",
    "statistics": "Published statistics",
    "reporting": "Tables and figures",
    "randomness": "Random numbers",
    "errors": "Errors",
}


def page() -> str:
    """Return the page: public names by the room that they live in."""
    found: dict[str, list[str]] = {room: [] for room in ROOMS}
    tree = ast.parse((ROOT / "src" / "forecast" / "__init__.pyi").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            place = node.module or ""
            found[place.split(".")[0]] += [f"forecast.{place}.{name.name}" for name in node.names]
    parts = [HEAD]
    for room, names in found.items():
        parts += [f"## {ROOMS[room]}", *(f"::: {name}" for name in sorted(names, key=_last))]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _last(name: str) -> str:
    return name.rsplit(".", 1)[1].lower()


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
