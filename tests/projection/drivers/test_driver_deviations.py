"""Deviations of drivers: variances in closed form, known truth, and what they do to growth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import ProjectionError
from forecast.panel import INDEX, Panel
from forecast.projection.drivers.driver_deviations import (
    DriverSpread,
    change_variance,
    draw_deviations,
    driver_spread,
)


def _panel(persistence: float, spread: float, countries: int, seed: int = 0) -> Panel:
    """Return five-year means of stationary annual autoregressions, eight periods a country."""
    rng = np.random.default_rng(seed)
    state = spread / np.sqrt(1 - persistence**2) * rng.standard_normal((countries, 2))
    annual = np.empty((40, countries, 2))
    for t in range(40):
        state = persistence * state + spread * rng.standard_normal((countries, 2))
        annual[t] = state
    means = annual.reshape(8, 5, countries, 2).mean(axis=1).transpose(1, 0, 2)
    names = [f"C{i:03d}" for i in range(countries)]
    index = pd.MultiIndex.from_product([names, range(1989, 2025, 5)][:2], names=INDEX)
    frame = pd.DataFrame(means.reshape(-1, 2), index=index, columns=["a", "b"])
    return Panel(frame, source="simulated", step=5)


@pytest.mark.parametrize(
    ("persistence", "apart", "expected"),
    [(0.0, 1, 0.4), (0.0, 2, 0.4), (1.0, 1, 3.4), (1.0, 2, 8.4)],
)
def test_change_variance_in_closed_form(persistence: float, apart: int, expected: float) -> None:
    """White noise: 2/n; random walk: (2 n^2 + 1)/(3 n) for neighbours (Working 1960), plus n."""
    assert change_variance(persistence, 5, apart) == pytest.approx(expected, rel=1e-12)


def test_known_truth_is_found() -> None:
    """With 400 countries the own lag and the size of innovations come back.

    Over 20 such panels the lag spreads by 0.01, the size by 2 % around a mean 4 % too large: a
    country's changes turn back, so they vary more around their own mean than independent ones.
    """
    found = driver_spread(_panel(0.9, 0.5, 400), "C000", ["a", "b"])

    np.testing.assert_allclose(found.persistence, 0.9, atol=0.03)
    np.testing.assert_allclose(np.sqrt(np.diag(found.cov)), 0.5, rtol=0.1)


def test_a_restless_country_gets_a_wider_spread_than_the_others() -> None:
    """The country's own changes count, shrunk: between its own size and everyone's."""
    panel = _panel(0.9, 0.5, 60, seed=3)
    frame = panel.frame.copy()
    frame.loc["C000"] = 3 * frame.loc["C000"].to_numpy()
    # Countries must differ for anything to be learnt from one: every third moves half as much.
    for i in range(1, 60, 3):
        frame.loc[f"C{i:03d}"] = frame.loc[f"C{i:03d}"].to_numpy() / 2
    restless = Panel(frame, source="t", step=5)

    own, other = (driver_spread(restless, c, ["a"]).cov[0, 0] for c in ("C000", "C002"))

    assert 1.5 < np.sqrt(own / other) < 4


def test_draws_have_the_variance_that_the_process_says() -> None:
    """Var D_t = q (1 - r^2t)/(1 - r^2), t q for a random walk; 40,000 draws know it to 1 %."""
    spread = DriverSpread(
        drivers=("a", "b"), persistence=np.array([0.5, 1.0]), cov=np.array([[1.0, 0.6], [0.6, 4.0]])
    )

    found = draw_deviations(spread, 40_000, 10, np.random.default_rng(1))

    t = np.arange(1, 11)
    np.testing.assert_allclose(found["a"].var(axis=0), (1 - 0.25**t) / 0.75, rtol=0.03)
    np.testing.assert_allclose(found["b"].var(axis=0), 4.0 * t, rtol=0.03)
    assert np.corrcoef(found["a"][:, 0], found["b"][:, 0])[0, 1] == pytest.approx(0.3, abs=0.03)


def test_too_few_changes_are_refused() -> None:
    """Three countries of eight periods have 21 changes, fewer than are asked for."""
    with pytest.raises(ProjectionError, match="21 changes between periods have all of a, b"):
        driver_spread(_panel(0.9, 0.5, 3), "C000", ["a", "b"])
