"""``forecast test``: statistical tests by name, of models of the project or of any panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.formula_options import formula_options
from forecast.cli.options import options
from forecast.cli.output import json_text, line_width, print_csv, print_json, print_rows, rows_of
from forecast.cli.table_output import hand_over, table_output
from forecast.errors import SpecError, choose
from forecast.reporting.regression.words import form_of
from forecast.specs.tests.table import STATISTICAL_TESTS

if TYPE_CHECKING:
    from forecast.diagnostics.record import TestTable

SHOWN = ("name", "of", "asks", "options")  # columns of the list as text


def _settings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    """Return options of tests: "lags=2" gives lags the text 2."""
    found = {}
    for one in value:
        key, equals, said = (part.strip() for part in one.partition("="))
        if not key or not equals or not said:
            raise SpecError(f"--set: found {one!r}, must be OPTION=VALUE, such as lags=2")
        options = {name: name for row in STATISTICAL_TESTS.values() for name in row.options}
        choose(key, options, "--set: option of tests", SpecError)
        found[key] = said
    return found


@click.command("test")
@click.argument("names", nargs=-1)
@click.option(
    "--of",
    metavar="MODEL|COLUMN",
    multiple=True,
    help="A model's name, TOML file or formula, or a column of the data; may be given again.",
)
@click.option(
    "--set",
    metavar="OPTION=VALUE",
    multiple=True,
    callback=_settings,
    help="An option of the tests, as the list of tests has them; may be given several times.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Of tests with random weights.",
)
@formula_options
@options("data", "panel", "entity", "time", "step", "countries", "sheet")
@table_output
def command(
    *,
    names: tuple[str, ...],
    of: tuple[str, ...],
    set: dict[str, str],
    seed: int,
    data: str | None,
    panel: Path | None,
    entity: str | None,
    time: str | None,
    step: int | None,
    countries: str | None,
    sheet: str | None,
    form: str | None,
    out: Path | None,
    given: dict[str, Any],
) -> None:
    """Make the tests NAMES of models or columns; without any argument, list the tests.

    NAMES are names of the list, or `all`: those that go with what is tested and need no option. A
    test of data is of a column, such as "log(output)"; a model will do for its outcome.
    """
    from forecast.reporting.write import check_file

    form = form_of(form, out)
    if out is not None:
        check_file(out, "--out")
    if not names and not of:
        _list(form, out)
        return
    from forecast.cli.own_panel import own_panel
    from forecast.cli.progress import progress
    from forecast.diagnostics.record import TestTable
    from forecast.study.questions.estimate import named_model
    from forecast.study.questions.test import test

    formulas = [named_model(one, given) for one in of if "~" in one]
    own = own_panel(panel, entity, time, formulas, step=step, countries=countries, sheet=sheet)
    said: dict[str, Any] = {**given, **set}
    found = test(list(of), list(names), data=data, panel=own, seed=seed, progress=progress, **said)
    assert isinstance(found, TestTable)
    _show(found, form, out)


def _list(form: str, out: Path | None) -> None:
    from forecast.diagnostics.record import TestResult, TestTable
    from forecast.study.questions.test import test

    if form not in {"text", "json", "csv"} or out is not None:
        raise SpecError("test: the list of tests is printed as text, json or csv")
    listed = test()
    assert not isinstance(listed, TestResult | TestTable)
    if form == "csv":
        print_csv(listed)
    elif form == "json":
        print_json({"tests": rows_of(listed)})
    else:
        print_rows(rows_of(listed[list(SHOWN)]), form)


def _show(tests: TestTable, form: str, out: Path | None) -> None:
    """Print or write tests: numbers in full for programs, a table for readers."""
    from forecast.reporting.regression.typeset import typeset
    from forecast.reporting.write import csv_text
    from forecast.specs.table import TableSpec
    from forecast.study.sharing.table import tests_cells

    made: str | bytes
    if form == "json":
        told = {"results": rows_of(tests.to_frame()), "left_out": tests.left_out}
        made = json_text({**told, "data": tests.source}) + "\n"
    elif form == "csv":
        made = csv_text(tests.to_frame())
    else:
        width = line_width() if out is None else None
        made = typeset(tests_cells(tests, TableSpec()), form, width)
    hand_over(made, out)
