"""A table in LaTeX, one float a panel."""

from __future__ import annotations

import re
import textwrap

from forecast.reporting.regression.cells import TableCells, page_panels, spans

UPRIGHT = 4  # columns that a line holds at the larger size
LINES = 58  # of a page; what is longer breaks across pages
ESCAPES = {c: f"\\{c}" for c in "&%$#_{}"} | {  # of signs on which TeX acts
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
SPECIAL = ESCAPES | {
    "<": "$<$",  # the three that the encoding OT1, LaTeX's own, shows as other signs
    ">": "$>$",
    "|": "$|$",
    '"': "''",
    "\u00b2": r"\textsuperscript{2}",
    "\u00d7": r"$\times$",
    "\u00b1": r"$\pm$",
    "\u2264": r"$\leq$",
    "\u2265": r"$\geq$",
    "\u2212": "$-$",
}
_SIGN = re.compile(r"(?<![\w.)])-(?=[\d.])")
_RANGE = re.compile(r"(?<=\d)-(?=\d)")


def latex_table(cells: TableCells) -> str:
    """Return a table in LaTeX: packages booktabs and array, and longtable where a page is short.

    A panel is as wide as the line at most: cells of words wrap. It needs no other font encoding
    than LaTeX's own.
    """
    panels = page_panels(cells)
    long = any(_tall(panel) > LINES for panel in panels)  # floats would come behind long ones
    packages = "% needs \\usepackage{array,booktabs,longtable}\n"
    return packages + "\n".join(_panel(panel, long) for panel in panels)


def _panel(cells: TableCells, long: bool) -> str:
    write = _escaped if cells.escape else str
    wide = len(cells.header)
    columns = _columns(cells)
    small = r"\scriptsize" if wide > UPRIGHT else r"\footnotesize"
    head, body = _head(cells), _body(cells)
    if cells.notes:
        notes = rf"\multicolumn{{{wide + 1}}}{{@{{}}p{{\linewidth}}@{{}}}}{{{write(cells.notes)}}}"
        body.append(rf"{notes} \\")
    label = rf"\label{{{cells.label}}}" if cells.label else ""
    title = rf"\caption{{{write(cells.caption)}}}{label}" if cells.caption else label
    size = [small, r"\setlength{\tabcolsep}{2pt}"]
    if not long:
        lines = [r"\begin{table}[htbp]", *([title] if title else []), *size, r"\centering"]
        lines += [rf"\begin{{tabular}}{{{columns}}}", *head, *body]
        lines += [r"\end{tabular}", r"\end{table}"]
    else:
        again = rf"\caption[]{{{write(cells.caption)} (continued)}} \\" if cells.caption else ""
        lines = [r"\begingroup", *size, rf"\begin{{longtable}}{{{columns}}}"]
        lines += [f"{title} \\\\", *head, r"\endfirsthead"] if title else []
        lines += [*([again] if again else []), *head, r"\endhead", *body]
        lines += [r"\end{longtable}", r"\endgroup"]
    return "\n".join([*lines, ""])


def _tall(cells: TableCells) -> int:
    """Return about how many lines a panel has."""
    line = 95 if len(cells.header) > UPRIGHT else 80  # letters of the narrowest page's line
    letters = [int(line * share) for share in _shares(cells)]

    def lines(text: str, place: int) -> int:
        return sum(max(1, len(textwrap.wrap(t, letters[place]))) for t in text.split("\n"))

    rows = [("", cells.header), *(row for part in cells.parts for row in part.rows)]
    return sum(max(lines(label, 0), *(lines(t, 1) for t in texts)) for label, texts in rows)


def _shares(cells: TableCells) -> list[float]:
    """Return each column's share of the line, the labels' first."""
    count = len(cells.header)
    if cells.listed:
        return [0.42, 0.34, 0.22]
    if cells.sentences:
        one = (0.985 - 0.24) / (count + 1)
        return [0.24, *[one] * (count - 1), 2 * one]
    first = 0.24 if count > UPRIGHT else 0.34
    return [first, *[(0.985 - first) / count] * count]


def _columns(cells: TableCells) -> str:
    sides = [r"\raggedright", *[r"\centering"] * len(cells.header)]
    sides[-1] = r"\raggedright" if cells.sentences else sides[-1]
    made = [_column(side, share) for side, share in zip(sides, _shares(cells), strict=True)]
    return "@{}" + "".join(made) + "@{}"


def _column(side: str, share: float) -> str:
    return rf">{{{side}\arraybackslash\hspace{{0pt}}}}p{{\dimexpr {share:.4f}\linewidth-4pt\relax}}"


def _head(cells: TableCells) -> list[str]:
    write = _escaped if cells.escape else str
    lines = [r"\toprule"]
    if any(cells.spanners):
        found, at, rules = [], 2, []
        for text, count in spans(cells):
            column = _column(r"\centering", count * _shares(cells)[1])
            found.append(rf"\multicolumn{{{count}}}{{{column}}}{{{write(text)}}}")
            rules += [rf"\cmidrule(lr){{{at}-{at + count - 1}}}"] if text else []
            at += count
        lines += [" & ".join(["", *found]) + r" \\", "".join(rules)]
    return [*lines, _line(["", *map(write, cells.header)])]


def _body(cells: TableCells) -> list[str]:
    write = _escaped if cells.escape else str
    lines = []
    for part in cells.parts:
        lines.append(r"\midrule")
        if part.heading:
            heading = rf"\textit{{{write(part.heading)}}}"
            lines.append(rf"\multicolumn{{{len(cells.header) + 1}}}{{@{{}}l}}{{{heading}}} \\")
        for label, texts in part.rows:
            lines.append(_line([write(label), *(_number(text, cells.escape) for text in texts)]))
    return lines


def _line(texts: list[str]) -> str:
    # a bracket or a star that begins a line would be read as an option of the break before it
    first = "{}" + texts[0] if texts[0][:1] in {"[", "*"} else texts[0]
    return " & ".join([first, *texts[1:]]) + r" \\"


def _number(text: str, escape: bool) -> str:
    """Return a cell, its lines one below the other, signs and ranges set as such."""
    text = _escaped(text) if escape else text
    return _RANGE.sub("--", _SIGN.sub("$-$", text)).replace("\n", r"\par ")


def _escaped(text: str) -> str:
    return text.translate(str.maketrans(dict[str, str | int | None](SPECIAL)))
