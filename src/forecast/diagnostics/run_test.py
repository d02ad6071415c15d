"""One test of the table of tests, by name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError, SpecError, unknown
from forecast.estimation.estimate import estimate, in_panel
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.specs.tests.row import Allowed, StatisticalTest
from forecast.specs.tests.table import statistical_test

MOST = 1_000_000  # of a whole number: draws, lags
WORDS = {
    int: f"a whole number up to {MOST:,}",
    float: "a number",
    bool: "true or false",
    str: "text",
}
TRUTH = {"true": True, "false": False}


def run_test(
    name: str,
    panel: Panel | None,
    subject: Estimate | ModelSpec | str,
    rng: np.random.Generator | None = None,
    options: Mapping[str, Any] | None = None,
) -> TestResult:
    """Return a test by its name in `STATISTICAL_TESTS`.

    Parameters
    ----------
    name : str
    panel : Panel or None
        The one that the estimate comes from; None is enough for tests of the estimate alone.
    subject : Estimate, ModelSpec or str
        As the row's ``of`` says: an estimate or model, which is estimated where need be, or a
        column's name.
    rng : numpy.random.Generator, optional
        For tests with random weights.
    options : mapping, optional
        Of the test, as values or as text.

    Raises
    ------
    SpecError
        If the test or an option is unknown, or one is missing or not as allowed.
    EstimationError
        If the test does not go with the subject, or cannot be made.
    """
    row = statistical_test(name)
    given = checked_options(name, options or {})
    engine = import_module(f"forecast.{row.engine.partition(':')[0]}")
    make = getattr(engine, row.engine.partition(":")[2])
    if row.random and rng is None:
        raise SpecError(f"test {name!r} draws at random: give it a generator")
    more = {"rng": rng} if row.random else {}
    found: TestResult = make(*_arguments(name, row, panel, subject), **row.fixed, **given, **more)
    return found


def checked_options(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a test's options as its engine takes them.

    Raises
    ------
    SpecError
        If one is unknown, missing or not as allowed.
    """
    row = statistical_test(name)
    for key in options:
        if key not in row.options:
            none = f"test {name!r} has no option {key!r}" + (
                "" if row.options else ", nor any other"
            )
            raise SpecError(unknown(key, row.options, f"option of {name}") if row.options else none)
    for key in row.needs:
        if key not in options:
            raise SpecError(f"test {name!r} needs the option {key!r}: {row.null}")
    return {key: _read(name, key, value, row.options[key]) for key, value in options.items()}


def _read(name: str, key: str, value: Any, allowed: Allowed) -> Any:
    """Return a value of the allowed kind, read from text where it is text."""
    if isinstance(allowed, tuple):
        words = [one for one in allowed if isinstance(one, str)]
        if value in words:
            return value
        if len(words) == len(allowed):
            raise SpecError(f"test {name!r}: {unknown(str(value), words, key)}")
        return _whole(name, key, value, told_options(allowed))
    if allowed is int:
        return _whole(name, key, value, WORDS[int])
    if allowed is str:
        return str(value)
    read = TRUTH.get(str(value).lower()) if allowed is bool else _number(value)
    if read is None:
        raise SpecError(f"test {name!r}: {key}: found {value!r}, must be {WORDS[allowed]}")
    return allowed(read)


def told_options(allowed: Allowed) -> str:
    """Return what an option may be, in words."""
    each = allowed if isinstance(allowed, tuple) else (allowed,)
    return ", ".join(one if isinstance(one, str) else WORDS[one] for one in each)


def _whole(name: str, key: str, value: Any, must: str) -> int:
    read = _number(value)
    if read is None or read != int(read) or abs(read) > MOST:
        raise SpecError(f"test {name!r}: {key}: found {value!r}, must be {must}")
    return int(read)


def _number(value: Any) -> float | None:
    """Return a finite number; None for what is none, truth values too."""
    try:
        read = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if isinstance(value, bool) or not np.isfinite(read) else read


def _arguments(
    name: str, row: StatisticalTest, panel: Panel | None, subject: Estimate | ModelSpec | str
) -> tuple[Any, ...]:
    """Return what the engine is called with, by what the test is of."""
    column = row.of in {"column", "series"}
    if column != isinstance(subject, str):
        wanted = "a column of a panel" if column else "an estimate or a model"
        raise EstimationError(f"test {name!r} is of {wanted}")
    if row.of == "estimate" and isinstance(subject, Estimate):
        return (subject,)
    if panel is None:
        raise SpecError(f"test {name!r} needs panel=, the one that the estimate comes from")
    if row.of == "estimate":
        assert isinstance(subject, ModelSpec)
        return (estimate(panel, subject),)
    if column:
        return panel, subject
    assert not isinstance(subject, str)
    return panel, in_panel(subject.spec if isinstance(subject, Estimate) else subject, panel)
