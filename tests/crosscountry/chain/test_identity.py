"""The Atlas identity, on published series and against the Atlas method itself."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from forecast.crosscountry.chain.identity import atlas_mean, atlas_sums, chain_record
from forecast.errors import SpecError
from forecast.income.atlas import atlas_factor
from forecast.sources.package.package import DataPackage


def test_parts_sum_to_published_income(starter: DataPackage) -> None:
    """China's published income over the published line moves by exactly what the parts say."""
    annual, lines = starter.annual(), starter.table("thresholds")
    record = chain_record(annual, lines).through(2024)
    parts = record.growth + atlas_mean(record.exchange) + record.remainder

    income = annual.series("CHN", "gni_pc_atlas")
    line = lines.set_index("year")["high_above"]
    published = np.log(income / line).diff().loc[1990:2024].dropna()
    found = parts[np.isin(record.years, published.index), 0]

    assert len(published) > 30
    assert_allclose(found, published, atol=1e-13)  # sums of a few rounded terms


def test_growth_is_per_head(starter: DataPackage) -> None:
    """Log growth of output less that of people; the exchange rate against the line is the rest."""
    annual, lines = starter.annual(), starter.table("thresholds")
    record = chain_record(annual, lines).through(2024)
    known = record.years >= 1995

    china = annual.rows("CHN").reindex(record.years)
    people = np.log(china["population"]).diff()
    growth = np.log1p(china["gdp_growth"] / 100) - people
    market = np.log(china["gdp_pc_current"]).diff()
    line = np.log(lines.set_index("year")["high_above"].reindex(record.years)).diff()
    assert_allclose(record.population[known, 0], people[known], atol=1e-13)
    assert_allclose(record.growth[known, 0], growth[known], atol=1e-13)
    assert_allclose(record.exchange[known, 0], (market - line - growth)[known], atol=1e-13)


def test_remainder_is_small_near_the_line(starter: DataPackage) -> None:
    """What is left of China's moves since 2010 is terms of trade and revisions: under 2 %."""
    record = chain_record(starter.annual(), starter.table("thresholds"))
    left = record.remainder[record.years >= 2010, 0]

    assert np.isfinite(left).all()
    assert np.abs(left).max() < 0.02
    assert np.median(np.abs(left)) < 0.007


def test_identity_is_the_atlas_method() -> None:
    """Of an economy without income from abroad the Atlas method leaves second-order terms alone.

    The method averages rates, the identity their logs: they differ by the square of the moves.
    """
    rng = np.random.default_rng(2)
    size = 0.001
    rate, price, sdr, real = np.exp(rng.normal(0, size, (4, 40)).cumsum(axis=1))
    income = real * price / np.concatenate([[np.nan, np.nan], atlas_factor(rate, price, sdr)])
    growth = np.diff(np.log(real), prepend=np.nan)
    exchange = np.diff(np.log(real * price / rate) - np.log(sdr), prepend=np.nan) - growth

    left = (
        np.diff(np.log(income / sdr), prepend=np.nan) - growth - atlas_mean(exchange[:, None])[:, 0]
    )

    assert np.abs(left[5:]).max() < 20 * size**2  # several squares of moves of up to three sizes


def test_sums_of_the_mean_are_the_mean_of_sums() -> None:
    """What a path adds is the sum of three-year means, the first of which reach before it."""
    exchange = np.random.default_rng(3).normal(size=(12, 1))
    means = atlas_mean(exchange)[2:, 0]

    found = atlas_sums(exchange[2:, 0].cumsum(), exchange[1], exchange[0])

    assert_allclose(found, means.cumsum(), atol=1e-13)


def test_other_lines_move_alike(starter: DataPackage) -> None:
    """Against the upper-middle line China stands higher; its growth is the same."""
    annual, lines = starter.annual(), starter.table("thresholds")
    high, upper = (chain_record(annual, lines, name) for name in ("high", "upper_middle"))
    known = high.years >= 1990

    ratio = np.log(lines.set_index("year").eval("high_above / lower_middle_at_most"))
    apart = (upper.relative - high.relative)[known, 0]

    assert_allclose(apart, ratio.loc[1990:], atol=1e-13)
    assert_allclose(upper.growth, high.growth)
    # the high line was held until 1989, and all lines are rounded to 5 US$
    assert np.abs((upper.exchange - high.exchange)[high.years > 1990]).max() < 0.01


def test_a_wrong_line_is_named(starter: DataPackage) -> None:
    """The lines that there are stand in the message."""
    with pytest.raises(SpecError, match="upper_middle"):
        chain_record(starter.annual(), starter.table("thresholds"), "highest")
