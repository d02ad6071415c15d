"""The figure of world manufacturing: what its bars and lines stand for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.reporting.figures.papers.world_manufacturing import draw_world_manufacturing

WORLD = pd.DataFrame({
    "year": 2021, "country": ["CHN", "USA"], "name": ["China", "United States"],
    "share": [60.0, 40.0], "covered": 98.0, "share_carried": [59.0, 41.0], "covered_carried": 99.0,
})  # fmt: skip
YEARS = pd.DataFrame({
    "year": [2020, 2021, 2022], "covered": [98.0, 98.0, 70.0],
    "CHN": [55.0, 59.0, 61.0], "USA": [45.0, 41.0, np.nan],
})  # fmt: skip


def test_world_lines_are_dotted_after_the_year_shown():
    """Each economy has a full line to the year and a dotted one from it; bars are of the year."""
    tables = {"world_manufacturing": WORLD, "by year": YEARS}
    figure = draw_world_manufacturing(tables, "a package")
    lines, bars = figure.axes

    assert lines.lines[0].get_xdata().tolist() == [2020, 2021]
    assert lines.lines[1].get_ydata().tolist() == [59.0, 61.0]
    assert [bar.get_width() for bar in bars.patches] == [59.0, 41.0]
    assert figure.texts[0].get_text() == "China made 59 % of the world's manufactures in 2021"
