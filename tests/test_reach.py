"""What only tests reach is exposed or deleted: every name of the package has a way to a user."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "forecast"
# How ``specs/estimators.py`` names an engine below ``forecast.estimation``, and an exhibit its
# drawing below ``forecast.reporting.figures``; ``faces.py`` names deeds below ``forecast`` itself.
ENGINE = re.compile(r"[a-z_.]+:[a-z_]+")
# The package's face is the stub beside it; Python itself asks for these.
FACE = {(PACKAGE, name) for name in ("__all__", "__dir__", "__getattr__", "_load", "_named")}

Name = tuple[str, str]  # module, and what it binds at its top level


def _unreached(root: Path) -> list[str]:
    """Return the top-level names that neither a command, nor the stub, nor a benchmark leads to.

    From a command's module (all that lies below ``cli``: the command line imports them by name),
    the names of the stub and what benchmarks use, a name leads to those that its definition uses:
    its module's own and imported ones. A registry leads to what it lists.
    """
    source = root / "src" / PACKAGE
    uses: dict[Name, set[Name]] = {}
    for path in sorted(source.rglob("*.py")):
        _add_names(path, _module(path, source.parent), uses)
    found = {name for name in uses if re.match(rf"{PACKAGE}\.(cli|__main__)\b", name[0])}
    stub = ast.parse((source / "__init__.pyi").read_text(encoding="utf-8"))
    found |= set(_imported(stub).values())
    for path in sorted((root / "benchmarks").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= set(_used(tree, _imported(tree), path.stem))
    waiting = list(found)
    while waiting:
        new = uses.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return sorted(".".join(name) for name in set(uses) - found - FACE if name[1])


def _module(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _add_names(path: Path, module: str, uses: dict[Name, set[Name]]) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = _imported(tree)
    for node in tree.body:
        for name in _bound(node):
            uses.setdefault((module, name), set()).update(_used(node, imported, module))


def _bound(node: ast.stmt) -> list[str]:
    """Return what a statement of a module binds, imports apart."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def _imported(tree: ast.AST) -> dict[str, Name]:
    """Return what each imported name stands for, wherever in the file it is imported."""
    found: dict[str, Name] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            origin = ".".join(filter(None, [PACKAGE if node.level else "", node.module]))
            found |= {a.asname or a.name: (origin, a.name) for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname or a.name: ("", a.name) for a in node.names}
    return found


def _used(node: ast.AST, imported: dict[str, Name], module: str) -> Iterator[Name]:
    """Yield the names that a piece of code uses: by name, as ``module.name``, or as an engine."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield imported.get(part.id, (module, part.id))
        elif isinstance(part, ast.Attribute) and ast.unparse(part.value) in imported:
            yield ".".join(filter(None, imported[ast.unparse(part.value)])), part.attr
        elif isinstance(part, ast.Constant) and ENGINE.fullmatch(str(part.value)):
            place, name = str(part.value).split(":")
            yield f"{PACKAGE}.{place}", name
            yield f"{PACKAGE}.estimation.{place}", name
            yield f"{PACKAGE}.reporting.figures.{place}", name


def test_every_name_is_reached_by_a_user() -> None:
    """Commands, public names and benchmarks lead to all functions, classes and constants."""
    assert _unreached(ROOT) == []


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    """Return a project in which every name is reached, each in another way."""
    files = {
        "src/forecast/__init__.pyi": "from .growth import forecast_it, Path\n",
        "src/forecast/growth.py": (
            "from forecast.parts import piece\nclass Path: ...\n"
            "def forecast_it() -> int:\n    return _step() + piece()\ndef _step(): return RATE\n"
            "RATE: float = 0.1\n"
        ),
        "src/forecast/parts.py": "def piece(): return 1\n",
        "src/forecast/cli/show.py": (
            "def command():\n    from forecast.listed import TESTS\n    return TESTS\n"
        ),
        "src/forecast/listed.py": (
            "from forecast import engines\ndef one(): ...\n"
            "TESTS = {'one': one, 'e': engines.ROWS}\n"
        ),
        "src/forecast/engines.py": "ROWS = {'within': 'effects.within:within'}\n",
        "src/forecast/estimation/effects/within.py": "def within(): ...\n",
        "src/forecast/timed.py": "def slow(): ...\n",
        "benchmarks/speed.py": "import forecast.timed\nfrom forecast.timed import slow\nslow()\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_small_tree_is_reached(small_tree: Path) -> None:
    """Stub, command, registry, engine by name and benchmark are ways to a user."""
    assert _unreached(small_tree) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "lost"),
    [
        ("src/forecast/growth.py", "_step() + piece()", "_step()", ["forecast.parts.piece"]),
        ("src/forecast/growth.py", "return RATE", "return 2", ["forecast.growth.RATE"]),
        ("src/forecast/__init__.pyi", ", Path", "", ["forecast.growth.Path"]),
        ("src/forecast/listed.py", "'one': one, ", "", ["forecast.listed.one"]),
        (
            "src/forecast/engines.py",
            ":within'",
            ":other'",
            ["forecast.estimation.effects.within.within"],
        ),
        ("benchmarks/speed.py", "slow()\n", "", ["forecast.timed.slow"]),
        (
            "src/forecast/parts.py",
            "return 1\n",
            "return 1\ndef alone(): return also()\ndef also(): return alone()\n",
            ["forecast.parts.alone", "forecast.parts.also"],
        ),
    ],
)  # fmt: skip
def test_a_name_that_no_way_leads_to_is_found(
    small_tree: Path, file: str, old: str, new: str, lost: list[str]
) -> None:
    """One way cut, the name behind it is reported; two that only use each other are, too."""
    path = small_tree / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")

    assert _unreached(small_tree) == lost
