"""What an outcome does so many periods after a shock: a line and its band."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    QUIET,
    RULE,
    blank_figure,
    in_house_style,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 3.6  # inches
LONGEST = 36  # characters of a label in the title
OF = {
    "level": "Level so many periods later",
    "change": "Change since the period before the shock",
    "sum": "Sum of all periods since the shock",
}


@in_house_style
def draw_local_projections(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw responses by horizon, with the interval of each.

    Parameters
    ----------
    tables : mapping
        ``responses``, with columns ``outcome, shock, response_of, level, step`` besides.
    source : str
        The data.

    Raises
    ------
    DataError
        If there is no horizon.
    """
    table = tables["responses"]
    refuse_empty(table, "local_projections", "no horizon")
    first = table.iloc[0]
    figure = blank_figure(
        f"{_short(first['outcome'])}: response to one unit more ({_short(first['shock'])})",
        f"{OF[first['response_of']]}, by periods since; band: intervals of "
        f"{100 * first['level']:g} %, each horizon on its own. A regression a horizon; what goes "
        "with a shock is its effect only where nothing else moves with it.",
        f"Data: {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.09, 0.62 / HEIGHT, 0.87, 1 - 1.42 / HEIGHT))
    ax.axhline(0, color=QUIET, lw=0.9, ls=(0, (4, 2)), zorder=3)
    ax.fill_between(
        table["horizon"], table["conf_low"], table["conf_high"], color=RULE, lw=0, zorder=2
    )
    ax.plot(table["horizon"], table["response"], "o-", ms=4, lw=1.6, color=INK, zorder=4)
    step = int(first["step"])
    ax.set_xlabel(
        "Periods after the shock" if step == 1 else f"Periods of {step} years after the shock"
    )
    ax.locator_params(axis="x", integer=True)
    ax.margins(x=0.02)
    return figure


def _short(label: str) -> str:
    return textwrap.shorten(label, LONGEST, placeholder=" ...")
