"""The second paper's scorecard: an economy beside those that passed, at the same income."""

from __future__ import annotations

import pandas as pd

from forecast import catalog
from forecast.errors import DataError
from forecast.panel import INDEX
from forecast.statistics.imputed import HALF, IMPUTED
from forecast.statistics.tables import SUBJECT
from forecast.structure.milestones.indicators import milestone_gaps, milestone_readings
from forecast.structure.milestones.passers import lasting_passages, same_income_moments
from forecast.structure.milestones.scorecard import ScorecardRules, milestone_scorecard
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables
from forecast.study.own_panel import read_panel

MIDDLE = 2  # years from the middle of a mean of five to its last year, which labels it


def _milestones(tables: Tables, asked: Asked) -> Tables:
    numbers = asked.parameters
    annual = set(tables["growth_panel"]["country"]) <= set(tables["annual"]["country"])
    readings = _readings(tables, annual)
    ratios = _annual_ratios(tables) if annual else _mean_ratios(tables)
    passed = lasting_passages(
        tables["class_changes"],
        int(tables["thresholds"]["year"].max()),
        since=int(numbers["since"]),
        stay=int(numbers["stay"]),
    )
    passed = passed[passed.index.isin(_peopled(tables["pwt91"], numbers["people"]))]
    rules = ScorecardRules(**{k: numbers[k] for k in ("reach", "recent", "least", "span")})
    names = catalog.countries().name
    cards, beside = [], []
    for subject in asked.countries or (SUBJECT,):
        own = ratios[ratios["country"] == subject].dropna().sort_values("year")
        if own.empty:
            raise DataError(f"milestones: {subject}: has no income relative to the line")
        target = float(own["ratio"].iloc[-1])
        others = passed.drop(subject, errors="ignore")
        moments = same_income_moments(ratios, others, target, window=numbers["window"])
        if moments.empty:
            raise DataError(
                f"milestones: {subject}: no economy that passed stood at {target:.2f} of the line "
                f"within {numbers['window']:g} years of its passage (--set window=YEARS)"
            )
        cards.append(milestone_scorecard(readings, subject, moments, rules))
        rows = pd.DataFrame({"passed": others, "moment": moments}).dropna()
        rows = rows.astype({"passed": int}).reset_index(names="passer")
        middle = int(own["year"].iloc[-1])
        when = str(middle) if annual else f"{middle - MIDDLE}-{middle + MIDDLE}"
        rows = rows.assign(country=subject, ratio=target, ratio_of=when)
        beside.append(rows.assign(economy=rows["passer"].map(names)))
    card = pd.concat(cards, ignore_index=True)
    card.insert(1, "economy", card["country"].map(names))
    card.insert(list(card).index("year") + 1, "basis", _basis(card, tables, annual))
    order = ["country", "ratio", "ratio_of", "passer", "economy", "passed", "moment"]
    return {
        "milestones": card,
        "gaps": _gaps(card, readings, rules),
        "economies that passed": pd.concat(beside, ignore_index=True)[order],
    }


def _readings(tables: Tables, annual: bool) -> pd.DataFrame:
    if annual:
        rows = tables["annual"]
        marked = rows.assign(mark=rows["flag"] == IMPUTED)
        columns = rows.pivot(index=list(INDEX), columns="variable", values="value")
        marks = marked.pivot(index=list(INDEX), columns="variable", values="mark")
    else:
        columns = tables["growth_panel"].set_index(list(INDEX))
        shares = tables["imputed"].pivot(index=list(INDEX), columns="variable", values="share")
        marks = shares.reindex(index=columns.index, columns=columns.columns) >= HALF
    found = milestone_readings(columns, marks.fillna(value=False).astype(bool), _shift(annual))
    if "own" not in tables:
        return found
    own = read_panel(tables["own"], *INDEX)
    marks = own.frame.isna() & False if own.imputed is None else own.imputed
    added = milestone_readings(own.frame, marks, 0)
    if added.empty:
        raise DataError("milestones: the table has no column of an indicator's name (see gaps)")
    kept = found[~found["indicator"].isin(added["indicator"].unique())]
    return pd.concat([kept, added], ignore_index=True)


def _shift(annual: bool) -> int:
    return 0 if annual else MIDDLE


def _annual_ratios(tables: Tables) -> pd.DataFrame:
    rows = tables["annual"]
    income = rows.loc[rows["variable"] == "gni_pc_atlas", [*INDEX, "value"]]
    lines = income["year"].map(tables["thresholds"].set_index("year")["high_above"])
    return income[[*INDEX]].assign(ratio=income["value"] / lines)


def _mean_ratios(tables: Tables) -> pd.DataFrame:
    means = tables["relative_income"]
    return means[[*INDEX]].assign(year=means["year"] - MIDDLE, ratio=means["ratio_to_line"])


def _peopled(pwt: pd.DataFrame, least: float) -> pd.Index:
    """Return the economies of so many million people in Penn World Table's last year of each."""
    last = pwt.dropna(subset="pop").sort_values("year").groupby("country")["pop"].last()
    return last.index[last >= least]


def _basis(card: pd.DataFrame, tables: Tables, annual: bool) -> list[str]:
    own = set(tables["own"]) if "own" in tables else set()
    package = "year" if annual else "mean of five years"
    return ["your table" if name in own else package for name in card["indicator"]]


def _gaps(card: pd.DataFrame, readings: pd.DataFrame, rules: ScorecardRules) -> pd.DataFrame:
    """Return what the scorecard lacks: indicators without data or with too few economies."""
    pieces = []
    for subject, own in card.groupby("country", sort=False):
        known = readings[readings["country"] == subject].groupby("indicator")["label_year"].max()
        latest = {str(name): int(year) for name, year in known.items()}
        missing = milestone_gaps(list(own["indicator"]), latest)
        few = own.loc[own["economies"] < rules.least]
        short = pd.DataFrame({
            "group": few["group"], "indicator": few["indicator"],
            "what": few["label"] + ", " + few["unit"],
            "why": [f"known of {n} that passed, at that income" for n in few["economies"]],
            "bring": "earlier years of it",
        })  # fmt: skip
        both = pd.concat([missing, short], ignore_index=True)
        both.insert(0, "country", subject)
        pieces.append(both)
    return pd.concat(pieces, ignore_index=True)


EXHIBITS = {
    "milestones": PaperExhibit(
        said="milestones of upgrading: an economy beside those that passed the "
        "high-income line, at the same relative income and today",
        tables=("growth_panel", "annual", "imputed", "relative_income", "class_changes",
                "thresholds", "pwt91"),
        make=_milestones,
        own="country, year, and a column named as an indicator",
        read_own=lambda path: read_panel(path, *INDEX).frame.reset_index(),
        parameters={
            "since": 1988, "stay": 3, "people": 1, "window": 15, "reach": 3, "recent": 5,
            "least": 5, "span": 10,
        },
        note="oil exporters are among those that passed; services are what agriculture and "
        "industry leave, taxes on products included",
        of_one=True,
        figure="papers.milestones:draw_milestones",
    ),
}  # fmt: skip
