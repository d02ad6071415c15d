"""The statistical tests that a user may ask for: one row each, and listed here alone."""

from __future__ import annotations

from difflib import get_close_matches

from forecast.errors import SpecError, shown
from forecast.specs.tests.estimated import ESTIMATED
from forecast.specs.tests.observed import OBSERVED
from forecast.specs.tests.row import StatisticalTest

EVERY_TEST = "all"  # in place of names: whatever goes with the subject
STATISTICAL_TESTS: dict[str, StatisticalTest] = {**ESTIMATED, **OBSERVED}
# Those that a table of models can have at its foot, and the labels of their rows.
FOOT_TESTS: dict[str, str] = {
    name: row.foot or row.title
    for name, row in ESTIMATED.items()
    if row.of in {"estimate", "model"} and not row.needs
}


def statistical_test(name: str) -> StatisticalTest:
    """Return the row of a test.

    Raises
    ------
    SpecError
        If there is none of that name, with all those that there are.
    """
    if name in STATISTICAL_TESTS:
        return STATISTICAL_TESTS[name]
    near = get_close_matches(name, STATISTICAL_TESTS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(STATISTICAL_TESTS)
    raise SpecError(f"test {shown(name)} is not one of: {listed}{hint}")
