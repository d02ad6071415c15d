"""``test``: any statistical test of the toolkit, by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.diagnostics.record import TestResult, TestTable
from forecast.diagnostics.run_test import checked_options, run_test, told_options
from forecast.errors import ForecastError, SpecError, check_whole, shown
from forecast.estimation.record import Estimate
from forecast.faces import as_names
from forecast.panel import Panel, named_for
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.sources.readers.user_panel import KeyLabels
from forecast.specs.model import ModelSpec
from forecast.specs.tests.table import EVERY_TEST, STATISTICAL_TESTS, statistical_test
from forecast.study.own_panel import read_panel
from forecast.study.questions.estimate import refuse_idle
from forecast.study.questions.tested import Tested, going_with

if TYPE_CHECKING:
    from pathlib import Path

    Subject = Estimate | ModelSpec | Path | str


def test(  # noqa: PLR0913 the options of the command
    of: Panel | Subject | Sequence[Subject] = (),
    names: str | Sequence[str] = (),
    subject: Subject | Sequence[Subject] | None = None,
    *,
    data: Path | str | None = None,
    panel: Panel | pd.DataFrame | Path | str | None = None,
    entity: str | None = None,
    time: str | None = None,
    step: int | None = None,
    countries: KeyLabels = "auto",
    sheet: str = "",
    seed: int = 0,
    progress: Progress = lambda message: None,
    **options: Any,
) -> TestResult | TestTable | pd.DataFrame:
    """Return tests by name: ``test(estimate, "pesaran_cd")``, ``test(panel, "cips", "log(y)")``.

    Parameters
    ----------
    of : Panel, or what is tested, one or several
        An estimate; a model by name, file, `ModelSpec` or formula; for tests of data a column, or
        an expression such as ``"log(output)"``, of the panel or the first table that has it.
    names : str or sequence of str
        ``test()`` returns them; ``"all"``: those that go with what is tested, and need no option.
    subject : as ``of``, where the first argument is a panel.
    data, panel, entity, time, step, countries, sheet
        As in `forecast.estimate`. An estimate that is not from the package needs ``panel`` for
        tests that estimate again.
    seed : int, of tests with random weights.
    progress : callable, called with one line as each test begins
    **options : of the tests, given to those that have them (``lags=2``), and keys of a model
        beside a formula (``covariance="clustered"``)

    Returns
    -------
    TestResult for one test of one thing, TestTable for several; of nothing, the table of tests.

    Raises
    ------
    ForecastError
        If nothing can be made; of several tests, the reasons of some are in ``left_out``.
    """
    panel, of = _placed(of, subject, panel)
    asked = as_names(names)
    subjects = _subjects(of)
    if not asked and not subjects:
        return _listed()
    keyed = bool(entity or time or step or sheet or countries != "auto")
    refuse_idle("test", of, panel, data, keyed=keyed)
    if not (panel is None or isinstance(panel, Panel)):
        panel = read_panel(panel, entity, time, step=step, countries=countries, sheet=sheet)
    chosen, keys = _divided(options)
    things = [Tested(given=one, panel=panel, data=data, keys=keys) for one in subjects]
    made = _made(_planned(things, asked, chosen), chosen, seed, progress)
    single = isinstance(names, str) and names != EVERY_TEST and not _is_several(of)
    return made.results[0][2] if single else made


def _planned(
    things: Sequence[Tested], asked: Sequence[str], options: dict[str, Any]
) -> list[tuple[Tested, str]]:
    """Return the tests to make, each with what it is of.

    Raises
    ------
    SpecError
        If a name is unknown, nothing is named, or no test has an option.
    """
    if not asked or not things:
        wanted = "a model, formula or column" if asked else f"a test's name, or {EVERY_TEST!r}"
        raise SpecError(f"test: needs {wanted}; `forecast test` lists the tests")
    every = EVERY_TEST in asked
    if every and len(asked) > 1:
        raise SpecError(f"test: {EVERY_TEST!r} stands alone; found {', '.join(asked)}")
    for name in () if every else asked:
        statistical_test(name)
    plan = [
        (one, n)
        for one in things
        for n in (going_with(one, options) if every else dict.fromkeys(asked))
    ]
    _refuse_idle(options, [name for _, name in plan])
    keys = {key for one in things for key in one.keys}
    if keys and not any(one.takes_keys() for one in things):
        raise SpecError(
            f"test: {', '.join(map(repr, sorted(keys)))}: neither an option of these tests nor "
            f"used; keys of a model go with a formula that is estimated"
        )
    return plan


def _placed(of: Any, subject: Any, panel: Any) -> tuple[Any, Any]:
    """Return the panel and what is tested, whichever of the two stands first."""
    if not isinstance(of, Panel) and subject is None:
        return panel, of
    if subject is None or panel is not None or not isinstance(of, Panel):
        raise SpecError("test: a panel that stands first needs a subject, and no panel= besides")
    return of, subject


def _divided(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options of tests, and those of a model."""
    told = {key for row in STATISTICAL_TESTS.values() for key in row.options}
    chosen = {key: value for key, value in options.items() if key in told}
    return chosen, {key: value for key, value in options.items() if key not in told}


def _subjects(of: Any) -> list[Any]:
    """Return what is tested, what is named twice once.

    Raises
    ------
    SpecError
        If something is no estimate, model or column.
    """
    given = [*of] if _is_several(of) else [of]
    for one in given:
        if not (isinstance(one, Estimate | ModelSpec | str) or hasattr(one, "__fspath__")):
            raise SpecError(f"test: found {shown(one)}, must be an estimate, a model or a column")
    named = dict.fromkeys(one for one in given if isinstance(one, str))
    return [one for one in given if not isinstance(one, str) or named.pop(one, 1) is None]


def _is_several(given: object) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str)


def _refuse_idle(options: dict[str, Any], names: Sequence[str]) -> None:
    """Raise SpecError for an option that none of the tests has."""
    for key in options:
        if not any(key in STATISTICAL_TESTS[name].options for name in names):
            having = [name for name, row in STATISTICAL_TESTS.items() if key in row.options]
            raise SpecError(
                f"test: option {key!r} is of {', '.join(having)}; found {', '.join(names)}"
            )


def _made(
    plan: Sequence[tuple[Tested, str]],
    options: dict[str, Any],
    seed: int,
    progress: Progress,
) -> TestTable:
    """Return the tests made; what cannot be made is left out, unless nothing can."""
    check_whole("seed", seed, 0, None, SpecError)
    results, left_out, sources, first = [], {}, [], None
    for one, name in plan:
        row = STATISTICAL_TESTS[name]
        given = {key: value for key, value in options.items() if key in row.options}
        checked_options(name, given)
        progress(f"testing {one.label}: {row.title}")
        try:
            on, what = one.of(row)
            found = run_test(name, on, what, np.random.default_rng(seed), given)
        except ForecastError as error:
            first = first or error
            left_out[f"{one.label}, {name}"] = str(error)
            continue
        tested = what if isinstance(what, Estimate) or on is None else on
        if isinstance(tested, Estimate | Panel):
            sources.append(tested.source)
            null, note = (named_for(text, tested.entity) for text in (found.null, found.note))
            found = replace(found, null=null, note=note)
        results.append((one.label, name, found))
    if not results:
        raise first or SpecError("test: no test goes with what was given")
    return TestTable(
        results=tuple(results),
        left_out=left_out,
        source="; ".join(dict.fromkeys(filter(None, sources))),
    )


def _listed() -> pd.DataFrame:
    """Return the table of tests."""
    rows = [
        {
            "name": name,
            "title": row.title,
            "of": row.of,
            "estimators": ", ".join(row.estimators) or "any",
            "asks": row.asks,
            "null": row.null,
            "options": "; ".join(
                f"{key}: {told_options(a)}" + (" (needed)" if key in row.needs else "")
                for key, a in row.options.items()
            ),
            "source": row.source,
        }
        for name, row in STATISTICAL_TESTS.items()
    ]
    return pd.DataFrame(rows)
