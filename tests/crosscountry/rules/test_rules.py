"""The rules: known cases by hand, the published years, blind to the future, dressed as stated."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from tests.places import ROOT

from forecast.crosscountry.chain.identity import chain_record
from forecast.crosscountry.rules.dressed import dressed_passes, rule_passes
from forecast.crosscountry.rules.growth_accounts import growth_accounts
from forecast.crosscountry.rules.published_rule import (
    published_rule,
    published_rule_years,
    rule_rates,
)
from forecast.crosscountry.rules.record import RuleRecord, rule_record
from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.named_years import read_published_passages


def _steady(rates: list[float], drift: float = 0.02, income: float = 8000.0) -> RuleRecord:
    """Economies that each grow at one rate for twelve years, of the upper-middle group."""
    years = np.arange(2000, 2012)
    past = (years - years[-1])[:, None]
    levels = income * (1 + np.array(rates)) ** past
    lines = np.array([1000.0, 4000.0, 12000.0]) * (1 + drift) ** past
    none = np.full(levels.shape, np.nan)
    growth = np.vstack([none[:1], np.diff(np.log(levels), axis=0)])
    return RuleRecord(
        years=years,
        countries=tuple("ABCDEFGHIJKLMNOP"[: len(rates)]),
        relative=np.log(levels / lines[:, -1:]),
        income=levels,
        lines=lines,
        groups=np.full(levels.shape, 2),
        growth=growth,
        working_age=none,
        participation=none,
    )


def test_rates_are_bounded_by_drift_and_the_groups_best() -> None:
    """The slowest grows with the line; the fastest at the 90th percentile of the eleven medians."""
    rates = [-0.03, 0.01, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.10, 0.20]

    drift, found = rule_rates(_steady(rates))

    assert_allclose(drift, np.log(1.02), rtol=1e-12)
    assert_allclose(found[:2], drift, rtol=1e-12)
    assert_allclose(found[2:10], np.log1p(rates[2:10]), rtol=1e-12)
    assert_allclose(found[10], np.log(1.10), rtol=1e-12)


def test_the_year_of_passing_by_hand() -> None:
    """At 5 % against 2 % from two thirds of the line: log 1.5 / log(1.05 / 1.02) is 13.99 years."""
    record = _steady([0.05, 0.05, 0.02])

    path = published_rule(record, 20)

    assert (path[0, :13] < 0).all() and path[0, 13] > 0
    assert dict(published_rule_years(record, 20)) == {"A": 2025, "B": 2025}


def test_an_income_above_the_line_below_the_class_passes_at_once() -> None:
    """As the publication has Argentina and Türkiye."""
    assert (published_rule_years(_steady([0.05] * 3, income=12500.0), 5) == 2012).all()


def test_with_seven_rates_an_economy_is_held() -> None:
    """Eight of ten are needed."""
    record = _steady([0.05, 0.05])
    income = record.income.copy()
    income[:4, 0] = np.nan

    path = published_rule(replace(record, income=income), 5)

    assert_allclose(path[0], record.relative[-1, 0], rtol=1e-12)
    assert path[1, -1] > path[1, 0]


def test_growth_accounts_by_hand() -> None:
    """4 % a head with ages adding 1 and employment taking 0.5 a year: 3.5 + 1 go on."""
    record = _steady([0.0] * 2)
    years = np.arange(12.0)[:, None] * np.ones(2)
    record = replace(
        record,
        growth=np.full((12, 2), 0.04),
        working_age=0.01 * years,
        participation=-0.005 * years,
    )

    path = growth_accounts(record, 3) - record.relative[-1][:, None]

    assert_allclose(path[0], 0.045 * np.arange(1, 4), rtol=1e-12)


@pytest.mark.parametrize("rule", [published_rule, growth_accounts])
@pytest.mark.parametrize("passes", [rule_passes, dressed_passes])
def test_no_rule_reads_the_future(passes, rule, simulated_rules: RuleRecord) -> None:  # type: ignore[no-untyped-def]
    """With noise after 2005 the probabilities from 2005 are the same."""
    rng = np.random.default_rng(1)
    changed = {}
    for field in fields(simulated_rules):
        value = getattr(simulated_rules, field.name)
        if isinstance(value, np.ndarray) and field.name not in ("years", "groups"):
            value = value.copy()
            value[simulated_rules.years > 2005] *= rng.uniform(0.5, 2)
            changed[field.name] = value
    other = replace(simulated_rules, **changed)
    place = np.flatnonzero(simulated_rules.relative[simulated_rules.years == 2005][0] < 0)[:10]

    one, two = (passes(r.through(2005), rule, place, 5) for r in (simulated_rules, other))

    np.testing.assert_array_equal(one, two)


def test_dressed_probabilities_are_right_in_a_steady_world(simulated_rules: RuleRecord) -> None:
    """Said and come agree over origins, in a world whose shocks keep their law.

    Economies are independent but for the common drift of the real exchange rate, which the errors
    have too: three binomial standard errors.
    """
    said, came = [], []
    for origin in range(1995, 2021, 5):
        past = simulated_rules.through(origin)
        place = np.flatnonzero((past.relative[-1] < 0) & (past.relative[-1] > np.log(0.5)))
        said.append(dressed_passes(past, growth_accounts, place, 4)[:, -1])
        ahead = simulated_rules.relative[simulated_rules.years > origin][:4, place]
        came.append((ahead > 0).any(axis=0))
    chance, event = np.concatenate(said), np.concatenate(came)

    error = np.sqrt((chance * (1 - chance)).sum()) / len(chance)
    assert_allclose(chance.mean(), event.mean(), atol=3 * error)


def test_a_horizon_without_past_errors_is_refused(simulated_rules: RuleRecord) -> None:
    """From 1975 nothing is known 20 years ahead."""
    with pytest.raises(DataError, match="none is known over"):
        dressed_passes(simulated_rules.through(1975), growth_accounts, np.arange(3), 20)


@pytest.mark.raw
@pytest.mark.slow
def test_the_published_years(full: DataPackage) -> None:
    """36 of the 37 years as published; the income of Tuvalu in 2025 is not in the indicators."""
    annual, lines = full.annual(), full.table("thresholds")
    record = rule_record(annual, lines, chain_record(annual, lines), full.table("classes"))
    named = read_published_passages(ROOT / "data" / "published_passages.csv")
    published = named.set_index("country")["year"].drop("TUV").sort_index()

    found = published_rule_years(record, 2050 - 2025).drop("TUV").sort_index()

    assert len(published) == 36
    pd.testing.assert_series_equal(found, published, check_names=False, check_index_type=False)
