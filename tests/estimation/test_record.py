"""An estimate's notes reach the reader: text, HTML and tables of models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.study.sharing.table import table

NOTE = "The matrix of x < y is singular, and this sentence is longer than a line of the summary."


def test_notes_are_said_wherever_the_estimate_is_shown(random_panel: Callable[..., Panel]) -> None:
    """One sentence each: wrapped in text, escaped in HTML, by label under a table of models."""
    found = estimate(random_panel(1), "y ~ x1 + x2", label="Plain", estimator="pooled")
    noted = replace(found, notes=(NOTE,))

    assert f"Note: {NOTE}" in " ".join(str(noted).split())
    assert all(len(line) <= 82 for line in str(noted).splitlines())
    assert f"<p>Note: {NOTE.replace('<', '&lt;')}</p>" in noted._repr_html_()
    escaped = NOTE.replace("<", "&lt;")  # Markdown may hold markup, a note's text is none
    assert f"{found.spec.label}: {escaped}" in table(noted, format="md")
    assert "Note:" not in str(found) + found._repr_html_()
