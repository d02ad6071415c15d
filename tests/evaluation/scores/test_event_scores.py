"""Ranked, isotonic and discrimination scores against R, hand calculation and identities."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.evaluation.crossing.groups import crossing_by_group, decade, origin_class
from forecast.evaluation.scores.discrimination import roc_area, roc_curve
from forecast.evaluation.scores.isotonic_scores import isotonic_parts
from forecast.evaluation.scores.probability_scores import brier, brier_parts
from forecast.evaluation.scores.ranked_scores import ranked_probability
from forecast.evaluation.scores.scores import crps_sample
from places import ROOT


@pytest.fixture(scope="module")
def by_r() -> pd.Series:
    """Numbers that R printed."""
    path = ROOT / "tests" / "reference" / "evaluation" / "skill_reference.csv"
    return pd.read_csv(path).set_index("what")["value"]


@pytest.fixture(scope="module")
def forty() -> tuple[np.ndarray, np.ndarray]:
    """The forty events and probabilities of the R script."""
    t = np.arange(1, 41)
    said = ((t * 37) % 41) / 41
    return (((t * 53) % 47) / 47 < said).astype(float), said


def test_isotonic_parts_are_those_of_r(
    by_r: pd.Series, forty: tuple[np.ndarray, np.ndarray]
) -> None:
    """Miscalibration and discrimination agree with base R's isoreg to its printed digits."""
    parts = isotonic_parts(*forty)

    assert_allclose(parts.miscalibration, by_r["miscalibration"], rtol=1e-10)
    assert_allclose(parts.discrimination, by_r["discrimination"], rtol=1e-10)


def test_isotonic_parts_sum_to_the_score() -> None:
    """Without bins nothing is lost, ties included; no part is negative."""
    rng = np.random.default_rng(5)
    said = rng.choice(np.linspace(0, 1, 23), 400)
    event = (rng.uniform(size=400) < said**2).astype(float)

    parts = isotonic_parts(event, said)

    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert_allclose(total, brier(event, said).mean(), rtol=1e-12)
    assert min(parts.miscalibration, parts.discrimination) > 0
    assert (np.diff(parts.recalibrated[np.argsort(said)]) >= -1e-15).all()


def test_binned_parts_and_the_part_within_sum_to_the_score() -> None:
    """Reliability - resolution + uncertainty + within is the Brier score itself, any forecasts."""
    rng = np.random.default_rng(6)
    said = rng.uniform(size=300)
    event = (rng.uniform(size=300) < said).astype(float)

    parts = brier_parts(event, said)

    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert_allclose(total, brier(event, said).mean(), rtol=1e-12)
    assert abs(parts.within) > 1e-5


def test_roc_area_is_that_of_r(by_r: pd.Series, forty: tuple[np.ndarray, np.ndarray]) -> None:
    """The area is Wilcoxon's statistic over the number of pairs, as base R gives it."""
    assert_allclose(roc_area(*forty), by_r["roc_area"], rtol=1e-12)


def test_roc_by_hand() -> None:
    """Two events said 0.8 and 0.4, two others 0.4 and 0.1: 3.5 of 4 pairs in order."""
    event, said = np.array([1.0, 1, 0, 0]), np.array([0.8, 0.4, 0.4, 0.1])

    curve = roc_curve(event, said)

    assert_allclose(curve["threshold"], [np.inf, 0.8, 0.4, 0.1])
    assert_allclose(curve["hits"], [0, 0.5, 1, 1])
    assert_allclose(curve["false_alarms"], [0, 0, 0.5, 1])
    assert_allclose(roc_area(event, said), 3.5 / 4)
    assert np.isnan(roc_area(np.ones(3), said[:3]))


def test_ranked_score_is_the_crps_of_the_year() -> None:
    """Of the year of passing (1, 2, 3 or never = 4) it is the CRPS of the draws of that year."""
    rng = np.random.default_rng(7)
    draws, year = rng.integers(1, 5, (6, 50)), rng.integers(1, 5, 6)
    by = np.arange(1, 4)

    said = (draws[:, :, None] <= by).mean(axis=1)
    found = ranked_probability((year[:, None] <= by).astype(float), said)

    assert_allclose(found, crps_sample(year.astype(float), draws.astype(float)), rtol=1e-12)


def test_groups_average_to_the_whole() -> None:
    """Means by group, weighted with their cases, are the means of all; groups are as published."""
    cases = pd.DataFrame({
        "model": "pool", "horizon": 10, "country": list("AABB"), "origin": [1999, 2000] * 2,
        "probability": [0.2, 0.4, 0.6, 0.9], "event": [0.0, 1.0, 1.0, 1.0],
    })  # fmt: skip
    classes = pd.DataFrame({
        "country": list("AABB"), "year": [1999, 2000] * 2,
        "income_class": ["LM*", "UM", "UM", "UM"],
    })  # fmt: skip

    by_decade = crossing_by_group(cases, decade(cases))
    by_class = crossing_by_group(cases, origin_class(cases, classes))

    assert list(by_decade["group"]) == ["1990s", "2000s"]
    assert_allclose(by_decade["said"], [0.4, 0.65])
    assert list(by_class["group"]) == ["LM", "UM"]
    assert_allclose(by_class["brier"], [0.04, (0.36 + 0.16 + 0.01) / 3])
    assert_allclose(by_class["n"] @ by_class["came"] / 4, 0.75)
