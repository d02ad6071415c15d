"""The figure of growth by group: ranges, means and the economies asked for."""

from __future__ import annotations

import pytest

from forecast.reporting.figures.papers.growth_by_group import draw_growth_by_group
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import paper_exhibit


def test_bars_are_ranges_and_marks_are_means(starter: DataPackage):
    """Yilmaz's 4.3 and 1.93 stand as crosses beside the means; dots are all economies."""
    tables = paper_exhibit("growth_by_group", starter)
    rows = tables["growth_by_group"]
    figure = draw_growth_by_group(tables, "a package")
    ax = figure.axes[0]
    lines = {line.get_marker(): line.get_xdata() for line in ax.lines[:2]}

    assert [p.get_x() for p in ax.patches] == rows["lowest"].tolist()
    assert [p.get_x() + p.get_width() for p in ax.patches] == pytest.approx(rows["highest"])
    assert list(lines["D"]) == rows["mean"].tolist()
    assert list(lines["x"]) == [4.3, 1.93, 4.3, 1.93]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in dots) == len(tables["economies"])
    gap = rows["mean"].iloc[0] - rows["mean"].iloc[1]
    assert f"grew {gap:.1f} points a year faster; Yilmaz has 2.4" in figure.texts[0].get_text()


def test_economies_asked_for_are_named(starter: DataPackage):
    """Those in a group, below its bar; where none is, the words say so."""
    some = paper_exhibit("growth_by_group", starter, countries=["JPN", "BRA"])
    none = paper_exhibit("growth_by_group", starter, countries=["AFG"])
    told = draw_growth_by_group(none, "a package").texts[1].get_text()

    names = {text.get_text() for text in draw_growth_by_group(some, "x").axes[0].texts}
    assert {"JPN", "BRA"} <= names
    assert "None of the economies asked for is in a group of 1950-2005" in told.replace("\n", " ")


def test_a_group_without_economies_is_left_out(starter: DataPackage):
    """The other group alone has no difference to tell."""
    tables = paper_exhibit("growth_by_group", starter)
    rows = tables["growth_by_group"]
    rows = rows[(rows["first"] == 1950) & (rows["group"] == "passed")]
    figure = draw_growth_by_group({**tables, "growth_by_group": rows}, "x")

    assert "one group alone" in figure.texts[0].get_text()
