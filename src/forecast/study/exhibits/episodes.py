"""Slowdowns and accelerations of growth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.structure.growth_episodes import accelerations, slowdowns
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept

SLOW_INCOME, SLOW_BASE, PWT_BASE = 10_000.0, 2005, 2011  # PPP dollars of these years
LEAST_YEARS, LEAST_PEOPLE = 20, 1.0  # of Hausmann, Pritchett and Rodrik; millions


def _slowdowns(tables: Tables, asked: Asked) -> Tables:
    parts = tables["sdr_parts"]
    usa = parts[(parts["country"] == "USA") & (parts["variable"] == "gdp_deflator_inflation")]
    rise = usa.loc[usa["year"].between(SLOW_BASE + 1, PWT_BASE), "value"]
    if len(rise) != PWT_BASE - SLOW_BASE:
        raise DataError(f"slowdowns: no US deflator of all years {SLOW_BASE + 1}-{PWT_BASE}")
    least = SLOW_INCOME * float(np.prod(1 + rise / 100))
    found = slowdowns(_income(kept(tables["pwt91"], asked.countries)), least_income=least)
    return {"slowdowns": _chosen(found)}


def _accelerations(tables: Tables, asked: Asked) -> Tables:
    pwt = kept(tables["pwt91"], asked.countries).dropna(subset=["rgdpna", "pop"])
    own = pwt.sort_values("year").groupby("country")["pop"].agg(["size", "last"])
    large = own.index[(own["size"] >= LEAST_YEARS) & (own["last"] >= LEAST_PEOPLE)]
    if large.empty:
        raise DataError("accelerations: no economy of a million people with 20 years on record")
    found = accelerations(_income(pwt[pwt["country"].isin(large)]))
    return {"accelerations": _chosen(found)}


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
        note="10,000 US$ of 2005 brought to 2011 with the US deflator; oil exporters are in",
    ),
    "accelerations": PaperExhibit(
        said="accelerations of growth per head (Hausmann, Pritchett and Rodrik 2005)",
        tables=("pwt91",),
        make=_accelerations,
        note="economies of a million people in the last year, with 20 years on record",
    ),
}
