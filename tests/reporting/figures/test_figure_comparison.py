"""The figure of scenarios side by side, and the table in it."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from forecast import catalog
from forecast.errors import DataError
from forecast.reporting.figures.comparison import draw_comparison
from forecast.reporting.figures.style import FAINT, INK, Lettering, render
from legible import faults_of

WORDS = Lettering(
    source="made up", country="China", scenarios={"base": "The base", "up": "Up", "same": "Same"},
    kinds={}, models={}, terms={}, variables=catalog.variables(), first_projected=2026,
)  # fmt: skip


def _table() -> pd.DataFrame:
    """Return a scenario like the base, one like another, and one above all, unlike from 2035."""
    table = pd.DataFrame(
        {"scenario": ["base", "same", "down", "down_too", "up"],
         "like": ["", "base", "", "down", ""], "against": "base", "income_2035": 2e4,
         "income_2030": 1e4, "income_2050": None,
         "income_change_2035": [0.0, 0.1, -2.0, -2.0, 3.0],
         "differs_2035": [False, False, True, True, True],
         "differs_2030": [False, False, True, True, False],
         "p_2030": 0.8, "p_2035": [0.9, 0.9, 0.88, 0.88, 0.93],
         "p_change_2035": [0, 0, -0.02, -0.02, 0.03],
         "p_error_2035": [0.0, 0.01, 0.02, 0.02, 0.01], "median_year": 2027.0,
         "year_p10": 2026.0, "year_p90": np.nan, "growth_to_2035": 2.5,
         "growth_change_2035": [0.0, 0.0, -0.3, -0.3, 0.31],
         "precedent_years": [np.nan, 10, 10, 10, 25],
         "precedent_windows": [np.nan, 300, 300, 0, 60],
         "precedent_share": [np.nan, 0.5, 0.0, np.nan, 0.04]}
    )  # fmt: skip
    middle = table["income_change_2035"]
    table = table.assign(income_change_2035_low=middle - 1, income_change_2035_high=middle + 2)
    for end in ("_low", "", "_high"):
        table[f"income_change_2030{end}"] = table[f"income_change_2035{end}"] / 2
    return table


def _moves() -> pd.DataFrame:
    """Return two drivers of one scenario, one of them told from zero, and a mixture's."""
    return pd.DataFrame(
        {"scenario": ["up", "up", "down"], "driver": ["rd_gdp", "mht_share", "exports_gdp"],
         "year": 2035, "change": [0.852, 5.5, -7.0], "includes_zero": [False, True, True],
         "part_year": [2035.0, 2035.0, np.nan], "part_income": [1061.4, -38.2, np.nan]}
    )  # fmt: skip


def _drawn() -> Figure:
    return draw_comparison(_table(), _moves(), WORDS)


def _dots(ax: Axes) -> list[tuple[float, bool]]:
    """Return where dots are, and which of them are hollow and grey."""
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    for dot in dots:
        hollow = dot.get_markerfacecolor() == "white"
        assert dot.get_color() == (FAINT if hollow else INK)
    return [(float(d.get_xdata()[0]), d.get_markerfacecolor() == "white") for d in dots]


def test_dots_by_size_hollow_and_grey_in_the_years_that_do_not_differ() -> None:
    """The base is the line at zero; a scenario may differ in one year and not in another."""
    before, ax = _drawn().axes  # a panel a projected year

    heads = [one.get_title(loc="left") for one in (before, ax)]
    assert heads == ["2030: 10,000 US$", "2035: 20,000 US$"]
    assert _dots(ax) == [(3.0, False), (0.1, True), (-2.0, False), (-2.0, False)]
    assert _dots(before) == [(1.5, True), (0.05, True), (-1.0, False), (-1.0, False)]
    assert [t.get_text() for t in before.get_yticklabels()] == ["Up", "Same", "down", "down_too"]
    assert ax.texts[0].get_text() == "+3.0 %"
    assert [t.get_color() for t in ax.texts] == [INK, FAINT, INK, INK]
    ends = [segment[:, 0].tolist() for bar in ax.collections for segment in bar.get_segments()]
    assert ends[0] == [2.0, 5.0]


def test_the_table_has_what_a_reader_asks_of_each_scenario() -> None:
    """Drivers with parts and stars, growth, passage, precedent; grey what is not told."""
    said = {text.get_text(): text.get_color() for text in _drawn().texts}

    for cell in (
        "R&D +0.85 (+1,061);", "Medium and high-tech* +5.5 (-38)", "Exports* -7.0", "2.50 (+0.31)",
        "93.0 %", "(+3.0)", "2027", "(2026-later)", "4.0 % of 60,", "25 years", "none of 300,",
        "no record", "Drivers, change by 2035", "(and part of income 2035, US$)",
    ):  # fmt: skip
        assert cell in {one.replace("\u00a0", " ") for one in said}
    assert said["(+3.0)"] == said["2.50 (-0.30)"] == INK
    assert said["(-2.0)"] == said["2.50 (+0.00)"] == FAINT


@pytest.mark.parametrize("many", [1, 3, 8, 20])
def test_rows_of_the_table_stay_above_its_note_and_below_the_panels(many: int) -> None:
    """However many scenarios and long names: no text beyond the figure, none over another."""
    names = ["base", *(f"an_illustration_of_number_{i}" for i in range(many))]
    table = pd.concat([_table().iloc[[0]], *[_table().iloc[[4]]] * many], ignore_index=True)
    table["scenario"] = names
    moves = pd.concat([_moves().assign(scenario=name) for name in names[1:]])
    labels = {
        name: f"{name} of all orientations and of all risks at once, in step and soon"
        for name in names
    }
    words = Lettering(
        source="made up", country="China", scenarios=labels, kinds={}, models={}, terms={},
        variables=catalog.variables(), first_projected=2026,
    )  # fmt: skip
    figure = draw_comparison(table, moves, words)

    assert faults_of(figure) == []
    axis = min(ax.get_tightbbox().y0 for ax in figure.axes)
    heads = [text for text in figure.texts if text.get_text() == "Scenario"]
    assert heads[0].get_window_extent().y1 < axis


def test_the_same_table_draws_the_same_bytes_and_no_year_is_refused() -> None:
    """Twice the same PNG; no year shown within the horizon is one message."""
    first, second = (render(_drawn(), "png") for _ in range(2))
    assert first == second
    with pytest.raises(DataError, match="2035"):
        draw_comparison(_table().assign(income_2030=None, income_2035=None), _moves(), WORDS)
    nothing = _moves().iloc[:0]
    assert render(draw_comparison(_table(), nothing, WORDS), "png")
