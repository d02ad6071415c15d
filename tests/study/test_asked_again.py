"""The line under "How to reproduce this" asks for the same run."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast import catalog
from forecast.cli.run.run import command
from forecast.study.declare import Declared, declare
from forecast.study.gather import _provenance

SCENARIO = """
name = "my_push"
label = "Mine"
country = "CHN"
kind = "policy"
because = "Made for the test of the printed line."
[changes.rd_gdp]
2035 = 0.5
"""
OPTIONS: dict[str, list[Any]] = {
    "study": [None, "mine.toml", "deep/mine.toml"],
    "scenarios": [None, [], ["decoupling"], ["deep/my_push.toml", "innovation_first"]],
    "data": [None, "starter-2026.07", "FOLDER"],
    "seed": [None, 0, 7],
    "draws": [None, 500],
    "country": [None, "CHN"],
    "line": [None, "us_share:0.4", "deep/path.csv", "constant:20000@2024", "lower_middle"],
    "lasting": [1, 3],
    "channel": ["panel", "bvar"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with files of a user's own, each also in a folder below it."""
    made = tmp_path_factory.mktemp("own")
    (made / "deep").mkdir()
    text = catalog.study_path().read_text(encoding="utf-8").replace("draws = 10000", "draws = 700")
    for where in (made, made / "deep"):
        (where / "mine.toml").write_text(text, encoding="utf-8")
        (where / "my_push.toml").write_text(SCENARIO, encoding="utf-8")
        (where / "path.csv").write_text("year,value\n2020,12000\n2050,30000\n", encoding="utf-8")
    shutil.copytree(catalog.package_folder("starter-2026.07"), made / "x" / "starter-2026.07")
    return made


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(asked=st.fixed_dictionaries({name: st.sampled_from(v) for name, v in OPTIONS.items()}))
def test_the_printed_line_asks_for_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    """Same identity, whatever decided the numbers, and no folder of this machine in the line."""
    monkeypatch.chdir(folder)
    if asked["data"] == "FOLDER":
        asked = {**asked, "data": str(folder / "x" / "starter-2026.07")}
    first = declare(**asked)

    line = _provenance(first).reproduce

    assert _typed(line).identity == first.identity
    assert "deep" not in line
    assert str(folder) not in line


def _typed(line: str) -> Declared:
    words = shlex.split(line)
    assert words[:2] == ["forecast", "run"]
    given = dict(command.make_context("run", words[2:]).params)
    kept = {name: value for name, value in given.items() if name in OPTIONS}
    return declare(**kept)
