"""What commands print with ``--format json`` is what docs/schemas says, key for key."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from forecast.cli.main import COMMANDS, app, load_command
from forecast.cli.payload_schema import payload_names, payload_schema
from forecast.study.run import Results
from places import ROOT

DRAWS = ("--draws", "100")
FEW = ("--origins", "2000-2003", "--models", "pool,country_mean")
ROBOTS = (
    'title = "Robots"\nlicense = "CC-BY-4.0"\nattribution = "The author"\nvintage = "2025-03"\n'
    '[variables.robots]\ncolumn = "robots"\nunit = "per thousand employed"\nlabel = "Robots"\n'
)

# RUN, HUB: a run's folder, and its export; MADE: a file or folder that is not there yet.
CASES = [
    ("init", ["MADE", "--country", "China"]),
    ("check", [str(ROOT / "study.toml")]),
    ("check", [str(ROOT / "scenarios" / "innovation_first.toml")]),
    ("check", [str(ROOT / "models" / "within.toml")]),
    ("project", ["innovation_first", *DRAWS]),
    ("project", ["--country", "Vietnam", *DRAWS]),
    ("estimate", ["pooled", "within", "system_gmm"]),
    ("local-projections", ["within", "--shock", "rd_gdp", "--horizons", "2", "--lags", "1"]),
    *(("list", [what]) for what in ("models", "scenarios", "data", "variables", "exhibits")),
    ("list", ["examples"]),
    ("example", ["grunfeld"]),
    pytest.param("list", ["countries"], marks=pytest.mark.slow),
    *(("show", [name]) for name in ("study", "within", "innovation_first", "rd_gdp")),
    *(("show", [name]) for name in ("starter-2026.07", "income_fan")),
    ("compare", ["innovation_first", "decoupling", *DRAWS]),
    ("attribute", ["innovation_first", *DRAWS]),
    ("decompose", DRAWS),
    ("sensitivity", DRAWS),
    ("require", ["--by", "2030", "--probability", "0.9", "--driver", "rd_gdp", *DRAWS]),
    ("require", ["--by", "2030", "--probability", "0.9", "--growth", *DRAWS]),
    ("precedent", ["innovation_first", "decoupling"]),
    ("exhibit", []),
    *(("exhibit", [name]) for name in ("passages", "accelerations", "rodrik", "paper_table_1")),
    ("world", []),
    ("world", ["--line", "lower_middle", "--view", "none", "--region", "EAS", "--by", "2030"]),
    ("news", ["starter-2026.07", "starter-2026.07"]),
    ("backcast", []),
    ("backtest", ["--target", "growth", *FEW, "--by", "decade", "--no-cache"]),
    ("scoreboard", []),
    ("scoreboard", ["--sealed"]),
    ("data list", []),
    ("data show", ["starter-2026.07"]),
    ("data show", ["starter-2026.07", "rd_gdp"]),
    ("data where", ["CHN", "2023", "rd_gdp"]),
    ("data diff", ["starter-2026.07", "starter-2026.07"]),
    ("data verify", ["starter-2026.07"]),
    ("data update", ["--dry-run"]),
    ("data add", ["ADDED", "--as", "table"]),
    ("seal list", []),
    ("seal verify", []),
    ("export", ["RUN", "--to", "iamc", "--out", "MADE.csv"]),
    ("diff", ["RUN", "RUN"]),
    ("diff", ["RUN", "OTHER"]),
    ("bundle", ["RUN", "--out", "MADE.zip"]),
    ("cite", ["RUN"]),
    ("score", ["HUB"]),
    ("table", ["pooled", "within"]),
    ("test", []),
    ("test", ["pesaran_cd", "hausman", "wald", "--of", "within", "--set", "hypothesis=rd_gdp=0"]),
    ("table", ["pooled", "--descriptive"]),
]
ELSEWHERE = {
    "run": "below, from a study of two scenarios",
    "case": "below, marked slow",
    "data build": "below, from the raw statistics",
    "weights": "scores a full package for minutes",
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, small_run: Results) -> dict[str, str]:
    """Return what stands for the words in capitals."""
    folder = tmp_path_factory.mktemp("payloads")
    other, hub, added = folder / "other", folder / "hub", folder / "robots.csv"
    told = _told(["run", "--scenarios", "baseline,decoupling", "--out", str(other), *DRAWS])
    _holds("run", told)
    _told(["export", str(small_run.folder), "--to", "hub", "--out", str(hub)])
    added.write_text("country,year,robots\nCHN,2010,1.5\nCHN,2011,1.7\nXXQ,2011,1\n", "utf-8")
    added.with_suffix(".toml").write_text('file = "robots.csv"\n' + ROBOTS, "utf-8")
    return {
        "RUN": str(small_run.folder),
        "OTHER": str(told["folder"]),
        "HUB": str(hub),
        "ADDED": str(added),
        "MADE": str(folder / "made"),
    }


def _told(arguments: list[str]) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert done.exit_code == (arguments[:1] == ["diff"] and arguments[1] != arguments[2]), (
        done.stderr
    )
    return json.loads(done.stdout)


def _holds(name: str, told: Any) -> None:
    faults = Draft202012Validator(payload_schema(name)).iter_errors(told)
    assert [f"{fault.json_path}: {fault.message[:300]}" for fault in faults] == []


@pytest.mark.parametrize(
    ("name", "arguments"), CASES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_what_is_printed_is_what_the_schema_says(
    name: str, arguments: list[str], places: dict[str, str]
) -> None:
    """Every key is declared, every declared key is there, and each has its type."""
    given = [
        places.get(a) or (a.replace("MADE", places["MADE"]) if a.startswith("MADE") else a)
        for a in arguments
    ]

    _holds(name, _told([*name.split(), *given]))


@pytest.mark.slow
def test_a_case_is_what_the_schema_says() -> None:
    """The paths of thirty origins take some seconds."""
    _holds("case", _told(["case", "China"]))


@pytest.mark.raw
def test_a_package_built_is_what_the_schema_says(raw_dir: Path, tmp_path: Path) -> None:
    """From the raw statistics."""
    made = ["data", "build", "--raw", str(raw_dir), "--out", str(tmp_path)]

    _holds("data build", _told(made))


def test_every_command_that_prints_json_has_a_schema() -> None:
    """And is tried here on the starter package, or it is said where or why not."""
    found = {name for top in COMMANDS for name in _leaves(top, load_command(top))}

    assert found == set(payload_names())
    assert found == {name for name, *_ in CASES if isinstance(name, str)} | set(ELSEWHERE)


def _leaves(name: str, command: click.Command) -> list[str]:
    if isinstance(command, click.Group):
        inner = command.commands.items()
        return [leaf for tail, one in inner for leaf in _leaves(f"{name} {tail}", one)]
    return [name]


def test_schemas_in_docs_are_current() -> None:
    """``docs/schemas`` holds what ``forecast show schema`` prints; no address in their names."""
    made = runpy.run_path(str(ROOT / "benchmarks" / "schemas.py"))["schemas"]()
    kept = {p.name: p.read_text("utf-8") for p in (ROOT / "docs" / "schemas").glob("*.json")}

    assert kept == made
    for command in payload_names():
        name = f"{command.replace(' ', '-')}.json"
        told = json.loads(made[name])
        Draft202012Validator.check_schema(told)
        assert told["$id"] == name
        assert told == _told(["show", "schema", *command.split()])


def test_a_schema_can_fail() -> None:
    """A key too many, a key too few and a key of another type are each refused."""
    judge = Draft202012Validator(payload_schema("data verify"))
    good: dict[str, Any] = {"package": "p", "findings": []}

    assert judge.is_valid(good)
    assert not judge.is_valid(good | {"more": 1})
    assert not judge.is_valid({"package": "p"})
    assert not judge.is_valid(good | {"findings": [{"table": 1, "kind": "k", "message": "m"}]})


def test_an_unknown_schema_is_one_message() -> None:
    """With the nearest name."""
    done = CliRunner().invoke(app, ["show", "schema", "wrld"])

    assert "did you mean 'world'" in str(done.exception)
