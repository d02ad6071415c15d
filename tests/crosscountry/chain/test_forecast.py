"""Paths of the chain: one set of errors for all horizons, exact draws, blocks that join."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from forecast.crosscountry.chain.choose_vectors import choose_together, choose_vectors
from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import ChainRecord, atlas_sums
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import ChainFit
from forecast.errors import ProjectionError


@pytest.fixture(scope="module")
def fit(simulated_chain: ChainRecord) -> ChainFit:
    """The chain of the simulated world at 2014."""
    return fit_chain(simulated_chain, 2014)


@given(rise=st.floats(-0.5, 1.0), more=st.floats(0.0, 0.5), lasting=st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_probabilities_are_monotone(fit: ChainFit, rise: float, more: float, lasting: int) -> None:
    """Later years, lower lines and shorter stays are no less likely: for every economy."""
    made = forecast_chain(fit, list(fit.state.index)[:20], draws=300, rng=np.random.default_rng(1))
    found = count_passages(made, rise=rise, lasting=lasting)

    assert (np.diff(found.by, axis=1) >= 0).all()
    assert (np.diff(found.back, axis=1) >= 0).all()
    assert (count_passages(made, rise=rise + more, lasting=lasting).by <= found.by).all()
    assert (found.by <= count_passages(made, rise=rise).by).all()
    assert (found.back <= found.by).all()


def test_whole_rounds_of_draws_are_the_enumeration(fit: ChainFit) -> None:
    """As many draws as three times the vectors give the probabilities without Monte Carlo error."""
    every = count_passages(forecast_chain(fit)).by
    draws = 3 * len(fit.errors.year)

    drawn = count_passages(forecast_chain(fit, draws=draws, rng=np.random.default_rng(2))).by

    assert_allclose(drawn, every, rtol=0, atol=1e-12)


def test_draws_tend_to_the_enumeration(fit: ChainFit) -> None:
    """Whole rounds are exact, so the rest's share of the draws bounds the error."""
    size = len(fit.errors.year)
    every = count_passages(forecast_chain(fit)).by
    for draws in (2 * size + 50, 5 * size + 50):
        drawn = count_passages(forecast_chain(fit, draws=draws, rng=np.random.default_rng(3))).by
        assert np.abs(drawn - every).max() <= 50 / draws
        assert (drawn != every).any()


def test_paths_are_means_scales_and_errors(fit: ChainFit) -> None:
    """Income is the identity of its parts, with what the error's own years left."""
    made = forecast_chain(fit)
    now, before = (
        fit.state[c].to_numpy()[:, None, None] for c in ("exchange_now", "exchange_before")
    )

    left = made.income - made.relative[:, None, None] - made.growth
    left -= atlas_sums(made.exchange, now, before)

    assert_allclose(left, fit.errors.remainder[made.vectors], atol=1e-12)
    expected = made.growth_mean[:, None] + made.growth_scale[:, None] * fit.errors.growth
    assert_allclose(made.growth, expected, atol=1e-14)


def test_the_identity_runs_across_the_seam(fit: ChainFit) -> None:
    """Beyond ten years the parts still sum, each block's remainder being a past one, each once."""
    made = forecast_chain(fit, list(fit.state.index)[:3], horizon=20, rng=np.random.default_rng(4))
    now, before = (
        fit.state[c].to_numpy()[:3, None, None] for c in ("exchange_now", "exchange_before")
    )
    left = made.income - made.relative[:, None, None] - made.growth
    left -= atlas_sums(made.exchange, now, before)

    second = left[..., 10:] - left[..., 9:10]
    for one in second:
        assert_allclose(np.sort(one[:, 0]), np.sort(fit.errors.remainder[:, 0]), atol=1e-12)
        assert_allclose(np.sort(one[:, 9]), np.sort(fit.errors.remainder[:, 9]), atol=1e-12)
    assert not np.allclose(second[0], fit.errors.remainder)


def test_later_years_leave_the_first_ten_alone(fit: ChainFit) -> None:
    """A longer horizon from the same seed has the same first ten years."""
    short, long = (
        forecast_chain(fit, draws=200, horizon=h, rng=np.random.default_rng(5)) for h in (10, 27)
    )

    assert_array_equal(long.income[..., :10], short.income)
    assert len(long.years) == long.income.shape[-1] == 27


def test_later_blocks_regress_to_the_worlds_law(
    fit: ChainFit, simulated_chain: ChainRecord
) -> None:
    """In the second block growth slows with the path's own position, as the world's does.

    Growth is .02 - .01 (r + .7) / .7 a year and r falls back at 1/70 a year, so that over ten years
    the slope on the position is near -.01 (1 - (1 - 1/70)^10) 70 = -.094, here estimated within
    a quarter of that.
    """
    slope = fit.later.beta[9, 1]

    assert_allclose(slope, -0.094, rtol=0.25)


def test_joint_draws_share_their_start_year(fit: ChainFit) -> None:
    """In each draw all economies' errors start in one year, and years have their vectors' share."""
    start = fit.errors.year
    chosen = choose_together(start, 5, 2 * len(start), np.random.default_rng(6))

    assert (start[chosen] == start[chosen[0]]).all()
    for row in chosen:
        assert_array_equal(np.bincount(row, minlength=len(start)), 2)
    assert (chosen[0] != chosen[1]).any()


def test_joint_draws_keep_each_economys_probability(fit: ChainFit) -> None:
    """Drawn together or alone, whole rounds give an economy the same probability."""
    size = len(fit.errors.year)
    alone = count_passages(forecast_chain(fit)).by

    joint = forecast_chain(fit, draws=size, rng=np.random.default_rng(7), together=True)

    assert_allclose(count_passages(joint).by, alone, atol=1e-12)


@given(vectors=st.integers(1, 40), draws=st.integers(1, 200))
@settings(max_examples=40, deadline=None)
def test_strata_differ_by_one_at_most(vectors: int, draws: int) -> None:
    """Every vector is taken as often as any other, up to one."""
    counts = np.bincount(
        choose_vectors(vectors, draws, np.random.default_rng(8)), minlength=vectors
    )

    assert counts.sum() == draws
    assert counts.max() - counts.min() <= 1


def test_lasting_and_falling_back_are_counted_path_by_path(fit: ChainFit) -> None:
    """Shares equal those of a plain loop over the paths."""
    made = forecast_chain(fit, list(fit.state.index)[:4], draws=150, rng=np.random.default_rng(9))
    found = count_passages(made, lasting=2)

    for i in range(4):
        by, back = np.zeros(10), np.zeros(10)
        for path in made.income[i]:
            above = path > 0
            first = next((t for t in range(9) if above[t] and above[t + 1]), None)
            if first is not None:
                by[first:] += 1
                fell = [t for t in range(first, 10) if not above[t]]
                if fell:
                    back[fell[0] :] += 1
        assert_allclose(found.by[i], by / 150)
        assert_allclose(found.back[i], back / 150)


@pytest.mark.parametrize("lasting", [1, 2, 3, 10])
def test_runs_of_any_length_are_counted(fit: ChainFit, lasting: int) -> None:
    """Of paths that cross at random a passage is the first of so many years in a row above."""
    made = forecast_chain(fit, list(fit.state.index)[:1], draws=400, rng=np.random.default_rng(9))
    income = np.random.default_rng(10).normal(1.0, 1.0, made.income.shape)
    income[0, :5] = 1.0  # above for good, so that ten years in a row are met
    found = count_passages(replace(made, income=income), lasting=lasting)

    passed = np.zeros((400, 10), dtype=bool)
    for draw, path in enumerate(income[0] > 0):
        starts = [t for t in range(11 - lasting) if path[t : t + lasting].all()]
        passed[draw, min(starts, default=10) :] = True
    assert 0 < passed[:, -1].mean() <= 1
    assert_allclose(found.by[0], passed.mean(axis=0))
    assert_allclose(found.above[0], (income[0] > 0).mean(axis=0))


def test_mistakes_are_named(fit: ChainFit) -> None:
    """An unknown economy, a missing generator and impossible numbers say so."""
    with pytest.raises(ProjectionError, match="XXX"):
        forecast_chain(fit, ["XXX"])
    with pytest.raises(ProjectionError, match="need an rng"):
        forecast_chain(fit, horizon=11)
    with pytest.raises(ProjectionError, match="1 or more"):
        forecast_chain(fit, horizon=0)
    with pytest.raises(ProjectionError, match="1 to 10"):
        count_passages(forecast_chain(fit, list(fit.state.index)[:1]), lasting=11)
