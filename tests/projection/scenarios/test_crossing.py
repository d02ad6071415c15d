"""The crossing year: by hand, and as invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import ProjectionError
from forecast.projection.record import Crossing
from forecast.projection.scenarios.crossing import crossing

YEARS = np.arange(2026, 2032)


def test_first_year_strictly_above_by_hand() -> None:
    """Equal to the line is not above it; a path that never exceeds it has year 0."""
    income = np.array([[1, 2, 3, 1, 1, 1], [2, 2, 2, 2, 2, 2], [3, 1, 1, 1, 1, 1]], dtype=float)
    line = np.full_like(income, 2.0)

    found = crossing(income, line, YEARS)

    assert found.first.tolist() == [2028, 0, 2026]
    assert found.never == pytest.approx(1 / 3)
    assert found.probability(2027) == pytest.approx(1 / 3)


def test_lasting_two_years_by_hand() -> None:
    """A single year above does not count where two in a row are asked; nor does a cut-off run."""
    income = np.array([[3, 1, 3, 3, 1, 1], [1, 1, 1, 1, 1, 3]], dtype=float)

    found = crossing(income, np.full_like(income, 2.0), YEARS, lasting=2)

    assert found.first.tolist() == [2028, 0]


def test_quantile_counts_never_as_later_than_every_year() -> None:
    """With 60 % never crossing, the median does not exist; the 40 % quantile does."""
    income = np.full((5, 6), 1.0)
    income[:2, 3:] = 3.0

    found = crossing(income, np.full_like(income, 2.0), YEARS)

    assert np.isnan(found.quantile(0.5))
    assert found.quantile(0.4) == 2029


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 2.0))
def test_a_higher_line_never_makes_crossing_likelier(seed: int, rise: float) -> None:
    """P(crossed by year) falls weakly in the line, and rises weakly in the year."""
    rng = np.random.default_rng(seed)
    income = rng.standard_normal((50, 6)).cumsum(axis=1)
    line = np.zeros_like(income)

    low, high = crossing(income, line, YEARS), crossing(income, line + rise, YEARS)

    by = [low.probability(int(y)) for y in YEARS]
    assert by == sorted(by)
    assert all(high.probability(int(y)) <= low.probability(int(y)) for y in YEARS)


def test_brownian_first_passage_matches_the_closed_form() -> None:
    """A fine random walk's crossing probability tends to 2 (1 - Phi(b / sqrt T)).

    The discrete walk misses crossings between steps; Broadie, Glasserman and Kou (1997) shift the
    barrier by 0.5826 sigma sqrt(dt) to correct for it. 20,000 paths: two standard errors 0.007.
    """
    from scipy.stats import norm

    rng = np.random.default_rng(1)
    steps, paths, barrier = 400, 20_000, 1.0
    walk = (rng.standard_normal((paths, steps)) / np.sqrt(steps)).cumsum(axis=1)
    found = crossing(walk, np.full_like(walk, barrier), np.arange(1, steps + 1))

    expected = 2 * norm.sf(barrier + 0.5826 / np.sqrt(steps))

    assert found.probability(steps) == pytest.approx(expected, abs=0.008)


@pytest.mark.parametrize("drift", [-0.8, 0.5, 1.5])
@pytest.mark.parametrize("by", [100, 400])
def test_first_passage_with_drift_matches_the_closed_form(drift: float, by: int) -> None:
    """P(max of W_t + mu t over [0, T] > b) is the inverse Gaussian distribution function.

    Phi((mu T - b) / sqrt T) + exp(2 mu b) Phi((-mu T - b) / sqrt T), sigma = 1, with the barrier
    shifted as above for the walk's steps. 20,000 paths: two standard errors 0.007.
    """
    from scipy.stats import norm

    rng = np.random.default_rng(2)
    steps, paths, barrier = 400, 20_000, 1.0
    walk = (drift / steps + rng.standard_normal((paths, steps)) / np.sqrt(steps)).cumsum(axis=1)
    found = crossing(walk, np.full_like(walk, barrier), np.arange(1, steps + 1))

    time, b = by / steps, barrier + 0.5826 / np.sqrt(steps)
    root = np.sqrt(time)
    expected = norm.cdf((drift * time - b) / root) + np.exp(2 * drift * b) * norm.cdf(
        (-drift * time - b) / root
    )

    assert found.probability(by) == pytest.approx(expected, abs=0.008)


def test_shapes_and_lasting_are_checked() -> None:
    """Different shapes, or a run longer than the horizon, are refused."""
    with pytest.raises(ProjectionError, match="differ"):
        crossing(np.ones((2, 3)), np.ones((2, 4)), YEARS[:3])
    with pytest.raises(ProjectionError, match="lasting"):
        crossing(np.ones((2, 3)), np.ones((2, 3)), YEARS[:3], lasting=4)


def test_falling_back_by_hand() -> None:
    """Below in any year after the crossing counts, rising again does not undo it."""
    income = np.array(
        [[3, 1, 3, 3, 3, 3], [1, 3, 3, 3, 3, 3], [1, 1, 1, 1, 1, 1], [1, 3, 3, 3, 3, 1]],
        dtype=float,
    )

    found = crossing(income, np.full_like(income, 2.0), YEARS)

    assert found.fallen().tolist() == [2027, 0, 0, 2031]
    assert found.falls_back(2026) == 0.0
    assert found.falls_back(2027) == pytest.approx(1 / 3)
    assert found.falls_back(2031) == pytest.approx(2 / 3)
    assert [found.standing(year) for year in (2026, 2027, 2031)] == [0.25, 0.5, 0.5]
    assert found.drops(2031) == 1.0  # no path stands above in all years


def test_states_must_have_been_kept() -> None:
    """A record of first years alone cannot say who falls back."""
    bare = Crossing(years=YEARS, first=np.array([2026, 0]))

    with pytest.raises(ProjectionError, match="was not kept"):
        bare.falls_back(2030)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_falling_and_staying_add_up_and_lasting_is_harder(seed: int, lasting: int) -> None:
    """Those that crossed either fall or stay; a longer run is never likelier, nor earlier."""
    walk = np.random.default_rng(seed).standard_normal((60, 6)).cumsum(axis=1)
    line = np.zeros_like(walk)

    one, more = crossing(walk, line, YEARS), crossing(walk, line, YEARS, lasting=lasting + 1)

    for found in (one, more):
        stays = (found.first > 0) & (found.fallen() == 0)
        fell = found.fallen() > 0
        assert ((found.first > 0) == (stays | fell)).all()
        assert (found.fallen()[fell] > found.first[fell]).all()
    held = crossing(walk, line, YEARS, lasting=lasting)
    assert all(more.probability(int(y)) <= held.probability(int(y)) for y in YEARS)
    both = (more.first > 0) & (held.first > 0)
    assert (more.first[both] >= held.first[both]).all()


def test_monte_carlo_error_without_strata_is_the_binomial_one() -> None:
    """sqrt(p (1 - p) / n), in closed form."""
    found = Crossing(years=YEARS, first=np.array([2026] * 30 + [0] * 70))

    assert found.probability_error(2030) == pytest.approx(np.sqrt(0.3 * 0.7 / 100))


def test_monte_carlo_error_with_strata_is_what_repetition_shows() -> None:
    """Two exact choices: the standard deviation over 1,000 runs is the stated error, within 7 %.

    A standard deviation of 1,000 runs has an error of 2.2 %: three of them. In closed form the
    main effects take 0.04 + 0.0306 from p (1 - p) = 0.2494, so that the error is 0.847 of the
    binomial one.
    """
    rng = np.random.default_rng(3)
    shares, stated = [], []
    first, second = np.arange(400) % 2, np.arange(400) // 200
    for _ in range(1000):
        codes = rng.permutation(first), rng.permutation(second)
        chance = 0.1 + 0.4 * codes[0] + 0.35 * codes[1]
        crossed = np.where(rng.random(400) < chance, 2026, 0)
        found = Crossing(years=YEARS, first=crossed, strata=codes)
        shares.append(found.probability(2030))
        stated.append(found.probability_error(2030))

    assert np.std(shares) == pytest.approx(np.mean(stated), rel=0.07)
    assert np.mean(stated) == pytest.approx(0.847 * np.sqrt(0.475 * 0.525 / 400), rel=0.02)


def test_interval_of_a_quantile_covers_the_true_one() -> None:
    """Over 500 samples of 200 the 95 % interval of the median covers it as often, or more.

    Years are discrete, so that coverage is conservative: at least 0.95 less two standard errors
    of 1 %. By hand: ranks 86 and 115 of 200 (binomial quantiles 86 and 114).
    """
    rng = np.random.default_rng(4)
    years = np.arange(2026, 2066)
    inside = []
    for _ in range(500):
        found = Crossing(years=years, first=rng.integers(2026, 2066, 200))
        low, high = found.quantile_interval(0.5)
        inside.append(low <= 2045 <= high)  # P(year <= 2045) is a half exactly
    ordered = Crossing(years=np.arange(1, 201), first=np.arange(1, 201))

    assert np.mean(inside) > 0.95 - 2 * 0.01
    assert ordered.quantile_interval(0.5) == (86.0, 115.0)
