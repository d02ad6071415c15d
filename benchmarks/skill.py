"""What the forecasts would have been worth on past origins, failures beside successes.

    python benchmarks/skill.py [PACKAGE] [--write]

Prints a page; ``--write`` puts it into docs/skill.md. PACKAGE, by name or folder, is one that
holds all economies (``forecast data build --raw DIR``); ``full-2026.07`` if not named.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from forecast import catalog
from forecast.sources.package.package import DataPackage, load

PAGE = Path(__file__).resolve().parents[1] / "docs" / "skill.md"
TABLE = "pwt1001"
GROWTH = runpy.run_path(str(Path(__file__).with_name("skill_growth.py")))
INTRO = """# Skill on past origins

Made by `benchmarks/skill.py` from `{package}`. Each forecast used only what its data hold through
the origin, in today's edition of them: revisions since then are not undone. `pool` is the shipped
forecast, the others its rivals. `forecast backtest` prints the scores.
"""
CROSSING = """## Passing the high-income line

On a page of its own: [skill_crossing.md](skill_crossing.md). Conformal correction of the intervals
above: [skill_intervals.md](skill_intervals.md).
"""


def page(package: DataPackage, jobs: int = 2) -> str:
    """Return the page for a package that holds all economies."""
    growth, failed = GROWTH["growth_part"](package.panel(TABLE), jobs)
    parts = [INTRO.format(package=package.name), growth]
    parts += [CROSSING, _failures(failed)]
    return "\n".join(parts)


def _failures(growth: list[str]) -> str:
    lines = [
        "## Failures",
        "",
        *growth,
        "- Those of the crossing forecast are on its page.",
        "- Not scored: the scenarios of a run, real-time editions of the data.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    named = [a for a in sys.argv[1:] if not a.startswith("--")]
    text = page(load(catalog.package_folder(named[0] if named else "full-2026.07")))
    print(text)
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
