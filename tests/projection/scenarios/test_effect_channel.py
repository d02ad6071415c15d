"""Channels from drivers to growth, and all scenarios of a study at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.projection.futures.futures import Futures
from forecast.projection.scenarios.bvar_channel import bvar_difference
from forecast.projection.scenarios.effect_channel import Difference, effect_channel
from forecast.projection.scenarios.project import project
from forecast.projection.scenarios.project_scenarios import project_scenarios
from forecast.randomness.streams import Streams
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables

NONE = Variables(table={})
STREAMS = Streams.of_seed(3)


def _spec(name: str, **given: object) -> ScenarioSpec:
    told = {"name": name, "label": name, "country": "CHN", "kind": "policy"}
    return ScenarioSpec.model_validate(
        {**told, "because": "a reason long enough for the reader", **given}
    )


def _mixture(name: str, **chances: float) -> ScenarioSpec:
    parts = [{"scenario": part, "probability": p} for part, p in chances.items()]
    return _spec(name, kind="mixture", mixture=parts)


KNOWN = {
    one.name: one
    for one in (
        _spec("baseline", kind="baseline"),
        _spec("push", changes={"rd_gdp": {2026: 1.0}}),
        _spec("slide", changes={"manuf_share": {2026: -5.0}}),
        _mixture("calm", baseline=0.5, push=0.5),
        _mixture("rough", baseline=0.5, slide=0.5),
    )
}


def _record() -> tuple[Panel, pd.Series]:
    """Return 40 years of R&D, and 8 of manufacturing, beside growth."""
    rng = np.random.default_rng(1)
    years = pd.Index(range(1986, 2026), name="year")
    rd = pd.Series(2 + 0.05 * np.cumsum(rng.standard_normal(40)), index=years)
    growth = pd.Series(4 + 0.5 * rd + 0.3 * rng.standard_normal(40), index=years)
    manufacturing = pd.Series(rng.normal(25, 1, 40), index=years).where(years > 2017)
    frame = pd.DataFrame({"rd_gdp": rd, "manuf_share": manufacturing})
    index = pd.MultiIndex.from_product([["CHN"], years], names=["country", "year"])
    return Panel(frame.set_index(index), source="simulated"), growth


def _channel(name: str, futures: Futures) -> Difference:
    annual, recent = _record()
    own = replace(futures, setting=replace(futures.setting, recent=recent))
    return effect_channel(name, own, annual, STREAMS)


def test_a_refused_scenario_is_named_and_the_others_go_on(toy: Callable[..., Futures]) -> None:
    """A driver with eight years on record stops its own scenario and the mixture with it."""
    futures = toy(draws=500)
    channel = _channel("bvar", futures)

    found, refused = project_scenarios(
        futures, KNOWN.values(), KNOWN, NONE, STREAMS, difference=channel
    )

    assert [one.scenario for one in found] == ["baseline", "push", "calm"]
    assert list(refused) == ["slide", "rough"]
    assert "channel 'bvar': CHN: 'manuf_share' is known unbroken for 8 years" in refused["slide"]


def test_zero_departure_is_the_baseline_under_either_channel(toy: Callable[..., Futures]) -> None:
    """Growth and income of the baseline are the futures' own, bit for bit."""
    futures = toy(draws=500)
    for name in ("panel", "bvar"):
        channel = _channel(name, futures)
        found = project(futures, KNOWN["baseline"], KNOWN, NONE, difference=channel)
        plain = project(futures, KNOWN["baseline"], KNOWN, NONE)

        np.testing.assert_array_equal(found.growth, futures.baseline.growth)
        np.testing.assert_array_equal(found.income, plain.income)
        np.testing.assert_array_equal(found.crossing.first, plain.crossing.first)


def test_the_bvar_channel_adds_its_own_difference(toy: Callable[..., Futures]) -> None:
    """A scenario's growth less the baseline's is that of the Bayesian VAR, drawn anew alike."""
    futures, (annual, recent) = toy(draws=500), _record()
    channel = _channel("bvar", futures)

    found = project(futures, KNOWN["push"], KNOWN, NONE, difference=channel)

    rng = STREAMS.generator("coefficients", "bvar channel")
    expected = bvar_difference(
        annual, "CHN", futures.setting.drivers, found.drivers, recent, futures.years, 500, rng
    )
    assert np.abs(expected).max() > 0.01
    np.testing.assert_array_equal(found.growth, futures.baseline.growth + expected)


def test_the_panel_channel_is_the_default(toy: Callable[..., Futures]) -> None:
    """Naming it changes nothing."""
    futures = toy()
    channel = _channel("panel", futures)
    named = project(futures, KNOWN["push"], KNOWN, NONE, difference=channel)

    np.testing.assert_array_equal(named.income, project(futures, KNOWN["push"], KNOWN, NONE).income)


def test_mistakes_are_not_taken_for_refusals(toy: Callable[..., Futures]) -> None:
    """An unknown channel, and a scenario about another country, stop the whole."""
    futures = toy(draws=100)
    with pytest.raises(ProjectionError, match="did you mean 'bvar'"):
        _channel("bvr", futures)
    channel = _channel("bvar", futures)
    other = replace(
        futures,
        setting=replace(futures.setting, plan=replace(futures.setting.plan, country="KOR")),
    )
    with pytest.raises(ProjectionError, match="the study is about KOR"):
        project_scenarios(other, [KNOWN["push"]], KNOWN, NONE, STREAMS, difference=channel)


def test_a_mixture_meets_the_years_asked(toy: Callable[..., Futures]) -> None:
    """Only the last year can pass the line here, so that no crossing lasts two years."""
    once, twice = (
        project_scenarios(toy(), [KNOWN["calm"]], KNOWN, NONE, STREAMS, lasting=years)[0][0]
        for years in (1, 2)
    )

    assert once.crossing.probability(2030) > 0.2
    assert twice.crossing.lasting == 2
    assert twice.crossing.never == 1.0
