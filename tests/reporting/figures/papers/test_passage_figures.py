"""Figures of passages: what is drawn is what the tables say."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.errors import DataError
from forecast.reporting.figures.papers.passages import draw_passages
from forecast.reporting.figures.papers.relative_passages import draw_relative_passages
from forecast.reporting.figures.papers.survival import draw_survival
from forecast.reporting.figures.papers.transitions import draw_transitions
from forecast.reporting.figures.style import render
from forecast.sources.package.package import DataPackage
from forecast.structure.transitions.matrices import class_transitions, decades
from forecast.structure.transitions.spells import class_spells
from forecast.structure.transitions.survival import class_survival
from forecast.study.exhibits.classes import EXHIBITS
from forecast.study.exhibits.record import Asked
from forecast.study.exhibits.show import paper_exhibit
from made_exhibits import made_history


def test_bars_are_the_passages(starter: DataPackage):
    """Heights up and down are the table's; a table of single economies is refused."""
    tables = paper_exhibit("passages", starter)
    rows = tables["passages"].query("boundary == 'high'")
    figure = draw_passages(tables, "made up")
    heights = [patch.get_height() for patch in figure.axes[0].patches]

    assert heights == [*rows["up"], *-rows["down"]]
    assert f"{rows['up'].sum()} and {rows['down'].sum()}" in figure.texts[0].get_text()
    with pytest.raises(DataError, match="leave out --countries"):
        draw_passages(paper_exhibit("passages", starter, countries=["KOR"]), "made up")


def test_marks_are_the_economies_that_passed(starter: DataPackage):
    """As many names as passed, each once; the same tables give the same bytes."""
    tables = paper_exhibit("relative_passages", starter)
    figures = [draw_relative_passages(tables, "made up") for _ in range(2)]
    names = [text.get_text() for text in figures[0].axes[0].texts]

    assert sorted(names) == sorted(tables["relative_passages"]["country"])
    assert len({render(figure, "png") for figure in figures}) == 1


def test_decades_have_a_mark_a_class():
    """Four classes in every decade; the whole record is left out."""
    history = made_history()
    asked = Asked(parameters=EXHIBITS["transitions"].parameters)
    tables = EXHIBITS["transitions"].make({"classes": history}, asked)
    lines = draw_transitions(tables, "made up").axes[0].containers
    spans = decades(history)[:-1]

    assert [c.get_label() for c in lines] == [f"{a}-{b}" for a, b in spans]
    shares = [100 * np.diag(class_transitions(history, *span).matrix) for span in spans]
    for container, own in zip(lines, shares, strict=True):
        np.testing.assert_allclose(container.lines[0].get_ydata(), own)


def test_curves_of_survival_sum_to_a_hundred():
    """Still on, up and down at every step."""
    survival = class_survival(class_spells(made_history()))
    lines = draw_survival({"survival": survival}, "made up").axes[0].lines

    np.testing.assert_allclose(sum(np.asarray(line.get_ydata(), float) for line in lines), 100)
