"""What a reader of a figure stumbles over: text on text, text off the page, looks alike in grey."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.offsetbox import DrawingArea, HPacker, TextArea
from matplotlib.patches import Patch
from matplotlib.text import Text

SLACK = 1.0  # pixels of a box's edge, in which no ink stands
APART = 0.12  # of lightness, 0 to 1: a tenth is seen in print, with a margin


def texts_of(figure: Figure) -> list[Text]:
    """Return all text that is drawn, wherever it is; of ticks those within the axes."""
    away = {
        label
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not ax.axison or not _within(tick.get_loc(), axis.get_view_interval())
    }
    found = [text for text in figure.findobj(Text) if text not in away]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _within(place: float, view: tuple[float, float]) -> bool:
    edge = 1e-9 * abs(view[1] - view[0])
    return min(view) - edge <= place <= max(view) + edge


def faults_of(figure: Figure) -> list[str]:
    """Return each pair of texts that overlap, and each text that leaves the page."""
    figure.draw_without_rendering()
    width, height = figure.bbox.width, figure.bbox.height
    # an annotation without its arrow
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts_of(figure)]
    faults = [
        f"{said!r} leaves the page"
        for said, box in boxes
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    for (said, one), (other_said, other) in combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        along = min(one.y1, other.y1) - max(one.y0, other.y0)
        if across > SLACK and along > SLACK:
            faults.append(f"{said!r} is on {other_said!r}")
    return faults


def alike_in_grey(figure: Figure) -> list[str]:
    """Return pairs of a legend's entries that neither lightness, marker, dash nor hatch parts."""
    faults = []
    keys = [*figure.legends, *(k for ax in figure.axes if (k := ax.get_legend()))]
    for key in keys:
        looks = [(area.get_text(), *_look(drawn)) for drawn, area in _entries(key)]
        for (said, light, shape), (other_said, other, other_shape) in combinations(looks, 2):
            if shape == other_shape and abs(light - other) < APART:
                faults.append(f"{said!r} looks like {other_said!r}")
    return faults


def _entries(key: Legend) -> list[tuple[list[Artist], TextArea]]:
    """Return what each entry draws beside its words."""
    rows = [row for row in key.findobj(HPacker) if len(row.get_children()) == 2]
    pairs = [row.get_children() for row in rows]
    return [(a.get_children(), b) for a, b in pairs if isinstance(a, DrawingArea)]


def _look(drawn: list[Artist]) -> tuple[float, tuple[object, ...]]:
    """Return lightness, and what else tells an entry: hatch, or marker, filling and dash."""
    patches = [one for one in drawn if isinstance(one, Patch)]
    if patches:
        return _grey(patches[0].get_facecolor()), (patches[0].get_hatch() or "",)
    lines = [one for one in drawn if isinstance(one, Line2D)]
    marked = [one for one in lines if str(one.get_marker()).strip().lower() not in ("none", "")]
    line = (marked or lines)[0]
    hollow = _grey(line.get_markerfacecolor()) > 0.95
    return _grey(line.get_color()), (line.get_marker(), hollow, str(line._unscaled_dash_pattern))


def _grey(colour: Any) -> float:
    """Return lightness by the weights of Rec. 601, as a printer's grey has it."""
    red, green, blue, alpha = to_rgba(colour)
    return 1 - alpha * (1 - (0.299 * red + 0.587 * green + 0.114 * blue))
