"""Worked examples: published tables of panel estimates, repeated beside what was printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from forecast import catalog
from forecast.errors import SpecError
from forecast.estimation.estimate import estimate
from forecast.estimation.inference.delta_method import delta_method
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.reporting.run_folder.tables import estimates_table
from forecast.sources.readers.r_data import ROW, UNIT, read_r_data
from forecast.specs.example import ExampleColumn, ExampleSpec
from forecast.statistics.solow_periods import LENGTH, solow_periods
from forecast.study.declare import study_package
from forecast.study.own_panel import read_panel
from forecast.study.questions.record import Answer

if TYPE_CHECKING:
    from pathlib import Path

PWT = "pwt91"


def example(name: str, *, data: Path | str | None = None) -> Answer:
    """Return a published table of panel estimates, repeated, beside its printed figures.

    Parameters
    ----------
    name : str
        From ``list("examples")``.
    data : str or path, optional
        Data package, for the example that is made from one; the study's if not given.

    Returns
    -------
    Answer
        Tables ``figures`` (``column, quantity, printed, here, difference, agrees``: whether it is
        the printed figure to its last digit) and ``estimates``; why figures differ in ``remarks``.

    Raises
    ------
    ForecastError
        If there is no such example, or its data set comes with a package that is not installed.
    """
    spec = catalog.example_spec(name)
    if data is not None and spec.data != PWT:
        raise SpecError(f"example {name}: is made from {spec.data} and takes no --data")
    panel = _panel(spec, data)
    pairs = [(column, estimate(panel, column.model)) for column in spec.columns]
    figures = pd.DataFrame([row for column, found in pairs for row in _rows(column, found)])
    return Answer(
        question=spec.label,
        about={
            "example": name,
            "source": spec.source,
            "data": panel.source if spec.data == PWT else spec.data,
            "note": spec.note,
        },
        tables={"figures": figures, "estimates": estimates_table([one for _, one in pairs])},
        remarks=tuple(dict.fromkeys(c.because for c in spec.columns if c.because)),
    )


def _panel(spec: ExampleSpec, data: Path | str | None) -> Panel:
    if spec.data == PWT:
        package = study_package(data)
        whole = package.panel(PWT)
        made = solow_periods(whole.frame)
        return Panel(made, source=f"{package.name}, {PWT}", step=LENGTH, groups=whole.groups)
    frame = read_r_data(spec.data, spec.entity, spec.time, spec.block)
    for name, (of, value) in spec.dummies.items():
        frame[name] = (frame[of] == value).astype(float)
    frame = frame.assign(**spec.constants)
    return read_panel(frame, spec.entity or UNIT, spec.time or ROW, countries="as_is")


def _rows(column: ExampleColumn, found: Estimate) -> Iterator[dict[str, object]]:
    errors = found.std_errors
    for term, printed in column.printed.items():
        if term not in found.terms:
            raise SpecError(f"column {column.name!r}: no term {term!r} in {list(found.terms)}")
        yield from _pair(column.name, term, printed, (found.params[term], errors[term]))
    for expression, printed in column.functions.items():
        made = delta_method(found, expression)
        yield from _pair(column.name, expression, printed, (made.estimate, made.std_error))
    whole = {"n_obs": found.n_obs, "r2": found.r2, "resid_std": found.resid_std, **found.stats}
    for stat, value in column.stats.items():
        yield _row(column.name, stat, value, whole[stat])


def _pair(
    column: str, quantity: str, printed: list[str], found: tuple[float, float]
) -> Iterator[dict[str, object]]:
    for label, text, value in zip(("", ", s.e."), printed, found, strict=False):
        yield _row(column, quantity + label, text, value)


def _row(column: str, quantity: str, printed: str, here: float) -> dict[str, object]:
    apart = float(here) - float(printed)
    half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
    return {
        "column": column,
        "quantity": quantity,
        "printed": printed,
        "here": float(here),
        "difference": apart,
        # a half unit itself rounds either way; 1e-9 of it is the arithmetic's
        "agrees": abs(apart) <= half * (1 + 1e-9),
    }
