"""docs/mutation.md: what changes of the code no test sees, each judged."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from places import ROOT

PAGE = ROOT / "docs" / "mutation.md"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return the script that writes the page."""
    spec = spec_from_file_location("mutation", ROOT / "benchmarks" / "mutation.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["mutation"] = module
    spec.loader.exec_module(module)
    return module


def test_changes_of_a_small_module(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bounds, operators, constants, conditions and returns; no message, annotation, docstring."""
    monkeypatch.setattr(script, "SOURCE", tmp_path)
    file = tmp_path / "small.py"
    file.write_text(
        '"""Two."""\n\n'
        "def limit(x: int | None, at: float = 0.5) -> float:\n"
        "    if x < 2 and at:\n"
        '        raise ValueError(f"{x + 1}")\n'
        "    return x * at, -1\n"
    )

    found = {(m.line, m.change) for m in script.mutants(file)}

    assert found == {
        (3, "0.5 -> 0.75"),
        (4, "x < 2 and at -> not (x < 2 and at)"),
        (4, "x < 2 and at -> x < 2 or at"),
        (4, "x < 2 -> x <= 2"),
        (4, "2 -> 3"),
        (6, "return (x * at, -1) -> return (-1, x * at)"),
        (6, "x * at -> x / at"),
        (6, "-1 -> +1"),
        (6, "1 -> 2"),
    }
    assert len({m.key for m in script.mutants(file)}) == len(found)


def test_nine_in_ten_changes_are_seen_and_the_others_judged() -> None:
    """By the page's own counts, file by file and together."""
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| `[\w/]+\.py` \| \d+ \| (\d+) \| (\d+) \| \d+ \|$", text, re.MULTILINE)
    tried, seen = (sum(map(int, column)) for column in zip(*rows, strict=True))

    assert f"**{seen:,} of {tried:,} changes were seen" in text
    assert seen >= 0.9 * tried
    assert "| not judged |" not in text
    assert text.split("## Changes that no test sees")[1].count("\n| `") == tried - seen


def test_judgements_are_of_lines_that_are_there() -> None:
    """What is judged has not been rewritten since."""
    judged = tomllib.loads((ROOT / "benchmarks" / "mutation_judged.toml").read_text("utf-8"))

    for key in judged:
        file, line, _ = key.split(" | ", 2)
        assert line in (ROOT / "src" / "forecast" / file).read_text("utf-8"), key
