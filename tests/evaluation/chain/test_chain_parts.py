"""Counts, flip-flop, growth alone, far densities, the class: closed forms and invariants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.income_record import IncomeRecord
from forecast.crosscountry.rules.record import RuleRecord
from forecast.evaluation.chain.backtest import CHAIN, ChainHistory, backtest_chain
from forecast.evaluation.chain.class_backtest import backtest_class
from forecast.evaluation.chain.counts import passage_counts
from forecast.evaluation.chain.far import far_densities
from forecast.evaluation.chain.flips import flip_flop
from forecast.evaluation.chain.growth_alone import DRESSED, backtest_chain_growth


@pytest.fixture(scope="module")
def history(simulated_chain: ChainRecord, simulated_rules: RuleRecord) -> ChainHistory:
    """The simulated world, its line published from 1987 on."""
    record = simulated_chain
    table = pd.DataFrame(record.relative, index=record.years, columns=list(record.countries))
    passages = IncomeRecord(relative=table, premium=table * np.nan)
    return ChainHistory(
        record=record, ratios=table.loc[1987:], passages=passages, rules=simulated_rules
    )


def _said(values: list[float], first: int = 2000, model: str = "m") -> pd.DataFrame:
    origin = np.arange(first, first + len(values))
    return pd.DataFrame({
        "model": model, "country": "AAA", "origin": origin, "horizon": 2010 - origin,
        "probability": values,
    })  # fmt: skip


def test_flip_flop_by_hand() -> None:
    """One way costs nothing; .2 .5 .3 moves .5 for a range of .3, over one pair of changes."""
    one_way = flip_flop(_said([0.1, 0.2, 0.6])).iloc[0]
    back = flip_flop(_said([0.2, 0.5, 0.3])).iloc[0]

    assert_allclose(one_way[["flip_flop", "reversals"]].to_numpy(float), 0, atol=1e-12)
    assert_allclose(back["flip_flop"], 0.2, rtol=1e-12)
    assert_allclose(back[["change", "reversals"]].to_numpy(float), [0.25, 1.0], rtol=1e-12)


def test_a_gap_of_origins_ends_a_sequence() -> None:
    """Two forecasts on each side of a missing year make no sequence of three."""
    told = pd.concat([_said([0.1, 0.2]), _said([0.3, 0.1], first=2003)])

    assert flip_flop(told).iloc[0]["sequences"] == 0


def test_counts_are_those_of_the_cases(history: ChainHistory) -> None:
    """The number that came is the cases' sum; the number said too, but for Monte Carlo error.

    4,000 joint draws of a sum whose 80 % interval spans 2.6 standard deviations: four errors.
    """
    span, horizons = (2004, 2006), (1, 5)
    cases = backtest_chain(history, origins=span, horizons=horizons, models=(CHAIN,))

    found = passage_counts(history, origins=span, horizons=horizons)

    sums = cases.groupby(["origin", "horizon"])[["probability", "event"]].sum()
    told = found.set_index(["origin", "horizon"]).loc[sums.index]
    np.testing.assert_array_equal(told["came"], sums["event"])
    error = (told["high"] - told["low"]).clip(lower=1.0) / 2.6 / np.sqrt(4000)
    assert (np.abs(told["said"] - sums["probability"]) < 4 * error + 0.02).all()
    assert (told["low"] <= told["said"]).all() and (told["said"] <= told["high"] + 1).all()


def test_a_perfect_view_dressed_is_sharp(history: ChainHistory) -> None:
    """Where the IMF knows what comes, the dressed forecast's CRPS is near nought; no view is not.

    Growth's shocks are 2 points; a fifth of a point is far below what any other forecast reaches.
    """
    record = history.record
    ahead = {
        k: pd.DataFrame(
            np.nan_to_num(sum(np.roll(record.growth, -j, axis=0) for j in range(1, k + 1))),
            index=pd.Index(record.years, name="origin"),
            columns=pd.Index(record.countries, name="country"),
        ).stack()
        for k in range(1, 6)
    }
    view = pd.DataFrame(ahead)

    found = backtest_chain_growth(record, view, origins=(2010, 2011), horizons=(1, 3))

    crps = found.groupby("model")["crps"].mean()
    assert crps[DRESSED] < 0.2
    assert crps["chain_without_view"] > 0.7
    assert crps["chain"] < crps["chain_without_view"]


def test_growth_alone_is_blind_to_the_future(history: ChainHistory) -> None:
    """With other growth and views after the origin, the intervals' scores move with outcomes only.

    The outcomes of one year ahead are kept; all later ones are noise.
    """
    record = history.record
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_product(
        [record.years, record.countries], names=["origin", "country"]
    )
    view = pd.DataFrame(rng.normal(0.02, 0.01, (len(index), 5)), index=index, columns=range(1, 6))
    growth = record.growth.copy()
    growth[record.years > 2011] = rng.normal(0, 0.1, growth[record.years > 2011].shape)
    late = view.index.get_level_values("origin") > 2010
    other = view.where(~pd.Series(late, index=view.index), 0.3)

    one, two = (
        backtest_chain_growth(r, v, origins=(2010, 2010), horizons=(1,))
        for r, v in ((record, view), (replace(record, growth=growth), other))
    )

    pd.testing.assert_frame_equal(one, two)


def test_far_densities_are_blind_to_the_future_and_wide_with_time(history: ChainHistory) -> None:
    """Noise after the origin changes no score of a given outcome; the walk is a known normal."""
    record = history.record
    cases = pd.DataFrame({
        "origin": 2000, "horizon": 12, "country": list(record.countries[:20]), "outcome": 0.0,
    })  # fmt: skip
    noise = np.random.default_rng(2).normal(0, 0.3, record.relative.shape)
    late = (record.years > 2000)[:, None]
    parts = {
        n: np.where(late, noise, getattr(record, n)) for n in ("relative", "growth", "exchange")
    }

    one, two = (far_densities(r, cases) for r in (record, replace(record, **parts)))

    pd.testing.assert_frame_equal(one, two)
    assert set(one["model"]) == {"zero_drift", "direct"}


def test_class_cases_are_not_high_income_and_reach_their_event(history: ChainHistory) -> None:
    """Where the class follows income at once, cases and events of those below are the chain's."""
    ratios = history.ratios
    margin = ratios.rename_axis(index="year", columns="country").stack().rename("margin")
    events = margin.reset_index().assign(
        above=lambda t: t["margin"] > 0, high=lambda t: t["margin"] > 0
    )
    before = events.assign(year=events["year"] + 1, was_high=events["high"].astype(float))
    events = events.merge(before[["country", "year", "was_high"]], how="left")
    span, horizons = (2003, 2004), (1, 5)

    made = backtest_class(history, events, origins=span, horizons=horizons)
    cases = backtest_chain(history, origins=span, horizons=horizons, models=(CHAIN,))

    keys = ["origin", "horizon", "country"]
    both = made.merge(cases, on=keys, suffixes=("", "_chain"))
    assert len(both) == len(made) == len(cases)
    np.testing.assert_array_equal(both["event"], both["event_chain"])
    assert_allclose(both["passed"], both["probability"], atol=1e-12)
    assert (both["classified"] <= both["passed"] + 1e-12).all()
