"""Scores of probabilities against hand calculation and identities."""

import numpy as np
from numpy.testing import assert_allclose

from forecast.evaluation.scores.probability_scores import (
    brier,
    brier_parts,
    log_score_event,
    reliability_table,
)


def test_brier_and_log_score_by_hand() -> None:
    """A probability of 0.7 scores 0.09 and -log 0.7 if the event came, else 0.49 and -log 0.3."""
    event, said = np.array([1.0, 0.0]), np.array([0.7, 0.7])

    assert_allclose(brier(event, said), [0.09, 0.49])
    assert_allclose(log_score_event(event, said), -np.log([0.7, 0.3]))


def test_certainty_of_what_did_not_come_is_infinitely_bad() -> None:
    """A probability of 1 for what did not happen has an infinite log score."""
    assert np.isinf(log_score_event(np.zeros(1), np.ones(1)))[0]


def test_parts_sum_to_the_score_of_binned_forecasts() -> None:
    """Reliability less resolution plus uncertainty is the Brier score where bins hold one value."""
    rng = np.random.default_rng(3)
    said = rng.choice([0.05, 0.35, 0.65], 500)
    event = (rng.uniform(size=500) < 0.3).astype(float)

    parts = brier_parts(event, said)

    total = parts.reliability - parts.resolution + parts.uncertainty
    assert_allclose(total, brier(event, said).mean(), rtol=1e-12)


def test_reliability_band_holds_right_probabilities() -> None:
    """Events drawn with the probabilities said lie in most 90 % bands; reversed ones in few."""
    rng = np.random.default_rng(4)
    said = rng.uniform(size=5000)
    event = (rng.uniform(size=5000) < said).astype(float)

    right, wrong = reliability_table(event, said), reliability_table(1 - event, said)

    inside = [
        ((r.observed >= r.band_low) & (r.observed <= r.band_high)).sum() for r in (right, wrong)
    ]
    assert inside[0] >= 8
    assert inside[1] <= 2
