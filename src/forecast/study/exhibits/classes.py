"""Passages between income classes, transition matrices, survival of spells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Vector
from forecast.statistics.income_classes.classes import CLASSES, plain_classes
from forecast.structure.transitions.matrices import ClassTransitions, class_transitions, decades
from forecast.structure.transitions.passages import class_passages, passages_by_year
from forecast.structure.transitions.spells import class_spells
from forecast.structure.transitions.survival import class_survival
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept

AHEAD = (0, 5, 10, 20)  # years


def _passages(tables: Tables, asked: Asked) -> Tables:
    found = class_passages(tables["class_changes"])
    if asked.countries:  # one that never changed its class has no row, and is no mistake
        found = found[found["country"].isin(list(asked.countries))].reset_index(drop=True)
    return {"passages": found if asked.countries else passages_by_year(found)}


def _transitions(tables: Tables, asked: Asked) -> Tables:
    history = kept(tables["classes"], asked.countries)
    spans = [class_transitions(history, *span) for span in decades(history)]
    last = history[history["year"] == history["year"].max()]
    counts = plain_classes(last).value_counts().reindex(CLASSES, fill_value=0)
    mobility = pd.DataFrame(
        [(s.first, s.last, *s.mobility()) for s in spans],
        columns=["first", "last", "index", "low", "high"],
    )
    found = {
        "transitions": pd.concat(map(_cells, spans), ignore_index=True),
        "mobility": mobility.dropna(),
    }
    if (spans[-1].counts.sum(axis=1) > 0).all():
        start: Vector = np.divide(counts.to_numpy(), counts.sum())
        ahead = spans[-1].shares_ahead(start, max(AHEAD))
        shares = pd.DataFrame(ahead[list(AHEAD)], columns=list(CLASSES))
        shares.insert(0, "year", [int(last["year"].iloc[0]) + years for years in AHEAD])
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


EXHIBITS = {
    "passages": PaperExhibit(
        said="passages of the three class boundaries, up and down, by year; with --countries each",
        tables=("class_changes",),
        make=_passages,
    ),
    "transitions": PaperExhibit(
        said="yearly transition matrices by decade, mobility, expected shares of classes ahead",
        tables=("classes",),
        make=_transitions,
        note="intervals of 95 % (Jeffreys) take economies' years as independent; shares ahead "
        "are from the matrix of the whole record",
    ),
    "survival": PaperExhibit(
        said="how long upper-middle spells last (Kaplan-Meier, Greenwood)",
        tables=("classes",),
        make=_survival,
        note="spells that begin in the record; both ways out, up and down, end one",
    ),
}
