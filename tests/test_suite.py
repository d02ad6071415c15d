"""The rules of the tests themselves: where they stand, how long they are, no clock by default."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from places import ROOT

TESTS = ROOT / "tests"
FILES = sorted(p.relative_to(TESTS).as_posix() for p in TESTS.rglob("*.py"))
# What belongs to no one folder: outside numbers, golden results, papers, hostile input, faults.
BESIDE = {"reference", "golden", "reproductions", "fuzz", "faults"}
CLOCKS = {
    "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time",
    "process_time_ns", "timeit", "default_timer",
}  # fmt: skip


def astray(files: list[str], folders: set[str]) -> list[str]:
    """Return the test files that stand in no folder of the package."""
    found = []
    for file in files:
        folder = Path(file).parent.as_posix()
        if folder != "." and folder not in folders and folder.split("/")[0] not in BESIDE:
            found.append(file)
    return found


def long_files(texts: dict[str, str], most: int = 400) -> list[str]:
    """Return the files of more than ``most`` lines."""
    return [file for file, text in texts.items() if len(text.splitlines()) > most]


def timed(text: str) -> list[str]:
    """Return the tests that read a clock, themselves or by what they use, without the marker."""
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    timing = {f.name for f in functions if any(_is_clock(n) for n in ast.walk(f))}
    while more := {f.name for f in functions if _used(f) & timing} - timing:
        timing |= more
    marked = any(
        isinstance(node, ast.Assign) and "mark.clock" in ast.unparse(node) for node in tree.body
    )
    return [
        f.name
        for f in functions
        if f.name.startswith("test_") and f.name in timing and not marked
        if not any(ast.unparse(one) == "pytest.mark.clock" for one in f.decorator_list)
    ]


def _is_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in CLOCKS
    return isinstance(node, ast.Attribute) and (
        node.attr in CLOCKS or ast.unparse(node) == "time.time"
    )


def _used(function: ast.FunctionDef) -> set[str]:
    """Return what a function calls or is given: helpers and fixtures."""
    nodes = list(ast.walk(function))
    return {n.id for n in nodes if isinstance(n, ast.Name)} | {
        n.arg for n in nodes if isinstance(n, ast.arg)
    }


def test_a_test_stands_in_the_folder_of_what_it_tests() -> None:
    """``tests/x/y`` is ``src/forecast/x/y``; a test of several rooms stands above them."""
    source = ROOT / "src" / "forecast"
    folders = {p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_dir()}

    assert astray(FILES, folders) == []
    assert astray(["bvar/test_a.py", "golden/b.py", "test_c.py"], folders) == ["bvar/test_a.py"]


def test_no_test_file_is_longer_than_400_lines() -> None:
    """A test file of more than 400 lines tests more than one thing."""
    texts = {file: (TESTS / file).read_text(encoding="utf-8") for file in FILES}

    assert long_files(texts) == []
    assert long_files({"a.py": "x = 1\n" * 401, "b.py": "x = 1\n" * 400}) == ["a.py"]


def test_every_test_file_is_collected(request: pytest.FixtureRequest) -> None:
    """No folder's name keeps pytest out, as ``build`` does where nothing else is said."""
    skipped = request.config.getini("norecursedirs")

    folders = {part for file in FILES for part in Path(file).parts[:-1]}
    assert not [f for f in folders if any(Path(f).match(pattern) for pattern in skipped)]


@pytest.mark.parametrize("file", [f for f in FILES if Path(f).name.startswith("test_")])
def test_the_default_suite_asserts_no_duration(file: str) -> None:
    """A test that reads a clock is marked ``clock``: a busy machine must not fail a change."""
    assert timed((TESTS / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def test_a():\n    begun = time.perf_counter()\n", ["test_a"]),
        ("def test_a():\n    from time import monotonic\n    monotonic()\n", ["test_a"]),
        ("def took():\n    return time.time()\ndef test_a():\n    assert took() < 1\n", ["test_a"]),
        ("def took():\n    return time.time()\ndef test_a(took):\n    assert took\n", ["test_a"]),
        ("@pytest.mark.clock\ndef test_a():\n    time.perf_counter()\n", []),
        ("pytestmark = pytest.mark.clock\ndef test_a():\n    time.perf_counter()\n", []),
        ("def test_a():\n    time.sleep(1)\n", []),
    ],
)
def test_a_clock_is_noticed(text: str, found: list[str]) -> None:
    """Under any of its names, in a helper or a fixture too; the marker lets it pass."""
    assert timed(text) == found
