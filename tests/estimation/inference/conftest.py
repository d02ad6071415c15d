"""Munnell's states as the reference scripts have them."""

from __future__ import annotations

import importlib.util

import pandas as pd
import pytest

from forecast import read_panel
from forecast.panel import Panel
from places import ROOT


@pytest.fixture(scope="session")
def states_frame() -> pd.DataFrame:
    """The frame of pyfixest's script, which needs pyfixest for the rest alone."""
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
    """The same as a panel, unbalanced and with gaps."""
    return read_panel(states_frame, "state", "year", countries="as_is")
