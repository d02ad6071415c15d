"""A table as a page of HTML of its own."""

from __future__ import annotations

from html import escape

from forecast.reporting.regression.cells import TableCells, TablePart, flat_rows, page_panels, spans

STYLE = (
    "body{font:14px/1.4 sans-serif;margin:2em;max-width:75em}"
    "table{border-collapse:collapse;margin:1em 0 0;border-top:2px solid;border-bottom:2px solid}"
    "caption{text-align:left;font-weight:bold;padding:.5em 0}"
    "th,td{padding:.1em .6em;text-align:center;font-weight:normal;vertical-align:top}"
    "tbody th{text-align:left}tbody{border-top:1px solid}"
    "th.above{border-bottom:1px solid}th.part{font-style:italic}p{font-size:12px}"
)
SENTENCES = "td:last-child,th:last-child{text-align:left}"


def html_table(cells: TableCells) -> str:
    """Return a page with the table in its panels, no script and no address in it."""
    title = cells.caption or "Estimates"
    style = STYLE + SENTENCES if cells.sentences else STYLE
    panels = page_panels(cells)
    inner = "\n".join(_panel(panel, number) for number, panel in enumerate(panels, 1))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{inner}\n"
        "</body>\n</html>\n"
    )


def _panel(cells: TableCells, number: int) -> str:
    name = f' id="{escape(cells.label)}"' if cells.label else ""
    lines = [f"<table{name}>"]
    if cells.caption:
        lines.append(f"<caption>Table {number}. {escape(cells.caption)}</caption>")
    lines.append("<thead>")
    if any(cells.spanners):
        above = "".join(
            f'<th colspan="{count}"{_CLASS if text else ""}>{escape(text)}</th>'
            for text, count in spans(cells)
        )
        lines.append(f"<tr><td></td>{above}</tr>")
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in cells.header)
    lines += [f"<tr><td></td>{heads}</tr>", "</thead>"]
    for part in cells.parts:
        lines.append("<tbody>")
        if part.heading:
            wide = len(cells.header) + 1
            heading = escape(part.heading)
            lines.append(f'<tr><th class="part" colspan="{wide}">{heading}</th></tr>')
        body = TableCells(header=cells.header, parts=(TablePart(rows=part.rows),))
        for label, *texts in flat_rows(body):
            found = "".join(f"<td>{escape(text)}</td>" for text in texts)
            lines.append(f'<tr><th scope="row">{escape(label)}</th>{found}</tr>')
        lines.append("</tbody>")
    lines.append("</table>")
    return "\n".join([*lines, *([f"<p>{escape(cells.notes)}</p>"] if cells.notes else [])])


_CLASS = ' class="above"'
