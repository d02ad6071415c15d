"""Every scenario file has a golden result and its precedents, and still gives both."""

from __future__ import annotations

import io
import runpy
from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from click.testing import CliRunner

from forecast import catalog
from forecast.cli.main import app
from forecast.specs.changed import changed
from forecast.specs.scenario import ScenarioSpec
from places import ROOT

Tables = dict[str, pd.DataFrame]
Make = Callable[[Mapping[str, ScenarioSpec]], Tables]

GOLDEN = ROOT / "tests" / "golden"
EVERY = {name: catalog.scenario(name) for name in catalog.scenarios()}
# All but those that are text without a number; a mixture has no one path to set beside others.
NUMBERED = {name for name, one in EVERY.items() if one.kind != "unquantified"}
MOVED = {name for name in NUMBERED if EVERY[name].kind not in {"baseline", "mixture"}}
FILES = sorted(NUMBERED | {f"precedents/{name}" for name in MOVED})


@pytest.fixture(scope="module")
def make() -> Make:
    """Return what makes the golden tables of given scenarios."""
    made: Make = runpy.run_path(str(GOLDEN / "make_golden.py"))["golden_tables"]
    return made


@pytest.fixture(scope="module")
def results(make: Make) -> Tables:
    """Return what all scenarios give, computed now."""
    return make(EVERY)


def test_scenarios_and_golden_files_are_the_same_set(results: Tables) -> None:
    """No scenario without its golden files, no golden file without its scenario."""
    found = {path.relative_to(GOLDEN).with_suffix("").as_posix() for path in GOLDEN.rglob("*.csv")}

    assert found == set(FILES) == set(results)


@pytest.mark.parametrize("name", FILES)
def test_scenario_gives_its_golden_result(name: str, results: Tables) -> None:
    """Paths, effects and precedents equal the file, as written."""
    _same(results[name], name)


def test_golden_files_differ_between_scenarios() -> None:
    """Two scenarios never have the same result: a file copied by mistake would show."""
    contents = [path.read_text() for path in GOLDEN.glob("*.csv")]

    assert len(set(contents)) == len(contents)


def test_a_changed_size_shows_in_both_files_and_in_those_of_what_is_composed_of_it(
    make: Make, results: Tables
) -> None:
    """A twentieth of a point more R&D: its own two files fail, and those of compositions alone."""
    was = EVERY["innovation_first"]
    sizes = {year: size + 0.05 for year, size in was.changes["rd_gdp"].items()}
    again = make(EVERY | {was.name: changed(was, changes=was.changes | {"rd_gdp": sizes})})
    touched = {name for name in FILES if not results[name].equals(again[name])}

    with pytest.raises(AssertionError):
        _same(again["innovation_first"], "innovation_first")
    with pytest.raises(AssertionError):
        _same(again["precedents/innovation_first"], "precedents/innovation_first")
    holding = {"innovation_first"}
    for _ in EVERY:  # as deep as compositions and mixtures go
        holding |= {
            name
            for name, one in EVERY.items()
            if holding & {part.scenario for part in [*one.compose, *one.mixture]}
        }
    assert touched <= holding | {f"precedents/{name}" for name in holding}


@pytest.mark.parametrize("name", ["korean_path", "decoupling", "japanese_path"])
def test_precedents_are_those_of_the_command(name: str, results: Tables) -> None:
    """``forecast precedent`` gives the shares that are at least as large: what is left of 100."""
    printed = CliRunner().invoke(app, ["precedent", name, "--format", "csv"]).stdout
    shown, golden = pd.read_csv(io.StringIO(printed)), results[f"precedents/{name}"]

    same = ["driver", "years", "windows", "economies"]
    pd.testing.assert_frame_equal(shown[same], golden[same])
    pd.testing.assert_series_equal(
        100 * (1 - shown["share"]), golden["percentile"], check_names=False
    )


def _same(found: pd.DataFrame, name: str) -> None:
    """Assert the file's numbers: 8 digits are written; linear algebra may move the last."""
    expected = pd.read_csv(GOLDEN / f"{name}.csv")
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-6, atol=1e-8)
