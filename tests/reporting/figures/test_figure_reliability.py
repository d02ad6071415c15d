"""The figure of probabilities said and shares that came."""

import numpy as np
import pandas as pd

from forecast.evaluation.scores.consistency import consistency_bands
from forecast.reporting.figures.reliability import ENOUGH, draw_reliability
from forecast.reporting.figures.style import render


def _table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    tables = []
    for horizon in (1, 5, 10):
        said = rng.beta(0.5, 2, 300)
        event = (rng.uniform(size=300) < said).astype(float)
        found = consistency_bands(event, said, np.arange(300) // 5, rng, samples=50)
        tables.append(found.table.assign(horizon=horizon))
    return pd.concat(tables)


def test_a_panel_a_horizon_and_a_mark_a_tenth() -> None:
    """Three horizons make three panels; marks with enough cases, and no others, are filled."""
    table = _table()

    figure = draw_reliability(table, "made up")

    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["Within 1 year", "Within 5 years", "Within 10 years"]
    for horizon, ax in zip((1, 5, 10), figure.axes, strict=True):
        marks = [line for line in ax.lines if line.get_marker() == "o"]
        rows = table[table["horizon"] == horizon]
        assert [float(m.get_xdata()[0]) for m in marks] == list(rows["forecast"])
        filled = [m.get_markerfacecolor() != "white" for m in marks]
        assert filled == list(rows["n"] >= ENOUGH)


def test_the_same_table_gives_the_same_bytes() -> None:
    """Drawn twice, the PNG is the same."""
    table = _table()

    first, second = (render(draw_reliability(table, "made up"), "png") for _ in range(2))

    assert first == second
