"""A table in Typst, one figure a panel."""

from __future__ import annotations

from forecast.reporting.regression.cells import TableCells, TablePart, flat_rows, page_panels, spans

SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\#$%&*_`@<>[]~/'\"=+-"})


def typst_table(cells: TableCells) -> str:
    """Return a table in Typst: figures that Typst numbers, as wide as the page at most."""
    return "\n".join(_panel(panel) for panel in page_panels(cells))


def _panel(cells: TableCells) -> str:
    wide = len(cells.header)
    first = "2fr" if cells.listed or wide < 5 else "1.8fr"
    shares, sides = ["1fr"] * wide, ["center"] * wide
    if cells.sentences:
        shares[-1], sides[-1] = "2fr", "left"
    lines = [
        "#figure(",
        "  {",
        f"    set text(size: {7 if wide > 4 else 8}pt, hyphenate: true)",
        "    table(",
        f"      columns: ({first}, {', '.join(shares)}),",
        f"      align: (left, {', '.join(sides)}),",
        "      stroke: none, inset: (x: 2pt, y: 2.5pt),",
        "      table.hline(stroke: 0.8pt),",
        *_head(cells),
    ]
    for part in cells.parts:
        lines.append("      table.hline(stroke: 0.4pt),")
        if part.heading:
            heading = f"[_{_text(part.heading, cells)}_]"
            lines.append(f"      table.cell(colspan: {wide + 1}){heading},")
        body = TableCells(header=cells.header, parts=(TablePart(rows=part.rows),))
        lines += [f"      {_line(row, cells)}," for row in flat_rows(body)]
    lines += ["      table.hline(stroke: 0.8pt),", "    )"]
    if cells.notes:
        lines.append(f"    align(left)[{_text(cells.notes, cells)}]")
    lines += ["  },", "  kind: table,"]
    lines += [f"  caption: [{_text(cells.caption, cells)}],"] if cells.caption else []
    return "\n".join([*lines, ")" + (f" <{cells.label}>" if cells.label else ""), ""])


def _head(cells: TableCells) -> list[str]:
    lines = []
    if any(cells.spanners):
        above = [
            f"table.cell(colspan: {count})[{_text(text, cells)}]" for text, count in spans(cells)
        ]
        lines.append(f"      [], {', '.join(above)},")
    return [*lines, f"      {_line(['', *cells.header], cells)},"]


def _line(texts: list[str], cells: TableCells) -> str:
    return ", ".join(f"[{_text(text, cells)}]" for text in texts)


def _text(text: str, cells: TableCells) -> str:
    return text.translate(SPECIAL) if cells.escape else text
