"""Change the code in one place and see whether a test fails: docs/mutation.md.

``python benchmarks/mutation.py`` (``make mutation``) takes every n-th possible change of each file
of mutation_targets.toml, runs the tests that mirror the file, those that reach the changed line
and the fastest first, and writes the page. ``--every N`` sets n, ``--all`` is ``--every 1``,
``--file PART`` takes files whose path has PART and prints instead of writing.

A change is made in the syntax tree: an operator, a comparison, a bound, a constant, a condition, a
name that is returned. Messages, annotations and docstrings are left alone. The changed module is
loaded in a forked process, so the files of the checkout stay as they are.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import importlib.abc
import importlib.util
import json
import os
import re
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "forecast"
PAGE = ROOT / "docs" / "mutation.md"
JUDGED = Path(__file__).with_name("mutation_judged.toml")
TARGETS = Path(__file__).with_name("mutation_targets.toml")  # files, and tests that mirror them
EVERY = 5
BUDGET = 8.0  # seconds of processor that the tests of one change may take
PATIENCE = 180  # seconds after which a change counts as one that never ends
QUIET = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=no"]
# Loaded before the forks, so that no child spends its time on them.
HEAVY = ("numpy", "pandas", "scipy.stats", "hypothesis", "statsmodels.tsa.api", "linearmodels")

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change: where it is, how it reads before and after, and the changed module."""

    file: str
    line: int
    text: str
    change: str
    tree: ast.Module

    @property
    def key(self) -> str:
        """What names the change in ``mutation_judged.toml``: it outlives moved lines."""
        return f"{self.file} | {self.text} | {self.change}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Seconds of processor of each test that mirrors a file, and the tests that reach a line."""

    seconds: dict[str, float]
    by_line: dict[int, set[str]]

    def tests(self, line: int) -> list[str]:
        """Return the tests to run for a line: first those that reach it, the fastest first.

        What a shared fixture reaches is known of its first test alone, and what is reached on
        import of none: therefore the others of the files follow.
        """
        reaching = self.by_line.get(line) or set(self.seconds)
        files = {test.split("::")[0] for test in reaching}
        order = sorted(self.seconds, key=lambda test: (test not in reaching, self.seconds[test]))
        chosen, spent = [], 0.0
        for test in order:
            if test.split("::")[0] in files and spent + self.seconds[test] <= BUDGET:
                chosen.append(test)
                spent += self.seconds[test]
        return chosen


def mutants(file: Path) -> list[Mutant]:
    """Return every change of a file, in the order of its lines."""
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines()
    found: list[Mutant] = []
    for number, node in enumerate(_changeable(tree)):
        for which in range(len(_changes(node))):
            copied = copy.deepcopy(tree)
            twin = list(_changeable(copied))[number]
            _changes(twin)[which]()
            before, after = _shown(node), _shown(twin)
            if before == after:
                continue
            text = lines[node.lineno - 1].strip()
            change = f"{before} -> {after}"
            same = sum((m.text, m.change.split(" #")[0]) == (text, change) for m in found)
            found.append(
                Mutant(
                    file=file.relative_to(SOURCE).as_posix(),
                    line=node.lineno,
                    text=text,
                    change=f"{change} #{same + 1}" if same else change,
                    tree=ast.fix_missing_locations(copied),
                )
            )
    return sorted(found, key=lambda m: m.line)


def _shown(node: Any) -> str:
    part = node.test if isinstance(node, ast.If | ast.While) else node
    return " ".join(ast.unparse(part).split())


def _changeable(node: ast.AST) -> Iterator[Any]:
    """Yield the nodes that can be changed, without messages, annotations and docstrings."""
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if _changes(node):
        yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _changeable(child)


def _changes(node: Any) -> list[Callable[[], None]]:
    """Return the changes of one node, each a function that makes it in place."""
    if isinstance(node, ast.Compare):
        return [partial(_swap_comparison, node, k) for k in range(len(node.ops))]
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp) and type(node.op) in SWAPS:
        return [partial(setattr, node, "op", SWAPS[type(node.op)]())]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [partial(setattr, node, "op", ast.UAdd())]
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        return [partial(setattr, node, "value", _other(node.value))]
    return _other_ways(node)


def _other_ways(node: Any) -> list[Callable[[], None]]:
    """Return the changes of a condition or of what is returned."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        return [partial(setattr, node, "test", ast.UnaryOp(op=ast.Not(), operand=node.test))]
    if isinstance(node, ast.Return) and node.value is not None:
        return [partial(_return_otherwise, node)]
    return []


def _return_otherwise(node: ast.Return) -> None:
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        node.value.elts.reverse()
    else:
        node.value = ast.Constant(value=None)


def _swap_comparison(node: ast.Compare, k: int) -> None:
    node.ops[k] = SWAPS[type(node.ops[k])]()  # type: ignore[assignment]


def _other(value: bool | float) -> bool | float:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else 1.5 * value or 1.0


def reach(folders: tuple[str, ...], files: Sequence[Path]) -> dict[Path, Reach]:
    """Run tests once and return, by file and line, those that reach it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _silent()
        cov = coverage.Coverage(data_file=None, include=[str(f) for f in files])
        watch = _Watch(cov)
        cov.start()
        for file in files:
            _forget(_module(file))  # so that what runs on import is seen
        code = int(pytest.main([*QUIET, *_paths(folders)], plugins=[watch]))
        cov.stop()
        data = cov.get_data()
        lines = {str(f): data.contexts_by_lineno(str(f)) for f in files}
        with os.fdopen(writer, "w") as pipe:
            json.dump([code, watch.seconds, lines], pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        code, seconds, lines = json.load(pipe)
    os.waitpid(child, 0)
    if code:
        raise SystemExit(f"{folders}: the tests fail without any change, with status {code}")
    return {
        file: Reach(
            seconds=seconds,
            by_line={int(n): {*filter(None, t)} for n, t in lines[str(file)].items()},
        )
        for file in files
    }


class _Watch:
    """A pytest plugin: whose lines follow, and how long each test takes."""

    def __init__(self, cov: coverage.Coverage) -> None:
        self.cov = cov
        self.seconds: dict[str, float] = {}

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Say whose lines follow."""
        self.cov.switch_context(item.nodeid)
        self.seconds[item.nodeid] = time.process_time()

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Stop the test's clock."""
        self.seconds[item.nodeid] = time.process_time() - self.seconds[item.nodeid]


def killed(mutant: Mutant, reached: Reach) -> bool:
    """Return whether a test fails, or runs for far too long, with the change in place."""
    return _fails(mutant, reached.tests(mutant.line), PATIENCE)


def _fails(mutant: Mutant, tests: Sequence[str], seconds: float) -> bool:
    child = os.fork()
    if child == 0:
        _silent()
        name = _module(SOURCE / mutant.file)
        _forget(name)
        sys.meta_path.insert(0, _Changed(name, mutant))
        try:
            code = int(pytest.main([*QUIET, *tests]))
        except BaseException:
            code = 1
        os._exit(min(code, 100))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a changed syntax tree."""

    def __init__(self, name: str, mutant: Mutant) -> None:
        self.name, self.mutant = name, mutant

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Answer for the one module."""
        if name != self.name:
            return None
        return importlib.util.spec_from_loader(name, self, origin=str(SOURCE / self.mutant.file))

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code."""
        module.__file__ = str(SOURCE / self.mutant.file)
        exec(compile(self.mutant.tree, module.__file__, "exec"), module.__dict__)


def _forget(name: str) -> None:
    """Unload a module and all that may hold its names, so that they are imported anew."""
    stale, more = set(), {name}
    while more:
        stale |= more
        more = {n for n, used in _uses().items() if used & more} - stale
    for one in stale & set(sys.modules):
        del sys.modules[one]
        parent, _, last = one.rpartition(".")
        if parent in sys.modules and hasattr(sys.modules[parent], last):
            delattr(sys.modules[parent], last)


@cache
def _uses() -> dict[str, set[str]]:
    """Return each module of the package and those that it imports from."""
    return {
        _module(file): set(re.findall(r"from (forecast[\w.]*) import", file.read_text("utf-8")))
        for file in SOURCE.rglob("*.py")
    }


def _module(file: Path) -> str:
    return ".".join(("forecast", *file.relative_to(SOURCE).with_suffix("").parts))


def _silent() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _paths(folders: Sequence[str]) -> list[str]:
    return [f"tests/{folder}" for folder in folders]


def page(counts: dict[str, tuple[int, int, int]], survivors: Sequence[Mutant], every: int) -> str:
    """Return docs/mutation.md: changes tried and seen by file, and each survivor, judged."""
    judged = tomllib.loads(JUDGED.read_text(encoding="utf-8"))
    tried, dead = (sum(c[k] for c in counts.values()) for k in (1, 2))
    lines = [
        "# Mutation",
        "",
        "Generated by `make mutation` (`python benchmarks/mutation.py`); do not edit. The code is "
        "changed in one place - a comparison, an operator, a constant, a condition, what is "
        "returned - and the tests that mirror the file are run: a test must fail. "
        f"Of the possible changes of each file, in the order of its lines, number 1, "
        f"{1 + every}, {1 + 2 * every}, ... are tried (`--all` takes each); the tests that reach "
        f"the line run first, and those of one change for {BUDGET:.0f} seconds of processor at "
        "most.",
        "",
        f"**{dead:,} of {tried:,} changes were seen by a test: {100 * dead / tried:.1f} %.** "
        "Those that were not stand below, with what is thought of them; *equivalent* ones "
        "change no result.",
        "",
        "| file | possible | tried | seen | % |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| `{file}` | {all_} | {some} | {seen} | {100 * seen / some:.0f} |"
        for file, (all_, some, seen) in counts.items()
        if some
    ]
    lines += ["", "## Changes that no test sees", "", "| file | line | change | judgement |"]
    lines += ["|---|---|---|---|"]
    for one in survivors:
        cells = (one.text, one.change, judged.get(one.key, "not judged"))
        text, change, why = (cell.replace("|", "\\|") for cell in cells)
        lines.append(f"| `{one.file}` | `{text}` | `{change}` | {why} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Try the changes and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=EVERY)
    parser.add_argument("--all", action="store_const", const=1, dest="every")
    parser.add_argument("--file", default="")
    options = parser.parse_args()
    os.chdir(ROOT)
    for name in (*HEAVY, *(n for n in _uses() if not n.endswith(("__init__", "__main__")))):
        importlib.import_module(name)
    counts: dict[str, tuple[int, int, int]] = {}
    survivors: list[Mutant] = []
    groups: dict[tuple[str, ...], list[Path]] = {}
    for pattern, tests in tomllib.loads(TARGETS.read_text("utf-8")).items():
        files = [f for f in sorted(SOURCE.glob(pattern)) if options.file in str(f)]
        groups.setdefault(tuple(tests), []).extend(files)
    for folders, files in groups.items():
        reached = reach(folders, files) if files else {}
        for file in files:
            possible = mutants(file)
            tried = possible[:: options.every]
            left = [one for one in tried if not killed(one, reached[file])]
            survivors += left
            name = file.relative_to(SOURCE).as_posix()
            counts[name] = (len(possible), len(tried), len(tried) - len(left))
            sys.stderr.write(f"{name}: {counts[name]}\n")
            for one in left:
                sys.stderr.write(f"  {one.line}: {one.key}\n")
    if not options.file:
        PAGE.write_text(page(counts, survivors, options.every), encoding="utf-8")


if __name__ == "__main__":
    main()
