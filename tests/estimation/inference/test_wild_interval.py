"""Intervals by inverting the wild bootstrap test, and the pairs cluster bootstrap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.pairs_bootstrap import pairs_bootstrap
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap, wild_interval
from forecast.panel import Panel

Make = Callable[..., Panel]


def _problem(panel: Panel, effects: str = "country + year"):
    spec = estimate(panel, f"y ~ x1 + x2 | {effects}").spec
    return regression(panel, spec)


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("weights", ["rademacher", "webb"])
def test_ends_are_where_the_test_changes_its_mind(
    random_panel: Make, restricted: bool, weights: str
) -> None:
    """Just inside an end the test keeps the value, just outside it rejects."""
    problem = _problem(random_panel(4, countries=15))
    same = {"draws": 499, "weights": weights, "restricted": restricted}

    found = wild_interval(problem, "x1", rng=np.random.default_rng(1), level=0.9, **same)

    width = found.high - found.low
    for end, inwards in ((found.low, 1), (found.high, -1)):
        p = [
            wild_bootstrap(
                problem, "x1", rng=np.random.default_rng(1), null=end + s * inwards * width * 1e-5,
                **same,
            ).p_value
            for s in (1, -1)
        ]  # fmt: skip
        assert p[0] > 0.1 >= p[1]
    assert found.low < found.estimate < found.high


def test_unrestricted_interval_has_a_closed_form(random_panel: Make) -> None:
    """Without the null imposed the ends are b -+ q se, q a quantile of the bootstrap's |t|."""
    panel = random_panel(4, countries=15)
    one = estimate(panel, "y ~ x1 + x2 | country + year", covariance="clustered")
    problem = regression(panel, one.spec)

    found = wild_interval(problem, "x1", rng=np.random.default_rng(2), draws=999, restricted=False)

    se, b = one.std_errors.iloc[0], one.params.iloc[0]
    half = (found.high - found.low) / 2
    # symmetric about the estimate, to the bisection's millionth of a standard error
    assert (found.high + found.low) / 2 == pytest.approx(b, abs=2e-6 * se)
    # q from the test itself: at b + half the p-value is the first above 5 %
    p = wild_bootstrap(
        problem, "x1", rng=np.random.default_rng(2), draws=999, restricted=False, null=b + half
    ).p_value
    assert 0.05 <= p < 0.055


def test_a_narrow_interval_ends_within_a_standard_error(random_panel: Make) -> None:
    """At 30 % the ends lie near the estimate, and the test keeps as much there."""
    panel = random_panel(4, countries=15)
    one = estimate(panel, "y ~ x1 + x2 | country + year", covariance="clustered")
    same = {"draws": 999, "restricted": False}

    problem = regression(panel, one.spec)
    found = wild_interval(problem, "x1", rng=np.random.default_rng(2), level=0.3, **same)

    assert 0 < found.high - one.params.iloc[0] < 0.8 * one.std_errors.iloc[0]
    rng = np.random.default_rng(2)
    p = wild_bootstrap(problem, "x1", rng=rng, null=found.high, **same).p_value
    assert 0.7 <= p < 0.705


def test_intervals_cover(random_panel: Make) -> None:
    """Nine in ten of 90 % intervals hold the slope that made the panel."""
    held = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        panel = random_panel(seed, countries=13, years=8)
        found = wild_interval(_problem(panel), "x1", rng=rng, level=0.9, draws=199)
        held.append(found.low <= 1.0 <= found.high)

    # binomial, three standard errors
    assert abs(np.mean(held) - 0.9) < 3 * np.sqrt(0.09 / 60)


def test_an_interval_may_have_no_end() -> None:
    """With four clusters no sign pattern reaches 5 %, so nothing is rejected."""
    rng = np.random.default_rng(0)
    index = pd.MultiIndex.from_product([list("ABCD"), range(6)], names=["country", "year"])
    frame = pd.DataFrame(rng.normal(size=(24, 2)), index=index, columns=["y", "x"])
    panel = Panel(frame, "made")
    problem = regression(panel, estimate(panel, "y ~ x").spec)

    found = wild_interval(problem, "x", rng=rng)

    assert (found.low, found.high, found.draws) == (-np.inf, np.inf, 16)


@pytest.mark.parametrize("effects", ["country", "country + year"])
@pytest.mark.parametrize("cluster", ["country", "year"])
def test_pairs_bootstrap_equals_estimating_again(
    random_panel: Make, effects: str, cluster: str
) -> None:
    """Each draw is the estimate on the clusters drawn, copies under names of their own."""
    panel = random_panel(6, countries=13, years=10, kept=0.9)
    spec = estimate(panel, f"y ~ x1 + x2 | {effects}").spec
    problem = regression(panel, spec)

    found = pairs_bootstrap(problem, rng=np.random.default_rng(3), draws=5, cluster=cluster)

    labels = sorted(panel.frame.index.get_level_values(cluster).unique())
    counts = np.random.default_rng(3).multinomial(
        len(labels), np.full(len(labels), 1 / len(labels)), size=5
    )
    for draw, row in zip(counts, found.params, strict=True):
        pieces = []
        for label, times in zip(labels, draw, strict=True):
            for copy in range(times):
                part = panel.frame.xs(label, level=cluster, drop_level=False).reset_index()
                part[cluster] = f"{label}-{copy}" if cluster == "country" else label * 100 + copy
                pieces.append(part)
        again = Panel(pd.concat(pieces).set_index(["country", "year"]), "again")
        np.testing.assert_allclose(row, estimate(again, spec).params, rtol=1e-7)


def test_pairs_bootstrap_is_near_the_clustered_errors(random_panel: Make) -> None:
    """With 60 clusters both standard errors agree within a tenth."""
    panel = random_panel(1, countries=60, years=8)
    one = estimate(panel, "y ~ x1 + x2 | country", covariance="clustered")
    found = pairs_bootstrap(regression(panel, one.spec), rng=np.random.default_rng(0), draws=1999)

    np.testing.assert_allclose(found.std_errors, one.std_errors, rtol=0.12)
    ends = found.interval(0.9)
    assert (ends[:, 0] < one.params).all()
    assert (ends[:, 1] > one.params).all()


def test_pairs_intervals_are_percentiles(random_panel: Make) -> None:
    """Of the draws, column by column, 95 % where no level is said; two draws are enough."""
    found = pairs_bootstrap(_problem(random_panel(1)), rng=np.random.default_rng(0), draws=2)

    for level, interval in ((0.95, found.interval()), (0.5, found.interval(0.5))):
        tail = 50 * (1 - level)
        expected = np.percentile(found.params, [tail, 100 - tail], axis=0).T
        np.testing.assert_allclose(interval, expected, rtol=1e-12)


def test_refusals(random_panel: Make) -> None:
    """Wrong levels and too few draws end in one sentence."""
    problem = _problem(random_panel(1))
    rng = np.random.default_rng(0)

    with pytest.raises(EstimationError, match="level"):
        wild_interval(problem, "x1", rng=rng, level=95)
    with pytest.raises(EstimationError, match="draws"):
        wild_interval(problem, "x1", rng=rng, draws=0)
    with pytest.raises(EstimationError, match="term"):
        wild_interval(problem, "x9", rng=rng)
    with pytest.raises(EstimationError, match="draws"):
        pairs_bootstrap(problem, rng=rng, draws=1)
