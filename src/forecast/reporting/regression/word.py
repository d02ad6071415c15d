"""A table as a Word document, one table a panel, on pages that are wide enough."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from forecast.reporting.regression.cells import (
    TableCells,
    TablePart,
    flat_rows,
    page_panels,
    spans,
)
from forecast.reporting.zipped import zip_bytes

LONG, SHORT, MARGIN = 29.7, 21.0, 2.0  # A4, in cm
UPRIGHT = 3  # columns that an upright page holds
POINTS = 8
BOOKMARK = 40  # characters of a bookmark's name
EPOCH = datetime(1980, 1, 1)  # the earliest date that a zip file can hold


def word_table(cells: TableCells) -> bytes:
    """Return a Word document of the table, its bytes fixed by the cells alone.

    A4, landscape where a panel has more than three columns; every line of a cell is a cell of
    its own; captions are numbered by Word, the head of a table is repeated on each page.
    """
    from docx import Document
    from docx.shared import Cm, Pt

    panels = page_panels(cells)
    lying = max(len(panel.header) for panel in panels) > UPRIGHT
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = (Cm(LONG), Cm(SHORT)) if lying else (Cm(SHORT), Cm(LONG))
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(POINTS)
    style.paragraph_format.space_after = Pt(0)
    room = (LONG if lying else SHORT) - 2 * MARGIN - 0.02  # widths are rounded up to twips
    for number, panel in enumerate(panels, 1):
        _caption(document, panel, number)
        _fill(document, panel, room)
        document.add_paragraph(panel.notes)
    document.core_properties.created = document.core_properties.modified = EPOCH
    document.core_properties.author = document.core_properties.last_modified_by = ""
    raw = io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as made:
        return zip_bytes({name: made.read(name) for name in made.namelist()})


def _caption(document: Any, cells: TableCells, number: int) -> None:
    """Write "Table 1. ..." with a field that Word counts, and a bookmark of the label's name."""
    if not cells.caption:
        return
    line = document.add_paragraph()
    line.paragraph_format.keep_with_next = True
    if cells.label:
        name = re.sub(r"\W", "_", cells.label)[:BOOKMARK]
        line._p.append(_made("w:bookmarkStart", {"w:id": str(number), "w:name": name}))
    line.add_run("Table ").bold = True
    field = _made("w:fldSimple", {"w:instr": " SEQ Table \\* ARABIC "})
    run = line.add_run(str(number))
    run.bold = True
    field.append(run._r)
    line._p.append(field)
    if cells.label:
        line._p.append(_made("w:bookmarkEnd", {"w:id": str(number)}))
    line.add_run(f". {cells.caption}").bold = True


def _fill(document: Any, cells: TableCells, room: float) -> None:
    from docx.shared import Cm

    above = any(cells.spanners)
    rows = [(["", *cells.header], False)]
    for part in cells.parts:
        body = [(row, False) for row in flat_rows(_alone(cells, part))]
        rows += [(body[0][0], True), *body[1:]]
    table = document.add_table(rows=len(rows) + above, cols=len(cells.header) + 1)
    table.autofit = False
    first = 0.28 * room
    one = (room - first) / (len(cells.header) + cells.sentences)
    widths = [first, *[one] * len(cells.header)]
    widths[-1] *= 1 + cells.sentences
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    if above:
        _span(table, cells)
    grid = [list(row.cells) for row in table.rows]
    for at, (texts, begins) in enumerate(rows):
        for place, text in enumerate(texts):
            said = cells.sentences and place == len(widths) - 1
            _write(grid[at + above][place], text, place * (not said), widths[place])
        if begins:
            _rule(grid[at + above], "top")
    _rule(grid[0], "top", 8)
    _rule(grid[-1], "bottom", 8)
    for at in range(1 + above):
        table.rows[at]._tr.get_or_add_trPr().append(_made("w:tblHeader", {"w:val": "true"}))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_made("w:cantSplit", {"w:val": "true"}))


def _alone(cells: TableCells, part: TablePart) -> TableCells:
    return TableCells(header=cells.header, parts=(part,))


def _span(table: Any, cells: TableCells) -> None:
    at = 1
    for text, count in spans(cells):
        merged = table.cell(0, at).merge(table.cell(0, at + count - 1))
        _write(merged, text, 1, 0.0)
        if text:
            _rule([merged], "bottom")
        at += count


def _write(cell: Any, text: str, place: int, width: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    line = cell.paragraphs[0]
    line.text = text
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER if place else WD_ALIGN_PARAGRAPH.LEFT
    if width:
        cell.width = Cm(width)


def _rule(row: list[Any], side: str, weight: int = 4) -> None:
    """Draw a line over or under the cells of a row, ``weight`` in eighths of a point."""
    from docx.oxml.ns import qn

    for cell in row:
        shape = cell._tc.get_or_add_tcPr()
        borders = shape.find(qn("w:tcBorders"))
        if borders is None:
            borders = _made("w:tcBorders", {})
            shape.append(borders)
        said = {"w:val": "single", "w:sz": str(weight), "w:space": "0", "w:color": "000000"}
        borders.append(_made(f"w:{side}", said))


def _made(tag: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element
