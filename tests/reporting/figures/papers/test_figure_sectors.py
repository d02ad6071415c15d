"""Figures of growth accounts and of world manufacturing: what the bars and lines stand for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.reporting.figures.papers.growth_parts import draw_growth_accounting
from forecast.reporting.figures.papers.world_manufacturing import draw_world_manufacturing

ACCOUNTS = pd.DataFrame({
    "country": ["CHN", "CHN", "USA"], "name": ["China", "China", "United States"],
    "first": [1990, 2000, 1990], "last": [2000, 2010, 2000],
    "capital": [2.0, 1.0, 9.0], "human_capital": [0.5, 0.5, 9.0], "tfp": [-1.0, 4.0, 9.0],
    "output_per_worker": [1.5, 5.5, 27.0],
})  # fmt: skip
WORLD = pd.DataFrame({
    "year": 2021, "country": ["CHN", "USA"], "name": ["China", "United States"],
    "share": [60.0, 40.0], "covered": 98.0, "share_carried": [59.0, 41.0], "covered_carried": 99.0,
})  # fmt: skip
YEARS = pd.DataFrame({
    "year": [2020, 2021, 2022], "covered": [98.0, 98.0, 70.0],
    "CHN": [55.0, 59.0, 61.0], "USA": [45.0, 41.0, np.nan],
})  # fmt: skip


def test_bars_are_the_parts_of_the_first_economy():
    """Heights and bottoms: what takes away hangs below zero; the largest source is named."""
    figure = draw_growth_accounting({"growth_accounting": ACCOUNTS}, "a package")
    ax = figure.axes[0]
    bars = [(bar.get_y(), bar.get_height()) for bar in ax.patches]

    assert bars == [(0, 2.0), (0, 1.0), (2.0, 0.5), (1.0, 0.5), (0, -1.0), (1.5, 4.0)]
    assert ax.lines[0].get_ydata().tolist() == [1.5, 5.5]
    assert len({bar.get_hatch() for bar in ax.patches}) == 3
    title = figure.texts[0].get_text()
    assert title.startswith("China: capital per worker was the largest source")


def test_largest_source_may_be_tfp():
    """The sum over the spans, weighted by their years, decides."""
    rows = ACCOUNTS.assign(tfp=[3.0, 4.0, 0.0])
    figure = draw_growth_accounting({"growth_accounting": rows}, "a package")

    assert "TFP was the largest source" in figure.texts[0].get_text()


def test_world_lines_are_dotted_after_the_year_shown():
    """Each economy has a full line to the year and a dotted one from it; bars are of the year."""
    tables = {"world_manufacturing": WORLD, "by year": YEARS}
    figure = draw_world_manufacturing(tables, "a package")
    lines, bars = figure.axes

    assert lines.lines[0].get_xdata().tolist() == [2020, 2021]
    assert lines.lines[1].get_ydata().tolist() == [59.0, 61.0]
    assert [bar.get_width() for bar in bars.patches] == [59.0, 41.0]
    assert figure.texts[0].get_text() == "China made 59 % of the world's manufactures in 2021"
