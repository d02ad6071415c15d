"""The rules of rooms: sizes of folders, names once, who may do what; each shown to fail."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from forecast.cli.main import COMMANDS
from places import ROOT

SOURCE = ROOT / "src" / "forecast"

Tree = dict[str, str]  # path below src/forecast to source text
TREE: Tree = {
    str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8")
    for path in sorted(SOURCE.rglob("*.py"))
}

MOST_MODULES = 15
FULL = {"reporting/figures"}  # one figure a file, whatever their number
# A registry finds these by module: a command, and what a live source offers.
CONTRACTS = {"command", "fetch", "plan"}
# `fc.estimate` by names, above the one of a panel and a model
VERBS = {*(name.replace("-", "_") for name in COMMANDS), "countries"}
NUMERICS = (
    "arrays.py", "panel.py", "variables.py", "randomness/", "derive/", "statistics/", "structure/",
    "timeseries/", "estimation/", "diagnostics/", "income/", "crosscountry/", "projection/",
    "evaluation/",
)  # fmt: skip
WRITES = {"write_text", "write_bytes", "to_csv", "savefig", "to_excel", "to_parquet"}
# What turns bytes into files: for results, for packages, for what is fetched, for seals.
WRITERS = {
    "reporting/write.py", "sources/package/datapackage.py", "sources/package/swap.py",
    "sources/live/download.py", "sources/live/session.py", "sources/live/update.py",
    "sources/sealed.py",
    "study/origin_cache.py", "reporting/figures/style.py",  # the last one into memory
}  # fmt: skip


def _modules(tree: Tree) -> Iterator[tuple[PurePosixPath, ast.Module]]:
    for path, text in tree.items():
        yield PurePosixPath(path), ast.parse(text)


def _public(module: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield the public names that a module defines, and whether each is a function or class."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found, defined = [node.name], True
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found, defined = [t.id for t in targets if isinstance(t, ast.Name)], False
        else:
            continue
        yield from ((name, defined) for name in found if not name.startswith("_"))


def full_folders(tree: Tree) -> list[str]:
    """Return folders of more modules than a reader takes in at once."""
    count: dict[str, int] = defaultdict(int)
    for path in map(PurePosixPath, tree):
        count[str(path.parent)] += path.name != "__init__.py"
    return [f"{f}: {n}" for f, n in count.items() if n > MOST_MODULES and f not in FULL]


def families_by_prefix(tree: Tree) -> list[str]:
    """Return first words that three files of a folder share: they want a folder."""
    stems: dict[tuple[str, str], int] = defaultdict(int)
    for path in map(PurePosixPath, tree):
        if path.name != "__init__.py" and str(path.parent) not in FULL:
            stems[str(path.parent), path.stem.split("_")[0]] += 1
    return [f"{folder}: {word}" for (folder, word), n in stems.items() if n > 2]


def silent_folders(tree: Tree) -> list[str]:
    """Return folders whose ``__init__`` does not say in one line what lives there."""
    folders = {str(PurePosixPath(path).parent) for path in tree} - {"."}
    said = [tree.get(f"{folder}/__init__.py", "") for folder in sorted(folders)]
    return [
        folder
        for folder, text in zip(sorted(folders), said, strict=True)
        if not re.fullmatch(r'"""[^"\n]+\."""\n', text)
    ]


def repeated_names(tree: Tree) -> list[str]:
    """Return public functions, classes and imported constants that two modules define."""
    imported = {
        (node.module.removeprefix("forecast.").replace(".", "/") + ".py", alias.name)
        for _, module in _modules(tree)
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("forecast.")
        for alias in node.names
        if node.module
    }
    places: dict[str, list[str]] = defaultdict(list)
    for path, module in _modules(tree):
        for name, defined in _public(module):
            if name not in CONTRACTS and (defined or (str(path), name) in imported):
                places[name].append(str(path))
    for name in VERBS & set(places):  # what a verb of the face calls may bear its name
        own = {path for path in places[name] if path.startswith("study/")}
        rest = {path for path in places[name] if path not in own}
        places[name] = [] if len(own) == 1 and len(rest) <= 1 else places[name]
    return [f"{name}: {', '.join(found)}" for name, found in places.items() if len(found) > 1]


def repeated_tails(tree: Tree) -> list[str]:
    """Return ``folder/stem.py`` that stands in two places."""
    tails: dict[str, int] = defaultdict(int)
    for path in map(PurePosixPath, tree):
        if path.name != "__init__.py" and len(path.parts) > 1:
            tails["/".join(path.parts[-2:])] += 1
    return [tail for tail, n in tails.items() if n > 1]


def unchecked_copies(tree: Tree) -> list[str]:
    """Return files that change a declaration without the reader's checks."""
    return [
        path for path, text in tree.items() if "model_copy(" in text and path != "specs/changed.py"
    ]


def commands_of_commands(tree: Tree) -> list[str]:
    """Return commands that import another: what they share stands in the layer below."""
    groups = {"run", "ask", "score", "data", "share"}
    held = {"cli/data/data.py"}  # the group, which holds its own subcommands
    return [
        f"{path} imports {node.module}"
        for path, module in _modules(tree)
        if path.parts[0] == "cli" and str(path) not in held
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("forecast.cli.")
        and (node.module or "").split(".")[2] in groups
        and "command" in {alias.name for alias in node.names} | {(node.module or "").split(".")[-1]}
    ]


def numerics_with_studies(tree: Tree) -> list[str]:
    """Return numerics modules that know a study's declaration."""
    return [p for p, text in tree.items() if p.startswith(NUMERICS) and "StudySpec" in text]


def further_writers(tree: Tree) -> list[str]:
    """Return files that write by themselves."""
    return [
        f"{path}: {node.func.attr}"
        for path, module in _modules(tree)
        if str(path) not in WRITERS
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and (node.args or any(k.arg in {"path", "path_or_buf"} for k in node.keywords))
    ]


RULES: dict[Callable[[Tree], list[str]], Tree] = {
    full_folders: {f"income/m{n}.py": "" for n in range(16)},
    families_by_prefix: {f"income/{name}.py": "" for name in ("gni", "gni_atlas", "gni_ppp")},
    silent_folders: {"income/__init__.py": "", "income/atlas.py": ""},
    repeated_names: {
        "income/a.py": "def level(): ...",
        "income/b.py": "def level(): ...",
    },
    repeated_tails: {"income/lines/line.py": "", "projection/lines/line.py": ""},
    unchecked_copies: {"study/run.py": "spec.model_copy(update={})"},
    commands_of_commands: {"cli/ask/a.py": "from forecast.cli.run.project import command"},
    numerics_with_studies: {
        "income/a.py": "from forecast.specs.study import StudySpec",
    },
    further_writers: {"study/run.py": "path.write_text('x')"},
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Callable[[Tree], list[str]]) -> None:
    """The rule holds for every module."""
    assert rule(TREE) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_can_fail(rule: Callable[[Tree], list[str]]) -> None:
    """An invented house that breaks the rule is found out."""
    assert rule(RULES[rule]) != []


def test_a_constant_may_recur_while_nobody_imports_it() -> None:
    """What two files keep to themselves is no public name; imported, it is."""
    own = {"a/b.py": "LEVEL = 1", "a/c.py": "LEVEL = 2"}
    shared = {**own, "a/d.py": "from forecast.a.b import LEVEL\nfrom forecast.a.c import LEVEL"}

    assert repeated_names(own) == []
    assert repeated_names(shared) != []


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"cli/a.py": "from house.income import b", "income/b.py": ""}, True),
        ({"cli/a.py": "", "income/b.py": "from house.cli import a"}, False),
        ({"cli/a.py": "from house.cli import c", "cli/c.py": "from house.cli import a"}, False),
        (
            {
                "cli/a.py": "from house.cli import c",
                "cli/c.py": "from typing import TYPE_CHECKING\n"
                "if TYPE_CHECKING:\n    from house.cli import a",
            },
            False,
        ),
    ],
    ids=["down", "upward", "circle", "circle of types"],
)
def test_upward_imports_and_circles_are_found(
    files: dict[str, str], kept: bool, tmp_path: Path
) -> None:
    """The contracts, put over a small house, break where it does."""
    for name, text in {"__init__.py": "", **files}.items():
        path = tmp_path / "src" / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        (path.parent / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "house"\n'
        '[[tool.importlinter.contracts]]\nid = "l"\nname = "l"\ntype = "layers"\n'
        'containers = ["house"]\nlayers = ["(cli)", "(income)"]\n'
        '[[tool.importlinter.contracts]]\nid = "c"\nname = "c"\ntype = "acyclic_siblings"\n'
        'ancestors = ["house"]\n',
        encoding="utf-8",
    )

    assert _contracts_hold(tmp_path) is kept


def _contracts_hold(folder: Path) -> bool:
    command = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run(
        [command, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode == 0


def test_contributing_lists_the_layers_of_the_contract() -> None:
    """The page's line of layers is the contract's, in its order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in project["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    layers = [layer for layer in contract["layers"] if not layer.startswith("(")]
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

    assert " → ".join(f"`{layer}`" for layer in layers) in page
