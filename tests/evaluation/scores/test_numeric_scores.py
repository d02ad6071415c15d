"""Scores of numeric forecasts against integrals, closed forms and hand calculation."""

import numpy as np
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm, t

from forecast.evaluation.scores import scores

Y = np.array([-3.0, 0.0, 0.4, 7.0])
MEAN = np.array([0.5, 0.0, 1.0, 2.0])
SCALE = np.array([1.0, 2.0, 0.5, 3.0])
DEGREES = np.array([3.0, 5.0, 10.0, 30.0])


def _crps_by_integral(y: float, cdf) -> float:
    left = quad(lambda x: cdf(x) ** 2, -np.inf, y)[0]
    return left + quad(lambda x: (1 - cdf(x)) ** 2, y, np.inf)[0]


def test_crps_normal_is_the_integral() -> None:
    """The closed form equals the integral of the squared gap of distribution functions."""
    expected = [
        _crps_by_integral(y, norm(m, s).cdf) for y, m, s in zip(Y, MEAN, SCALE, strict=True)
    ]

    assert_allclose(scores.crps_normal(Y, MEAN, SCALE), expected, rtol=1e-6)


def test_crps_t_is_the_integral() -> None:
    """The closed form equals the integral of the squared gap of distribution functions."""
    expected = [
        _crps_by_integral(y, t(d, m, s).cdf)
        for y, m, s, d in zip(Y, MEAN, SCALE, DEGREES, strict=True)
    ]

    assert_allclose(scores.crps_t(Y, MEAN, SCALE, DEGREES), expected, rtol=1e-6)


def test_crps_t_tends_to_normal() -> None:
    """With many degrees of freedom the Student t score is the normal one."""
    many = np.full(4, 1e6)

    assert_allclose(
        scores.crps_t(Y, MEAN, SCALE, many), scores.crps_normal(Y, MEAN, SCALE), rtol=1e-5
    )


def test_crps_at_the_mean_of_a_standard_normal() -> None:
    """At the centre the score is (sqrt 2 - 1) / sqrt pi."""
    found = scores.crps_normal(np.zeros(1), np.zeros(1), np.ones(1))

    assert_allclose(found, (np.sqrt(2) - 1) / np.sqrt(np.pi), rtol=1e-14)


def test_crps_sample_by_hand() -> None:
    """Draws 1, 2, 4 and outcome 2: mean distance 1, half the mean gap of pairs 12/9/2."""
    found = scores.crps_sample(np.array([2.0]), np.array([[4.0, 1.0, 2.0]]))

    assert_allclose(found, [1 - 12 / 9 / 2], rtol=1e-14)


def test_crps_sample_tends_to_the_closed_form() -> None:
    """Many draws give the normal score (Monte Carlo error about 0.2 %)."""
    draws = np.random.default_rng(1).standard_normal((1, 200_000))

    found = scores.crps_sample(np.array([0.7]), draws)

    assert_allclose(found, scores.crps_normal(np.array([0.7]), np.zeros(1), np.ones(1)), rtol=0.01)


def test_energy_of_one_dimension_is_the_crps() -> None:
    """Paths of one horizon have the continuous ranked probability score of their draws."""
    draws = np.random.default_rng(3).standard_normal((4, 50))

    found = scores.energy_sample(Y[:, None], draws[:, :, None])

    assert_allclose(found, scores.crps_sample(Y, draws), rtol=1e-12)


def test_energy_by_hand() -> None:
    """Draws (0, 0) and (3, 4), outcome (0, 0): mean distance 2.5, less half of 10 / 4."""
    found = scores.energy_sample(np.zeros((1, 2)), np.array([[[0.0, 0.0], [3.0, 4.0]]]))

    assert_allclose(found, [2.5 - 1.25], rtol=1e-12)


def test_energy_prefers_the_right_dependence() -> None:
    """Outcomes that move together are scored better by paths that do (mean of 2,000 cases)."""
    rng = np.random.default_rng(4)
    outcome = np.tile(rng.standard_normal((2000, 1)), 3)
    together = np.tile(rng.standard_normal((2000, 60, 1)), 3)
    apart = rng.standard_normal((2000, 60, 3))

    right, wrong = (scores.energy_sample(outcome, d).mean() for d in (together, apart))

    assert right < wrong - 0.02


def test_log_scores_are_minus_log_densities() -> None:
    """The log score is minus the log of scipy's density."""
    assert_allclose(scores.log_score_t(Y, MEAN, SCALE, DEGREES), -t(DEGREES, MEAN, SCALE).logpdf(Y))


def test_point_scores_by_hand() -> None:
    """Errors 1 and -3: RMSE sqrt 5, MAE 2, bias -1."""
    outcome, forecast = np.array([2.0, 5.0]), np.array([3.0, 2.0])

    assert_allclose(scores.rmse(outcome, forecast), np.sqrt(5))
    assert scores.mae(outcome, forecast) == 2
    assert scores.bias(outcome, forecast) == -1


def test_interval_score_is_two_pinball_losses() -> None:
    """The interval score is the sum of both ends' pinball losses times 2 / (1 - coverage)."""
    low, high = MEAN - SCALE, MEAN + SCALE

    both = scores.pinball(Y, low, 0.1) + scores.pinball(Y, high, 0.9)

    assert_allclose(scores.interval_score(Y, low, high, 0.8), both * 10)


def test_right_densities_are_calibrated() -> None:
    """Outcomes drawn from the forecasts: 80 % are covered, PITs are even (4 standard errors)."""
    rng = np.random.default_rng(2)
    n = 20_000
    mean, scale, degrees = np.zeros(n), np.full(n, 2.0), np.full(n, 4.0)
    y = scale * rng.standard_t(4, n)
    ends = [scores.quantile_t(mean, scale, degrees, q) for q in (0.1, 0.9)]

    assert abs(scores.covered(y, *ends).mean() - 80) < 4 * 100 * np.sqrt(0.16 / n)
    pit = scores.pit_t(y, mean, scale, degrees)
    assert abs(np.histogram(pit, 10, (0, 1))[0] - n / 10).max() < 4 * np.sqrt(n * 0.09)


def test_transforms_and_quantiles_are_scipys() -> None:
    """Of four Student t forecasts with means and scales of their own; one undoes the other."""
    forecasts = t(DEGREES, MEAN, SCALE)

    assert_allclose(scores.pit_t(Y, MEAN, SCALE, DEGREES), forecasts.cdf(Y), rtol=1e-10)
    quantile = scores.quantile_t(MEAN, SCALE, DEGREES, 0.3)
    assert_allclose(quantile, forecasts.ppf(0.3), rtol=1e-8)
    assert_allclose(scores.pit_t(quantile, MEAN, SCALE, DEGREES), 0.3, rtol=1e-10)
