"""Passages between income classes, transition matrices, survival of spells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Integers
from forecast.errors import DataError
from forecast.statistics.income_classes.classes import CLASSES, plain_classes
from forecast.structure.binary_regression import LINKS
from forecast.structure.transitions.became import passage_list
from forecast.structure.transitions.hazard import (
    at_entry,
    exit_hazard,
    spell_years,
    trailing_means,
)
from forecast.structure.transitions.matrices import ClassTransitions, class_transitions, decades
from forecast.structure.transitions.passages import class_passages, passages_by_year
from forecast.structure.transitions.resampled import (
    drawn_economies,
    drawn_rows,
    future_shares,
    resampled_mobility,
)
from forecast.structure.transitions.spells import class_spells
from forecast.structure.transitions.survival import class_survival
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept
from forecast.study.exhibits.tables import wide_annual

AHEAD = (0, 5, 10, 20)  # years
MANY = 30  # economies that make a package's annual table one of the world
SEED, LEAST_DRAWS = 20261128, 100
DRIVERS = ("rd_gdp", "manuf_share", "exports_gdp", "imports_gdp")
STRUCTURE = ("manufacturing, 10 points", "openness, 10 points")
MODELS = (("duration", ()), ("structure", STRUCTURE), ("with R&D", ("R&D", *STRUCTURE)))


def _passages(tables: Tables, asked: Asked) -> Tables:
    changes = tables["class_changes"]
    population = _population(tables)
    found, high = class_passages(changes), passage_list(changes)
    if population is not None:
        high = high.merge(population, on=["country", "year"], how="left")
    if not asked.countries:
        return {"passages": passages_by_year(found, population), "became high income": high}
    chosen = list(asked.countries)  # one that never changed its class has no row, and is no mistake
    return {
        "passages": found[found["country"].isin(chosen)].reset_index(drop=True),
        "became high income": high[high["country"].isin(chosen)].reset_index(drop=True),
    }


def _population(tables: Tables) -> pd.DataFrame | None:
    """Return persons by country and year; None of a package that has them of one economy only."""
    annual = wide_annual(tables["annual"], ["population"]) if "annual" in tables else pd.DataFrame()
    if annual.empty or annual.index.get_level_values("country").nunique() < MANY:
        return None
    return annual.dropna().reset_index()


def _transitions(tables: Tables, asked: Asked) -> Tables:
    history = kept(tables["classes"], asked.countries)
    draws, blocks = int(asked.parameters["draws"]), bool(asked.parameters["blocks"])
    if draws < LEAST_DRAWS:
        raise DataError(f"exhibit transitions: draws: found {draws}, must be {LEAST_DRAWS} or more")
    rng = np.random.default_rng(SEED)
    spans = [class_transitions(history, *span) for span in decades(history)]
    last = history[history["year"] == history["year"].max()]
    counts = plain_classes(last).value_counts().reindex(CLASSES, fill_value=0)
    economies: Integers = np.asarray(counts, dtype=np.int64)
    moves = []
    for span in spans:
        index, low, high = span.mobility()
        if blocks and np.isfinite(index):
            matrices = drawn_economies(history, span.first, span.last, draws, rng)
            low, high = resampled_mobility(matrices, span.level)
        moves.append((span.first, span.last, index, low, high))
    found = {
        "transitions": pd.concat(map(_cells, spans), ignore_index=True),
        "mobility": pd.DataFrame(moves, columns=["first", "last", "index", "low", "high"]).dropna(),
    }
    if (spans[-1].counts.sum(axis=1) > 0).all():
        whole = spans[-1]
        matrices = (
            drawn_economies(history, whole.first, whole.last, draws, rng)
            if blocks
            else drawn_rows(whole, draws, rng)
        )
        shares = future_shares(whole, matrices, economies, AHEAD, rng)
        shares.insert(0, "year", int(last["year"].iloc[0]) + shares.pop("ahead"))
        found["shares ahead"] = shares
    return found


def _cells(one: ClassTransitions) -> pd.DataFrame:
    low, high = one.intervals()
    start, to = np.meshgrid(CLASSES, CLASSES, indexing="ij")
    return pd.DataFrame({
        "first": one.first, "last": one.last, "from_class": start.ravel(),
        "to_class": to.ravel(), "pairs": one.counts.ravel().astype(int),
        "share": one.matrix.ravel(), "low": low.ravel(), "high": high.ravel(),
    })  # fmt: skip


def _survival(tables: Tables, asked: Asked) -> Tables:
    return {"survival": class_survival(class_spells(kept(tables["classes"], asked.countries)))}


def _hazard(tables: Tables, asked: Asked) -> Tables:
    spells = class_spells(kept(tables["classes"], asked.countries))
    link = LINKS[int(bool(asked.parameters["odds"]))]
    rows = spell_years(spells)
    origin = spells.set_index(["country", "first"])["from_class"]
    keys = pd.MultiIndex.from_frame(rows[["country", "entry"]])
    rows["from high"] = (origin.reindex(keys) == "H").to_numpy(dtype=float)
    entries = rows[["country", "entry"]].drop_duplicates(ignore_index=True)
    annual = wide_annual(tables["annual"], list(DRIVERS))
    means = {
        "period": at_entry(tables["growth_panel"], entries, DRIVERS),
        "five years": trailing_means(annual, entries, DRIVERS),
    }
    parts, missing = [], []
    for name, drivers in means.items():
        own = rows.merge(_in_tens(drivers), on=["country", "entry"], validate="many_to_one")
        ended = own.groupby(["country", "entry"])["up"].any().reset_index()
        missing += _missing(name, drivers.merge(ended, on=["country", "entry"]))
        models = MODELS if name == "period" else MODELS[1:]
        parts += [
            exit_hazard(own, ["from high", *model], link).assign(model=said, means=name, link=link)
            for said, model in models
        ]
    found = pd.concat(parts, ignore_index=True)
    lead = ["model", "means", "link"]
    return {
        "hazard": found[[*lead, *found.columns.drop(lead)]],
        "missing": pd.DataFrame(missing),
    }


def _in_tens(drivers: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "country": drivers["country"],
        "entry": drivers["entry"],
        "R&D": drivers["rd_gdp"],
        "manufacturing, 10 points": drivers["manuf_share"] / 10,
        "openness, 10 points": (drivers["exports_gdp"] + drivers["imports_gdp"]) / 10,
    })  # fmt: skip


def _missing(name: str, drivers: pd.DataFrame) -> list[dict[str, object]]:
    told = []
    for column in DRIVERS:
        known = drivers[column].notna()
        told.append({
            "means": name, "variable": column, "spells": len(drivers), "known": int(known.sum()),
            "events": int(drivers["up"].sum()), "events_known": int(drivers["up"][known].sum()),
        })  # fmt: skip
    return told


EXHIBITS = {
    "passages": PaperExhibit(
        said="passages of the three class boundaries, up and down, by year; with --countries each",
        tables=("class_changes",),
        optional=("annual",),
        make=_passages,
        figure="papers.passages:draw_passages",
        note="years of the data; people, in millions, where the package has all economies'; "
        "years_before: in the class below, blank where they began before the record; fell: the "
        "year in which it was below again",
    ),
    "transitions": PaperExhibit(
        said="yearly transition matrices by decade, mobility, expected shares of classes ahead",
        tables=("classes",),
        make=_transitions,
        parameters={"draws": 1000, "blocks": 0},
        figure="papers.transitions:draw_transitions",
        note="intervals of 95 % (cells: Jeffreys) take economies' years as independent; with --set "
        "blocks=1 mobility and shares ahead draw whole economies anew; shares ahead are from the "
        "matrix of the whole record: low and high because it is an estimate, future_low and "
        "future_high with each economy's chance",
    ),
    "survival": PaperExhibit(
        said="how long upper-middle spells last (Kaplan-Meier, Greenwood)",
        tables=("classes",),
        make=_survival,
        figure="papers.survival:draw_survival",
        note="spells that begin in the record; both ways out, up and down, end one",
    ),
    "hazard": PaperExhibit(
        said="the yearly hazard of leaving upper middle upward, with R&D, manufacturing, openness",
        tables=("classes", "growth_panel", "annual"),
        make=_hazard,
        parameters={"odds": 0},
        figure="papers.hazard:draw_hazard",
        note="complementary log-log, ratio of hazards; --set odds=1: logit, ratio of odds; errors "
        "clustered by economy; means: of the period of growth_panel that ended by entry, or of the "
        "five years to entry; a spell without R&D is left out of its model and no figure is put "
        "in its place; what goes with leaving need not cause it",
    ),
}
