"""Other lines, growth alone, the class, falling back and revisions, for docs/skill_chain.md."""

from __future__ import annotations

import runpy
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.crosscountry.base_revision import revised_away_chance
from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import chain_record
from forecast.crosscountry.chain.imf_view import imf_view
from forecast.crosscountry.class_entry import class_entry_chance, fit_class_entry
from forecast.evaluation.chain.backtest import (
    CHAIN,
    ChainHistory,
    backtest_chain,
    chain_history,
)
from forecast.evaluation.chain.class_backtest import backtest_class
from forecast.evaluation.chain.growth_alone import CHAIN_GROWTH, DRESSED, backtest_chain_growth
from forecast.evaluation.chain.scores import score_chain
from forecast.evaluation.comparison.skill import loss_gap_by_block
from forecast.evaluation.crossing.backtest import economies_below, income_over_line
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.wdi_editions import read_wdi_editions
from forecast.statistics.income_classes.class_events import class_events, disagreements, waiting
from forecast.statistics.income_classes.falling_back import fallen_back, line_passages
from forecast.statistics.income_classes.income_revisions import (
    QUANTILES,
    income_revisions,
    revised_away,
    revision_statistics,
)

table = runpy.run_path(str(Path(__file__).with_name("skill_chain_text.py")))["table"]
SPAN = (1997, 2024)
CHANCES = ("passed", "classified")
RIVALS = ("passage_regression", "hazard", "zero_drift", "climatology")
OLD, NEW, LAST = "2018-08", "2026-07", 2016
EDITION = {
    "gni_pc_atlas": "NY.GNP.PCAP.CD", "gdp_pc_current": "NY.GDP.PCAP.CD",
    "gdp_growth": "NY.GDP.MKTP.KD.ZG", "population": "SP.POP.TOTL",
}  # fmt: skip
SPANS = ((1987, 2025), (1987, 1999), (2000, 2009), (2010, 2019), (2020, 2025))
MARGINS = (0.0, 0.02, 0.05, 0.1, 0.2, np.inf)


def parts(
    package: DataPackage, raw: Path, history: ChainHistory, editions: pd.DataFrame, jobs: int
) -> tuple[list[str], list[str]]:
    """Return the sections, and the weak spots that they show."""
    annual, lines = package.annual(), package.table("thresholds")
    income = annual.require(["gni_pc_atlas"])["gni_pc_atlas"].unstack("country")
    events = class_events(income, lines, package.table("classes"))
    growth, weak_growth = _growth(history, editions, jobs)
    others, weak_lines = _lines(package, editions, jobs)
    known = read_wdi_editions(raw)
    known = known[known["country"].isin(annual.countries())]
    revised = income_revisions(known, lines, OLD, NEW)
    first, weak_first = _first_published(annual, lines, raw, editions)
    sections = [
        growth, others, _disagreement(events), _entry(events),
        _class(history, events, imf_view(editions, history.record), jobs),
        _falling(history.ratios), _revisions(known, lines, revised), first,
    ]  # fmt: skip
    return sections, [weak_growth, weak_lines, weak_first]


def _growth(history: ChainHistory, editions: pd.DataFrame, jobs: int) -> tuple[str, str]:
    rows, lost = [], []
    place = pd.DataFrame(
        history.record.relative,
        index=pd.Index(history.record.years, name="origin"),
        columns=pd.Index(history.record.countries, name="country"),
    )
    relative = place.stack().rename("relative")
    for season in ("spring", "fall"):
        view = imf_view(editions, history.record, season)
        made = backtest_chain_growth(
            history.record, view, origins=(2000, 2024), horizons=(1, 2, 3, 5), jobs=jobs
        )
        made = made.merge(relative, left_on=["origin", "country"], right_index=True)
        near = made["relative"].between(np.log(0.2), 0.0)
        for name, own in (("all", made), ("20-100 % of the line", made[near])):
            for h, part in own.groupby("horizon"):
                wide = part.pivot(index=["origin", "country"], columns="model", values="crps")
                held = part.groupby("model")["covered"].mean()
                chain = CHAIN_GROWTH[0]
                gap = loss_gap_by_block(
                    (wide[chain] - wide[DRESSED]).to_numpy(),
                    wide.index.get_level_values("country").to_numpy(),
                    np.random.default_rng(0),
                )
                share = 100 / wide[DRESSED].mean()
                rows.append([
                    season, name, str(h), f"{len(wide):,}",
                    *(f"{wide[m].mean():.3f}" for m in (DRESSED, *CHAIN_GROWTH)),
                    f"{share * gap.value:+.1f} [{share * gap.low:+.1f}, {share * gap.high:+.1f}]",
                    *(f"{held[m]:.0f}" for m in (DRESSED, *CHAIN_GROWTH)),
                ])  # fmt: skip
                if name == "all" and gap.value > 0:
                    lost.append(f"{season} h={h} by {share * gap.value:.1f} %")
    head = ["edition", "economies", "h", "cases", "WEO dressed", "chain", "chain, no view",
            "chain less WEO, %", "hold", "hold", "hold"]  # fmt: skip
    return (
        "## Growth per head alone\n\nCRPS of average growth, percentage points a year; origins "
        "2000 on, all economies with an IMF forecast. WEO dressed: the IMF's forecast corrected by "
        "a regression of what came on it, with that regression's past errors, larger for volatile "
        "economies. Differences with 90 % by country; `hold`: of 80 % intervals, in the same "
        "order.\n\n" + table(head, rows),
        "- Growth alone has a higher CRPS than the dressed WEO over all economies: "
        + ("; ".join(lost) or "nowhere") + ".",
    )  # fmt: skip


def _lines(package: DataPackage, editions: pd.DataFrame, jobs: int) -> tuple[str, str]:
    rows, weak = [], []
    for line in ("upper_middle", "lower_middle"):
        annual, lines = package.annual(), package.table("thresholds")
        history = chain_history(annual, lines, line, package.table("classes"))
        cases = backtest_chain(
            history, imf=imf_view(editions, history.record), origins=SPAN,
            horizons=(1, 3, 5, 10), models=(CHAIN, *RIVALS), jobs=jobs,
        )  # fmt: skip
        scores = score_chain(cases).set_index(["horizon", "model", "score"])["value"]
        for h in (1, 3, 5, 10):
            own = cases[(cases["model"] == CHAIN) & (cases["horizon"] == h)]
            said, came = own["probability"].mean(), own["event"].mean()
            rows.append([
                line.replace("_", "-"), str(h), f"{len(own):,}", f"{own['event'].sum():.0f}",
                f"{said:.3f}", f"{came:.3f}",
                *(f"{scores[h, m, 'brier']:.4f}" for m in (CHAIN, *RIVALS)),
                f"{scores[h, CHAIN, 'crps']:.1f}", f"{scores[h, CHAIN, 'coverage_80']:.0f}",
            ])  # fmt: skip
            if h == 10:
                weak.append(f"{line.replace('_', '-')} said {said:.2f}, came {came:.2f}")
    head = ["line", "h", "cases", "events", "said", "came", "chain", *(f"`{m}`" for m in RIVALS),
            "CRPS", "hold, %"]  # fmt: skip
    return (
        "## The other lines\n\nBrier scores; the chain's CRPS and coverage. Economies between 20 "
        "and 100 % of the line.\n\n" + table(head, rows),
        "- Other lines at h=10: " + "; ".join(weak) + " (nobody's past held the rise of incomes "
        "from 2002 to 2012).",
    )


def _disagreement(events: pd.DataFrame) -> str:
    rows = [
        [f"{r.first}-{r.last}", f"{r.n:,}", str(r.near), str(r.above_not_high),
         str(r.above_not_high_near), str(r.below_but_high)]
        for r in disagreements(events, SPANS).itertuples()
    ]  # fmt: skip
    head = ["years", "economy-years", "near the line", "above, not H", "of these near",
            "below, but H"]  # fmt: skip
    recent = events[(events["year"] >= 2020) & events["above"] & ~events["high"]]
    told = ", ".join(f"{r.country} {r.year} ({100 * r.margin:+.1f} %)" for r in recent.itertuples())
    return (
        "## Two events: income above the line, and the class of July\n\nIncome is that of today's "
        "edition, the class what was published in the July after the year. `near`: within 20 % of "
        "the line in logs. Most of the disagreement far from the line is income revised years "
        "later.\n\n" + table(head, rows) + f"\nSince 2020 above and not high income: {told}.\n"
    )


def _entry(events: pd.DataFrame) -> str:
    entry = fit_class_entry(events, int(events["year"].max()))
    known = waiting(events)
    rows = []
    for low, high in pairwise(MARGINS):
        own = known[(known["margin"] > low) & (known["margin"] <= high)]
        late = own[own["year"] > int(events["year"].max()) - 16]
        middle = min((low + high) / 2, 0.2)
        chance = float(class_entry_chance(entry, np.array([middle]))[0])
        rows.append([
            _band(low, high), f"{late['high'].sum()} of {len(late)}",
            f"{own['high'].sum()} of {len(own)}", f"{chance:.2f}",
        ])  # fmt: skip
    return (
        "### Above the line and not yet high income: does the class follow that year?\n\nBy margin "
        "over the line; the chance is a logit on the margin "
        f"(`class_entry_chance`), on the last 16 years: {entry.entered} of {entry.n}.\n\n"
        + table(["margin", "last 16 years", "since 1988", "chance, middle"], rows)
    )


def _class(history: ChainHistory, events: pd.DataFrame, fall: pd.DataFrame, jobs: int) -> str:
    made = backtest_class(
        history, events, imf=fall, origins=SPAN, horizons=(1, 3, 5, 10), jobs=jobs
    )
    rows = []
    for name, own in (("not high income", made), ("and below", made[made["relative_income"] <= 0])):
        for h, part in own.groupby("horizon"):
            rows.append([
                name, str(h), f"{len(part):,}", f"{part['event'].sum():.0f}",
                f"{part['event'].mean():.3f}",
                *(f"{part[c].mean():.3f}" for c in CHANCES),
                *(f"{((part[c] - part['event']) ** 2).mean():.4f}" for c in CHANCES),
            ])  # fmt: skip
    head = ["economies", "h", "cases", "became H", "came", "said: income", "said: class",
            "Brier: income", "Brier: class"]  # fmt: skip
    return (
        "### Becoming high income, from past origins\n\nEvent: the class is H in any year of the "
        "horizon, of economies that are not H at the origin. `income`: the chain's probability "
        "that income passes; `class`: with the chance of the class in every year above, learnt "
        "from the 16 years before the origin.\n\n" + table(head, rows)
    )


def _falling(ratios: pd.DataFrame) -> str:
    passages = line_passages(ratios, 1990)
    found = fallen_back(passages, (1, 3, 5, 10), (0.0, 0.02, 0.05, 0.1))
    rows = []
    for _, own in found.groupby(["low", "high"], dropna=False, sort=False):
        low, high = own["low"].iloc[0], own["high"].iloc[0]
        cells = [f"{r.back} of {r.passages} ({100 * r.share:.0f} %)" for r in own.itertuples()]
        rows.append(["all" if np.isnan(low) else _band(low, high), *cells])
    return (
        f"## Falling back\n\n{len(passages)} passages of income since 1990, by margin in the first "
        "year above: below the line again within so many years, where known.\n\n"
        + table(["margin", "1", "3", "5", "10"], rows)
    )


def _revisions(known: pd.DataFrame, lines: pd.DataFrame, revised: pd.DataFrame) -> str:
    half = income_revisions(known, lines, "2025-12", NEW)
    rows = []
    for name, made in ((f"{OLD} to {NEW}", revised), (f"2025-12 to {NEW}", half)):
        near = made["margin"].between(np.log(0.8), np.log(1.1))
        for age, (first, last) in (("last two years", (0, 1)), ("all from 1987", (0, 99))):
            own = made[near & made["age"].between(first, last)]
            r = revision_statistics(own, pd.Series("near", index=own.index)).iloc[0]
            cells = [f"{r[f'q{round(100 * q)}']:.1f}" for q in QUANTILES]
            rows.append([name, age, str(r["n"]), *cells, str(r["to_below"]), str(r["to_above"])])
    away = revised_away(revised, (0.0, 0.02, 0.05, 0.1, 0.2))
    own = revised[revised["margin"].between(np.log(0.8), np.log(1.1))]["revision"]
    levels = np.linspace(0, 1, 201)
    quantiles = np.quantile(own, levels)
    lost = [
        [_band(r.low, r.high), f"{r.away} of {r.n}", str(r.economies),
         f"{float(revised_away_chance(np.array((r.low + r.high) / 2), levels, quantiles)):.2f}"]
        for r in away.itertuples()
    ]  # fmt: skip
    head = ["editions", "years", "n", "10 %", "25 %", "50 %", "75 %", "90 %", "to below",
            "to above"]  # fmt: skip
    return (
        "## Revisions of income\n\nAt 80-110 % of the line in the earlier edition, %; "
        "`data/income_revisions.csv` has more groups. The line is not revised.\n\n"
        + table(head, rows)
        + f"\n### Passed, then revised away\n\nEconomy-years above the line in the edition of {OLD}"
        f" and below it in that of {NEW}; the chance from all revisions at 80-110 % of the line, "
        "at the band's middle. Years are not independent: a new base of the accounts moves all.\n\n"
        + table(["margin", "revised away", "economies", "chance, middle"], lost)
    )


def _first_published(
    annual: Panel, lines: pd.DataFrame, raw: Path, editions: pd.DataFrame
) -> tuple[str, str]:
    past = lines[lines["year"] <= LAST]
    today, was = chain_record(annual, lines), chain_record(_as_of(annual, raw), past)
    view = imf_view(editions, was)
    below = income_over_line(_as_of(annual, raw), past)
    codes = [str(c) for c in below.columns[economies_below(below)]]
    fit = fit_chain(was, LAST, imf=view)
    made = forecast_chain(fit, [c for c in codes if c in fit.state.index])
    came = pd.DataFrame(today.relative, index=today.years, columns=list(today.countries))
    now = came.reindex(columns=list(made.countries))
    rows, held = [], {}
    for h in (1, 2, 3, 5, 9):
        low, high = np.quantile(made.income[..., h - 1], [0.1, 0.9], axis=1)
        level = now.loc[LAST + h].to_numpy()
        moved = made.relative + level - now.loc[LAST].to_numpy()
        known = np.isfinite(moved)
        cells = [
            100 * float(np.mean((y[known] >= low[known]) & (y[known] <= high[known])))
            for y in (level, moved)
        ]
        held[h] = cells[0]
        rows.append([str(h), str(int(known.sum())), *(f"{c:.0f}" for c in cells)])
    return (
        f"## As it was known: the edition of {OLD}\n\nOrigin {LAST}, income, output, growth and "
        "population of that edition from 1987 on, the IMF's view of the fall. 80 % intervals hold "
        "(%): today's level, and that of the edition moved by the change since.\n\n"
        + table(["h", "economies", "today's level", "the edition's level, moved"], rows),
        f"- With the edition of {OLD} at origin {LAST} intervals hold {held[1]:.0f} % of today's "
        "first-year levels, because history was revised since.",
    )


def _as_of(annual: Panel, raw: Path) -> Panel:
    """Return the annual panel through the last year of the old edition, with its values."""
    frame = annual.through(LAST).frame.copy()
    since = frame.index.get_level_values("year") >= 1987
    for name, code in EDITION.items():
        known = read_wdi_editions(raw, code)
        own = known[known["vintage"] == OLD].set_index(["country", "year"])["value"]
        told = own.reindex(frame.index).to_numpy()
        kept = frame[name].to_numpy()
        if name != "gni_pc_atlas":
            told = np.where(np.isfinite(told), told, kept)
        frame[name] = np.where(since, told, kept)
    return Panel(frame, f"{annual.source}, edition of {OLD}")


def _band(low: float, high: float) -> str:
    if not np.isfinite(high):
        return f"above {100 * low:.0f} %"
    return f"{100 * low:.0f}-{100 * high:.0f} %"
