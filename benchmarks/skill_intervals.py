"""What conformal correction does to the intervals of growth on past origins.

    python benchmarks/skill_intervals.py [PACKAGE] [--write]

Prints a page; ``--write`` puts it into docs/skill_intervals.md. PACKAGE, by name or folder, is one
that holds the Penn World Table 10.01; ``full-2026.07`` if not named.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from forecast import catalog
from forecast.crosscountry.history import LEADER, growth_history
from forecast.evaluation.conformal.intervals import (
    METHODS,
    RATE,
    WINDOW,
    conformal_coverage,
    conformal_intervals,
)
from forecast.evaluation.crossing.groups import decade
from forecast.evaluation.growth.backtest import backtest_growth
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage, load

PAGE = Path(__file__).resolve().parents[1] / "docs" / "skill_intervals.md"
TABLE = "pwt1001"
THIRDS = ("poorest third", "middle third", "richest third")
INTRO = """# Intervals of growth before and after conformal correction

Made by `benchmarks/skill_intervals.py` from `{package}`: the pool's 80 % intervals of average
growth of output per capita, origins {first}-{last}, and what they become if an origin widens or
narrows them by the errors whose outcome it knew ([methods/conformal.md](methods/conformal.md)).
`split` takes all such errors; `adaptive` those of the last {window} origins, at a level that moves
by {rate} times the distance of the misses from 20 %. **Nothing else uses corrected intervals**:
scores, pages and runs show intervals as forecast. The first origins of each horizon, before any
outcome is known, are left out of both columns: fewer cases are left than on the page of skill.

Settings are the method's usual ones; no other was tried on these cases.
"""
FAILURES = """## What falls short

- At fifteen years the first correction comes in 1995 and rests on one or two origins, all of one
  state of the world; it widens what was wide enough.
- One factor serves all economies of an origin: groups that the forecast treats unequally stay so.
- Countries of one origin share the world's shocks, so exchangeability, which the exact guarantee
  needs, does not hold; the adaptive bound is on the average over many origins, and says little of
  thirty.
"""
LAG = """- The right average hides a lag as long as the horizon: the origins of the {group} are
  corrected by the errors of years before, and the adaptive intervals at h={h} hold
  {coverage:.1f} % then, where those forecast held {before:.1f} %.
"""


def page(package: DataPackage, jobs: int = 2) -> str:
    """Return the page for a package with the Penn World Table."""
    panel = package.panel(TABLE)
    cases = backtest_growth(panel, models=("pool",), jobs=jobs)
    parts = [
        INTRO.format(
            package=package.name, first=cases["origin"].min(), last=cases["origin"].max(),
            window=WINDOW, rate=RATE,
        )
    ]  # fmt: skip
    made = {method: conformal_intervals(cases, method=method) for method in METHODS}
    parts += ["## By horizon\n", _table({m: conformal_coverage(c) for m, c in made.items()})]
    for title, label in (("third of income", _third(cases, panel)), ("decade", decade(cases))):
        tables = {m: conformal_coverage(c, label.reindex(c.index)) for m, c in made.items()}
        parts += [f"## By {title} at the origin\n", _table(tables)]
    return "\n".join([*parts, FAILURES + _lag(made["adaptive"])])


def _lag(adaptive: pd.DataFrame) -> str:
    """Return the sentence on the decade and horizon with the least coverage."""
    found = conformal_coverage(adaptive, decade(adaptive))
    named = found.loc[found["conformal_coverage"].idxmin()]
    return LAG.format(
        group=named["group"],
        h=named["horizon"],
        coverage=named["conformal_coverage"],
        before=named["coverage"],
    )


def _third(cases: pd.DataFrame, panel: Panel) -> pd.Series:
    """Return each case's third of income relative to the leader, within its origin."""
    history = growth_history(panel)
    gap = history.log_level - history.log_level[:, [history.countries.index(LEADER)]]
    wide = pd.DataFrame(gap, index=history.years, columns=list(history.countries))
    own = pd.Series(
        [wide.at[o, c] for o, c in zip(cases["origin"], cases["country"], strict=True)],
        index=cases.index,
    )
    rank = own.groupby([cases["horizon"], cases["origin"]]).rank(pct=True)
    return pd.cut(rank, [0, 1 / 3, 2 / 3, 1], labels=list(THIRDS)).astype(str).rename("group")


def _table(found: dict[str, pd.DataFrame]) -> str:
    """Return coverage (%) and width (% a year) as forecast and by each method."""
    keys = [c for c in ("horizon", "group") if c in found["split"].columns]
    tables = {m: t.set_index(keys).sort_index() for m, t in found.items()}
    first = tables["split"]
    head = [*("h" if k == "horizon" else k for k in keys), "cases", "coverage", "width"]
    head += [f"{m} {what}" for m in METHODS for what in ("coverage", "width")]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for key, row in first.iterrows():
        names = list(key) if isinstance(key, tuple) else [key]
        cells = [*map(str, names), f"{row['n']:.0f}", f"{row['coverage']:.1f}"]
        cells.append(f"{row['width']:.2f}")
        for method in METHODS:
            after = tables[method].loc[key]
            cells += [f"{after['conformal_coverage']:.1f}", f"{after['conformal_width']:.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    named = [a for a in sys.argv[1:] if not a.startswith("--")]
    text = page(load(catalog.package_folder(named[0] if named else "full-2026.07")))
    print(text)
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
