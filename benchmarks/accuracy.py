"""By method: what its numbers are compared with, and how many digits agree; docs/accuracy.md.

``python benchmarks/accuracy.py`` takes the list of methods from the code's own tables, what each
is compared with from accuracy_methods.toml, runs the tests named there, records each comparison
that they make, and writes the page (a minute or two).
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from forecast.projection.baseline.baseline import DENSITY_LABELS
from forecast.specs.estimators import COVARIANCES, ESTIMATORS
from forecast.specs.formulas import bases, condition, terms
from forecast.specs.options.bma import BmaSpec
from forecast.specs.options.derivation import Operation
from forecast.specs.options.gmm import GmmSpec
from forecast.specs.options.hausman_taylor import HausmanTaylorSpec
from forecast.specs.options.heterogeneous import (
    AugmentedMeanGroupSpec,
    DynamicCceSpec,
    PooledMeanGroupSpec,
)
from forecast.specs.options.instruments import IvSpec
from forecast.specs.options.interactive import InteractiveEffectsSpec
from forecast.specs.options.lsdvc import LsdvcSpec
from forecast.specs.options.sample import SampleSpec
from forecast.specs.options.sur import SurSpec
from forecast.specs.options.threshold import ThresholdSpec
from forecast.specs.parts.fields import MOST_CLUSTERS, SmallSample, Variance, WeightKind
from forecast.specs.tests.table import STATISTICAL_TESTS
from forecast.timeseries.density import GROWTH_MODELS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "forecast"
PAGE = ROOT / "docs" / "accuracy.md"
METHODS = Path(__file__).with_name("accuracy_methods.toml")
CAP = 15.0
OPTIONS = {
    "gmm": GmmSpec,
    "lsdvc": LsdvcSpec,
    "threshold": ThresholdSpec,
    "iv": IvSpec,
    "hausman_taylor": HausmanTaylorSpec,
    "sur": SurSpec,
    "bma": BmaSpec,
    "pooled_mean_group": PooledMeanGroupSpec,
    "dynamic_cce": DynamicCceSpec,
    "augmented_mean_group": AugmentedMeanGroupSpec,
    "interactive_effects": InteractiveEffectsSpec,
}
# What formulas write by signs; their words are in the code's tables.
SIGNS = (
    *("a:b, a*b, (a + b)^2", "I(a + b - c*d/e^2)", "l(x, 0:2)", "backquotes", "- 1", "i(a^b)"),
    *("| a", "| a + b", "| a + b + c", "| a^b", "| a[year]", "| a[x]", "| e ~ z"),
    *("| | e", "y ~ x; z ~ w"),
)
TITLES = {
    "estimators": "Estimators",
    "options": "Their options",
    "formulas": "Formulas, samples, weights",
    "conventions": "Clusters and conventions of small samples",
    "covariances": "Covariances, bootstraps, effects",
    "tests": "Tests",
    "densities": "Densities and systems",
    "scores": "Scores, comparisons, conformal intervals",
    "chain": "The income chain",
}

Records = Mapping[str, list[float]]


def methods() -> dict[str, dict[str, str]]:
    """Return each section's methods, as the code lists them, with the label that it gives them."""
    public = _stub()
    effects, horizons = _functions("estimation/effects"), _functions("estimation/horizons")
    tests = (*_functions("diagnostics/specification"), *_functions("diagnostics/dependence"))
    return {
        "estimators": {name: row.label for name, row in ESTIMATORS.items()},
        "options": {
            **{f"variance.{name}": "" for name in get_args(Variance)},
            **{
                f"{table}.{field}": ""
                for table, spec in OPTIONS.items()
                for field in spec.model_fields
                if field != "seed"
            },
            "prior": "",
        },
        "formulas": dict.fromkeys(_grammar(), ""),
        "conventions": {
            **{f"clusters.{count}": "" for count in range(1, MOST_CLUSTERS + 1)},
            **{f"small_sample.{str(name).lower()}": "" for name in get_args(SmallSample)},
        },
        "covariances": {
            **{name: row.label for name, row in COVARIANCES.items()},
            **dict.fromkeys((*_in(public, "estimation.inference"), *effects, *horizons), ""),
        },
        "tests": dict.fromkeys(
            (
                *STATISTICAL_TESTS,
                *tests,
                *_in(public, "diagnostics"),
                *_functions("timeseries/series"),
                *[name for name in _in(public, "timeseries.systems") if not _forecasts(name)],
            ),
            "",
        ),
        "densities": dict.fromkeys(
            (
                *GROWTH_MODELS,
                *DENSITY_LABELS,
                *[name for name in _in(public, "timeseries") if _forecasts(name)],
            ),
            "",
        ),
        "scores": dict.fromkeys(
            (
                *_functions("evaluation/scores"),
                *_functions("evaluation/comparison"),
                *_functions("evaluation/conformal"),
            ),
            "",
        ),
        "chain": dict.fromkeys(_functions("crosscountry/chain"), ""),
    }


def _grammar() -> list[str]:
    """Return the words and signs of formulas and conditions, those of one meaning together."""
    meant: dict[str, list[str]] = {name: [] for name in get_args(Operation)}
    for word, meaning in {**terms.FUNCTIONS, **bases.KINDS}.items():
        meant.setdefault(meaning, []).append(word)
    words = [", ".join(sorted(said)) or meaning for meaning, said in meant.items()]
    taken = sorted(f"{word}({key})" for word, keys in bases.NAMED.items() for key in keys)
    signs = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
    signs |= {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
    conditions = [
        " ".join(signs[one] for one in condition.COMPARISONS),
        " ".join(signs[one] for one in condition.ARITHMETIC),
        *("a < b < c", "and, or, not", "in, not in", "words"),
        *(f"{name}()" for name in condition.FUNCTIONS),
    ]
    return [
        *(*words, *taken, *SIGNS),
        *(f"where {name}" for name in conditions),
        *(f"sample.{name}" for name in SampleSpec.model_fields),
        *(f"weight_kind.{name}" for name in get_args(WeightKind)),
    ]


def _forecasts(name: str) -> bool:
    return name not in {"johansen", "lag_criteria"}


def _stub() -> dict[str, str]:
    """Return the public functions of ``forecast``, each with its module."""
    tree = ast.parse((SOURCE / "__init__.pyi").read_text(encoding="utf-8"))
    return {
        alias.name: node.module or ""
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name[0].islower()
    }


def _in(public: Mapping[str, str], room: str) -> list[str]:
    return [name for name, module in public.items() if module.startswith(f"{room}.")]


def _functions(folder: str) -> list[str]:
    """Return the public functions of a folder, in the order of its files."""
    return [
        node.name
        for file in sorted((SOURCE / folder).glob("*.py"))
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def entries() -> dict[str, dict[str, dict[str, Any]]]:
    """Return what accuracy_methods.toml says, by section and method."""
    said = tomllib.loads(METHODS.read_text(encoding="utf-8"))
    return {section: said[section] for section in TITLES}


def families() -> dict[str, list[str]]:
    """Return tests that hold for whole families of methods, by what they say."""
    families: dict[str, list[str]] = tomllib.loads(METHODS.read_text("utf-8"))["families"]
    return families


def statements() -> dict[str, str]:
    """Return every test of the suite, ``folder/file.py::name``, and the sentence that it holds."""
    folder = ROOT / "tests"
    return {
        f"{path.relative_to(folder).as_posix()}::{node.name}": (
            (ast.get_docstring(node) or "").split("\n")[0].rstrip(".")
        )
        for path in sorted(folder.rglob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def named(pattern: str, tests: Mapping[str, str]) -> list[str]:
    """Return the tests that a pattern, or a file, names."""
    wanted = pattern.partition(" ")[0]
    return [
        test
        for test in tests
        if f"/{test}".endswith(f"/{wanted}") or f"/{test.split('::')[0]}".endswith(f"/{wanted}")
    ]


def page(records: Records) -> str:
    """Return the page: a table a section, then invariances and degenerate inputs."""
    said, tests = entries(), statements()
    lines = [
        "# Accuracy",
        "",
        "Generated by `python benchmarks/accuracy.py`; do not edit. One row a method, as the "
        "code's own tables list them: what its numbers are compared with, how many numbers, and "
        "the digits that agree; then which closed forms, simulations with known truth and "
        "invariants hold it; and where packages part. An empty cell: no outside number. Scripts, "
        "versions and printed numbers are in `tests/reference/`; the tests are in `tests/`.",
        "",
        "Digits are the log relative error, -log10(|ours - theirs| / |theirs|), at most 15, "
        "rounded down: worst and median over all numbers that the tests compare (the absolute "
        "error of numbers that a test takes for zero). Printed tables bound it by the digits that "
        "they print. Without digits: a test holds the agreement by a bound of its own.",
    ]
    for section, listed in methods().items():
        lines += ["", f"## {TITLES[section]}", ""]
        lines += ["| method | compared with | numbers | worst | median |"]
        lines[-1] += " also held by | packages differ |"
        lines += ["|---|---|---:|---:|---:|---|---|"]
        for name, label in listed.items():
            row = said[section].get(name, {})
            lines.append(_row(name, label or row.get("label", ""), row, records, tests))
    for title, patterns in families().items():
        lines += ["", f"## {title}", "", "| what holds | test |", "|---|---|"]
        lines += [
            f"| {_safe(tests[test])} | `{test}` |"
            for pattern in patterns
            for test in named(pattern, tests)
        ]
    return "\n".join([*lines, ""])


def _row(
    name: str, label: str, row: Mapping[str, Any], records: Records, tests: Mapping[str, str]
) -> str:
    compared = row.get("with", {})
    columns = [_measured(patterns, records) for patterns in compared.values()]
    held = [
        f"{_safe(tests[test])} (`{test.split('::test_')[1]}`)"
        for pattern in row.get("checked", [])
        for test in named(pattern, tests)
    ]
    cells = [
        f"{label[:1].upper()}{label[1:]} (`{_safe(name)}`)",
        "<br>".join(map(_safe, compared)),
        *("<br>".join(column[k] for column in columns) for k in range(3)),
        "<br>".join(held),
        row.get("differs", ""),
    ]
    return f"| {' | '.join(cells)} |"


def _safe(text: str) -> str:
    return text.replace("|", "\\|")


def _measured(patterns: list[str], records: Records) -> tuple[str, str, str]:
    """Return the count, and worst and median digits, of what a comparison's tests recorded."""
    digits = [
        digit
        for test, found in records.items()
        if any(_matches(test, pattern) for pattern in patterns)
        for digit in found
    ]
    if not digits:
        return "", "", ""
    worst, middle = np.floor(min(digits)), np.floor(np.median(digits))
    return f"{len(digits):,}", f"{worst:.0f}", f"{middle:.0f}"


def _matches(test: str, pattern: str) -> bool:
    """Say whether a test, ``path::name[parameters]``, is one of a pattern's."""
    wanted, _, parameters = pattern.partition(" ")
    plain, _, given = test.partition("[")
    return f"/{plain}".endswith(f"/{wanted}") and fnmatchcase(given[:-1], parameters or "*")


def compared_tests() -> list[str]:
    """Return the patterns of all comparisons with outside numbers."""
    return [
        pattern
        for section in entries().values()
        for row in section.values()
        for patterns in row.get("with", {}).values()
        for pattern in patterns
    ]


def measured() -> dict[str, list[float]]:
    """Run the tests that compare, and return the digits of each number compared."""
    recorder, tests = _Recorder(), statements()
    files = {test.split("::")[0] for p in compared_tests() for test in named(p, tests)}
    paths = [str(ROOT / "tests" / file) for file in sorted(files)]
    code = pytest.main(
        [
            "-q",
            "-p",
            "no:cacheprovider",
            "--no-header",
            "--durations=12",
            f"--rootdir={ROOT}",
            *paths,
        ],
        plugins=[recorder],
    )
    if code:
        raise SystemExit(f"the reference tests failed with status {code}")
    return recorder.records


class _Recorder:
    """A pytest plugin that keeps the tests that compare, and writes down what they compare.

    That is what ``numpy.testing.assert_allclose`` and ``pytest.approx`` are given; a test that
    measures digits itself hands them on as the property ``digits``.
    """

    def __init__(self) -> None:
        self.records: dict[str, list[float]] = defaultdict(list)
        self.node = ""
        self.plain = np.testing.assert_allclose
        np.testing.assert_allclose = self._recorded
        scalar = type(pytest.approx(1.0))
        equal = scalar.__eq__

        def compare(approximation: Any, actual: Any) -> bool:
            if alike := equal(approximation, actual):
                self._keep(actual, approximation.expected)
            return alike

        scalar.__eq__ = compare

    @pytest.hookimpl(tryfirst=True)  # before slow tests are left out
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests of these files that compare with nothing outside."""
        patterns = compared_tests()
        idle = [p for p in patterns if not any(_matches(i.nodeid, p) for i in items)]
        if idle:
            raise pytest.UsageError(f"{METHODS.name}: no test is {idle}")
        items[:] = [i for i in items if any(_matches(i.nodeid, p) for p in patterns)]

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Remember which test runs."""
        self.node = item.nodeid

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take over the digits that a test measured itself."""
        if report.when == "call":
            self.records[report.nodeid] += [v for k, v in report.user_properties if k == "digits"]

    def _recorded(
        self, actual: Any, desired: Any, rtol: float = 1e-7, atol: float = 0.0, **more: Any
    ) -> None:
        self.plain(actual, desired, rtol, atol, **more)
        self._keep(actual, desired, atol)

    def _keep(self, actual: Any, desired: Any, atol: float = 0.0) -> None:
        pair = np.broadcast_arrays(
            np.asarray(actual, dtype=float), np.asarray(desired, dtype=float)
        )
        self.records[self.node] += [
            _digits(ours, theirs, atol)
            for ours, theirs in zip(*(part.ravel() for part in pair), strict=True)
            if np.isfinite(ours) and np.isfinite(theirs)
        ]


def _digits(ours: float, theirs: float, atol: float) -> float:
    error = abs(ours - theirs) / (abs(theirs) if abs(theirs) > atol else 1.0)
    return CAP if error == 0 else float(min(CAP, -np.log10(error)))


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(measured()), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
