"""The figure of the scorecard: a bar, a line and a dot a row, all inside the page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.reporting.figures.papers.milestones import EDGE, draw_milestones
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.record import Tables
from forecast.study.exhibits.show import paper_exhibit


@pytest.fixture(scope="module")
def china(starter: DataPackage) -> Tables:
    """Return China's scorecard on the starter."""
    return paper_exhibit("milestones", starter)


def test_a_bar_a_line_and_a_dot_a_row(china: Tables):
    """Dots lie at their distance, at the edge beyond it; a hollow one is imputed."""
    card = china["milestones"]

    (ax,) = draw_milestones(china, "made up").axes
    dots = [line for line in ax.lines if line.get_marker() in set("o<>")]

    assert len(ax.patches) == len(dots) == len(card)
    at = [float(np.ravel(dot.get_xdata())[0]) for dot in dots]
    assert at == pytest.approx(card["distance"].clip(-EDGE, EDGE).tolist())
    hollow = [dot.get_markerfacecolor() == "white" for dot in dots]
    assert hollow == card["imputed"].tolist()
    outside = [dot.get_marker() != "o" for dot in dots]
    assert outside == (card["distance"].abs() > EDGE).tolist()


def test_a_bar_has_the_width_of_one(china: Tables):
    """The unit of the axis is the middle half's own width."""
    (ax,) = draw_milestones(china, "made up").axes

    assert [bar.get_width() for bar in ax.patches] == pytest.approx([1] * len(ax.patches))


def test_gaps_are_listed_and_nothing_leaves_the_page(china: Tables):
    """Every gap's name stands in one line of text; all text lies within the figure."""
    figure = draw_milestones(china, "made up")
    figure.canvas.draw()
    texts = [*figure.texts, *figure.axes[0].texts, *figure.axes[0].get_yticklabels()]
    listed = " ".join(t.get_text() for t in figure.texts).replace("\n", " ").lower()

    for what in china["gaps"]["what"]:
        assert what.partition(",")[0].lower() in listed
    width, height = figure.canvas.get_width_height()
    for text in texts:
        box = text.get_window_extent()
        assert 0 <= box.x0 <= box.x1 <= width, text.get_text()
        assert 0 <= box.y0 <= box.y1 <= height, text.get_text()


def test_nothing_to_draw_is_said(china: Tables):
    """A scorecard without quartiles has no figure."""
    empty = china["milestones"].assign(distance=np.nan)

    with pytest.raises(DataError, match="no indicator is known of enough economies"):
        draw_milestones({**china, "milestones": pd.DataFrame(empty)}, "made up")
