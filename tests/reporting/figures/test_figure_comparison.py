"""The figure of scenarios side by side."""

import pandas as pd
import pytest

from forecast import catalog
from forecast.errors import DataError
from forecast.reporting.figures.comparison import draw_comparison
from forecast.reporting.figures.style import Lettering, render

WORDS = Lettering(
    source="made up", country="China", scenarios={"base": "The base", "up": "Up", "same": "Same"},
    kinds={}, models={}, terms={}, variables=catalog.variables(), first_projected=2026,
)  # fmt: skip


def _table() -> pd.DataFrame:
    """Return a scenario like the base, one like another, and one above all."""
    table = pd.DataFrame(
        {"scenario": ["base", "same", "down", "down_too", "up"],
         "like": ["", "base", "", "down", ""], "against": "base", "income_2035": 2e4,
         "income_2030": 1e4, "income_2050": None,
         "income_change_2035": [0.0, 0.1, -2.0, -2.0, 3.0]}
    )  # fmt: skip
    middle = table["income_change_2035"]
    table = table.assign(income_change_2035_low=middle - 1, income_change_2035_high=middle + 2)
    for end in ("_low", "", "_high"):
        table[f"income_change_2030{end}"] = table[f"income_change_2035{end}"] / 2
    return table


def test_dots_by_size_hollow_where_nothing_differs() -> None:
    """The base is the line at zero; only what is like it is hollow, not what is like another."""
    before, ax = draw_comparison(_table(), WORDS).axes  # a panel a projected year

    assert [one.get_title(loc="left") for one in (before, ax)] == ["2030", "2035"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(dot.get_xdata()[0]) for dot in dots] == [3.0, 0.1, -2.0, -2.0]
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, True, False, False]
    assert [t.get_text() for t in before.get_yticklabels()] == ["Up", "Same", "down", "down_too"]
    assert ax.texts[0].get_text() == "+3.0 %"
    ends = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert ends[0] == [2.0, 5.0]
    halves = [line for line in before.lines if line.get_marker() == "o"]
    assert [float(dot.get_xdata()[0]) for dot in halves] == [1.5, 0.05, -1.0, -1.0]


def test_the_same_table_draws_the_same_bytes_and_no_year_is_refused() -> None:
    """Twice the same PNG; no year shown within the horizon is one message."""
    first, second = (render(draw_comparison(_table(), WORDS), "png") for _ in range(2))
    assert first == second
    with pytest.raises(DataError, match="2035"):
        draw_comparison(_table().assign(income_2030=None, income_2035=None), WORDS)
