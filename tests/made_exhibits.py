"""Small made tables of the exhibits that the starter cannot make, in the exhibits' own form."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.study.exhibits.classes import EXHIBITS as CLASSES
from forecast.study.exhibits.record import Asked, Tables
from forecast.study.exhibits.show import paper_exhibit

CHANGE = "5 after less 5 before"
AROUND = ("5 years before", "5 years after", "10 years after", CHANGE)
RULES = ("as cited", "falling shares", "value added alone")


def made_history() -> pd.DataFrame:
    """Return the classes of sixty economies that move at random."""
    rng = np.random.default_rng(1)
    rows = []
    for k in range(60):
        rank = k % 4
        for year in range(1988, 2020):
            rows.append((f"C{k:02d}", year, ("L", "LM", "UM", "H")[rank]))
            rank = int(np.clip(rank + rng.choice([-1, 0, 1], p=[0.05, 0.87, 0.08]), 0, 3))
    return pd.DataFrame(rows, columns=["country", "year", "income_class"])


def made_sectors(entities: int = 1) -> pd.DataFrame:
    """Return a table of three sectors in two years, with prices."""
    rng = np.random.default_rng(2)
    names = [f"Entity {k}" for k in range(entities)]
    keys = pd.MultiIndex.from_product([names, (2000, 2010), ("Farms", "Mills", "Offices")])
    table = keys.to_frame(index=False, name=["entity", "year", "sector"])
    for column in ("value_added", "employment", "nominal_value_added"):
        table[column] = rng.uniform(20, 60, len(table)) * (1 + (table["year"] == 2010))
    return table


def made_hazard() -> pd.DataFrame:
    """Return two terms in three models; the first stands apart from one in all."""
    rows = [
        ("duration", "period", "constant", 0.01, 0.005, 0.02),
        ("duration", "period", "from high", 9.0, 4.5, 17.0),
        ("structure", "period", "from high", 20.0, 8.0, 55.0),
        ("structure", "period", "openness, 10 points", 1.1, 0.9, 1.3),
        ("structure", "five years", "from high", 16.0, 8.0, 30.0),
        ("structure", "five years", "openness, 10 points", 1.2, 1.1, 1.3),
    ]
    table = pd.DataFrame(rows, columns=["model", "means", "term", "ratio", "low", "high"])
    return table.assign(link="cloglog", spells=121, events=44)


def made_growth(change: float = 1.0) -> pd.DataFrame:
    """Return growth around the first flag, below others' before and after it."""
    rows = [
        (rule, said, against, middle, middle - 2.5, middle + 2.5)
        for rule in RULES
        for said in AROUND
        for against in ("never flagged", "not yet flagged")
        for middle in [change if said == CHANGE else -2.0]
    ]
    return pd.DataFrame(rows, columns=["rule", "growth", "against", "difference", "low", "high"])


def made_exhibits() -> dict[str, Tables]:
    """Return the tables of every exhibit that needs a full package or a table of one's own."""
    usual = {name: Asked(parameters=one.parameters) for name, one in CLASSES.items()}
    history: Tables = {"classes": made_history()}
    world = pd.DataFrame({
        "year": 2021, "country": ["CHN", "USA"], "name": ["China", "United States"],
        "share": [60.0, 40.0], "covered": 98.0, "share_carried": [59.0, 41.0],
        "covered_carried": 99.0,
    })  # fmt: skip
    lines = pd.DataFrame({
        "year": [2020, 2021, 2022], "covered": [98.0, 98.0, 70.0],
        "CHN": [55.0, 59.0, 61.0], "USA": [45.0, 41.0, np.nan],
    })  # fmt: skip
    return {
        "transitions": CLASSES["transitions"].make(history, usual["transitions"]),
        "survival": CLASSES["survival"].make(history, usual["survival"]),
        "hazard": {"hazard": made_hazard()},
        "world_manufacturing": {"world_manufacturing": world, "by year": lines},
        "deindustrialisation": {"growth that followed": made_growth()},
        "decomposition": paper_exhibit("decomposition", table=made_sectors()),
    }
