"""The page "Your own country" does what it says: its blocks run as they stand, in their order."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from forecast.cli.main import app
from forecast.sources.package.package import load
from loopback import serving
from made_world import OWN, made_world, mirror, routes
from places import ROOT

pytest.importorskip("sdmx")  # the extra [data]

PAGE = (ROOT / "docs" / "your_country.md").read_text(encoding="utf-8")
EXAMPLE = "Vietnam"
UPDATE = "forecast data update"
NAMES = ("Vietnam", "Malaysia", "kz", "Türkiye", "356", "BRA", "poland")
BLOCK = re.compile(r"^```(?:bash|toml title=\"(\S+)\")\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def publishers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Serve a made world in the publishers' place; return the user's data directory."""
    folder = tmp_path_factory.mktemp("user")
    with serving() as service, pytest.MonkeyPatch.context() as patch:
        service.routes = routes(made_world())
        (folder / "mirror.toml").write_text(mirror(service.url), encoding="utf-8")
        patch.setenv("FORECAST_ENDPOINTS", str(folder / "mirror.toml"))
        patch.setenv("FORECAST_DATA", str(folder / "own"))
        yield folder / "own"


def _run(line: str) -> str:
    """Run one command of the page in the working folder; return what it prints."""
    first, *words = shlex.split(line.replace("--draws 1000", "--draws 100"))
    if first != "forecast":
        return subprocess.run(line, shell=True, check=True, capture_output=True, text=True).stdout
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, f"{line}: {done.exception!r}\n{done.output}"
    return done.output


@pytest.mark.parametrize(
    "name", [NAMES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[1:])]
)
def test_the_page_runs(
    name: str,
    publishers: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_figures: None,
) -> None:
    """Its files written, its commands run, one after the other, for an economy by some name."""
    monkeypatch.chdir(tmp_path)
    said: dict[str, str] = {}
    for file, block in BLOCK.findall(PAGE.replace(EXAMPLE, name)):
        if file:
            Path(file).write_text(block, encoding="utf-8")
            continue
        for line in block.splitlines():
            if line != UPDATE or not publishers.exists():  # the same for all seven
                said[line] = _run(line)
    code = OWN[NAMES.index(name)]

    assert f'country = "{code}"' in Path("mine/study.toml").read_text(encoding="utf-8")
    compared = next(out for line, out in said.items() if "compare" in line)
    assert "more_research" in compared
    assert "less_trade" in compared
    manifests = Path("out").glob(f"{code.lower()}_high_income-*/manifest.json")
    specs = [json.loads(path.read_text(encoding="utf-8"))["specs"] for path in manifests]
    listed = [{Path(file).stem for file in one if file.startswith("scenarios/")} for one in specs]
    assert {"baseline", "one_file"} in listed
    assert {"baseline", "research_push", "less_trade"} in listed
    assert [path.name for path in publishers.glob("full-*")] == ["full-2026.07"]
    assert "annual" in load(publishers / "full-2026.07").resources


def test_nothing_on_the_page_is_left_out() -> None:
    """Every fence of the page is a block that the test above runs or writes."""
    commands = [
        line for file, block in BLOCK.findall(PAGE) if not file for line in block.splitlines()
    ]

    assert PAGE.count("```") == 2 * len(BLOCK.findall(PAGE))
    assert UPDATE in commands
    assert {line.split()[1] for line in commands} == {
        "project", "data", "init", "check", "compare", "precedent", "run",
    }  # fmt: skip
