"""Slowdowns and accelerations of growth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.structure.growth_episodes import accelerations, slowdowns
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept

SLOW_BASE, PWT_BASE = 2005, 2011  # years of the PPP dollars
RULE = {"span": 7, "growth": 3.5, "change": 2}  # years; % a year; points
FIGURE = "papers.episodes:draw_growth_episodes"


def _slowdowns(tables: Tables, asked: Asked) -> Tables:
    parts = tables["sdr_parts"]
    usa = parts[(parts["country"] == "USA") & (parts["variable"] == "gdp_deflator_inflation")]
    rise = usa.loc[usa["year"].between(SLOW_BASE + 1, PWT_BASE), "value"]
    if len(rise) != PWT_BASE - SLOW_BASE:
        raise DataError(f"slowdowns: no US deflator of all years {SLOW_BASE + 1}-{PWT_BASE}")
    found = slowdowns(
        _income(kept(tables["pwt91"], asked.countries)),
        least_income=asked.parameters["income"] * float(np.prod(1 + rise / 100)),
        **_rule(asked),
    )
    return {"slowdowns": _chosen(found)}


def _accelerations(tables: Tables, asked: Asked) -> Tables:
    pwt = kept(tables["pwt91"], asked.countries).dropna(subset=["rgdpna", "pop"])
    own = pwt.sort_values("year").groupby("country")["pop"].agg(["size", "last"])
    years, people = asked.parameters["years"], asked.parameters["people"]
    large = own.index[(own["size"] >= years) & (own["last"] >= people)]
    if large.empty:
        raise DataError(
            f"accelerations: no economy of {people:g} million people with {years:g} years on record"
        )
    found = accelerations(
        _income(pwt[pwt["country"].isin(large)]),
        apart=int(asked.parameters["apart"]),
        **_rule(asked),
    )
    return {"accelerations": _chosen(found)}


def _rule(asked: Asked) -> dict[str, Any]:
    return {
        "span": int(asked.parameters["span"]),
        "least_growth": asked.parameters["growth"] / 100,
        "least_change": asked.parameters["change"] / 100,
    }


def _income(pwt: pd.DataFrame) -> pd.DataFrame:
    """Return GDP per head, years by countries, at 2011 PPPs and national growth."""
    wide = pwt.assign(income=pwt["rgdpna"] / pwt["pop"]).pivot(
        index="year", columns="country", values="income"
    )
    return wide.reindex(range(int(wide.index.min()), int(wide.index.max()) + 1))


def _chosen(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["chosen"]].drop(columns="chosen").reset_index(drop=True)


EXHIBITS = {
    "slowdowns": PaperExhibit(
        said="slowdowns of growth per head (Eichengreen, Park and Shin 2012)",
        tables=("pwt91", "sdr_parts"),
        make=_slowdowns,
        parameters={**RULE, "income": 10_000},
        figure=FIGURE,
        note="10,000 US$ of 2005 brought to 2011 with the US deflator; oil exporters are in",
    ),
    "accelerations": PaperExhibit(
        said="accelerations of growth per head (Hausmann, Pritchett and Rodrik 2005)",
        tables=("pwt91",),
        make=_accelerations,
        parameters={**RULE, "apart": 5, "years": 20, "people": 1},
        figure=FIGURE,
        note="economies of people million in the last year, with that many years on record",
    ),
}
