"""What is known of a year's average: closed forms, simulated walks, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.statistics.within_year import expected_average, known_share, learnt_share


def _by_weights(known: int, steps: int) -> float:
    """Return the share from each step's weight in the change of the average."""
    j = np.arange(1, steps + 1)
    this, last = (steps - j + 1) / steps, (j - 1) / steps
    return 1 - (this[known:] ** 2).sum() / ((this**2).sum() + (last**2).sum())


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 6, 12, 24, 360])
def test_the_closed_form_is_the_sum_over_steps(steps: int) -> None:
    """Each step's weight squared, summed: for every month that ends a step."""
    for month in range(13):
        if (month * steps) % 12 == 0:
            expected = _by_weights(month * steps // 12, steps)
            assert_allclose(known_share(month, steps), expected, rtol=1e-12, atol=1e-15)


def test_june_fixes_fifteen_sixteenths() -> None:
    """In continuous time 1/2, 15/16 and 1 at the year's begin, middle and end; monthly 0.921."""
    assert [known_share(m) for m in (0, 6, 12)] == [0.5, 0.9375, 1.0]
    assert_allclose(known_share(6, 12), 1 - (91 / 144) / (289 / 36), rtol=1e-12)
    # many steps approach continuous time; the difference falls with their number
    assert_allclose(known_share(6, 12_000), known_share(6), atol=1e-4)


@pytest.mark.parametrize("steps", [None, 4, 12])
def test_more_is_known_every_month(steps: int | None) -> None:
    """The share rises to one."""
    months = range(0, 13, 3)
    shares = [known_share(m, steps) for m in months]

    assert np.all(np.diff(shares) > 0)
    assert shares[-1] == 1.0


def _walks(rng: np.random.Generator, countries: int, years: int, periods: int, fine: int = 1):
    """Return monthly (quarterly) averages of random walks with ``fine`` steps a period."""
    steps = 0.02 / np.sqrt(fine) * rng.standard_normal((countries, years * periods * fine))
    level = np.exp(np.cumsum(steps, axis=1)).reshape(countries, years, periods, fine).mean(axis=3)
    index = pd.MultiIndex.from_product(
        [[f"C{i:02d}" for i in range(countries)], range(2000, 2000 + years), range(1, periods + 1)],
        names=["country", "year", "period"],
    )
    return pd.Series(level.ravel(), index=index, name="value").reset_index()


@pytest.mark.parametrize(("periods", "months"), [(12, (1, 3, 6, 9)), (4, (3, 6, 9))])
def test_simulated_walks_show_the_closed_form(periods: int, months: tuple[int, ...]) -> None:
    """20,000 changes: the share within four standard errors of a ratio of variances.

    The standard error is at most (1 - share) sqrt(2 x 2 / n), 1.4 % of what is unknown; the
    step of the walk is 2 %, so logs of averages and averages of logs differ by less.
    """
    table = _walks(np.random.default_rng(1), 50, 401, periods)

    for month in months:
        found = learnt_share(table, month)
        expected = known_share(month, periods)
        assert (found.changes, found.periods) == (20_000, periods)
        assert_allclose(1 - found.share, 1 - expected, rtol=4 * 0.0142)


def test_daily_walks_seen_by_month_know_less_than_the_day() -> None:
    """A month's average is half a month old: between the end of May and that of June."""
    table = _walks(np.random.default_rng(2), 50, 200, 12, fine=21)

    assert known_share(5) < learnt_share(table, 6).share < known_share(6)


def test_all_of_the_year_is_known_at_its_end() -> None:
    """December leaves nothing."""
    assert learnt_share(_walks(np.random.default_rng(3), 2, 12, 12), 12).share == 1.0


def test_a_year_with_a_gap_takes_its_two_changes_with_it() -> None:
    """One missing month: the change to that year and the change from it."""
    table = _walks(np.random.default_rng(4), 2, 12, 12)
    whole, gap = learnt_share(table, 6), learnt_share(table.drop(index=60), 6)

    assert whole.changes - gap.changes == 2


def test_the_expected_average_holds_the_last_rate() -> None:
    """Six months known: half their mean and half the last; all known: the mean."""
    rates = np.array([7.2, 7.2, 7.1, 7.1, 7.0, 7.0])

    assert_allclose(expected_average(rates), (rates.sum() + 6 * 7.0) / 12, rtol=1e-15)
    assert_allclose(expected_average(rates, periods=6), rates.mean(), rtol=1e-15)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.drop(columns="period"), "column 'period' is missing"),
        (lambda t: t.assign(period=t["period"] + 1), "must be a period of 1 to 12"),
        (lambda t: t.assign(value=-t["value"]), "must be a value above 0"),
        (lambda t: pd.concat([t, t.tail(1)], ignore_index=True), "must be given once"),
        (lambda t: t[t["year"] < 2003], "found 4 changes between whole years, need 10"),
        (lambda t: t.assign(value=7.1), "never changes"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(change, says: str) -> None:
    """What is wrong is named, once."""
    table = _walks(np.random.default_rng(5), 2, 12, 12)

    with pytest.raises(DataError, match=says):
        learnt_share(change(table), 6)


def test_months_that_cannot_be_are_refused() -> None:
    """A thirteenth month, a month inside a quarter, no rates, a rate of nothing."""
    with pytest.raises(DataError, match="must be 0 to 12"):
        known_share(13)
    with pytest.raises(DataError, match="does not end one of 4 steps"):
        known_share(5, 4)
    with pytest.raises(DataError, match="must end one of 4 periods"):
        learnt_share(_walks(np.random.default_rng(6), 2, 12, 4), 5)
    with pytest.raises(DataError, match="found 0 rates"):
        expected_average(np.array([]))
    with pytest.raises(DataError, match="above 0"):
        expected_average(np.array([7.0, np.nan]))
