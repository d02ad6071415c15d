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
    """Return all text that is drawn: titles, labels, ticks within the axes, legends, notes."""
    found = [*figure.texts]
    for legend in figure.legends:
        found += [*legend.get_texts(), legend.get_title()]
    for ax in figure.axes:
        found += [*ax.texts, ax.title, ax._left_title, ax._right_title]  # type: ignore[attr-defined]
        if legend := ax.get_legend():
            found += [*legend.get_texts(), legend.get_title()]
        if not ax.axison:
            continue
        found += [ax.xaxis.label, ax.yaxis.label]
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(limits)
            edge = 1e-9 * (high - low)
            inside = [t for t in axis.get_major_ticks() if low - edge <= t.get_loc() <= high + edge]
            found += [tick.label1 for tick in inside if tick.label1.get_visible()]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def faults_of(figure: Figure) -> list[str]:
    """Return each pair of texts that overlap, and each text that leaves the page."""
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(figure)]
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
