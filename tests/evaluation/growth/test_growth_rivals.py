"""The rivals against hand calculation, closed forms and least squares."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from forecast.crosscountry.history import History, growth_history, known_rates
from forecast.evaluation.growth.rivals import (
    GROWTH_RIVALS,
    Rival,
    alone,
    autoregression,
    drift,
    rival_points,
)
from forecast.sources.package.package import DataPackage


def _steady(rates: list[float], years: int = 26) -> History:
    """Return economies of constant growth, % a year, the first of them the United States."""
    logs = np.outer(np.arange(years), rates) / 100
    shares = np.full(logs.shape, 0.2)
    return History(
        years=np.arange(1950, 1950 + years),
        countries=("USA", *(f"C{i}" for i in range(1, len(rates)))),
        log_output=logs,
        log_level=logs,
        population=np.ones(logs.shape),
        human_capital=shares,
        investment=shares,
        exports=shares,
        imports=shares,
        government=shares,
    )


def test_rivals_by_hand() -> None:
    """Two economies of constant growth 1 and 3: means 1 and 3, world 2, shrunk 1.7 and 2.3."""
    everyone = np.ones(2, dtype=bool)

    simple = (
        "zero_drift", "drift", "country_mean", "world_mean", "fixed_shrinkage", "long_shrinkage",
    )  # fmt: skip

    found = rival_points(_steady([1.0, 3.0]), (5, 9), simple, [everyone])

    assert_allclose(found["zero_drift"], np.zeros((1, 2, 2)))
    for model in ("drift", "country_mean"):
        assert_allclose(found[model], [[[1, 3], [1, 3]]])
    assert_allclose(found["world_mean"], np.full((1, 2, 2), 2.0))
    for model in ("fixed_shrinkage", "long_shrinkage"):
        assert_allclose(found[model], [[[1.7, 2.3], [1.7, 2.3]]])


def test_only_rivals_that_pool_depend_on_the_others() -> None:
    """Of the second economy alone the world's mean is its own; the others do not move."""
    sets = [np.array([True, True]), np.array([False, True])]

    found = rival_points(_steady([1.0, 3.0]), (5,), ("world_mean", "drift"), sets)

    assert_allclose(found["world_mean"], [[[2, 2]], [[np.nan, 3]]])
    assert_allclose(found["drift"], [[[1, 3]], [[np.nan, 3]]])


def test_rivals_that_do_not_pool_say_so_rightly(starter: DataPackage) -> None:
    """A rival not marked as pooling gives an economy the same numbers among others and alone.

    To 1e-9: sums over columns are taken in another order.
    """
    history = growth_history(starter.panel("pwt91")).through(1990)
    many = known_rates(history.growth(), 20)
    few = many & (np.arange(len(many)) % 7 == 0)
    for name, rival in GROWTH_RIVALS.items():
        among, apart = (rival.forecast(history, (1, 10), s)[:, few] for s in (many, few))

        assert np.isfinite(among).all(), name
        assert np.allclose(among, apart, rtol=1e-9) != rival.pools, name


def test_a_model_of_each_economy_slots_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function of growth (T, N) and horizons becomes a rival in one line."""
    monkeypatch.setitem(GROWTH_RIVALS, "last", alone(lambda g, h: np.tile(g[-1], (len(h), 1))))

    found = rival_points(_steady([1.0, 3.0]), (5,), ("last",), [np.array([False, True])])

    assert isinstance(GROWTH_RIVALS["last"], Rival)
    assert_allclose(found["last"], [[[np.nan, 3]]])


def test_autoregression_is_the_iterated_one() -> None:
    """The closed form of the average equals iterating growth forward year by year."""
    rng = np.random.default_rng(10)
    growth = rng.standard_normal((60, 1)) + 2
    growth[1:] += 0.5 * growth[:-1]
    x = np.column_stack([np.ones(59), growth[:-1, 0]])
    constant, slope = np.linalg.lstsq(x, growth[1:, 0], rcond=None)[0]
    path, last = [], growth[-1, 0]
    for _ in range(7):
        last = constant + slope * last
        path.append(last)

    assert_allclose(autoregression(growth, (7,)), [[np.mean(path)]], rtol=1e-10)


def test_drift_of_a_gap_is_of_what_is_known() -> None:
    """A missing rate among the last ten is left out of their mean."""
    growth = np.arange(1.0, 13.0)[:, None]
    growth[5] = np.nan

    assert_allclose(drift(growth, (1,)), [[(3 + 4 + 5 + 7 + 8 + 9 + 10 + 11 + 12) / 9]])


def test_convergence_is_least_squares(starter: DataPackage) -> None:
    """Constant and slope are those of numpy's least squares over all known pairs."""
    history = growth_history(starter.panel("pwt91")).through(1990)
    eligible = known_rates(history.growth(), 20)
    logs, gap = history.log_output[:, eligible], history.relative_level()[:, eligible]
    y, x = (100 * (logs[5:] - logs[:-5]) / 5).ravel(), gap[:-5].ravel()
    known = np.isfinite(y) & np.isfinite(x)
    constant, slope = np.linalg.lstsq(
        np.column_stack([np.ones(known.sum()), x[known]]), y[known], rcond=None
    )[0]

    found = GROWTH_RIVALS["convergence"].forecast(history, (5,), eligible)

    assert_allclose(found[0, eligible], constant + slope * gap[-1], rtol=1e-9)
    assert np.isnan(found[0, ~eligible]).all()


def test_convergence_without_pairs_is_the_mean() -> None:
    """Where no pair's outcome is known, as beyond the past's length, the mean rate is said."""
    short = _steady([1.0, 3.0], years=6)

    found = GROWTH_RIVALS["convergence"].forecast(short, (10,), np.ones(2, dtype=bool))

    assert_allclose(found, [[2, 2]])
