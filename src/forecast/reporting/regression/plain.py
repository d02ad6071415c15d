"""A table as text, Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Sequence

from forecast.reporting.columns import GAP, in_columns, wrap_text
from forecast.reporting.regression.cells import (
    TableCells,
    TablePart,
    flat_rows,
    head_rows,
    page_panels,
)
from forecast.reporting.write import inert

NARROW = 24  # characters of the first column in a narrow terminal
LINE = 100  # characters of the notes' lines where no width is given
WORDS = 16  # characters of the other columns, beyond which words wrap


def text_panels(cells: TableCells, width: int | None = None) -> str:
    """Return a table as aligned text, in panels that a line of ``width`` characters holds."""
    if cells.sentences:
        return _said(cells, width)
    rows = [*head_rows(cells), *flat_rows(cells)]
    longest = max(len(row[0]) for row in rows)
    labels = longest if width is None else min(longest, max(NARROW, width * 3 // 10))
    numbers = max((len(t) for row in rows for t in row[1:] if t and not _is_words(t)), default=0)
    room = max(numbers, min(WORDS, max(len(t) for row in rows for t in row[1:])))
    if width is None:
        most = cells.most
    else:
        most = max(1, min(cells.most, (width - labels) // (room + GAP)))
        room = max(min(room, width - labels - GAP), numbers)
    panels = page_panels(cells, most)
    return "\n".join(_panel(one, at, labels, room, width) for at, one in enumerate(panels, 1))


def _said(cells: TableCells, width: int | None) -> str:
    """Return a table that ends in sentences: columns where a line holds them, else blocks."""
    lines = in_columns([["", *cells.header], *flat_rows(cells)], width)
    rule = "-" * max(len(line) for line in lines)
    if all(text in lines[0] for text in cells.header):  # in columns, not in blocks
        lines.insert(1, rule)
    caption = wrap_text(f"Table 1. {cells.caption}", width or len(rule)) if cells.caption else []
    notes = wrap_text(cells.notes, width or max(len(rule), LINE)) if cells.notes else []
    return "\n".join([*caption, rule, *lines, rule, *notes, ""])


def _is_words(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _panel(cells: TableCells, number: int, labels: int, room: int, width: int | None) -> str:
    head = [_broken(row[0], row[1:], labels, room) for row in head_rows(cells)]
    body = [head]
    for part in cells.parts:
        heading = [[[part.heading, *[""] * len(cells.header)]]] if part.heading else []
        body.append([*heading, *(_broken(*row, labels, room) for row in part.rows)])
    flat = [line for rows in body for row in rows for line in row]
    lines = in_columns(flat, right=True)
    rule = "-" * max(len(line) for line in lines)
    caption = f"Table {number}. {cells.caption}" if cells.caption else ""
    out = [*(wrap_text(caption, width or len(rule)) if caption else []), rule]
    at = 0
    for rows in body:
        count = sum(len(row) for row in rows)
        out += [*lines[at : at + count], rule]
        at += count
    notes = wrap_text(cells.notes, width or max(len(rule), LINE)) if cells.notes else []
    return "\n".join([*out, *notes, ""])


def _broken(label: str, texts: Sequence[str], labels: int, room: int) -> list[list[str]]:
    """Return a row as lines, words wrapped."""
    made = [textwrap.wrap(label, labels)]
    made += [[x for t in text.split("\n") for x in textwrap.wrap(t, room)] for text in texts]
    tall = max(1, *(len(cell) for cell in made))
    return [[cell[i] if i < len(cell) else "" for cell in made] for i in range(tall)]


def markdown_table(cells: TableCells) -> str:
    """Return a table in Markdown, in its panels."""
    panels = page_panels(cells)
    return "\n".join(_markdown(panel, number) for number, panel in enumerate(panels, 1))


def _markdown(cells: TableCells, number: int) -> str:
    def line(row: Sequence[str]) -> str:
        return "| " + " | ".join(_marked(cell).replace("|", "\\|") for cell in row) + " |"

    rule = "|:---|" + "---:|" * len(cells.header)
    rule = rule[: -len("---:|")] + ":---|" if cells.sentences else rule
    head = [f"{s}: {h}" if s else h for s, h in _paired(cells)]
    body = [line(["", *head]), rule, *(line(row) for row in flat_rows(cells))]
    top = [f"**Table {number}. {_marked(cells.caption)}**", ""] if cells.caption else []
    return "\n".join([*top, *body, *(["", _marked(cells.notes)] if cells.notes else []), ""])


def _marked(text: str) -> str:
    """Return a text in which Markdown finds neither HTML nor a link nor the end of a row."""
    return text.replace("<", "&lt;").replace("](", "]\\(").replace("\n", " ")


def _paired(cells: TableCells) -> list[tuple[str, str]]:
    spanners = cells.spanners or ("",) * len(cells.header)
    return list(zip(spanners, cells.header, strict=True))


def csv_table(cells: TableCells) -> str:
    """Return a table as CSV, whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["", *(inert(f"{s}: {h}" if s else h) for s, h in _paired(cells))])
    writer.writerows([inert(cell) for cell in row] for row in flat_rows(cells))
    return out.getvalue()


def json_table(cells: TableCells) -> str:
    """Return a table as JSON, whole: every cell is the list of its lines."""
    found = {
        "caption": cells.caption,
        "label": cells.label,
        "columns": [{"group": s, "heading": h} for s, h in _paired(cells)],
        "parts": [_part(part) for part in cells.parts],
        "notes": cells.notes,
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _part(part: TablePart) -> dict[str, object]:
    rows = [{"label": label, "cells": [t.split("\n") for t in texts]} for label, texts in part.rows]
    return {"heading": part.heading, "rows": rows}
