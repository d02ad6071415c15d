"""A table in every form, from text to Word, and into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from forecast.errors import ForecastError, choose
from forecast.reporting.regression.cells import TableCells, printable
from forecast.reporting.regression.latex import latex_table
from forecast.reporting.regression.plain import csv_table, json_table, markdown_table, text_panels
from forecast.reporting.regression.sheet import sheet_table
from forecast.reporting.regression.typst import typst_table
from forecast.reporting.regression.web import html_table
from forecast.reporting.regression.word import word_table
from forecast.reporting.write import write_bytes

MAKERS: dict[str, Callable[[TableCells], str | bytes]] = {
    "text": text_panels,
    "md": markdown_table,
    "html": html_table,
    "tex": latex_table,
    "docx": word_table,
    "typst": typst_table,
    "csv": csv_table,
    "json": json_table,
    "xlsx": sheet_table,
}


def typeset(cells: TableCells, form: str, width: int | None = None) -> str | bytes:
    """Return a table in one form, the same bytes for the same cells.

    A character that a form cannot hold, such as a control character, is a space.

    Parameters
    ----------
    cells : TableCells
    form : {"text", "md", "html", "tex", "docx", "typst", "csv", "json", "xlsx"}
        ``docx`` and ``xlsx`` are bytes, all others text that ends with a line end.
    width : int, optional
        Characters of a line of ``text``; None: a panel of ``cells.most`` columns, as wide as it is.

    Raises
    ------
    ForecastError
        If the form is unknown or there is no column.
    """
    if not cells.header:
        raise ForecastError("a table needs at least one column, found none")
    make = choose(form, MAKERS, "form of a table", ForecastError)
    shown = printable(cells)
    return text_panels(shown, width) if form == "text" else make(shown)


def typeset_file(cells: TableCells, form: str, out: Path) -> str | bytes:
    """Write a table in one form to a file at once; return what was written."""
    made = typeset(cells, form)
    write_bytes(out, made if isinstance(made, bytes) else made.encode("utf-8"))
    return made
