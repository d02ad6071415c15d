"""How many digits each number shares with an outside one, measured by the tests themselves.

``python benchmarks/accuracy.py`` runs every test that reads ``tests/reference`` or quotes printed
numbers, records each comparison that it makes, and writes docs/accuracy.md (about two minutes).
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
CAP = 15.0
COVERED = {"estimation", "diagnostics", "timeseries", "evaluation", "reproductions"}
QUOTES = re.compile(r"print|publish|certif|digits", re.IGNORECASE)
FIXTURES = {"plm_numbers"}  # fixtures of conftest.py files that hold reference numbers

DISAGREEMENTS = (
    (
        "GMM, one-step Sargan",
        "gretl and xtabond2 are Arellano and Bond's times n / (rows - k); plm scales otherwise",
        "Arellano and Bond (1991)",
    ),
    (
        "GMM, one-step classical errors",
        "plm has 1/N where sigma squared belongs",
        "gretl, xtabond2",
    ),
    (
        "GMM, AR tests of system models",
        "plm differs from gretl and xtabond2",
        "gretl, xtabond2",
    ),
    (
        "GMM, two-step m2 on EmplUK",
        "the papers' program printed -0.434 and -0.327, plm and gretl -0.416 and -0.333",
        "plm, gretl",
    ),
    (
        "LSDVC, third-order bias",
        "Bruno (2005) and xtlsdvc lack a factor sigma squared: it fails a change of units",
        "with the factor",
    ),
    (
        "BMA, hyper-g posterior deviations",
        "BMS differs by up to 2 %; quadrature and draws do not support it",
        "quadrature",
    ),
    (
        "CCE pooled errors, uneven panels",
        "plm's are larger by mean T over least T",
        "every row counts once",
    ),
    (
        "CCE on Produc",
        "plm inverts ill-conditioned cross-products and keeps some six digits",
        "base R's QR",
    ),
    (
        "Fama-MacBeth errors",
        "linearmodels divides by T, plm by T - 1",
        "T - 1",
    ),
    (
        "clustered errors, small samples",
        "plm and Stata count no swept-out effects in k, `xtreg` counts the constant, "
        "fixest nested effects by its own rule",
        "plm's `sss`",
    ),
    (
        "Driscoll-Kraay",
        "linearmodels is larger by sqrt(T/(T-1)) where it counts effects",
        "plm's `vcovSCC`",
    ),
    (
        "HC2, HC3 with effects",
        "plm takes leverages of the demeaned columns, `lm` with dummies those of all",
        "plm",
    ),
    (
        "Hausman on Grunfeld",
        "plm 2.330, gretl 2.186: one residual variance or two",
        "plm",
    ),
    (
        "Hausman where V_c - V_e is indefinite",
        "plm takes the absolute value and prints a p-value",
        "no p-value",
    ),
    (
        "auxiliary Hausman, unbalanced",
        "plm's added constant is not quasi-demeaned",
        "the quasi-demeaned constant",
    ),
    (
        "`pbgtest`",
        "plm's lags run from one country into the next",
        "lags stay inside a country",
    ),
    (
        "`pwartest` with gaps",
        "plm pairs rows that are years apart",
        "the year before",
    ),
    (
        "LLC, IPS, Fisher",
        "plm's default divides residual variances by rows, gretl by degrees of freedom",
        "degrees of freedom; both are offered",
    ),
    (
        "Fisher tests",
        "MacKinnon (1994) or (1996) p-values",
        "1994, as plm on request",
    ),
    (
        "CIPS",
        "plm's `lags = 0` is one lag; Stata's lag rules differ",
        "lags as given, the same for each country",
    ),
    (
        "one-step Sargan",
        "plm 44.62, gretl 75.46 on EmplUK: scaled by the errors' variance or not",
        "docs/methods/estimation.md says which",
    ),
    (
        "normal equations on NIST's Filip",
        "pyfixest, default `lstsq` and `pinv` have no correct digit, linearmodels refuses",
        "column-scaled QR",
    ),
)


def reference_tests() -> dict[str, dict[str, str]]:
    """Return, by test file, the tests that compare with outside numbers, and what they state."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = _reading(tree)
        tests = {
            node.name: (ast.get_docstring(node) or "").split("\n")[0]
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            if _names(node) & (known | FIXTURES)
            or QUOTES.search(ast.get_docstring(node) or "")
            or (path.parent.name == "reproductions")
        }
        if tests and path.relative_to(ROOT / "tests").parts[0] in COVERED:
            found[str(path.relative_to(ROOT))] = tests
    return found


def page(records: dict[str, list[tuple[float, float]]]) -> str:
    """Return the page: one row a test, its comparisons, worst and median digits, tolerance."""
    lines = [
        "# Accuracy",
        "",
        "Generated by `python benchmarks/accuracy.py`; do not edit. Every row is a test that "
        "compares with an outside number: R (plm, sandwich, lmtest, BMS, forecast, urca, "
        "strucchange), gretl, tsecon, bvar, Stata's printed output, NIST's certified values, or a "
        "published table. Scripts and numbers are in "
        "`tests/reference/`.",
        "",
        "Digits are the log relative error, -log10(|ours - theirs| / |theirs|), at most 15; whole "
        "digits, rounded down, over all numbers that a test compares. The tolerance is the loosest "
        "that the test allows. Where no digits stand the numbers agree as printed.",
    ]
    for file, tests in reference_tests().items():
        lines += ["", f"## {file}", "", "| what | numbers | worst | median | tolerance |"]
        lines += ["|---|---:|---:|---:|---:|"]
        for name, what in tests.items():
            pairs = records.get(f"{file}::{name}", [])
            if not pairs and not (QUOTES.search(what) or "reproductions" in file):
                continue  # it reads the reference's panels and compares no number by itself
            digits = np.array([digit for digit, _ in pairs])
            numbers = [f"{len(pairs):,}", "", "", ""]
            if len(pairs):
                loosest = max(tolerance for _, tolerance in pairs)
                worst, middle = np.floor(digits.min()), np.floor(np.median(digits))
                numbers[1:] = [f"{worst:.0f}", f"{middle:.0f}", f"{loosest:.0e}"]
            said = what.replace("|", "\\|").rstrip(".")
            lines.append(f"| {said} (`{name}`) | {' | '.join(numbers)} |")
    lines += ["", "## Where packages disagree", ""]
    lines += ["| statistic | who differs, and why | followed here |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in DISAGREEMENTS]
    lines.append("")
    return "\n".join(lines)


def measured() -> dict[str, list[tuple[float, float]]]:
    """Run the reference tests and return the digits and tolerance of each number compared."""
    recorder = _Recorder()
    files = [str(ROOT / file) for file in reference_tests()]
    code = pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", *files], plugins=[recorder])
    if code:
        raise SystemExit(f"the reference tests failed with status {code}")
    return recorder.records


class _Recorder:
    """A pytest plugin that writes down what ``numpy.testing.assert_allclose`` is given."""

    def __init__(self) -> None:
        self.records: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.node = ""
        self.plain = np.testing.assert_allclose
        np.testing.assert_allclose = self._recorded

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Remember which test runs."""
        self.node = item.nodeid.split("[")[0]

    def _recorded(
        self, actual: Any, desired: Any, rtol: float = 1e-7, atol: float = 0.0, **more: Any
    ) -> None:
        self.plain(actual, desired, rtol, atol, **more)
        pair = np.broadcast_arrays(
            np.asarray(actual, dtype=float), np.asarray(desired, dtype=float)
        )
        for ours, theirs in zip(*(part.ravel() for part in pair), strict=True):
            if np.isfinite(ours) and np.isfinite(theirs):
                allowed = rtol + (atol / abs(theirs) if theirs else 0.0)
                self.records[self.node].append((_digits(ours, theirs), float(allowed)))


def _digits(ours: float, theirs: float) -> float:
    error = abs(ours - theirs) / (abs(theirs) if theirs else 1.0)
    return CAP if error == 0 else float(min(CAP, -np.log10(error)))


def _reading(tree: ast.Module) -> set[str]:
    """Return the module's names that hold reference numbers, directly or through another name."""
    bodies: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            bodies[node.name] = node
        elif isinstance(node, ast.Assign):
            bodies |= {t.id: node for t in node.targets if isinstance(t, ast.Name)}
    known = {
        name
        for name, node in bodies.items()
        if any(isinstance(n, ast.Constant) and n.value == "reference" for n in ast.walk(node))
    }
    while True:
        more = {name for name, node in bodies.items() if _names(node) & known} - known
        if not more:
            return {name for name in known if not name.startswith("test_")}
        known |= more


def _names(node: ast.AST) -> set[str]:
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return names | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(measured()), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
