"""A mixture of scenarios: its draws are its parts', in proportion."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from forecast.errors import ProjectionError
from forecast.projection.futures.futures import Futures
from forecast.projection.scenarios.mixture import mixture_codes, project_mixture
from forecast.projection.scenarios.project import project
from forecast.randomness.streams import Streams
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables

NONE = Variables(table={})
CHANCES = {"push": 0.3, "slide": 0.2, "baseline": 0.5}
DRAWS = 4001


def _spec(name: str, **given: object) -> ScenarioSpec:
    told = {"name": name, "label": name, "country": "CHN", "kind": "policy"}
    return ScenarioSpec.model_validate(
        {**told, "because": "a reason long enough for the reader", **given}
    )


KNOWN = {
    "baseline": _spec("baseline", kind="baseline"),
    "push": _spec("push", changes={"rd_gdp": {2026: 2.0}}),
    "slide": _spec("slide", changes={"rd_gdp": {2026: -2.0}}),
}
MIXED = _spec(
    "mixed",
    kind="mixture",
    mixture=[{"scenario": name, "probability": p} for name, p in CHANCES.items()],
)


def test_each_draw_is_its_part_s_own(toy: Callable[..., Futures]) -> None:
    """Growth, income and the crossing of a row are those of the scenario that its code names."""
    futures, streams = toy(), Streams.of_seed(1)
    codes = mixture_codes(MIXED, DRAWS, streams)

    found = project_mixture(futures, MIXED, KNOWN, NONE, streams)

    assert found.scenario == "mixed"
    for code, name in enumerate(CHANCES):
        part, rows = project(futures, KNOWN[name], KNOWN, NONE), codes == code
        np.testing.assert_array_equal(found.income[rows], part.income[rows])
        np.testing.assert_array_equal(found.growth[rows], part.growth[rows])
        np.testing.assert_array_equal(found.crossing.first[rows], part.crossing.first[rows])


def test_probability_is_the_parts_weighted_mean(toy: Callable[..., Futures]) -> None:
    """P(mixture) = sum p_k P(k); each part is seen through a sample of its share of the draws.

    The error of a stratified share is at most sqrt(sum p_k^2 P_k (1 - P_k) / n_k), n_k = p_k n;
    four of them.
    """
    futures = toy()
    parts = [
        project(futures, KNOWN[name], KNOWN, NONE).crossing.probability(2030) for name in KNOWN
    ]
    p = np.array([CHANCES[name] for name in KNOWN])
    shares = np.array(parts)

    found = project_mixture(futures, MIXED, KNOWN, NONE, Streams.of_seed(2))

    error = np.sqrt(np.sum(p * shares * (1 - shares)) / DRAWS)
    assert found.crossing.probability(2030) == pytest.approx(p @ shares, abs=4 * error)
    assert len(set(parts)) == 3


def test_shares_are_exact_and_the_first_draws_do_not_depend_on_the_count() -> None:
    """Each block has its parts in proportion, to one draw, and random numbers of its own."""
    streams = Streams.of_seed(3)
    few, many = (mixture_codes(MIXED, draws, streams) for draws in (4000, 10_000))

    np.testing.assert_array_equal(few, many[:4000])
    assert not np.array_equal(many[:2000], many[2000:4000])
    np.testing.assert_array_equal(np.bincount(many), [3000, 2000, 5000])
    assert not np.array_equal(few, mixture_codes(MIXED, 4000, Streams.of_seed(4)))


def test_the_expected_path_is_the_weighted_mean(toy: Callable[..., Futures]) -> None:
    """0.3 x (+2) + 0.2 x (-2) = +0.2 points of R&D."""
    found = project_mixture(toy(), MIXED, KNOWN, NONE, Streams.of_seed(1))

    assert found.drivers.loc[2030, "rd_gdp"] == pytest.approx(2.2)


def test_what_cannot_be_mixed_is_refused(toy: Callable[..., Futures]) -> None:
    """No mixture, an unknown part, and a mixture of a mixture have one message each."""
    nested = _spec(
        "nested",
        kind="mixture",
        mixture=[
            {"scenario": "mixed", "probability": 0.5},
            {"scenario": "push", "probability": 0.5},
        ],
    )
    streams = Streams.of_seed(1)

    with pytest.raises(ProjectionError, match="is not a mixture"):
        project_mixture(toy(), KNOWN["push"], KNOWN, NONE, streams)
    with pytest.raises(ProjectionError, match="scenario 'slide' is not one of"):
        fewer = {name: KNOWN[name] for name in ("push", "baseline")}
        project_mixture(toy(), MIXED, fewer, NONE, streams)
    with pytest.raises(ProjectionError, match="'mixed' is a mixture"):
        project_mixture(toy(), nested, {**KNOWN, "mixed": MIXED}, NONE, streams)
