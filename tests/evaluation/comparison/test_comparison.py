"""Comparison tests: R, hand calculation, size and power in simulations."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.evaluation.comparison.bootstrap import confidence_set, superior_ability
from forecast.evaluation.comparison.conditional import conditional_ability
from forecast.evaluation.comparison.losses import losses_by_origin
from forecast.evaluation.comparison.skill import diebold_mariano
from forecast.evaluation.comparison.tests import compare_with_rivals
from places import ROOT


@pytest.mark.parametrize("horizon", [1, 2, 5])
def test_diebold_mariano_is_that_of_r(horizon: int) -> None:
    """Statistic and p-value agree with R's forecast::dm.test to its printed digits."""
    path = ROOT / "tests" / "reference" / "evaluation" / "skill_reference.csv"
    by_r = pd.read_csv(path).set_index("what")["value"]
    t = np.arange(1, 41)
    errors = (
        np.sin(t * 1.7) + 0.3 * np.cos(t * 0.4),
        1.2 * np.sin(t * 1.1 + 0.5) + 0.2 * np.cos(t * 0.9),
    )

    found = diebold_mariano(errors[0] ** 2, errors[1] ** 2, horizon)

    assert_allclose(found.statistic, by_r[f"dm_statistic_{horizon}"], rtol=1e-9)
    assert_allclose(found.p_value, by_r[f"dm_p_{horizon}"], rtol=1e-9)


def test_conditional_ability_by_hand() -> None:
    """Four differences 1, 2, -1, 2 one step ahead: products with (1, last) are summed by hand.

    Moments (2, 2), (-1, -2), (2, -2); mean (1, -2/3); mean of squares [[3, 2/3], [2/3, 4]];
    statistic 3 m'S^-1 m = 3 (4 + 3 * 4/9 + 2 * 4/9) / (12 - 4/9).
    """
    gap = np.array([1.0, 2.0, -1.0, 2.0])

    found = conditional_ability(gap, np.zeros(4), 1)

    statistic = 3 * (4 + 3 * 4 / 9 + 2 * (2 / 3) * (2 / 3)) / (12 - 4 / 9)
    assert_allclose(found.statistic, statistic, rtol=1e-12)
    assert_allclose(found.p_value, np.exp(-statistic / 2), rtol=1e-12)  # chi-square, 2 degrees
    assert (found.n, found.degrees) == (3, 2)


def test_constant_instrument_is_bartlett() -> None:
    """With ones alone it is n mean^2 over the Bartlett long-run variance, uncentred."""
    gap = np.random.default_rng(0).normal(0.2, 1, 50)

    found = conditional_ability(gap, np.zeros(50), 3, np.ones((50, 1)))

    lags = [gap[k:] @ gap[: 50 - k] / 50 for k in range(3)]
    long_run = lags[0] + 2 * (2 / 3 * lags[1] + 1 / 3 * lags[2])
    assert_allclose(found.statistic, 50 * gap.mean() ** 2 / long_run, rtol=1e-12)


def test_size_and_power_of_conditional_ability() -> None:
    """At 5 % it rejects 3 to 8 % of equal forecasts, and nearly all of predictable differences.

    2000 samples of 150: the standard error of a share of 5 % is 0.5 points. A difference that
    follows its last value with 0.5 has mean zero, which a test on average cannot see.
    """
    rng = np.random.default_rng(1)
    equal = rng.normal(size=(2000, 150))
    led = np.zeros((200, 150))
    for t in range(1, 150):
        led[:, t] = 0.5 * led[:, t - 1] + rng.normal(size=200)

    size = np.mean([conditional_ability(g, 0 * g, 1).p_value < 0.05 for g in equal])
    power = np.mean([conditional_ability(g, 0 * g, 1).p_value < 0.05 for g in led])

    assert 0.03 < size < 0.08
    assert power > 0.95


def test_equal_losses_are_not_tested() -> None:
    """Two forecasts with the same losses, or too few origins, give NaN and no error."""
    assert np.isnan(conditional_ability(np.ones(20), np.ones(20), 1).p_value)
    assert np.isnan(conditional_ability(np.arange(3.0), np.ones(3), 2).p_value)


def _losses(rng: np.random.Generator, worse: float) -> pd.DataFrame:
    """Losses of two equally good models and one that is worse, sharing a shock, 60 origins."""
    shared = rng.normal(size=60)
    own = rng.normal(0, 0.5, (60, 3)) + np.array([0, 0, worse])
    return pd.DataFrame(shared[:, None] + own, columns=["a", "b", "worse"])


def test_confidence_set_keeps_the_best() -> None:
    """The best two stay in the 90 % set nearly always, one that is two deviations worse never."""
    rng = np.random.default_rng(2)
    found = pd.DataFrame(
        [confidence_set(_losses(rng, 1.0), 2, rng, samples=200) for _ in range(40)]
    )

    # a set that holds the best with 90 % has it in 30 of 40 samples but with a chance of 0.3 %
    assert (found[["a", "b"]].min(axis=1) > 0.1).sum() >= 30
    assert (found["worse"] > 0.1).sum() == 0


def test_superior_ability_finds_a_better_rival() -> None:
    """Of the worse model the p-value is small, of a best one rarely; bounds are in order."""
    rng = np.random.default_rng(3)
    tables = [_losses(rng, 1.0) for _ in range(30)]
    worse = [superior_ability(t, "worse", 2, rng, samples=200) for t in tables]
    best = [superior_ability(t, "a", 2, rng, samples=200) for t in tables]

    assert max(s.p_value for s in worse) < 0.05
    # 10 % expected of 30; ten or more have a chance of 0.05 %
    assert sum(s.p_value < 0.1 for s in best) < 10
    assert all(s.lower <= s.p_value <= s.upper for s in best + worse)


def test_bootstraps_repeat_with_the_seed() -> None:
    """The same generator state gives the same p-values."""
    losses = _losses(np.random.default_rng(4), 0.2)
    pair = [
        (
            confidence_set(losses, 3, np.random.default_rng(5), samples=100),
            superior_ability(losses, "a", 3, np.random.default_rng(5), samples=100),
        )
        for _ in range(2)
    ]

    pd.testing.assert_series_equal(pair[0][0], pair[1][0], check_exact=True)
    assert pair[0][1] == pair[1][1]


def test_too_small_a_table_is_refused() -> None:
    """One model cannot be compared."""
    with pytest.raises(DataError, match="found 1 models"):
        confidence_set(pd.DataFrame({"a": [1.0, 2, 3]}), 1, np.random.default_rng(0))


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    """Two models over 25 origins and 12 countries at two horizons; ``pool`` is better by half."""
    rng = np.random.default_rng(6)
    index = pd.MultiIndex.from_product(
        [(1, 10), range(1990, 2015), [f"C{i}" for i in range(12)]],
        names=["horizon", "origin", "country"],
    )
    base = rng.gamma(2.0, 1.0, len(index))
    frames = [
        pd.DataFrame({"loss": base * f}, index=index).reset_index().assign(model=name)
        for name, f in (("pool", 0.5), ("drift", 1.0))
    ]
    return pd.concat(frames, ignore_index=True)


def test_losses_are_means_over_countries(cases: pd.DataFrame) -> None:
    """One row an origin; a case that one model lacks counts for none."""
    short = cases.drop(index=0)  # pool's C0 of 1990 at horizon 1

    table = losses_by_origin(short, "loss", 1)

    rows = cases[(cases.horizon == 1) & (cases.origin == 1990) & (cases.country != "C0")]
    assert list(table.columns) == ["pool", "drift"]
    assert_allclose(table.loc[1990], rows.groupby("model")["loss"].mean()[table.columns])


def test_comparison_says_what_is_saved_and_warns(cases: pd.DataFrame) -> None:
    """Half the loss is saved, at one year surely; ten years ahead 25 origins are too few."""
    found = compare_with_rivals(cases, "loss")

    near, far = (found.rivals[found.rivals.horizon == h].iloc[0] for h in (1, 10))
    assert_allclose(found.rivals["saved"], 0.5, rtol=1e-12)
    assert near.dm_p < 0.01
    assert near.gw_p < 0.01
    sets = found.sets.set_index(["horizon", "model"])
    assert sets.loc[(1, "drift"), "mcs_p"] < 0.1 < sets.loc[(1, "pool"), "mcs_p"]
    assert sets.loc[10, "mcs_p"].isna().all()
    assert np.isfinite(far.gw_p)
    assert "by chance alone" in found.caveat
    # Diebold-Mariano's variance ten years ahead is not positive here, so that three tests are left
    assert "3 tests" in found.caveat
