"""Figures of a run: no text over another or off the page, looks that grey tells apart."""

from __future__ import annotations

import pytest

from forecast.reporting.figures.exhibits import EXHIBITS, draw_exhibit
from forecast.reporting.findings import Findings
from forecast.reporting.run_folder.results import lettering_of, result_tables
from legible import alike_in_grey, faults_of


@pytest.mark.parametrize("name", EXHIBITS)
def test_a_figure_of_a_run_can_be_read(findings: Findings, name: str) -> None:
    """Titles, ticks, labels, keys and notes of an exhibit keep apart; so do the key's looks."""
    figure = draw_exhibit(name, result_tables(findings), lettering_of(findings))

    assert faults_of(figure) + alike_in_grey(figure) == []
