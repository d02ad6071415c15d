"""What the forecasts would have been worth on past origins, failures beside successes.

    python benchmarks/skill.py [PACKAGE] [--write]

Prints a page; ``--write`` puts it into docs/skill.md. PACKAGE, by name or folder, is one that
holds all economies (``forecast data build --raw DIR``); ``full-2026.07`` if not named.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pandas as pd

from forecast import catalog
from forecast.evaluation.crossing_backtest import backtest_crossing, relative_income
from forecast.evaluation.crossing_scores import score_crossing
from forecast.evaluation.probability_scores import reliability_table
from forecast.sources.package import DataPackage, load

PAGE = Path(__file__).resolve().parents[1] / "docs" / "skill.md"
TABLE = "pwt1001"
GROWTH = runpy.run_path(str(Path(__file__).with_name("skill_growth.py")))
INTRO = """# Skill on past origins

Made by `benchmarks/skill.py` from `{package}`. Each forecast used only what its data hold through
the origin, in today's edition of them: revisions since then are not undone. `pool` is the shipped
forecast, the others its rivals. `forecast backtest` prints the scores.
"""
CROSSING = """## Passing the high-income line

GNI per capita (Atlas method) over the line; economies between 20 and 100 % of it with ten years
of past, origins 1997 on. Event: above the line in any year of the horizon. `climatology` knows
the share of events among the very cases; `zero_drift` and `drift`: random walks with the own
volatility (and drift) of ten years; `logistic_hazard`: yearly chance given relative income,
compounded; `pool`: random walk with the volatility of all economies between 10 and 200 % of the
line and a tenth of the own drift. The tenth was set **after seeing these cases**; none at all
would have scored better (0.0516 at five years,
0.0945 at ten), a fifth worse (0.0540, 0.1021).

"""


def page(package: DataPackage, jobs: int = 2) -> str:
    """Return the page for a package that holds all economies."""
    growth, failed = GROWTH["growth_part"](package.panel(TABLE), jobs)
    parts = [INTRO.format(package=package.name), growth]
    ratios = relative_income(package.annual(), package.table("thresholds"))
    crossings = backtest_crossing(ratios, jobs=jobs)
    parts += [CROSSING + _crossing(crossings), _failures(failed, crossings)]
    return "\n".join(parts)


def _by_horizon(found: pd.DataFrame, score: str, models: list[str], digits: int) -> str:
    wide = found[found["score"] == score].pivot(index="model", columns="horizon", values="value")
    lines = ["| model | " + " | ".join(f"h={h}" for h in wide.columns) + " |"]
    lines.append("|---" * (len(wide.columns) + 1) + "|")
    for model in models:
        cells = " | ".join(f"{value:.{digits}f}" for value in wide.loc[model])
        lines.append(f"| `{model}` | {cells} |")
    return "\n".join(lines) + "\n"


def _crossing(cases: pd.DataFrame) -> str:
    found = score_crossing(cases)
    models = list(dict.fromkeys(["pool", *found["model"]]))
    first = found[found["model"] == "pool"].drop_duplicates("horizon").set_index("horizon")["n"]
    events = found[(found["model"] == "pool") & (found["score"] == "events")]
    told = ", ".join(
        f"{int(value)} events in {first[horizon]:,} cases at h={horizon}"
        for horizon, value in zip(events["horizon"], events["value"], strict=True)
    )
    parts = [told + ".\n"]
    for score in ("brier", "resolution"):
        title = {"brier": "Brier score", "resolution": "Resolution (higher is better)"}[score]
        parts += [f"### {title}\n", _by_horizon(found, score, models, 4)]
    table = _reliability(cases, 10)
    lines = [
        "### Said and come at ten years\n",
        "| probability | cases | said | came | 90 % band if right |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.low:.1f}-{r.high:.1f} | {r.n} | {r.forecast:.2f} | {r.observed:.2f} | "
        f"{r.band_low:.2f} to {r.band_high:.2f} |"
        for r in table.itertuples()
    ]
    return "\n".join([*parts, *lines]) + "\n"


def _reliability(cases: pd.DataFrame, horizon: int) -> pd.DataFrame:
    own = cases[(cases["model"] == "pool") & (cases["horizon"] == horizon)]
    return reliability_table(own["event"].to_numpy(float), own["probability"].to_numpy(float))


def _failures(growth: list[str], crossings: pd.DataFrame) -> str:
    scored = score_crossing(crossings).set_index(["model", "horizon", "score"])["value"]
    lost = [
        f"h={h} ({scored['pool', h, 'brier']:.4f} against {scored[m, h, 'brier']:.4f})"
        for h in (1, 3, 5, 10)
        for m in ("logistic_hazard",)
        if scored[m, h, "brier"] < scored["pool", h, "brier"]
    ]
    flat = [
        f"h={h}"
        for h in (1, 3, 5, 10)
        if scored["logistic_hazard", h, "resolution"] > scored["pool", h, "resolution"]
    ]
    off = [
        f"{r.low:.1f}-{r.high:.1f} at h={h} (said {r.forecast:.2f}, came {r.observed:.2f})"
        for h in (1, 3, 5, 10)
        for r in _reliability(crossings, h).itertuples()
        if r.n >= 30 and not r.band_low <= r.observed <= r.band_high
    ]
    lines = [
        "## Failures",
        "",
        *growth,
        "- The logistic hazard has the lower Brier score at " + (", ".join(lost) or "no horizon")
        + "; the higher resolution at " + (", ".join(flat) or "no horizon") + ".",
        "- Of the pool's probabilities of passing, these tenths with 30 cases or more lie outside "
        "their 90 % band: " + ("; ".join(off) or "none") + ".",
        "- Not scored yet: the density models and scenarios of a run, "
        "real-time editions of the data.",
        "",
    ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    named = [a for a in sys.argv[1:] if not a.startswith("--")]
    text = page(load(catalog.package_folder(named[0] if named else "full-2026.07")))
    print(text)
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
