"""The rules of the house that a machine can check: sizes, names, layers, edges, loading."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from forecast import catalog
from forecast.catalog import read_scenario, read_study
from forecast.derive.apply import OPERATIONS
from forecast.specs.options.derivation import Operation
from forecast.specs.read import read_model, read_variables
from places import ROOT

SOURCE = ROOT / "src" / "forecast"
FILES = sorted(SOURCE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

FORBIDDEN_NAMES = {
    "utils", "helpers", "common", "core", "base", "models", "data", "scenarios", "forecast",
}  # fmt: skip

# The command `forecast data` lives in the file of its name: commands are found by file.
ALLOWED_NAMES = {Path("cli/data"), Path("cli/data/data.py"), Path("projection/scenarios")}

EDGES = (
    "__main__.py",
    "cli/",
    "sources/",
    "reporting/",
    "catalog.py",
    "specs/read.py",
    "study/cluster.py",
    "study/origin_cache.py",
)
# These hand the caller's paths on and open none: they may name their type.
HANDING_ON = (
    "run", "declare", "compare", "sharing/table", "first_steps/verbs", "scoring/chain_tables",
    "scoring/weights", "questions/exhibit", "sharing/bundle_run",
)  # fmt: skip
NAMED_ONLY = {f"study/{name}.py": {"pathlib"} for name in HANDING_ON}
EDGE_MODULES = {
    "os", "io", "pathlib", "shutil", "tempfile", "glob", "subprocess", "platform", "time",
    "datetime", "urllib", "http", "socket", "ssl", "requests", "importlib.resources", "logging",
}  # fmt: skip
EDGE_CALLS = {
    "open", "print", "input", "read_text", "write_text", "read_bytes", "write_bytes", "read_csv",
    "to_csv", "read_excel", "to_excel", "read_parquet", "to_parquet", "savefig", "savetxt",
    "loadtxt", "genfromtxt", "getenv",
}  # fmt: skip

# Each sits behind one file, so that replacing it touches one file.
ENGINES = {
    "pmdarima", "arch", "docx", "dask", "distributed", "rdata", "sdmx",
    "openpyxl", "formulaic", "pyarrow", "joblib",
}  # fmt: skip
# Collections of unrelated tools: each of their modules is an engine of its own.
COLLECTIONS = {"statsmodels", "arch"}
HEAVY = {"statsmodels", "pmdarima", "arch", "matplotlib", "docx", "rdata"}


def _named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs: imports that only a type checker reads are left out."""
    if _is_type_checking(node):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _nodes(child)


RUNNING = {path: tuple(_nodes(tree)) for path, tree in TREES.items()}


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run(
    *command: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, cwd=cwd, env=env
    )


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    """A file of more than 400 lines tells more than one story."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_function_is_longer_than_60_lines() -> None:
    """A function, its docstring included, has at most 60 lines."""
    long = [
        f"{_named(path)}:{f.lineno} {f.name} {f.end_lineno - f.lineno + 1}"
        for path, tree in TREES.items()
        for f in _functions(tree)
        if f.end_lineno is not None and f.end_lineno - f.lineno + 1 > 60
    ]

    assert long == []


# What inverts a matrix outright in the numerics of estimation, and why it may.
INVERSES = {
    "estimation/averaging/space.py": "cross products of columns of length 1, of every subset",
    "estimation/dynamic/lsdv_bias.py": "a unit triangle, and Bruno's Q, its diagonal scaled to 1",
    "estimation/inference/pairs_bootstrap.py": "products of orthonormal columns, drawn again",
}


def test_no_covariance_is_formed_with_an_explicit_inverse() -> None:
    """An inverse of X'X loses twice the digits that a QR does: standard errors were off by x35."""
    found = {
        _named(path)
        for path, tree in TREES.items()
        if _named(path).startswith(("estimation/", "diagnostics/"))
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"inv", "pinv", "pinvh"})
        or (isinstance(node, ast.alias) and node.name in {"inv", "pinv", "pinvh"})
    }

    assert found == set(INVERSES)


def test_no_module_has_a_forbidden_name() -> None:
    """No module is called after everything, nor after a folder of the root or the product."""
    bad = [
        _named(path)
        for path in FILES
        if path.stem in FORBIDDEN_NAMES and path.relative_to(SOURCE) not in ALLOWED_NAMES
    ]
    bad += [
        p.name
        for p in SOURCE.rglob("*")
        if p.is_dir() and p.name in FORBIDDEN_NAMES and p.relative_to(SOURCE) not in ALLOWED_NAMES
    ]

    assert bad == []


def test_no_public_function_has_its_subpackages_name() -> None:
    """A function called like its subpackage would hide it in ``forecast``'s namespace."""
    bad = [
        f"{_named(path)}: {node.name}"
        for path, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == path.parent.name
    ]

    assert bad == []


def test_public_functions_and_classes_have_docstrings() -> None:
    """What a module offers says what it returns."""
    bare = [
        f"{_named(path)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not any(ast.unparse(one) == "overload" for one in node.decorator_list)
    ]
    bare += [_named(path) for path, tree in TREES.items() if not ast.get_docstring(tree)]

    assert bare == []


@pytest.mark.parametrize("folder", ["models", "scenarios", "data"])
def test_root_folders_hold_no_python(folder: str) -> None:
    """The declarations' folders are importable from the root, so they hold no Python."""
    assert sorted((ROOT / folder).rglob("*.py")) == []


@pytest.mark.parametrize("path", sorted((ROOT / "models").glob("*.toml")), ids=lambda p: p.stem)
def test_model_loads_under_its_file_name(path: Path) -> None:
    """Every model is valid, and its name is its file's."""
    assert path.stem == read_model(path).name


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda p: p.stem)
def test_scenario_loads_under_its_file_name(path: Path) -> None:
    """Every scenario is valid, and its name is its file's."""
    assert path.stem == read_scenario(path).name


def test_the_study_names_what_exists() -> None:
    """The embedded study's models, scenarios and data package are at hand."""
    study = read_study(ROOT / "study.toml")
    packages = {folder.name for folder in catalog.package_folders()}

    assert set(study.models) <= set(catalog.models())
    assert set(study.scenarios) <= set(catalog.scenarios())
    assert study.data in packages


def test_scenarios_move_drivers_of_the_dictionary() -> None:
    """A scenario moves raw drivers that ``data/variables.toml`` defines, and no others."""
    drivers = set(read_variables(ROOT / "data" / "variables.toml").drivers())

    for path in (ROOT / "scenarios").glob("*.toml"):
        spec = read_scenario(path)
        followed = spec.follow.drivers if spec.follow else []
        assert {*spec.paths, *spec.changes, *followed} <= drivers, path.name


def test_closed_lists_equal_their_registries() -> None:
    """What a spec may name is what the code can do."""
    assert set(get_args(Operation)) == set(OPERATIONS)


def test_imports_go_down_only() -> None:
    """The layers of pyproject.toml hold, and every module has one."""
    command = str(Path(sys.executable).with_name("lint-imports"))
    result = _run(command, "--no-cache", cwd=ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


def test_only_edges_touch_the_world() -> None:
    """Files, network, clock and environment are met only at the edges."""
    found = []
    for path in TREES:
        if _named(path).startswith(EDGES):
            continue
        met = {n for n in _imported(RUNNING[path]) if n in EDGE_MODULES}
        met |= {n.split(".")[0] for n in _imported(RUNNING[path])} & EDGE_MODULES
        for node in RUNNING[path]:
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else ast.unparse(called)
                met |= {name} & EDGE_CALLS
        met -= NAMED_ONLY.get(_named(path), set())
        found += [f"{_named(path)}: {name}" for name in sorted(met)]

    assert found == []


def test_randomness_is_handed_in() -> None:
    """No module uses a global generator, or seeds one from the clock."""
    found = []
    for path in TREES:
        if "random" in set(_imported(RUNNING[path])):
            found.append(f"{_named(path)}: import random")
        for node in RUNNING[path]:
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            unseeded = name.endswith(("default_rng", "SeedSequence")) and not (
                node.args or node.keywords
            )
            is_global = name.startswith(("np.random.", "numpy.random.")) and (
                name.rsplit(".", 1)[1].islower() and not name.endswith("default_rng")
            )
            if unseeded or is_global:
                found.append(f"{_named(path)}:{node.lineno} {name}")

    assert found == []


def test_no_private_name_is_imported() -> None:
    """A name with an underscore stays in its file."""
    found = [
        f"{_named(path)}: from {node.module} import {alias.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("forecast")
        for alias in node.names
        if alias.name.startswith("_")
    ]

    assert found == []


def test_each_engine_sits_behind_one_file() -> None:
    """A third-party engine is imported in one file; of a collection, each module in one."""
    users: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for module in modules:
                root = module.split(".")[0]
                if root in ENGINES | COLLECTIONS:
                    key = module if root in COLLECTIONS else root
                    users.setdefault(key, set()).add(_named(path))
    shared = {engine: sorted(files) for engine, files in users.items() if len(files) > 1}

    assert shared == {}


def test_matplotlib_is_known_to_reporting_only() -> None:
    """A figure is a function of a saved table, so figures live in reporting."""
    users = {
        _named(path)
        for path, tree in TREES.items()
        if any(n.split(".")[0] == "matplotlib" for n in _imported(ast.walk(tree)))
    }

    assert {name for name in users if not name.startswith("reporting/")} == set()


def test_heavy_libraries_load_inside_functions() -> None:
    """Importing a module of the project loads no slow library."""
    found = []
    for path, tree in TREES.items():
        inside = {id(n) for f in _functions(tree) for n in ast.walk(f)}
        top = (n for n in RUNNING[path] if id(n) not in inside)
        loaded = {name.split(".")[0] for name in _imported(top)} & HEAVY
        found += [f"{_named(path)}: {name}" for name in sorted(loaded)]

    assert found == []


def test_third_party_imports_are_declared() -> None:
    """Every library that the package imports is a dependency or in an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["data"], *extras["exchange"], *extras["cluster"]]
    lines += extras["examples"]
    declared = {line.split(">")[0].split("[")[0].strip().lower() for line in lines}
    # sdmx1 is imported as sdmx, python-docx as docx.
    declared |= {"forecast", "distributed", "sdmx", "docx"}
    imported = {
        name.split(".")[0]
        for tree in TREES.values()
        for node in ast.walk(tree)
        if not (isinstance(node, ast.ImportFrom) and node.level)
        for name in _imported([node])
    }

    assert sorted(imported - declared - set(sys.stdlib_module_names)) == []


@pytest.mark.parametrize(("module", "fails"), [("forecast.made", True), ("elsewhere", False)])
def test_warnings_of_own_lines_fail_a_test(module: str, fails: bool) -> None:
    """What numpy warns of in this package's code is an error, in other code a warning."""
    line = compile("numpy.log(numpy.zeros(1))", "made", "eval")
    names = {"numpy": pytest.importorskip("numpy"), "__name__": module}

    with pytest.raises(RuntimeWarning) if fails else pytest.warns(RuntimeWarning):
        eval(line, names)
