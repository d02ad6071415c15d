"""Conditional forecasts against the Kalman smoother, dense formulas and brute force."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from scipy import stats

from forecast.errors import EstimationError
from forecast.timeseries.bvar.conditional_forecast import (
    conditional_forecast,
    conditional_moments,
    conditional_response,
)
from forecast.timeseries.bvar.conditions import Condition, on
from forecast.timeseries.bvar.posterior import BvarDraws
from forecast.timeseries.bvar.simulate import mean_path, simulate_bvar

Array = NDArray[np.float64]

NAMES = ("growth", "share", "price")
YEARS = tuple(range(2026, 2034))
H, N = len(YEARS), len(NAMES)


def _system(draws: int, lags: int = 2, seed: int = 1) -> BvarDraws:
    """Return ``draws`` copies of one stable system, all of whose lags matter."""
    rng = np.random.default_rng(seed)
    blocks = [
        (0.45 * np.eye(N) + 0.08 * rng.standard_normal((N, N))) / lag for lag in range(1, 1 + lags)
    ]
    b = np.vstack([rng.standard_normal((1, N)), *blocks])
    root = np.linalg.cholesky(np.cov(rng.standard_normal((N, 12))))
    return BvarDraws(
        coefficients=np.repeat(b[None], draws, axis=0),
        root=np.repeat(root[None], draws, axis=0),
        lags=lags,
    )


HISTORY = np.random.default_rng(2).standard_normal((30, N))


def _dense(parameters: BvarDraws) -> tuple[Array, Array]:
    """Return mean and covariance of the stacked future of the first draw, by whole matrices."""
    p, b, root = parameters.lags, parameters.coefficients[0], parameters.root[0]
    whole = np.eye(H * N)
    for t in range(H):
        for lag in range(1, min(p, t) + 1):
            block = b[1 + (lag - 1) * N : 1 + lag * N].T
            whole[t * N : (t + 1) * N, (t - lag) * N : (t - lag + 1) * N] = -block
    inverse = np.linalg.inv(whole)
    covariance = inverse @ np.kron(np.eye(H), root @ root.T) @ inverse.T
    return mean_path(parameters, HISTORY, H)[0].ravel(), covariance


def _weights(conditions: Sequence[Condition]) -> Array:
    rows = np.zeros((len(conditions), H * N))
    for row, condition in zip(rows, conditions, strict=True):
        for name, year, weight in condition.terms:
            row[(year - YEARS[0]) * N + NAMES.index(name)] += weight
    return rows


@pytest.mark.parametrize("lags", [1, 2, 3])
def test_moments_equal_statsmodels_kalman_smoother(lags: int) -> None:
    """Hard conditions: smoothed means and covariances of VARMAX with the future as missing."""
    from statsmodels.tsa.statespace.varmax import VARMAX

    parameters = _system(1, lags)
    conditions = [
        on("share", 2027, value=1.0),
        on("share", 2030, value=-0.5),
        on("price", 2030, value=2.0),
        on("growth", 2033, value=0.7),
    ]
    future = np.full((H, N), np.nan)
    future.ravel()[np.flatnonzero(_weights(conditions).sum(axis=0))] = [1.0, -0.5, 2.0, 0.7]
    model = VARMAX(np.vstack([HISTORY, future]), order=(lags, 0), trend="c")
    b, root = parameters.coefficients[0], parameters.root[0]
    # statsmodels orders coefficients by equation, then lag, then variable.
    auto = b[1:].T
    found = model.smooth(np.concatenate([b[0], auto.ravel(), root[np.tril_indices(N)]]))
    mean, covariance = conditional_moments(parameters, HISTORY, NAMES, YEARS, conditions)
    # Its state holds deviations from no mean: intercepts enter the transition, so states are y.
    smoothed = found.smoothed_state[:N, -H:].T
    spread = found.smoothed_state_cov[:N, :N, -H:]

    # The smoother runs 30 recursions in double precision.
    assert_allclose(mean[0], smoothed, atol=1e-8)
    for t in range(H):
        some = slice(t * N, (t + 1) * N)
        assert_allclose(covariance[0, some, some], spread[:, :, t], atol=1e-8)


def test_moments_with_sums_and_densities_equal_dense_formulas() -> None:
    """Equality of sums and density conditions: means and covariance by whole matrices."""
    parameters = _system(1)
    conditions = [
        on("growth", 2030, value=1.5),
        on("share", 2028, value=0.3, std=0.2),
        Condition(terms=(("growth", 2031, 1.0), ("price", 2029, -2.0)), value=0.7),
        Condition(terms=(("share", 2031, 0.5), ("share", 2032, 0.5)), value=1.0, std=0.4),
        on("price", 2030, value=-0.2),
    ]
    mean, covariance = _dense(parameters)
    r = _weights(conditions)
    gain = covariance @ r.T @ np.linalg.inv(r @ covariance @ r.T)
    noise = np.diag([0, 0.2, 0, 0.4, 0]) ** 2
    found, spread = conditional_moments(parameters, HISTORY, NAMES, YEARS, conditions)

    # Two exact methods in double precision.
    assert_allclose(
        found[0].ravel(), mean + gain @ ([1.5, 0.3, 0.7, 1.0, -0.2] - r @ mean), atol=1e-10
    )
    wanted = covariance - gain @ r @ covariance + gain @ noise @ gain.T
    assert_allclose(spread[0], wanted, atol=1e-10)


def test_draws_meet_conditions_and_have_the_exact_moments() -> None:
    """Every path meets the hard conditions; moments over paths are the closed form's."""
    draws = 20_000
    conditions = [
        on("growth", 2030, value=1.5),
        Condition(terms=(("growth", 2031, 1.0), ("price", 2029, -2.0)), value=0.7),
        on("share", 2028, value=0.3, std=0.2),
    ]
    paths = conditional_forecast(
        _system(draws), HISTORY, NAMES, YEARS, conditions, np.random.default_rng(3)
    ).reshape(draws, -1)
    mean, covariance = conditional_moments(_system(1), HISTORY, NAMES, YEARS, conditions)
    std = np.sqrt(np.maximum(np.diag(covariance[0]), 1e-20))
    r = _weights(conditions)

    # Rounding of values near 1.
    assert_allclose(paths @ r[:2].T, np.tile([1.5, 0.7], (draws, 1)), atol=1e-10)
    # Five standard errors: 1/141 of a deviation for means, for correlations too.
    assert_allclose(((paths.mean(axis=0) - mean[0].ravel()) / (std + 1e-9)), 0, atol=5 / 141)
    error = np.cov(paths.T) - covariance[0]
    assert np.abs(error / np.outer(std + 1e-2, std + 1e-2)).max() < 5 * np.sqrt(2) / 141
    # A density condition holds over the paths as stated.
    assert stats.kstest(paths @ r[2], stats.norm(0.3, 0.2).cdf).pvalue > 1e-3


def test_intervals_equal_brute_force_rejection() -> None:
    """Intervals: paths have the law of unconditional paths kept when inside, in every year."""
    conditions = [
        on("growth", 2029, low=-0.5, high=0.6),
        on("share", 2031, low=0.0),
        Condition(terms=(("price", 2027, 1.0), ("price", 2030, 1.0)), high=0.5),
    ]
    found = conditional_forecast(
        _system(10_000), HISTORY, NAMES, YEARS, conditions, np.random.default_rng(4)
    ).reshape(10_000, -1)
    free = simulate_bvar(_system(150_000), HISTORY, H, np.random.default_rng(5)).reshape(
        150_000, -1
    )
    value = free @ _weights(conditions).T
    kept = free[
        (value[:, 0] > -0.5) & (value[:, 0] < 0.6) & (value[:, 1] > 0) & (value[:, 2] < 0.5)
    ]

    assert len(kept) > 2000
    inside = found @ _weights(conditions).T
    # Paths are moved onto the bounds' inside by a solve: rounding.
    assert (inside[:, 0] > -0.5 - 1e-9).all()
    assert (inside[:, 0] < 0.6 + 1e-9).all()
    assert (inside[:, 1] > -1e-9).all()
    assert (inside[:, 2] < 0.5 + 1e-9).all()
    # 24 tests of exact draws; the smallest p-value is below 1e-4 in one run of four hundred.
    worst = min(stats.ks_2samp(found[:, i], kept[:, i]).pvalue for i in range(H * N))
    assert worst > 1e-4


def test_intervals_and_values_hold_together() -> None:
    """An interval beside hard values is drawn given them: dense truncated normal as the check."""
    hard, bound = on("share", 2028, value=2.0), on("growth", 2029, low=1.2)
    draws = 10_000
    found = conditional_forecast(
        _system(draws), HISTORY, NAMES, YEARS, [bound, hard], np.random.default_rng(6)
    )
    mean, covariance = conditional_moments(_system(1), HISTORY, NAMES, YEARS, [hard])
    i = 3 * N
    std = np.sqrt(covariance[0, i, i])
    law = stats.truncnorm((1.2 - mean[0, 3, 0]) / std, np.inf, loc=mean[0, 3, 0], scale=std)

    # Rounding.
    assert_allclose(found[:, 2, 1], 2.0, atol=1e-10)
    assert stats.kstest(found[:, 3, 0], law.cdf).pvalue > 1e-3


def test_a_later_condition_moves_earlier_years() -> None:
    """A value at year five changes the forecasts of years one to four, of every variable."""
    before, _ = conditional_moments(_system(1), HISTORY, NAMES, YEARS, [])
    after, _ = conditional_moments(
        _system(1), HISTORY, NAMES, YEARS, [on("growth", YEARS[4], value=5.0)]
    )

    assert (np.abs(after - before)[0, :4] > 1e-4).all()


def test_without_conditions_paths_are_simulated_ones() -> None:
    """No condition: the same numbers as `simulate_bvar`; moments are the unconditional ones."""
    parameters = _system(50)
    paths = conditional_forecast(parameters, HISTORY, NAMES, YEARS, [], np.random.default_rng(7))
    mean, covariance = conditional_moments(_system(1), HISTORY, NAMES, YEARS, [])

    assert_array_equal(paths, simulate_bvar(parameters, HISTORY, H, np.random.default_rng(7)))
    # Two exact methods in double precision.
    assert_allclose(mean[0].ravel(), _dense(_system(1))[0], atol=1e-12)
    assert_allclose(covariance[0], _dense(_system(1))[1], atol=1e-10)


def test_all_lags_enter() -> None:
    """Changing a coefficient of the last lag, or the history it meets, changes the forecast."""
    conditions = [on("share", 2029, value=1.0)]
    parameters = _system(1, lags=3)
    first, _ = conditional_moments(parameters, HISTORY, NAMES, YEARS, conditions)
    coefficients = parameters.coefficients.copy()
    coefficients[0, -1] += 0.2
    other = BvarDraws(coefficients=coefficients, root=parameters.root, lags=3)
    past = HISTORY.copy()
    past[-3, 0] += 1.0

    changed = conditional_moments(other, HISTORY, NAMES, YEARS, conditions)[0] != first
    # The element that is given stays.
    assert changed.sum() == H * N - 1
    moved = conditional_moments(parameters, past, NAMES, YEARS, conditions)[0]
    assert (np.abs(moved - first)[0, 0] > 1e-6).all()


def test_response_is_the_difference_of_two_conditional_means() -> None:
    """Linear: moving the conditions moves the mean by the response; no move gives exact zeros."""
    shift = pd.DataFrame(
        np.random.default_rng(8).standard_normal((H, 2)), index=YEARS, columns=["price", "share"]
    )
    base = [on(n, y, value=0.5) for n in shift for y in YEARS]
    moved = [on(n, y, value=0.5 + float(shift.loc[y, n])) for n in shift for y in YEARS]
    parameters = _system(1)
    one, two = (conditional_moments(parameters, HISTORY, NAMES, YEARS, c)[0] for c in (base, moved))

    # Rounding.
    assert_allclose(conditional_response(parameters, NAMES, shift), two - one, atol=1e-12)
    assert (conditional_response(parameters, NAMES, shift * 0) == 0).all()


def test_everything_conditioned_leaves_nothing_free() -> None:
    """With every variable given in every year, the paths are the conditions."""
    wanted = np.random.default_rng(9).standard_normal((H, N))
    conditions = [
        on(name, year, value=float(wanted[t, i]))
        for t, year in enumerate(YEARS)
        for i, name in enumerate(NAMES)
    ]
    paths = conditional_forecast(
        _system(3), HISTORY, NAMES, YEARS, conditions, np.random.default_rng(10)
    )

    assert_array_equal(paths, np.repeat(wanted[None], 3, axis=0))


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ([on("wages", 2028, value=1.0)], "wages"),
        ([on("share", 2040, value=1.0)], "2026 to 2033"),
        ([on("share", 2028, value=1.0), on("share", 2028, value=2.0)], "contradicts"),
        ([on("share", 2028, value=1.0), on("share", 2028, value=1.0)], "leave one out"),
        ([on("share", 2028, value=1.0), on("share", 2028, low=0.0)], "already settled at 1"),
        ([on("share", 2028, low=1.0), on("share", 2028, high=2.0)], "intersection"),
        ([on("share", 2028, value=1.0), on("share", 2028, value=1.0, std=1.0)], "distribution"),
        (
            [
                on("share", 2028, value=1.0),
                on("price", 2028, value=1.0),
                Condition(terms=(("share", 2028, 1.0), ("price", 2028, 1.0)), value=3.0),
            ],
            "contradicts",
        ),
        ([Condition(terms=(("share", 2028, 1.0), ("share", 2028, -1.0)), value=0.0)], "cancel"),
    ],
)
def test_impossible_sets_are_refused(conditions: list[Condition], message: str) -> None:
    """Unknown names and years, contradictions and repetitions are one message."""
    with pytest.raises(EstimationError, match=message):
        conditional_forecast(
            _system(2), HISTORY, NAMES, YEARS, conditions, np.random.default_rng(1)
        )


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"value": 1.0, "low": 0.0},
        {"low": 2.0, "high": 1.0},
        {"value": np.nan},
        {"value": 1.0, "std": 0.0},
        {"low": 0.0, "std": 1.0},
    ],
)
def test_a_condition_says_one_thing(values: dict[str, float]) -> None:
    """A value, a density or an interval, with finite numbers; nothing else."""
    with pytest.raises(EstimationError, match="condition on share in 2028"):
        on("share", 2028, **values)


def test_an_impossible_interval_is_reported() -> None:
    """Bounds that contradict the model beyond computing are a message, not an endless loop."""
    conditions = [on("growth", 2026, low=1e3), on("growth", 2027, high=-1e3)]
    with pytest.raises(EstimationError, match="all but impossible"):
        conditional_forecast(
            _system(2), HISTORY, NAMES, YEARS, conditions, np.random.default_rng(1)
        )


def test_heavy_tails_cannot_be_conditioned() -> None:
    """The exact method needs normal shocks."""
    parameters = BvarDraws(
        coefficients=_system(2).coefficients, root=_system(2).root, lags=2, tails=np.full(2, 5.0)
    )
    with pytest.raises(EstimationError, match="normal shocks"):
        conditional_forecast(parameters, HISTORY, NAMES, YEARS, [], np.random.default_rng(1))
