"""Rows of text in columns that a terminal holds: cells wrap, or rows are stacked."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

GAP = 2
TALLEST = 8  # lines of a row, beyond which rows are read better one below the other
INDENT = 4


def in_columns(
    rows: Sequence[Sequence[str]], width: int | None = None, *, right: bool = False
) -> list[str]:
    """Return lines of aligned columns, none wider than ``width``.

    Columns that fit are as wide as they need. Otherwise the widest ones are narrowed and their
    cells wrap between words; a word or a number is never cut. Where the words alone are too wide,
    or a row would be very tall, each row becomes a block of ``heading: value`` lines.

    Parameters
    ----------
    rows : sequence of rows
        The first holds the headings; all have as many cells.
    width : int, optional
        Characters of a line; None: as many as it takes.
    right : bool
        Whether all columns but the first are set to the right.
    """
    natural = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    widths = natural if width is None else narrowed(natural, _words(rows), width)
    if widths is None:
        return _stacked(rows, width or 0)
    wrapped = [[_wrapped(c, w) for c, w in zip(r, widths, strict=True)] for r in rows]
    if widths != natural and max(len(c) for row in wrapped for c in row) > TALLEST:
        return _stacked(rows, width or 0)
    lines = []
    for row in wrapped:
        for at in range(max(len(cell) for cell in row)):
            parts = [cell[at] if at < len(cell) else "" for cell in row]
            placed = [
                part.rjust(w) if right and place else part.ljust(w)
                for place, (part, w) in enumerate(zip(parts, widths, strict=True))
            ]
            lines.append((" " * GAP).join(placed).rstrip())
    return lines


def wrap_text(text: str, width: int | None, indent: int = 0) -> list[str]:
    """Return the lines of a text, each wrapped between words; later ones are indented.

    A word that alone is wider than a line, such as a path, is cut at its end.
    """
    if width is None:
        return text.split("\n")
    lines = []
    for line in text.split("\n"):
        lead = line[: len(line) - len(line.lstrip())]
        later = lead + " " * indent
        made = textwrap.wrap(
            line.strip(),
            max(width, len(later) + 1),
            initial_indent=lead,
            subsequent_indent=later,
            break_on_hyphens=False,
        )
        lines += [line] if len(line) <= width else made
    return lines


def narrowed(natural: Sequence[int], least: Sequence[int], width: int) -> list[int] | None:
    """Return widths of columns that a line holds, the widest narrowed first; None if none can be.

    Parameters
    ----------
    natural, least : sequence of int
        What each column would take, and its longest word.
    width : int
        Of a line, `GAP` between columns included.
    """
    room = width - GAP * (len(natural) - 1)
    if sum(least) > room:
        return None
    widths = list(natural)
    while sum(widths) > room:
        free = [at for at in range(len(widths)) if widths[at] > least[at]]
        widest = max(free, key=lambda at: widths[at])
        widths[widest] -= 1
    return widths


def _words(rows: Sequence[Sequence[str]]) -> list[int]:
    return [
        max((len(word) for row in rows for word in row[at].split()), default=0)
        for at in range(len(rows[0]))
    ]


def _wrapped(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _stacked(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return each row as a block: its first cell, then the others by heading."""
    head, *body = rows
    lines = []
    for first, *cells in body:
        lines += wrap_text(first, width)
        for heading, cell in zip(head[1:], cells, strict=True):
            if cell:
                lines += wrap_text(f"  {heading}: {cell}", width, INDENT - 2)
    return lines
