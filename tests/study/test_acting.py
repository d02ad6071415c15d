"""Scenarios that no weighted model can hear are refused; those half heard say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from forecast import catalog
from forecast.cli.main import app
from forecast.errors import ForecastError
from forecast.projection.regressors import raw_drivers
from forecast.specs.scenario import ScenarioSpec
from forecast.study.acting import acting_drivers, idle_departures
from forecast.study.declare import declare

MODELS = [catalog.model("pooled"), catalog.model("convergence")]
ACTING = set(raw_drivers(MODELS[0]))
NAMES = st.sampled_from(["rd_gdp", "exports_gdp", "human_capital", "savings_gdp"])


def _scenario(name: str, **given: Any) -> ScenarioSpec:
    raw = {"name": name, "label": name, "country": "CHN", "kind": "policy"}
    because = "Made for the test of what acts."
    return ScenarioSpec.model_validate({**raw, "because": because, **given})


def _moves(name: str, drivers: list[str], form: str) -> ScenarioSpec:
    if form == "follow":
        return _scenario(name, follow={"economy": "KOR", "since": 1994, "drivers": drivers})
    return _scenario(name, **{form: {driver: {2030: 1.0} for driver in drivers}})


@given(
    parts=st.lists(
        st.tuples(
            st.lists(NAMES, min_size=1, max_size=3, unique=True),
            st.sampled_from(["paths", "changes", "follow"]),
        ),
        min_size=1,
        max_size=3,
    ),
    form=st.sampled_from(["plain", "compose", "mixture"]),
)
def test_what_is_said_is_what_is_moved_and_in_no_model(
    parts: list[tuple[list[str], str]], form: str
) -> None:
    """All in no model: refused. Some: said, by name. None: nothing said."""
    known = {f"part_{n}": _moves(f"part_{n}", *part) for n, part in enumerate(parts)}
    spec = known["part_0"]
    if form == "compose":
        spec = _scenario("whole", compose=[{"scenario": name} for name in known])
    if form == "mixture":
        chance = 1 / len(known)
        mixture = [{"scenario": name, "probability": chance} for name in known]
        spec = _scenario("whole", kind="mixture", mixture=mixture)
    moves = {d for drivers, _ in (parts if form != "plain" else parts[:1]) for d in drivers}

    if moves & ACTING:
        said = idle_departures([spec], known, MODELS)
        assert len(said) == bool(moves - ACTING)
        assert all((name in "".join(said)) == (name in moves - ACTING) for name in moves)
    else:
        with pytest.raises(ForecastError, match="its effect would be zero") as found:
            idle_departures([spec], known, MODELS)
        assert all(name in str(found.value) for name in moves | ACTING)
        assert "(in pooled)" in str(found.value)


IDLE = """
name = "savings_rise"
label = "A variable that no model contains"
country = "CHN"
kind = "policy"
because = "A trial: savings are a listed driver, but no weighted model contains it."
[changes.savings_gdp]
2030 = 0.5
"""


def test_a_scenario_without_effect_is_refused_before_any_work(tmp_path: Path) -> None:
    """The command ends in one message that names what a scenario can move."""
    file = tmp_path / "savings_rise.toml"
    file.write_text(IDLE, encoding="utf-8")

    found = CliRunner().invoke(app, ["project", str(file)])

    assert isinstance(found.exception, ForecastError)
    assert "estimating" not in found.stderr
    said = str(found.exception)
    assert "moves savings_gdp, which no model with a weight in [effects]" in said
    assert all(name in said for name in (*ACTING, *catalog.study().effects.weights))


def test_half_an_effect_is_said(tmp_path: Path) -> None:
    """The rest of the scenario is projected; the idle part is a note and a caveat."""
    file = tmp_path / "savings_rise.toml"
    file.write_text(IDLE + "[changes.rd_gdp]\n2030 = 0.5\n", encoding="utf-8")

    declared = declare(scenarios=[str(file)])

    assert [c for c in declared.caveats if "also moves savings_gdp" in c]
    assert not [c for c in declare(scenarios=[str(file)], channel="bvar").caveats if "also" in c]


def test_the_list_of_variables_shows_the_models() -> None:
    """A variable's models are those with a weight that contain it."""
    rows = json.loads(CliRunner().invoke(app, ["list", "variables", "--format", "json"]).stdout)
    weights = catalog.study().effects.weights
    acting = acting_drivers(catalog.model(name) for name in weights)

    assert {r["name"]: r["models"] for r in rows if r["models"]} == {
        name: ", ".join(models) for name, models in acting.items()
    }
    assert acting["rd_gdp"] == list(weights)
