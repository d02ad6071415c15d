"""The figure of the usual range of manufacturing and its paths."""

from __future__ import annotations

import pandas as pd

from forecast.reporting.figures.papers.manufacturing_range import draw_manufacturing_range
from forecast.reporting.figures.style import render
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import paper_exhibit


def _tables(starter: DataPackage) -> dict[str, pd.DataFrame]:
    return paper_exhibit("manufacturing_range", starter, parameters={"draws": 0})


def test_paths_end_in_the_last_year_and_carry_its_label(starter: DataPackage) -> None:
    """Six markers where the standing is, six labels with the years, a title that says the first."""
    tables = _tables(starter)
    figure = draw_manufacturing_range(tables, starter.name)
    ax = figure.axes[0]
    ends = {(float(r["income"]), float(r["share"])) for _, r in tables["standing"].iterrows()}
    marks = [line for line in ax.lines if line.get_marker() not in ("None", "", None)]

    assert {(float(m.get_xdata()[0]), float(m.get_ydata()[0])) for m in marks} == ends
    assert len({m.get_marker() for m in marks}) == len(ends) == 6
    said = [text.get_text() for text in ax.texts]
    assert [label[:3] for label in said] == list(tables["standing"]["country"])
    first = tables["standing"].iloc[0]
    assert f"{first['share']:.0f} % of GDP" in figure.texts[0].get_text()


def test_the_same_tables_give_the_same_bytes(starter: DataPackage) -> None:
    """Drawn twice, the PNG is the same."""
    tables = _tables(starter)
    pictures = [render(draw_manufacturing_range(tables, "x"), "png") for _ in range(2)]

    assert pictures[0] == pictures[1]
