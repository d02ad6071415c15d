"""What the income chain would have been worth on past origins, failures beside successes.

    FORECAST_RAW=DIR python benchmarks/skill_chain.py [PACKAGE] [--write]

Prints a page; ``--write`` puts it into docs/skill_chain.md, and what reports quote of it into
data/chain_record.csv. PACKAGE, by name or folder, is one that
holds all economies (``forecast data build --raw DIR``); ``full-2026.07`` if not named. ``DIR``
holds the editions of the World Economic Outlook and of the indicators.
"""

from __future__ import annotations

import os
import re
import runpy
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.crosscountry.chain.imf_view import edition_growth, imf_view
from forecast.evaluation.chain.backtest import (
    CHAIN,
    CHAIN_MODELS,
    ChainHistory,
    backtest_chain,
    chain_history,
)
from forecast.evaluation.chain.counts import passage_counts
from forecast.evaluation.chain.far import far_densities
from forecast.evaluation.chain.flips import flip_flop
from forecast.evaluation.chain.groups import CHAIN_GROUPINGS, chain_groups
from forecast.evaluation.chain.scores import chain_differences, score_chain, score_chain_by
from forecast.evaluation.scores.consistency import consistency_bands
from forecast.evaluation.scores.pit import pit_counts
from forecast.evaluation.scores.scores import covered
from forecast.sources.package.package import DataPackage, load
from forecast.sources.readers.weo import read_weo_editions

PAGE = Path(__file__).resolve().parents[1] / "docs" / "skill_chain.md"
RECORD = PAGE.parents[1] / "data" / "chain_record.csv"
TEXT = runpy.run_path(str(Path(__file__).with_name("skill_chain_text.py")))
MORE = runpy.run_path(str(Path(__file__).with_name("skill_chain_more.py")))
RIVAL = "passage_regression"
SPAN = (1997, 2024)
HORIZONS = (1, 2, 3, 5, 10, 15, 20)
FAR, FAR_SPAN = (15, 20), (1987, 2010)
FAR_MODELS = (CHAIN, RIVAL, "hazard", "zero_drift", "climatology")
FLIPPED = (CHAIN, RIVAL, "hazard", "zero_drift", "drift", "growth_accounts_dressed")
SCORES = {
    "brier": ("Brier score", 4), "log_score": ("Log score", 4),
    "discrimination": ("Discrimination without bins (higher is better)", 4),
}  # fmt: skip
PATHS = {
    "crps": ("CRPS", 2), "crps_line": ("CRPS above the line", 2),
    "bias": ("median less outcome", 2),
    "coverage_80": ("80 % intervals hold, %", 1), "pit_chi2": ("PIT", 2), "pit_p": ("its p", 3),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the page is made from."""

    history: ChainHistory
    cases: pd.DataFrame
    views: dict[str, pd.DataFrame]
    counts: pd.DataFrame
    flips: pd.DataFrame
    far: pd.DataFrame


def measure(package: DataPackage, folder: Path, jobs: int = 2) -> tuple[Measured, pd.DataFrame]:
    """Return the backtests of the high-income line, and the IMF's view of the fall."""
    annual, lines = package.annual(), package.table("thresholds")
    history = chain_history(annual, lines, "high", package.table("classes"))
    editions = edition_growth(read_weo_editions(folder))
    fall, spring = (imf_view(editions, history.record, season) for season in ("fall", "spring"))
    cases = backtest_chain(history, imf=fall, origins=SPAN, horizons=HORIZONS, jobs=jobs)
    views = {
        name: backtest_chain(
            history, imf=imf, origins=SPAN, horizons=HORIZONS[:5], models=(CHAIN,), jobs=jobs
        )
        for name, imf in (("none", None), ("spring", spring))
    }
    near = backtest_chain(
        history, imf=fall, origins=SPAN, horizons=range(1, 6), models=FLIPPED, jobs=jobs
    )
    carried = replace(history, ratios=history.passages.relative)
    far = backtest_chain(carried, origins=FAR_SPAN, horizons=FAR, models=FAR_MODELS, jobs=jobs)
    found = Measured(
        history=history,
        cases=cases,
        views=views | {"fall": cases[cases["model"] == CHAIN]},
        counts=passage_counts(history, imf=fall, origins=SPAN, horizons=(1, 3, 5, 10), jobs=jobs),
        flips=flip_flop(near),
        far=far,
    )
    return found, editions


def page(package: DataPackage, folder: Path | None = None, jobs: int = 2) -> str:
    """Return the page for a package that holds all economies."""
    raw = Path(os.environ["FORECAST_RAW"]) if folder is None else folder
    measured, editions = measure(package, raw, jobs)
    scores = score_chain(measured.cases)
    more, said = MORE["parts"](package, raw, measured.history, editions, jobs)
    parts = [TEXT["INTRO"].format(package=package.name, counts=_counts(scores))]
    parts += [_scores(scores), _ranked(measured.cases), _differences(measured.cases)]
    parts += [_paths(measured), _calibration(measured.cases), _groups(measured.cases)]
    parts += [_numbers(measured.counts), _flips(measured.flips), _far(measured)]
    parts += [*more, TEXT["LATE"], _weak(measured, said), TEXT["CHOICES"]]
    return "\n".join(parts)


def _counts(scores: pd.DataFrame) -> str:
    own = scores[(scores["model"] == CHAIN) & (scores["score"] == "events")]
    return ", ".join(f"{r.value:.0f} in {r.n:,} at h={r.horizon}" for r in own.itertuples())


def _scores(scores: pd.DataFrame) -> str:
    parts = ["## Passing the line\n"]
    for score, (title, digits) in SCORES.items():
        wide = scores[scores["score"] == score].pivot(
            index="model", columns="horizon", values="value"
        )
        rows = [[f"`{m}`", *(f"{v:.{digits}f}" for v in wide.loc[m])] for m in CHAIN_MODELS]
        parts += [f"### {title}\n", table(["model", *(f"h={h}" for h in wide.columns)], rows)]
    return "\n".join(parts)


def _ranked(cases: pd.DataFrame) -> str:
    found = score_chain(cases[cases["horizon"] <= 10])
    found = found[found["score"] == "rps"].set_index("model")
    told = ", ".join(f"`{m}` {found.loc[m, 'value']:.4f}" for m in CHAIN_MODELS)
    n = int(found.loc[CHAIN, "n"])
    return (
        "### Ranked probability score of the time of passing\n\nWithin 1, 2, 3, 4 to 5, 6 to 10 "
        f"years, or not; {n:,} cases known over ten years: {told}.\n"
    )


def _differences(cases: pd.DataFrame) -> str:
    found = chain_differences(cases, np.random.default_rng(0))
    rows = []
    for rival, own in found.groupby("rival", sort=False):
        cells = [
            f"{1e4 * r.difference:.0f} [{1e4 * r.low:.0f}, {1e4 * r.high:.0f}]"
            for r in own.sort_values("horizon").itertuples()
        ]
        rows.append([f"`{rival}`", *cells])
    head = ["less the rival's", *(f"h={h}" for h in HORIZONS)]
    return "### The chain's Brier score less each rival's, x 10⁴, 90 % by country\n\n" + table(
        head, rows
    )


def _paths(measured: Measured) -> str:
    rows = []
    for name, own in measured.views.items():
        found = score_chain(own)
        for h, part in found.groupby("horizon", sort=True):
            values = part.set_index("score")["value"]
            cells = [f"{values[s]:.{digits}f}" for s, (_, digits) in PATHS.items()]
            rows.append([name, str(h), f"{values['brier']:.4f}", *cells])
    head = ["view", "h", "Brier", *(title for title, _ in PATHS.values())]
    return TEXT["PATHS"] + table(head, rows) + "\n" + _pit(measured.cases)


def _pit(cases: pd.DataFrame) -> str:
    own = cases[cases["model"] == CHAIN]
    rows = []
    for h, part in own.groupby("horizon"):
        counts = pit_counts(part["pit"].to_numpy())
        rows.append([str(h), *(f"{100 * c / len(part):.0f}" for c in counts)])
    return TEXT["PIT"] + table(["h", *(f"{k / 10:.1f}-" for k in range(10))], rows)


def _calibration(cases: pd.DataFrame) -> str:
    rows = []
    for h, found in bands(cases).items():
        rows += [
            [
                str(h), f"{r.low:.1f}-{r.high:.1f}", str(r.n), f"{r.forecast:.3f}",
                f"{r.observed:.3f}", f"{r.block_low:.3f} to {r.block_high:.3f}",
                f"{r.joint_low:.3f} to {r.joint_high:.3f}",
            ]
            for r in found[found["n"] >= 30].itertuples()
        ]  # fmt: skip
    head = ["h", "probability", "cases", "said", "came", "each 90 %", "all 90 %"]
    return TEXT["CALIBRATION"] + table(head, rows)


def bands(cases: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Return the chain's reliability by horizon, with bands."""
    own = cases[cases["model"] == CHAIN]
    return {
        int(str(h)): consistency_bands(
            part["event"].to_numpy(float), part["probability"].to_numpy(),
            part["country"].to_numpy(), np.random.default_rng(0),
        ).table
        for h, part in own.groupby("horizon")
    }  # fmt: skip


def grouped(cases: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Return ``score_chain_by`` of every grouping, with the rivals' Brier scores beside."""
    regions = catalog.countries().region
    chosen = cases[
        (cases["horizon"] == horizon) & cases["model"].isin([CHAIN, RIVAL, "zero_drift"])
    ]
    told = []
    for by in CHAIN_GROUPINGS:
        found = score_chain_by(chosen, chain_groups(chosen, by, regions), by)
        wide = found.pivot(index="group", columns="model", values="brier")
        own = found[found["model"] == CHAIN].set_index("group")
        told.append(own.assign(**{m: wide[m] for m in (RIVAL, "zero_drift")}).reset_index())
    return pd.concat(told, ignore_index=True)


def _groups(cases: pd.DataFrame) -> str:
    parts = [TEXT["GROUPS"]]
    for h in (3, 5, 10):
        rows = [
            [
                r.by, str(r.group), str(r.n), f"{r.events:.0f}", f"{r.said:.3f}", f"{r.came:.3f}",
                f"{r.brier:.4f}", f"{getattr(r, RIVAL):.4f}", f"{r.zero_drift:.4f}",
                f"{r.crps:.1f}", f"{r.coverage_80:.0f}",
            ]
            for r in grouped(cases, h).itertuples()
        ]  # fmt: skip
        head = ["by", "group", "cases", "events", "said", "came", "Brier", f"`{RIVAL}`",
                "`zero_drift`", "CRPS", "hold, %"]  # fmt: skip
        parts.append(f"### Within {h} years\n\n" + table(head, rows))
    return "\n".join(parts)


def _numbers(counts: pd.DataFrame) -> str:
    rows, outside = [], []
    for h, own in counts.groupby("horizon"):
        held = own["came"].between(own["low"], own["high"])
        alone = own["came"].between(own["alone_low"], own["alone_high"])
        rows.append([
            str(h), str(len(own)), f"{own['came'].sum()}", f"{own['said'].sum():.1f}",
            f"{100 * held.mean():.0f}", f"{(own['high'] - own['low']).mean():.1f}",
            f"{100 * alone.mean():.0f}", f"{(own['alone_high'] - own['alone_low']).mean():.1f}",
        ])  # fmt: skip
        missed = [
            f"{r.origin} ({r.came} for {r.low:.0f} to {r.high:.0f})"
            for r in own[~held].itertuples()
        ]
        outside.append(f"h={h}: " + (", ".join(missed) or "none"))
    head = [
        "h",
        "origins",
        "came",
        "said",
        "joint hold, %",
        "width",
        "independent hold, %",
        "width",
    ]
    return (
        TEXT["NUMBERS"] + table(head, rows) + "\nOrigins whose number lies outside: "
        + "; ".join(outside) + ".\n"
    )  # fmt: skip


def _flips(flips: pd.DataFrame) -> str:
    rows = [
        [
            f"`{r.model}`", str(r.sequences), f"{r.flip_flop:.4f}", f"{r.change:.4f}",
            f"{100 * r.reversals:.1f}",
        ]
        for r in flips.itertuples()
    ]  # fmt: skip
    return TEXT["FLIPS"] + table(
        ["model", "sequences", "flip-flop", "change", "reversals, %"], rows
    )


def _far(measured: Measured) -> str:
    scores = score_chain(measured.far)
    brier = scores[scores["score"] == "brier"].pivot(
        index="horizon", columns="model", values="value"
    )
    own = measured.far[measured.far["model"] == CHAIN]
    held = covered(*(own[c].to_numpy() for c in ("outcome", "low", "high")))
    chain = own[["origin", "horizon", "country", "crps"]].assign(model=CHAIN, covered=held)
    dense = pd.concat([chain, far_densities(measured.history.record, own)])
    told = dense.groupby(["horizon", "model"]).agg(
        n=("crps", "size"), crps=("crps", "mean"), covered=("covered", "mean")
    )
    rows = [
        [str(h), f"`{m}`", f"{brier.loc[h, m]:.4f}" if m in brier else "",
         *([f"{told.loc[(h, m), 'crps']:.1f}", f"{told.loc[(h, m), 'covered']:.0f}",
            f"{told.loc[(h, m), 'n']:.0f}"] if (h, m) in told.index else ["", "", ""])]
        for h in FAR for m in (*FAR_MODELS, "direct")
    ]  # fmt: skip
    bias = scores[scores["score"] == "bias"].set_index("horizon")["value"]
    beats = ", ".join(f"{-bias[h]:.0f} at {h}" for h in FAR)
    return (
        TEXT["FAR"] + table(["h", "model", "Brier", "CRPS", "80 % hold, %", "cases"], rows)
        + f"\nOutcomes beat the chain's median by (log points, years): {beats}.\n"
    )  # fmt: skip


def _weak(measured: Measured, said: list[str]) -> str:
    return "\n".join(["## Weak spots\n", *TEXT["weak"](
        measured.cases, bands(measured.cases), grouped(measured.cases, 10), measured.counts
    ), *said, *TEXT["KNOWN"], ""])  # fmt: skip


def record_of(text: str) -> str:
    """Return the lines of data/chain_record.csv: what reports quote of the page."""
    events = {h: (n, e) for e, n, h in re.findall(r"(\d+) in ([\d,]+) at h=(\d+)", text)}
    brier = text.split("### Brier score", 1)[1].split("###", 1)[0]
    horizons = re.findall(r"h=(\d+)", brier)
    rivals = [
        dict(zip(horizons, re.findall(r"[\d.]+", line), strict=True))
        for name in (RIVAL, "zero_drift")
        for line in re.findall(rf"`{name}` \|(.*)", brier)
    ]
    relative = text.split("## Relative income", 1)[1].split("\n## ", 1)[0]
    lines = ["view,horizon,cases,events,brier,passage_regression,zero_drift,holds_80"]
    for view, name in (("fall", "imf"), ("none", "none")):
        for row in re.findall(rf"^\| {view} \| (.*) \|$", relative, re.MULTILINE):
            h, score, *_, holds, _, _ = row.split(" | ")
            if int(h) <= FAR[0]:
                cases = events[h][0].replace(",", "")
                others = [rival[h] for rival in rivals]
                lines.append(",".join([name, h, cases, events[h][1], score, *others, holds]))
    return "\n".join(lines) + "\n"


table = TEXT["table"]

if __name__ == "__main__":
    named = [a for a in sys.argv[1:] if not a.startswith("--")]
    text = page(load(catalog.package_folder(named[0] if named else "full-2026.07")))
    print(text)
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
        RECORD.write_text(record_of(text), encoding="utf-8")
