"""A table as words, before any form, and the panels of it that a page holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forecast.reporting.write import xml_text

MOST = 6  # models of a panel
SINGLE = 4  # rows of one model each, from which on they are a diagonal of blanks


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePart:
    """Rows between two rules.

    Attributes
    ----------
    rows : (label, cells) each; a cell of two lines becomes two rows.
    heading : shown above the rows; empty for none.
    about : bool
        Whether the rows are about the columns as wholes (a model's estimator, its observations).
    """

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    heading: str = ""
    about: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCells:
    """A table as words, before any form.

    Attributes
    ----------
    header : (m,) column headings, without the first column's.
    parts : rows in parts, each cell (m,) texts.
    spanners : (m,) headings above neighbouring columns; empty texts for none.
    notes, caption : str
    label : str
        Name by which a text refers to the table; empty for none.
    most : int
        Columns of a panel, in the forms that have pages.
    apart : bool
        Whether rows that one column alone has are set apart, where they are many.
    listed : bool
        Whether it lists terms of one model each: columns are the model and the coefficient.
    sentences : bool
        Whether the last column is of sentences: set to the left, and wider than the others.
    escape : bool
        Whether signs with a meaning in LaTeX and Typst are shown as they are.
    """

    header: tuple[str, ...]
    parts: tuple[TablePart, ...]
    spanners: tuple[str, ...] = ()
    notes: str = ""
    caption: str = ""
    label: str = ""
    most: int = MOST
    apart: bool = False
    listed: bool = False
    sentences: bool = False
    escape: bool = True


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


def printable(cells: TableCells) -> TableCells:
    """Return a table without the characters that Word, Excel and LaTeX refuse (`xml_text`)."""

    def clean(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(xml_text, texts))

    parts = tuple(
        replace(
            part,
            heading=xml_text(part.heading),
            rows=tuple((xml_text(label), clean(texts)) for label, texts in part.rows),
        )
        for part in cells.parts
    )
    notes, caption, label = clean((cells.notes, cells.caption, cells.label))
    return replace(
        cells, header=clean(cells.header), parts=parts, spanners=clean(cells.spanners),
        notes=notes, caption=caption, label=label,
    )  # fmt: skip


def head_rows(cells: TableCells) -> list[list[str]]:
    """Return the spanners, each said once over its columns, and the headings."""
    spanners = cells.spanners
    shown = [s if j == 0 or s != spanners[j - 1] else "" for j, s in enumerate(spanners)]
    return ([["", *shown]] if any(shown) else []) + [["", *cells.header]]


def spans(cells: TableCells) -> list[tuple[str, int]]:
    """Return each spanner and the number of neighbouring columns below it, empty ones included."""
    found: list[tuple[str, int]] = []
    for text in cells.spanners:
        same = found and found[-1][0] == text
        found[-1:] = [(text, found[-1][1] + 1)] if same else [*found[-1:], (text, 1)]
    return found


def page_panels(cells: TableCells, most: int | None = None) -> list[TableCells]:
    """Return a table in panels of at most ``most`` columns, alike in size, that a page holds.

    A row stands in the panels of which a column has it. Rows that one column alone has follow in
    a list of their own, where the table asks for it and they are at least `SINGLE` of a table of
    more than two columns. The notes stand under the last panel; captions say which columns a
    panel has, and labels are numbered from the second on.
    """
    whole, alone = _set_apart(cells) if cells.apart else (cells, None)
    count = -(-len(whole.header) // (most or cells.most))
    most = -(-len(whole.header) // count)
    panels = [_columns(whole, slice(at, at + most)) for at in range(0, len(whole.header), most)]
    if len(panels) > 1:
        panels = [
            replace(one, caption=_continued(cells.caption, at * most + 1, len(one.header)))
            for at, one in enumerate(panels)
        ]
    panels += [alone] if alone else []
    last = len(panels) - 1
    return [
        replace(
            one,
            notes=cells.notes if at == last else "",
            label=f"{cells.label}-{at + 1}" if cells.label and at else cells.label,
        )
        for at, one in enumerate(panels)
    ]


def _continued(caption: str, first: int, count: int) -> str:
    """Return the caption with the columns of a panel: "Growth, columns 1 to 6"."""
    columns = f"column {first}" if count == 1 else f"columns {first} to {first + count - 1}"
    return f"{caption}, {columns}" if caption else ""


def _columns(cells: TableCells, kept: slice) -> TableCells:
    parts, wide = [], len(cells.header)
    for part in cells.parts:
        rows = tuple((label, texts[kept]) for label, texts in part.rows)
        shown = tuple((label, texts) for label, texts in rows if any(texts))
        parts.append(replace(part, rows=shown))
    return replace(
        cells,
        header=cells.header[kept],
        spanners=cells.spanners[kept],
        sentences=cells.sentences and (kept.stop or wide) >= wide,
        parts=tuple(part for part in parts if part.rows),
    )


def _set_apart(cells: TableCells) -> tuple[TableCells, TableCells | None]:
    """Return the table without the rows that one column alone has, and those as a list."""
    parts, listed = [], []
    for part in cells.parts:
        single = [not part.about and _owners(texts) == 1 for _, texts in part.rows]
        kept = tuple(row for row, alone in zip(part.rows, single, strict=True) if not alone)
        parts.append(replace(part, rows=kept))
        listed += [row for row, alone in zip(part.rows, single, strict=True) if alone]
    if len(listed) < SINGLE or len(cells.header) <= 2:
        return cells, None
    rows = tuple(
        (label, (cells.header[at], texts[at]))
        for at in range(len(cells.header))
        for label, texts in listed
        if texts[at]
    )
    said = "Terms of one model alone"
    alone = replace(
        cells,
        header=("Model", "Coefficient"),
        listed=True,
        parts=(TablePart(rows=rows),),
        spanners=(),
        caption=f"{cells.caption}: {said[0].lower()}{said[1:]}" if cells.caption else said,
    )
    return replace(cells, parts=tuple(part for part in parts if part.rows)), alone


def _owners(texts: Sequence[str]) -> int:
    return sum(bool(text) for text in texts)
