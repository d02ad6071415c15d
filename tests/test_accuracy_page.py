"""docs/accuracy.md is what the tests say."""

from __future__ import annotations

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

from places import ROOT

PAGE = ROOT / "docs" / "accuracy.md"
ROW = re.compile(r"^\| (.*) \(`(test_\w+)`\) \| ([\d,]+) \| (\d*) \| (\d*) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return the script that writes the page."""
    spec = spec_from_file_location("accuracy", ROOT / "benchmarks" / "accuracy.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["accuracy"] = module
    spec.loader.exec_module(module)
    return module


def _rows(text: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return statement, numbers, worst and median digits by file and test."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for section in text.split("\n## ")[1:]:
        file = section.split("\n", 1)[0]
        for said, name, *numbers in ROW.findall(section):
            found[file, name] = (said, *numbers)
    return found


def test_the_page_names_tests_that_exist(script: ModuleType) -> None:
    """Each file of reference tests is on the page, and each row is a test under its own words."""
    expected = {
        (file, name): said.replace("|", "\\|").rstrip(".")
        for file, tests in script.reference_tests().items()
        for name, said in tests.items()
    }
    found = {key: row[0] for key, row in _rows(PAGE.read_text(encoding="utf-8")).items()}

    stale = {key for key, said in found.items() if expected.get(key) != said}
    assert stale == set(), "run: python benchmarks/accuracy.py"
    files = {file for file, _ in found}
    reading = {f for f, _ in expected if '"reference"' in (ROOT / f).read_text(encoding="utf-8")}
    assert reading <= files


def test_the_page_lists_every_disagreement(script: ModuleType) -> None:
    """What packages disagree on is the script's list."""
    text = PAGE.read_text(encoding="utf-8")

    for row in script.DISAGREEMENTS:
        assert f"| {' | '.join(row)} |" in text


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_digits_are_current(script: ModuleType) -> None:
    """Measured again, no test has lost more than a digit (processors round differently)."""
    fresh = _rows(script.page(script.measured()))

    for key, (_, count, worst, middle) in _rows(PAGE.read_text(encoding="utf-8")).items():
        assert fresh[key][1] == count
        for now, then in ((fresh[key][2], worst), (fresh[key][3], middle)):
            assert int(now or 0) >= int(then or 0) - 1, key
