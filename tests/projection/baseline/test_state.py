"""Where the economy stands: the gap by hand, and the frontier's draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.projection.baseline.state import frontier, frontier_growth, gap_at, gap_paths

ROWS = [
    ("CHN", 2019, 6.0, -1.6),
    ("CHN", 2024, 5.0, -1.4),
    ("USA", 2019, 1.0, 0.0),
    ("USA", 2024, 2.0, 0.0),
]
PANEL = Panel(
    pd.DataFrame(
        ROWS, columns=["country", "year", "growth_output_per_worker", "gap_output_per_worker"]
    ).set_index(["country", "year"]),
    source="t",
    step=5,
)
OUTPUT = "growth_output_per_worker"


def test_gap_is_carried_to_the_last_year_by_hand() -> None:
    """-1.4 at the start of 2020-24, +5 x (5 - 2) %, then 2025 at 4.5 less the mean 1.5 %."""
    recent = pd.Series([5.0, 4.5], index=[2024, 2025])

    found = gap_at(PANEL, "CHN", OUTPUT, recent, 2025, frontier(PANEL))

    assert found == pytest.approx(-1.4 + 0.15 + 0.03)


def test_a_country_without_periods_is_refused() -> None:
    """No growth and gap in any period: the message names the country."""
    with pytest.raises(ProjectionError, match="VNM: no period has both"):
        gap_at(PANEL, "VNM", OUTPUT, pd.Series(dtype=float), 2025, frontier(PANEL))


def test_gap_path_starts_where_it_stands_and_closes_with_relative_growth() -> None:
    """The first gap is today's; each next one moves by growth less the frontier's."""
    leader = frontier(PANEL)
    growth = np.full((4, 10), 5.0)
    ahead = frontier_growth(leader, (4, 10), np.random.default_rng(1), 5)

    found = gap_paths(-1.0, growth, leader, np.random.default_rng(1), 5)

    np.testing.assert_allclose(found[:, 0], -1.0)
    np.testing.assert_allclose(np.diff(found, axis=1), (5.0 - ahead[:, :-1]) / 100)


def test_frontier_draws_have_the_predictive_spread() -> None:
    """A period's growth varies by s sqrt(1 + 1/n) around the mean; blocks are constant inside."""
    leader = frontier(PANEL)
    draws = frontier_growth(leader, (40_000, 10), np.random.default_rng(2), 5)

    # Four standard errors of a standard deviation from 40,000 draws: 1.4 %.
    assert draws[:, 0].std() == pytest.approx(leader.std * np.sqrt(1.5), rel=0.015)
    assert (draws[:, :5] == draws[:, :1]).all()
