"""docs/architecture.md is the code's: its tree, its layers, and the way of three values."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from places import ROOT

SOURCE = ROOT / "src" / "forecast"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\| `([\w/]+\.py): (\w+)(?:\(([^)]*)\))?` \|", re.MULTILINE)
WAYS = re.findall(r"^## (The way of .*)$", PAGE, re.MULTILINE)


def _steps(way: str) -> list[tuple[str, str, list[str]]]:
    section = PAGE.split(f"## {way}", 1)[1].split("\n## ", 1)[0]
    return [
        (path, name, re.findall(r"\w+", arguments))
        for path, name, arguments in STEP.findall(section)
    ]


def broken(steps: list[tuple[str, str, list[str]]], source: Path) -> list[str]:
    """Return the steps whose file, name or arguments the code does not have."""
    found = []
    for path, name, arguments in steps:
        if not (source / path).is_file():
            found.append(f"{path}: no such file")
            continue
        tree = ast.parse((source / path).read_text(encoding="utf-8"))
        nodes = [n for n in ast.walk(tree) if _defines(n, name)]
        if not nodes:
            found.append(f"{path}: {name}")
        held = {h for node in nodes for h in _held(node)}
        found += [f"{path}: {name}({one})" for one in arguments if nodes and one not in held]
    return found


def _defines(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name == name
    return isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name


def _held(node: ast.AST) -> set[str]:
    """Return a function's parameters, or a record's fields."""
    if isinstance(node, ast.FunctionDef):
        return {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
    if isinstance(node, ast.ClassDef):
        return {ast.unparse(n.target) for n in node.body if isinstance(n, ast.AnnAssign)}
    return set()


@pytest.mark.parametrize("way", WAYS)
def test_every_step_of_a_way_exists(way: str) -> None:
    """File, function or record, and the arguments that carry the value."""
    steps = _steps(way)

    assert len(steps) >= 5
    assert broken(steps, SOURCE) == []


def test_a_step_that_is_gone_is_noticed() -> None:
    """A file, a name and an argument that do not exist, each is named."""
    invented = [
        ("study/runs.py", "run", []),
        ("study/run.py", "walk", []),
        ("study/run.py", "run", ["sead"]),
    ]

    assert broken(invented, SOURCE) == [
        "study/runs.py: no such file",
        "study/run.py: walk",
        "study/run.py: run(sead)",
    ]


def test_three_ways_are_told() -> None:
    """A seed, a coefficient and a scenario's path."""
    assert len(WAYS) == 3


def test_the_tree_is_the_folders_own_words() -> None:
    """Each folder stands on the page with the line of its ``__init__``, and no other does."""
    block = PAGE.split("```text\n", 1)[1].split("```", 1)[0]
    told = re.findall(r"^( +)([\w.]+/?) +(.+)$", block, re.MULTILINE)
    said: dict[str, str] = {}
    parents: list[str] = []
    for indent, name, words in told:
        parents = [*parents[: len(indent) // 2 - 1], name]
        said["".join(parents)] = words
    folders = {
        f"{path.parent.relative_to(SOURCE)}/": ast.get_docstring(ast.parse(path.read_text("utf-8")))
        for path in SOURCE.rglob("__init__.py")
        if path.parent != SOURCE
    }

    assert {name: words for name, words in said.items() if name.endswith("/")} == folders


def test_the_layers_are_the_contract_s() -> None:
    """The line of layers is that of ``pyproject.toml``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in project["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    layers = [layer for layer in contract["layers"] if not layer.startswith("(")]

    assert " → ".join(f"`{layer}`" for layer in layers) in PAGE


def test_pages_name_files_that_exist() -> None:
    """Every path of a module that README, CONTRIBUTING or docs give is one of the checkout."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    lost = [
        f"{page.relative_to(ROOT)}: {named}"
        for page in pages
        for named in re.findall(r"`((?:\w+/)+\w+\.py)`", page.read_text(encoding="utf-8"))
        if not any((place / named).is_file() for place in (SOURCE, ROOT, ROOT / "src"))
    ]

    assert lost == []
