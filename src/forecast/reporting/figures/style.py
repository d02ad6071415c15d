"""One look for every figure, and its bytes: the only file that imports matplotlib."""

from __future__ import annotations

import functools
import io
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import numpy as np

from forecast.arrays import Vector
from forecast.errors import DataError
from forecast.specs.line import HIGH
from forecast.variables import Variables

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")

PUBLISHERS = "World Bank, Penn World Table, United Nations"
DPI = 160
WIDTH = 7.6
INK, QUIET, FAINT, RULE = "#1a1a1a", "#595959", "#9a9a9a", "#d9d9d9"
KIND_COLOUR = {
    "baseline": "#000000",
    "policy": "#1f5a9e",
    "risk": "#c4431c",
    "opportunity": "#4d7c2a",
    "benchmark": "#6f6f6f",
    "mixture": "#7a3e8e",
}
KIND_DASH: dict[str, Any] = {
    "baseline": "-",
    "policy": "-",
    "risk": (0, (5, 2)),
    "opportunity": (0, (8, 1.5)),
    "benchmark": (0, (1.2, 1.4)),
    "mixture": (0, (6, 1.5, 1.2, 1.5)),
}
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h", "*")

# Parts of a bar: lightness alternates and hatches differ, so that they stay apart in grey.
BAR_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": "#1f5a9e", "hatch": ""},
    {"color": "#f2c48d", "hatch": "///"},
    {"color": "#5b8c3a", "hatch": "..."},
    {"color": "#e3e3e3", "hatch": ""},
    {"color": "#c4431c", "hatch": "\\\\\\"},
    {"color": "#cfe3f5", "hatch": "xxx"},
    {"color": "#7a3e8e", "hatch": "---"},
    {"color": "#ffffff", "hatch": "+++"},
)

HOUSE_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 8.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.3,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "highincome-forecast",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """The words of a figure that its table does not hold.

    Attributes
    ----------
    source : str
        Line at the foot: package, vintage, own calculations.
    country : str
        Subject, as sentences name it.
    scenarios : dict of scenario to label, in order; the first is the baseline
    kinds : dict of scenario to kind
    models : dict of model to label, in order
    terms : dict of regressor to label
    variables : Variables
    first_projected : int
        First year that is not published.
    line : str
        The line that income is measured against.
    """

    source: str
    country: str
    scenarios: Mapping[str, str]
    kinds: Mapping[str, str]
    models: Mapping[str, str]
    terms: Mapping[str, str]
    variables: Variables
    first_projected: int
    line: str = HIGH.label

    @property
    def baseline(self) -> str:
        """Name of the first scenario."""
        return next(iter(self.scenarios))


def in_house_style(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Run a drawing function under the house style alone, whatever the user's own settings."""

    @functools.wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        import matplotlib

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(HOUSE_STYLE)
            return draw(*args, **kwargs)

    return styled


def blank_figure(title: str, subtitle: str, source: str, height: float) -> Figure:
    """Return a figure of the house's width with its title, subtitle and source line.

    ``height`` is in inches. The subtitle may take two lines: panels and their headings begin
    0.6 inches below the top and end 0.3 inches above the foot. A notebook shows the figure.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    # without pyplot a notebook would print the figure's size in its place
    figure._repr_png_ = functools.partial(_notebook_png, figure)  # type: ignore[attr-defined]
    inch = 1 / height
    figure.text(0.012, 1 - 0.08 * inch, title, size=11, weight="bold", va="top")
    lines = textwrap.fill(subtitle, 118)
    figure.text(0.012, 1 - 0.31 * inch, lines, size=8.5, color=QUIET, va="top", linespacing=1.35)
    foot = textwrap.fill(source, 128)
    figure.text(0.012, 0.07 * inch, foot, size=7.2, color=QUIET, va="bottom", linespacing=1.3)
    return figure


def _notebook_png(figure: Figure) -> tuple[bytes, dict[str, int]]:
    """Return what IPython asks of an object that is a picture, and how wide it is shown."""
    return render(figure, "png"), {"width": round(100 * WIDTH)}


def render(figure: Figure, kind: Literal["png", "svg"]) -> bytes:
    """Return the figure's bytes, the same for the same figure.

    The date is left out of SVG, whose identifiers are salted with a constant; the version of the
    drawing library is left out of both.
    """
    import matplotlib

    metadata: dict[str, Any] = {"Software": None}
    if kind == "svg":
        metadata = {"Date": None, "Creator": None}
    stream = io.BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(HOUSE_STYLE)
        figure.savefig(stream, format=kind, dpi=DPI, metadata=metadata)
    return stream.getvalue()


def line_styles(lettering: Lettering) -> dict[str, dict[str, Any]]:
    """Return line properties by scenario.

    The kind sets colour and dash, the scenario its marker, so that all stay apart in grey; the
    baseline is thick and bare.
    """
    lines: dict[str, dict[str, Any]] = {}
    free = iter(MARKERS * (1 + len(lettering.scenarios) // len(MARKERS)))
    for name in lettering.scenarios:
        if name == lettering.baseline:
            lines[name] = {"color": INK, "linewidth": 2.2, "linestyle": "-", "zorder": 4}
            continue
        kind = lettering.kinds.get(name, "policy")
        lines[name] = {
            "color": KIND_COLOUR[kind],
            "linestyle": KIND_DASH[kind],
            "linewidth": 1.2,
            "marker": next(free),
            "markersize": 4.2,
            "markerfacecolor": "white",
            "markeredgewidth": 1.0,
            "zorder": 3,
        }
    return lines


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions near the wanted ones, at least ``gap`` apart, within ``low`` and ``high``.

    The least-squares solution (pool adjacent violators), so that labels move as little as they
    can. Where they do not fit, the gap shrinks to what there is.
    """
    count = len(wanted)
    if count > 1:
        gap = min(gap, (high - low) / (count - 1))
    order = np.argsort(np.asarray(wanted, dtype=float), kind="stable")
    shifted = [float(wanted[i]) - gap * rank for rank, i in enumerate(order)]
    blocks: list[tuple[float, int]] = []
    for value in shifted:
        mean, size = value, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        blocks.append((mean, size))
    flat = [mean for mean, size in blocks for _ in range(size)]
    placed = [0.0] * count
    for rank, i in enumerate(order):
        inside = min(max(flat[rank], low), high - gap * (count - 1))
        placed[i] = inside + gap * rank
    return placed


def refuse_empty(table: pd.DataFrame, figure: str, said: str) -> None:
    """Say that a figure has nothing to draw, where its table has no row."""
    if table.empty:
        raise DataError(f"figure {figure}: nothing to draw: {said}")


def stack_bars(
    ax: Axes, parts: Sequence[Vector], *, across: bool = False, width: float = 0.62
) -> None:
    """Stack parts at 0, 1, ... in the order of `BAR_LOOKS`; what is negative hangs below zero.

    ``parts`` holds a vector a part, with a value a bar; ``across`` lays the bars down.
    """
    place = np.arange(len(parts[0]))
    above, below = np.zeros(len(place)), np.zeros(len(place))
    for part, look in zip(parts, BAR_LOOKS, strict=False):
        start = np.where(part >= 0, above, below)
        if across:
            ax.barh(place, part, width, left=start, edgecolor=INK, lw=0.5, **look)
        else:
            ax.bar(place, part, width, bottom=start, edgecolor=INK, lw=0.5, **look)
        above, below = above + np.maximum(part, 0), below + np.minimum(part, 0)
    (ax.axvline if across else ax.axhline)(0, color=INK, lw=0.9)


def draw_bar_key(
    figure: Figure, names: Mapping[str, str], columns: int, bottom: float, whole: str = ""
) -> None:
    """Write the key of stacked bars, in the order of `BAR_LOOKS`; ``whole`` names the diamond."""
    ax = figure.add_axes((0, 0, 1, 1), frameon=False)
    ax.set_axis_off()
    handles: list[Any] = [
        ax.barh([np.nan], [np.nan], edgecolor=INK, lw=0.5, label=label, **look)
        for label, look in zip(names.values(), BAR_LOOKS, strict=False)
    ]
    if whole:
        handles += ax.plot([], [], ls="", marker="D", ms=5, color=INK, label=whole)
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.005, bottom), ncols=columns,
        columnspacing=1.8, labelspacing=0.45, borderaxespad=0.2,
    )  # fmt: skip


def label_ends(
    ax: Axes, ends: Mapping[str, tuple[float, float, str]], gap: float, aside: float = 1.05
) -> None:
    """Write labels right of the axes, each joined to the end of its line.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With its final limits.
    ends : dict of label to (x, y, colour)
    gap : float
        Least distance between labels, as a share of the axes' height.
    aside : float
        Where the labels begin, as a share of the axes' width.
    """
    low, high = ax.get_ylim()
    heights = [(y - low) / (high - low) for _, y, _ in ends.values()]
    for (label, (x, y, colour)), place in zip(
        ends.items(), spread(heights, gap, 0.0, 1.0), strict=True
    ):
        ax.annotate(
            label,
            xy=(x, y),
            xytext=(aside, place),
            textcoords="axes fraction",
            va="center",
            size=7.8,
            color=colour,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "lw": 0.6,
                "shrinkA": 1,
                "shrinkB": 3,
                "relpos": (0.0, 0.5),
            },
        )
