"""Texts of the figures of a run: none is drawn over another."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from forecast.reporting.figures.exhibits import EXHIBITS, draw_exhibit
from forecast.reporting.findings import Findings
from forecast.reporting.run_folder.results import lettering_of, result_tables

if TYPE_CHECKING:
    from matplotlib.transforms import Bbox

TOUCHING = 1.5  # pixels of 100 an inch by which boxes of neighbouring lines may meet


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Return pairs of visible texts whose boxes overlap, tick labels outside the axes left out."""
    figure.draw_without_rendering()
    away = {
        label
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not _within(tick.get_loc(), axis.get_view_interval()) or not label.get_visible()
    }
    shown = [
        (text.get_text(), Text.get_window_extent(text))  # an annotation without its arrow
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and text not in away
    ]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(shown, 2)
        if _shared(a, b, "x") > TOUCHING and _shared(a, b, "y") > TOUCHING
    ]


def _within(place: float, view: tuple[float, float]) -> bool:
    return min(view) - 1e-9 <= place <= max(view) + 1e-9


def _shared(a: Bbox, b: Bbox, side: str) -> float:
    low, high = f"{side}0", f"{side}1"
    return float(min(getattr(a, high), getattr(b, high)) - max(getattr(a, low), getattr(b, low)))


@pytest.mark.parametrize("name", EXHIBITS)
def test_no_text_is_drawn_over_another(findings: Findings, name: str) -> None:
    """Titles, ticks, labels, keys and notes of an exhibit keep apart."""
    figure = draw_exhibit(name, result_tables(findings), lettering_of(findings))

    assert overlaps(figure) == []


def test_an_overlap_is_seen() -> None:
    """Two words at one place are found, two beside each other are not."""
    figure = Figure(figsize=(4, 2))
    figure.text(0.1, 0.5, "here")
    figure.text(0.11, 0.5, "there")
    figure.text(0.6, 0.5, "elsewhere")

    assert overlaps(figure) == [("here", "there")]
