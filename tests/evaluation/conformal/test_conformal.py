"""Conformal correction: exact coverage, the long run under drift, nothing known too early."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from forecast.evaluation.conformal.adaptive import adaptive_quantiles
from forecast.evaluation.conformal.conformal import conformal_quantile
from forecast.evaluation.conformal.intervals import conformal_coverage, conformal_intervals


@pytest.mark.parametrize("n", [4, 9, 10, 37])
def test_coverage_of_exchangeable_scores_is_exact(n: int) -> None:
    """A new score lies at or below with probability ceil(0.8 (n + 1)) / (n + 1), any law.

    20,000 samples: four standard errors of the share are 0.0113.
    """
    scores = np.random.default_rng(n).standard_cauchy((20000, n + 1))

    held = np.mean([row[-1] <= conformal_quantile(row[:-1], 0.8) for row in scores])

    assert_allclose(held, np.ceil(0.8 * (n + 1) - 1e-9) / (n + 1), atol=0.0113)


def test_too_few_scores_promise_nothing() -> None:
    """Three scores cannot hold 80 %: the quantile is infinite."""
    assert np.isinf(conformal_quantile(np.arange(3.0), 0.8))
    assert conformal_quantile(np.arange(3.0), 0.0) == -np.inf


@pytest.mark.parametrize("delay", [1, 5])
def test_adaptive_coverage_holds_in_the_long_run(delay: int) -> None:
    """Scores that grow without end: misses stay within the bound, split's are far too many.

    The bound of the Notes: (max(a, 1 - a) + delay rate) / (rate T), T the times judged.
    """
    rng = np.random.default_rng(delay)
    scores = [np.abs(rng.normal(0, 1 + 0.05 * t, 20)) for t in range(600)]
    rate = 0.05

    share = {}
    for name, step in (("split", 0.0), ("adaptive", rate)):
        used = adaptive_quantiles(scores, 0.8, delay=delay, rate=step)
        missed = [np.mean(s > q) for s, q in zip(scores, used, strict=True) if not np.isnan(q)]
        share[name] = np.mean(missed)

    bound = (0.8 + delay * rate) / (rate * (600 - 2 * delay))
    assert abs(share["adaptive"] - 0.2) < bound
    assert share["split"] > 0.2 + bound


def test_level_moves_by_the_misses_known() -> None:
    """With a delay of two, by hand: nothing, nothing, then quantiles of what is two times old."""
    scores = [np.array([1.0, 2, 3, 4]), np.array([9.0]), np.array([5.0, 6, 7, 8]), np.empty(0)]

    used = adaptive_quantiles([*scores, np.empty(0)], 0.5, delay=2, rate=0.4)

    # time 2: median rank ceil(5 * 0.5) = 3 of 1-4; time 3: ceil(6 * 0.5) = 3 of 1, 2, 3, 4, 9
    assert np.isnan(used[:2]).all()
    assert_allclose(used[2:4], [3.0, 3.0])
    # time 4: at time 2 all missed, level 0.5 + 0.4 (0.5 - 1) = 0.3, rank ceil(10 * 0.7) = 7 of 9
    assert_allclose(used[4], 7.0)


def test_a_window_forgets() -> None:
    """With a window of one the quantile is of the last known time alone."""
    scores = [np.full(9, float(t)) for t in range(4)]

    used = adaptive_quantiles(scores, 0.8, delay=1, rate=0.0, window=1)

    assert_allclose(used[1:], [0, 1, 2])


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    """Normal forecasts with half the true spread: 40 countries, 1980-2009, horizons 1 and 5."""
    rng = np.random.default_rng(8)
    index = pd.MultiIndex.from_product(
        [("pool", "drift"), (1, 5), range(1980, 2010), [f"C{i}" for i in range(40)]],
        names=["model", "horizon", "origin", "country"],
    )
    frame = pd.DataFrame({"mean": 2.0, "scale": 1.0, "degrees": 1e6}, index=index).reset_index()
    return frame.assign(outcome=rng.normal(2.0, 2.0, len(frame)))


@pytest.mark.parametrize("method", ["split", "adaptive"])
def test_too_narrow_intervals_are_widened(cases: pd.DataFrame, method: str) -> None:
    """Half the spread covers 47.8 %, and 80 % after correction with twice the width.

    29 origins of 40 countries: three standard errors of 80 % are 3.5 points, of 47.8 % 4.4.
    """
    found = conformal_coverage(conformal_intervals(cases, method=method))

    narrow = 100 * (1 - 2 * norm.sf(norm.ppf(0.9) / 2))
    assert_allclose(found["coverage"], narrow, atol=4.4)
    assert_allclose(found["conformal_coverage"], 80, atol=3.5)
    assert_allclose(found["conformal_width"] / found["width"], 2, rtol=0.1)


@pytest.mark.parametrize("method", ["split", "adaptive"])
@pytest.mark.parametrize("future", [np.nan, 1e6])
def test_no_interval_uses_a_later_outcome(cases: pd.DataFrame, method: str, future: float) -> None:
    """Outcomes known after 1995 do not move an interval from 1995 or before."""
    changed = cases.copy()
    changed.loc[changed["origin"] + changed["horizon"] > 1995, "outcome"] = future

    made = [
        found[found["origin"] <= 1995].drop(columns="outcome")
        for found in (conformal_intervals(table, method=method) for table in (cases, changed))
    ]

    pd.testing.assert_frame_equal(made[0], made[1], check_exact=True)
    moved = conformal_intervals(cases.assign(outcome=1e6), method=method)
    assert (moved["factor"] > made[0]["factor"].max()).any()


def test_the_first_origins_have_no_correction(cases: pd.DataFrame) -> None:
    """Five years ahead nothing is known before 1985: those cases are left out, not corrected."""
    found = conformal_intervals(cases)

    first = found.groupby("horizon")["origin"].min()
    assert (first[1], first[5]) == (1981, 1985)


def test_groups_are_shown_apart(cases: pd.DataFrame) -> None:
    """By group the cases add up to all; the input keeps its columns."""
    before = cases.copy()
    made = conformal_intervals(cases)

    found = conformal_coverage(made, (made["origin"] // 10 * 10).rename("group"))

    assert found["n"].sum() == len(made)
    assert set(found["group"]) == {1980, 1990, 2000}
    pd.testing.assert_frame_equal(cases, before, check_exact=True)
