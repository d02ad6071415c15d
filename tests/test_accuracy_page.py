"""docs/accuracy.md has every method of the code, and is what the tests say."""

from __future__ import annotations

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

from places import ROOT

PAGE = ROOT / "docs" / "accuracy.md"


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


def _tables(text: str) -> dict[str, list[list[str]]]:
    """Return the cells of each section's table."""
    return {
        section.split("\n", 1)[0]: [
            re.split(r" *(?<!\\)\| *", line)[1:-1]
            for line in section.splitlines()
            if line.startswith("| ")
        ][1:]
        for section in text.split("\n## ")[1:]
    }


def test_every_method_has_its_row(script: ModuleType) -> None:
    """What the code's tables list stands in accuracy_methods.toml, named, and nothing else."""
    listed, said = script.methods(), script.entries()

    assert {name: set(rows) for name, rows in listed.items()} == {
        name: set(rows) for name, rows in said.items()
    }
    unnamed = [
        name
        for section, rows in listed.items()
        for name, label in rows.items()
        if not (label or said[section][name].get("label"))
    ]
    assert unnamed == []


def test_every_test_named_is_there(script: ModuleType) -> None:
    """A comparison or a check is one test of the suite; the families of tests are there too."""
    tests = script.statements()
    patterns = [
        *script.compared_tests(),
        *[
            pattern
            for rows in script.entries().values()
            for row in rows.values()
            for pattern in row.get("checked", [])
        ],
    ]

    assert [p for p in patterns if len(script.named(p, tests)) != 1] == []
    families = [pattern for patterns in script.families().values() for pattern in patterns]
    assert [p for p in families if not script.named(p, tests)] == []


def test_the_page_is_what_the_script_writes(script: ModuleType) -> None:
    """But for the digits, which a run of the tests measures."""
    found, expected = (_tables(text) for text in (PAGE.read_text("utf-8"), script.page({})))

    measured = slice(2, 5)
    for rows in (*found.values(), *expected.values()):
        for row in rows:
            row[measured] = []
    assert found == expected, "run: python benchmarks/accuracy.py"


@pytest.mark.parametrize(
    "word",
    ["Between", "Wild bootstrap", "Mean group", "Threshold", "Windmeijer", "Fernandez-Ley-Steel"],
)
def test_what_is_looked_for_is_found(word: str) -> None:
    """The page names methods as economists do."""
    assert word in PAGE.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_digits_are_current(script: ModuleType) -> None:
    """Measured again, no comparison has lost more than a digit (processors round differently)."""
    fresh = _tables(script.page(script.measured()))

    for title, rows in _tables(PAGE.read_text("utf-8")).items():
        for then, now in zip(rows, fresh[title], strict=True):
            if len(then) > 5:
                assert now[2] == then[2], then[0]
                assert all(a >= b - 1 for a, b in zip(_digits(now), _digits(then), strict=True))


def _digits(row: list[str]) -> list[int]:
    """Return the worst and median digits of a row's comparisons."""
    return [int(cell or 0) for k in (3, 4) for cell in row[k].split("<br>")]
