"""Driver paths: knots, changes, followed economies and compositions by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.projection.drivers.drivers import baseline_paths, moved, scenario_paths
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variable, Variables

BECAUSE = "a reason long enough for the reader"
VARIABLES = Variables(
    table={
        "rd_gdp": Variable(name="rd_gdp", label="R&D", unit="% of GDP", source="t", low=0, high=10)
    }
)


def _panel(rows: list[tuple[str, int, float, float]], step: int = 1) -> Panel:
    frame = pd.DataFrame(rows, columns=["country", "year", "rd_gdp", "trade"])
    return Panel(frame.set_index(["country", "year"]), source="t", step=step)


ANNUAL = _panel([("CHN", 2021, 2.0, 40.0), ("CHN", 2023, 3.0, np.nan), ("CHN", 2025, np.nan, 36.0)])
PERIODS = _panel(
    [("KOR", 1999, 2.0, 50.0), ("KOR", 2004, 2.5, 60.0), ("KOR", 2009, 4.0, 70.0)], step=5
)


def _spec(name: str = "s", **given: object) -> ScenarioSpec:
    return ScenarioSpec.model_validate(
        {"name": name, "label": name, "country": "CHN", "kind": "policy", "because": BECAUSE}
        | given
    )


def _paths(spec: ScenarioSpec, known: dict[str, ScenarioSpec] | None = None) -> pd.DataFrame:
    baseline = baseline_paths(ANNUAL, "CHN", ["rd_gdp", "trade"], 2025, 2036)
    return scenario_paths(spec, known or {}, baseline, PERIODS, 2025, VARIABLES)


def test_baseline_fills_gaps_and_holds_the_last_value() -> None:
    """Between 2021 and 2023 linear, after the last value level."""
    base = baseline_paths(ANNUAL, "CHN", ["rd_gdp", "trade"], 2025, 2030)

    assert base.loc[2022, "rd_gdp"] == pytest.approx(2.5)
    assert base.loc[2030, "rd_gdp"] == 3.0
    assert base.loc[2023, "trade"] == pytest.approx(38.0)


def test_levels_run_linearly_from_the_last_known_value() -> None:
    """Knot 4.0 in 2030 from 3.0 in 2025: 0.2 a year, then level."""
    path = _paths(_spec(paths={"rd_gdp": {2030: 4.0}}))["rd_gdp"]

    assert path[2025] == 3.0
    assert path[2026] == pytest.approx(3.2)
    assert path[2030] == path[2036] == pytest.approx(4.0)


def test_changes_add_to_the_baseline() -> None:
    """A change of -5 by 2030 lowers trade from 36 to 31."""
    path = _paths(_spec(changes={"trade": {2030: -5.0}}))["trade"]

    assert path[2030] == pytest.approx(31.0)
    assert path[2028] == pytest.approx(33.0)


def test_following_korea_takes_its_changes_by_period() -> None:
    """Korea's +0.5 after five years and +2.0 after ten, from China's own level of 3.0."""
    spec = _spec(follow={"economy": "KOR", "since": 1999, "drivers": ["rd_gdp"]})

    path = _paths(spec)["rd_gdp"]

    assert path[2030] == pytest.approx(3.5)
    assert path[2035] == pytest.approx(5.0)
    assert path[2036] == pytest.approx(5.0)


def test_composition_scales_and_delays() -> None:
    """Half of +1.0 by 2030, two years late: nothing by 2027, +0.5 by 2032."""
    push = _spec("push", changes={"rd_gdp": {2030: 1.0}})
    late = _spec("late", compose=[{"scenario": "push", "strength": 0.5, "delay": 2}])

    path = _paths(late, {"push": push, "late": late})["rd_gdp"]

    assert path[2027] == pytest.approx(3.0)
    assert path[2032] == pytest.approx(3.5)
    assert moved(late, {"push": push}) == ["rd_gdp"]


def test_a_reversal_is_a_matter_of_knots() -> None:
    """Up by 1.0 to 2028 and back to nothing by 2032: half way at each half, then the baseline."""
    path = _paths(_spec(changes={"rd_gdp": {2028: 1.0, 2032: 0.0}}))["rd_gdp"]

    assert path[2028] == pytest.approx(4.0)
    assert path[2030] == pytest.approx(3.5)
    assert path[2032] == path[2036] == pytest.approx(3.0)


PUSH = _spec("push", changes={"rd_gdp": {2027: 1.0}})
OPEN = _spec("open", changes={"trade": {2029: 10.0}})
KNOWN = {"push": PUSH, "open": OPEN}


def _joint(**given: object) -> pd.DataFrame:
    compose = [{"scenario": "push"}, {"scenario": "open"}]
    return _paths(_spec("joint", compose=compose, **given), KNOWN)


def test_without_a_declared_interaction_parts_are_added() -> None:
    """None is the default: 3 + 1 and 36 + 10."""
    path = _joint()

    assert path.loc[2030, "rd_gdp"] == pytest.approx(4.0)
    assert path.loc[2030, "trade"] == pytest.approx(46.0)


def test_interaction_grows_with_the_part_least_in_force() -> None:
    """At 0.2: +20 % once both are in full force; in 2027 trade is half way, so +10 %."""
    path = _joint(interaction=[{"size": 0.2, "because": BECAUSE}])

    assert path.loc[2029, "rd_gdp"] == pytest.approx(3.0 + 1.2)
    assert path.loc[2036, "trade"] == pytest.approx(36.0 + 12.0)
    assert path.loc[2027, "rd_gdp"] == pytest.approx(3.0 + 1.1)
    assert path.loc[2027, "trade"] == pytest.approx(36.0 + 5.5)


def test_a_part_alone_has_no_interaction() -> None:
    """While trade has not begun to move, R&D moves as declared."""
    parts = [{"scenario": "push"}, {"scenario": "open", "delay": 4}]
    spec = _spec("late", compose=parts, interaction=[{"size": 0.5, "because": BECAUSE}])

    path = _paths(spec, KNOWN)["rd_gdp"]

    assert path[2029] == pytest.approx(4.0)
    assert path[2030] == pytest.approx(3.0 + 1.0 * (1 + 0.5 / 4))


def test_interactions_are_between_the_parts_named() -> None:
    """A third part outside the pair is added as it is."""
    third = _spec("third", changes={"rd_gdp": {2029: 2.0}})
    parts = [{"scenario": name} for name in ("push", "open", "third")]
    pair = [{"size": 0.2, "between": ["push", "open"], "because": BECAUSE}]

    path = _paths(_spec("joint", compose=parts, interaction=pair), {**KNOWN, "third": third})

    assert path.loc[2030, "rd_gdp"] == pytest.approx(3.0 + 1.2 + 2.0)


def test_a_circle_is_refused_before_it_is_walked() -> None:
    """A scenario that contains itself through another has one message, drivers asked or paths."""
    one = _spec("one", compose=[{"scenario": "two"}])
    two = _spec("two", compose=[{"scenario": "one"}])

    with pytest.raises(ProjectionError, match="composed of itself: one > two"):
        moved(one, {"one": one, "two": two})


def test_a_mixture_has_no_one_path() -> None:
    """Its drivers are found, but a path, its own or as a part, is refused."""
    chances = [{"scenario": n, "probability": 0.5} for n in KNOWN]
    mixed = _spec("mixed", kind="mixture", mixture=chances)

    assert moved(mixed, KNOWN) == ["rd_gdp", "trade"]
    with pytest.raises(ProjectionError, match="is a mixture"):
        _paths(_spec("joint", compose=[{"scenario": "mixed"}]), {**KNOWN, "mixed": mixed})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"paths": {"rd_gdp": {2020: 4.0}}}, "must be after the last known year 2025"),
        ({"paths": {"rd_gdp": {2030: 11.0}}}, "allowed 0.0 to 10.0"),
        ({"changes": {"rd_gdp": {2030: -4.0}}}, "reaches -1"),
        ({"changes": {"patents": {2030: 1.0}}}, "no baseline path"),
        ({"follow": {"economy": "KOR", "since": 2009, "drivers": ["rd_gdp"]}}, "needs 2009"),
        ({"compose": [{"scenario": "s"}]}, "composed of itself"),
    ],
)
def test_impossible_departures_are_refused(given: dict[str, object], says: str) -> None:
    """Each impossible departure has one message that names scenario and driver."""
    spec = _spec(**given)
    with pytest.raises(ProjectionError, match=says):
        _paths(spec, {"s": spec})
