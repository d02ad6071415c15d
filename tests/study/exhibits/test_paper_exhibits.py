"""Every exhibit from the shipped package, or the message that says which one is needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from forecast.cli.main import app
from forecast.errors import ForecastError, SpecError
from forecast.reporting.figures.single_figure import draw_tables
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit
from legible import alike_in_grey, faults_of

NEEDS_FULL = {
    "transitions", "survival", "deindustrialisation", "world_manufacturing", "hazard",
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n, one in PAPER_EXHIBITS.items() if not one.own_needed])
def test_the_starter_carries_an_exhibit_or_says_what_does(name: str, starter: DataPackage) -> None:
    """Rows, and a figure without text on text; or one message that names a full package."""
    if name in NEEDS_FULL:
        with pytest.raises(ForecastError, match="full package"):
            paper_exhibit(name, starter)
        return
    fast = {"draws": 2.0} if "draws" in PAPER_EXHIBITS[name].parameters else None
    tables = paper_exhibit(name, starter, parameters=fast)

    assert len(next(iter(tables.values())))
    figure = draw_tables(PAPER_EXHIBITS[name].figure, tables, starter.name)
    assert not faults_of(figure) + alike_in_grey(figure)


@pytest.mark.raw
@pytest.mark.parametrize("name", sorted(NEEDS_FULL))
def test_the_full_package_carries_the_rest(name: str, full: DataPackage) -> None:
    """All of them have rows, and a figure without text on text."""
    tables = paper_exhibit(name, full)

    assert len(next(iter(tables.values())))
    figure = draw_tables(PAPER_EXHIBITS[name].figure, tables, full.name)
    assert not faults_of(figure) + alike_in_grey(figure)


def test_thresholds_are_parameters(starter: DataPackage) -> None:
    """A higher line has no more above it; an unknown parameter is named with its neighbour."""
    wide = paper_exhibit("relative_passages", starter, parameters={"high": 0.4})
    narrow = paper_exhibit("relative_passages", starter, parameters={"high": 0.7})
    first = wide["counts by definition"].iloc[0], narrow["counts by definition"].iloc[0]

    assert (first[0]["high"], first[1]["high"]) == (0.4, 0.7)
    above = [(t["all economies"]["group_last"] == "high").sum() for t in (wide, narrow)]
    assert above[0] >= above[1] > 0
    with pytest.raises(SpecError, match="did you mean 'high'"):
        paper_exhibit("relative_passages", starter, parameters={"hihg": 0.4})
    with pytest.raises(SpecError, match="has no parameters"):
        paper_exhibit("passages", starter, parameters={"high": 0.4})
    with pytest.raises(SpecError, match="takes no year"):
        paper_exhibit("passages", starter, year=2000)


def test_the_command_draws_and_sets(tmp_path: Path) -> None:
    """A figure on disk; a malformed parameter is one message."""
    picture = tmp_path / "growth.png"
    done = CliRunner().invoke(
        app, ["exhibit", "growth_accounting", "--set", "step=20", "--figure", str(picture)]
    )
    wrong = CliRunner().invoke(app, ["exhibit", "growth_accounting", "--set", "step"])

    assert done.exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "1957   1977" in done.stdout
    assert wrong.exit_code == 2
    assert "must be NAME=NUMBER" in wrong.stderr
