"""Class and income: known counts, a known logit, certain paths; revisions of the base year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.crosscountry.base_revision import revise_base, revised_away_chance
from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.class_entry import (
    ClassEntry,
    class_entry_chance,
    classified_by,
    fit_class_entry,
)


def _events(n: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    margin = rng.uniform(0, 0.2, n)
    chance = 1 / (1 + np.exp(0.5 - 10 * margin))
    return pd.DataFrame({
        "country": "AAA", "year": 2010, "margin": margin, "above": True,
        "high": rng.random(n) < chance, "was_high": 0.0,
    })  # fmt: skip


def test_a_known_logit_is_found() -> None:
    """Constant -.5 and slope 1 a tenth; four standard errors of 4,000 cases, below .15 and .12."""
    entry = fit_class_entry(_events(4000), 2012)

    assert_allclose(entry.constant, -0.5, atol=4 * 0.07)
    assert_allclose(entry.slope, 1.0, atol=4 * 0.06)


def test_later_classes_are_not_read() -> None:
    """Nor those of sixteen years and more before; without any the chance is one half."""
    for origin in (2009, 2026):
        entry = fit_class_entry(_events(50), origin)
        assert (entry.n, entry.constant, entry.slope) == (0, 0.0, 0.0)
    assert_allclose(class_entry_chance(entry, np.array([0.1, -0.1])), [0.5, 0.0])


def test_a_certain_class_is_passing(simulated_chain: ChainRecord) -> None:
    """With a chance of one the class comes with income; with one half later, never sooner."""
    made = forecast_chain(fit_chain(simulated_chain, 2010), ["C000", "C001", "C002"], horizon=6)
    by = count_passages(made).by

    certain = ClassEntry(constant=50.0, slope=0.0, n=0, entered=0)
    half = ClassEntry(constant=0.0, slope=0.0, n=0, entered=0)

    assert_allclose(classified_by(made, certain), by, atol=1e-12)
    assert_allclose(classified_by(made, half)[:, 0], by[:, 0] / 2, atol=1e-12)
    assert (classified_by(made, half) <= by + 1e-12).all()


def test_revisions_move_whole_paths(simulated_chain: ChainRecord) -> None:
    """Every path by one amount, which has the distribution given: here even from -2 to 6 %."""
    made = forecast_chain(fit_chain(simulated_chain, 2010), ["C000", "C001"], horizon=3)

    moved = revise_base(made, [0, 1], [-0.02, 0.06], np.random.default_rng(0))

    step = moved.income - made.income
    assert_allclose(step, np.broadcast_to(step[..., :1], step.shape), atol=1e-12)
    assert_allclose(step.mean(axis=1), 0.02, atol=1e-9)
    assert_allclose([step.min(), step.max()], [-0.02, 0.06], atol=1e-3)


@pytest.mark.parametrize(("margin", "chance"), [(0.0, 0.25), (0.01, 0.125), (0.03, 0.0)])
def test_revised_away_by_hand(margin: float, chance: float) -> None:
    """Of revisions even from -2 to 6 % a quarter is below nought."""
    found = revised_away_chance(np.array(margin), [0, 1], [-0.02, 0.06])

    assert_allclose(found, chance, atol=1e-12)
