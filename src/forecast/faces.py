"""What a person in a notebook asks of a record: a few lines, a table, a figure.

A record's face is text and a table, made of what the record itself tells. What needs more than
its layer may know (a figure, a test) is a deed of a higher layer: `DEEDS` names it, and it is
loaded on use, as the engines of estimators are.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from math import isnan
from textwrap import shorten
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

DEEDS = {
    "predict": "estimation.effects.predict:predict",
    "wald": "diagnostics.specification.wald:wald",
    "plot": "study.faces.plot:plot_record",
    "table": "study.faces.tables:run_table",
}
MOST_FACTS = 5  # lines of a repr, its first apart
WIDTH = 76  # characters of a line of it
ROWS = 20  # rows of a table that a notebook shows; text shows as many


def deed(name: str) -> Callable[..., Any]:
    """Return what `DEEDS` calls ``name``."""
    module, _, function = DEEDS[name].partition(":")
    found: Callable[..., Any] = getattr(import_module(f"forecast.{module}"), function)
    return found


class Face:
    """Text, table and figure of a record, from its `facts` and its `to_frame`."""

    __slots__ = ()

    def facts(self) -> Mapping[str, object]:
        """Return what names the record and how large it is, at most five entries."""
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """Return the record as one table; columns and units: docs/python.md."""
        raise NotImplementedError

    def summary(self) -> str:
        """Return what the record says, as text."""
        return "\n".join([f"{self!r}\n", table_text(self.to_frame()), *notes(_remarks(self))])

    def plot(self, name: str | None = None) -> Any:
        """Return a figure of the record, a matplotlib ``Figure``.

        Parameters
        ----------
        name : str, optional
            Of the figures that records of this kind have; the first of them if not given.

        Raises
        ------
        ForecastError
            If there is no such figure, with those that there are.
        """
        return deed("plot")(self, name)

    def __repr__(self) -> str:
        lines = [f"{name}: {_one_line(said)}" for name, said in self.facts().items()]
        head, *rest = [type(self).__name__, *lines[:MOST_FACTS]]
        return "\n  ".join(shorten(line, WIDTH, placeholder=" ...") for line in (head, *rest))

    def _repr_html_(self) -> str:
        facts = "".join(
            f"<tr><th>{html.escape(name)}</th><td>{html.escape(_one_line(said))}</td></tr>"
            for name, said in self.facts().items()
        )
        name = html.escape(type(self).__name__)
        told = "".join(f"<p>{html.escape(note)}</p>" for note in notes(_remarks(self)))
        return f"<table><caption>{name}</caption>{facts}</table>{table_html(self.to_frame())}{told}"


def notes(remarks: Sequence[str]) -> list[str]:
    """Return remarks as the lines that a command and a summary show."""
    return [f"note: {one}" for one in remarks]


def table_html(table: pd.DataFrame) -> str:
    """Return the first `ROWS` rows of a table as HTML, every cell escaped."""
    shown = _indexed(table).head(ROWS)
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in shown.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_cell(cell))}</td>" for cell in row) + "</tr>"
        for row in shown.itertuples(index=False, name=None)
    )
    made = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return made if len(table) <= ROWS else f"{made}<p>{ROWS} of {len(table):,} rows</p>"


def table_text(table: pd.DataFrame, rows: int = ROWS) -> str:
    """Return the first rows of a table as text."""
    shown = _indexed(table).head(rows)
    cells = [[str(name) for name in shown.columns]]
    cells += [[_cell(cell) for cell in row] for row in shown.itertuples(index=False, name=None)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join([*lines, *([f"... {len(table):,} rows"] if len(table) > rows else [])])


def _remarks(record: Face) -> Sequence[str]:
    """Return what a record's reader must know besides, where it says so."""
    told: Sequence[str] = getattr(record, "remarks", ())
    return told


def _indexed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a named index as columns; row numbers are not shown."""
    return table.reset_index() if any(table.index.names) else table


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:.6g}"
    return _one_line(value)


def _one_line(value: object) -> str:
    if isinstance(value, Mapping):
        value = ", ".join(f"{key} {_cell(one)}" for key, one in value.items())
    elif isinstance(value, list | tuple):
        value = ", ".join(map(_cell, value))
    return " ".join(("" if value is None else str(value)).split())


def as_names(given: Sequence[object] | object) -> list[str]:
    """Return names or paths, one or several, as a list of text."""
    several = isinstance(given, Sequence) and not isinstance(given, str)
    return [str(one) for one in (given if several else [given])]  # type: ignore[attr-defined]
