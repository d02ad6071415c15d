"""A table in every form, from text to Word: the only user of maketables."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from forecast.errors import ForecastError, choose
from forecast.reporting.write import inert

WORD_STYLE = {"font_size_pt": 9, "notes_font_size_pt": 8}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip file can hold
SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}"})
TILDES = str.maketrans({"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePart:
    """Rows between two rules.

    Attributes
    ----------
    rows : (label, cells) each; a cell of two lines becomes two rows.
    heading : shown above the rows; empty for none.
    """

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCells:
    """A table as words, before any form.

    Attributes
    ----------
    header : (m,) column headings, without the first column's.
    parts : rows in parts, each cell (m,) texts.
    spanners : (m,) headings above neighbouring columns; empty texts for none.
    notes, caption : str
    """

    header: tuple[str, ...]
    parts: tuple[TablePart, ...]
    spanners: tuple[str, ...] = ()
    notes: str = ""
    caption: str = ""


def typeset(cells: TableCells, form: str) -> str | bytes:
    """Return a table in one form, the same bytes for the same cells.

    Parameters
    ----------
    cells : TableCells
    form : {"text", "md", "html", "tex", "docx", "typst", "csv", "json"}
        ``docx`` is bytes, all others text that ends with a line end. LaTeX needs the packages
        booktabs, tabularx, makecell, threeparttable and array.

    Raises
    ------
    ForecastError
        If the form is unknown or there is no column.
    """
    if not cells.header:
        raise ForecastError("a table needs at least one column, found none")
    return choose(form, FORMS, "form of a table", ForecastError)(cells)


def flat_rows(cells: TableCells) -> list[list[str]]:
    """Return text rows (m + 1 cells), a cell of two lines made into two rows, headings as rows."""
    rows: list[list[str]] = []
    for part in cells.parts:
        if part.heading:
            rows.append([part.heading, *[""] * len(cells.header)])
        for label, texts in part.rows:
            lines = [[line.strip() for line in text.split("\n")] for text in texts]
            for number in range(max(len(one) for one in lines)):
                found = [one[number] if number < len(one) else "" for one in lines]
                rows.append([label if number == 0 else "", *found])
    return rows


def _text(cells: TableCells) -> str:
    rows = [*_head_rows(cells), *flat_rows(cells)]
    widths = [max(len(row[j]) for row in rows) for j in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(w) if j == 0 else cell.rjust(w)
            for j, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join([first, *others]).rstrip()

    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [cells.caption, rule] if cells.caption else [rule]
    lines += [line(row) for row in _head_rows(cells)]
    for part in cells.parts:
        one = TableCells(header=cells.header, parts=(part,))
        lines += [rule, *(line(row) for row in flat_rows(one))]
    return "\n".join([*lines, rule, *([cells.notes] if cells.notes else []), ""])


def _head_rows(cells: TableCells) -> list[list[str]]:
    """Return the spanners, each said once over its columns, and the headings."""
    spanners = cells.spanners
    shown = [s if j == 0 or s != spanners[j - 1] else "" for j, s in enumerate(spanners)]
    return ([["", *shown]] if any(shown) else []) + [["", *cells.header]]


def _markdown(cells: TableCells) -> str:
    def line(row: Sequence[str]) -> str:
        return "| " + " | ".join(_marked(cell).replace("|", "\\|") for cell in row) + " |"

    rule = "|:---|" + "---:|" * len(cells.header)
    head = [f"{s}: {h}" if s else h for s, h in _paired(cells)]
    body = [line(["", *head]), rule, *(line(row) for row in flat_rows(cells))]
    top = [f"**{_marked(cells.caption)}**", ""] if cells.caption else []
    return "\n".join([*top, *body, *(["", _marked(cells.notes)] if cells.notes else []), ""])


def _marked(text: str) -> str:
    """Return a text in which Markdown finds neither HTML nor a link nor the end of a row."""
    return text.replace("<", "&lt;").replace("](", "]\\(").replace("\n", " ")


def _paired(cells: TableCells) -> list[tuple[str, str]]:
    spanners = cells.spanners or ("",) * len(cells.header)
    return list(zip(spanners, cells.header, strict=True))


def _csv(cells: TableCells) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["", *(inert(f"{s}: {h}" if s else h) for s, h in _paired(cells))])
    writer.writerows([inert(cell) for cell in row] for row in flat_rows(cells))
    return out.getvalue()


def _json(cells: TableCells) -> str:
    found = {
        "caption": cells.caption,
        "columns": [{"group": s, "heading": h} for s, h in _paired(cells)],
        "parts": [
            {
                "heading": part.heading,
                "rows": [
                    {"label": label, "cells": [text.split("\n") for text in texts]}
                    for label, texts in part.rows
                ],
            }
            for part in cells.parts
        ],
        "notes": cells.notes,
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _made(cells: TableCells, write: Callable[[str], str] = str) -> Any:
    """Return maketables' table, every text passed through ``write``."""
    from maketables import MTable

    index, rows = [], []
    for number, part in enumerate(cells.parts):
        name = write(part.heading) if part.heading else f"part {number}"
        for label, texts in part.rows:
            index.append((name, write(label)))
            rows.append([write(text) for text in texts])
    head = [write(text) for text in cells.header]
    columns: pd.Index = pd.Index(head)
    if any(cells.spanners):
        columns = pd.MultiIndex.from_arrays([[write(s) for s in cells.spanners], head])
    frame = pd.DataFrame(rows, index=pd.MultiIndex.from_tuples(index), columns=columns)
    return MTable(
        frame,
        notes=write(cells.notes),
        caption=write(cells.caption) if cells.caption else None,
        rgroup_display=any(part.heading for part in cells.parts),
    )


def _latex(cells: TableCells) -> str:
    return str(_made(cells, _escape).make(type="tex")) + "\n"


def _typst(cells: TableCells) -> str:
    return str(_made(cells).make(type="typst")) + "\n"


def _html_page(cells: TableCells) -> str:
    """Return a page of its own; great_tables' random identifier is replaced by a fixed one."""
    inner = _made(cells).make(type="gt").as_raw_html()
    found = re.search(r'<div id="([^"]+)"', inner)
    if found:
        inner = inner.replace(found.group(1), "estimates-table")
    title = cells.caption or "Estimates"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n</head>\n<body>\n{inner}\n</body>\n</html>\n"
    )


def _word(cells: TableCells) -> bytes:
    """Return a Word document whose zip entries and properties carry one constant date."""
    document = _made(cells).make(type="docx", docx_style=WORD_STYLE)
    when = datetime(*EPOCH)
    document.core_properties.created = when
    document.core_properties.modified = when
    document.core_properties.author = ""
    document.core_properties.last_modified_by = ""
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same mark on every platform
            new.writestr(entry, old.read(name))
    return fixed.getvalue()


def _escape(text: str) -> str:
    # a bracket that begins a line would be read as the length of the line break before it
    return text.translate(SPECIAL | TILDES).replace("\n[", "\n{[}")


FORMS: dict[str, Callable[[TableCells], str | bytes]] = {
    "text": _text,
    "md": _markdown,
    "html": _html_page,
    "tex": _latex,
    "docx": _word,
    "typst": _typst,
    "csv": _csv,
    "json": _json,
}
