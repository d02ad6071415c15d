"""Several models side by side, as Markdown, LaTeX, HTML and Word: the only user of maketables."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from forecast.errors import ForecastError
from forecast.estimation.record import Estimate
from forecast.reporting.labels import ESTIMATORS, standard_error_label, term_labels
from forecast.variables import Variables

Form = Literal["md", "tex", "html"]
FORMS = ("md", "tex", "html")
CELL = "b:.3f \n (se:.3f)"
ROWS = {
    "outcome": "Outcome",
    "estimator": "Estimator",
    "country_effects": "Country effects",
    "year_effects": "Year effects",
    "se_type": "Standard errors",
    "n": "Observations",
    "countries": "Countries",
    "years": "Years",
    "r2": "R²",
    "r2_within": "R², within countries",
}
WORD_STYLE = {"font_size_pt": 9, "notes_font_size_pt": 8}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip file can hold
SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionTable:
    """A regression table in every form, the bytes fixed by the estimates alone.

    Attributes
    ----------
    header : (m + 1,) column headings, the first empty
    rows : lists of m + 1 cells; a standard error has a row of its own under its coefficient
    split : int
        Number of rows above the rows about the models.
    notes : str
    md, tex, html : str
    docx : bytes
    """

    header: list[str]
    rows: list[list[str]]
    split: int
    notes: str
    md: str
    tex: str
    html: str
    docx: bytes


def regression_tables(
    estimates: Sequence[Estimate], variables: Variables, source: str = "", caption: str = ""
) -> RegressionTable:
    """Return the models side by side in all four forms.

    Coefficients with standard errors in parentheses beneath, no stars; then estimator, effects,
    kind of standard errors, observations, countries, years and fit.

    Parameters
    ----------
    estimates : sequence of Estimate
    variables : Variables
        For labels.
    source : str
        Data package and vintage, for the notes; empty: the source named by the estimates.
    caption : str

    Raises
    ------
    ForecastError
        If there is no estimate.
    """
    if not estimates:
        raise ForecastError("a regression table needs at least one estimate, found none")
    notes = _notes(estimates, source)
    plain = _table(estimates, variables, notes, caption, tex=False)
    rows, split = _rows(plain.df)
    header = ["", *_headings(estimates)]
    escaped = _table(estimates, variables, notes, caption, tex=True)
    return RegressionTable(
        header=header,
        rows=rows,
        split=split,
        notes=notes,
        md=_markdown(header, rows, notes),
        tex=escaped.make(type="tex") + "\n",
        html=_html_page(plain, caption),
        docx=_fixed_dates(plain.make(type="docx", docx_style=WORD_STYLE)),
    )


def regression_table(
    estimates: Sequence[Estimate], variables: Variables, form: str, source: str = ""
) -> str:
    """Return the models side by side as text: ``md``, ``tex`` or ``html``.

    Raises
    ------
    ForecastError
        If there is no estimate or the form is another one.
    """
    if form not in FORMS:
        raise ForecastError(f"form of a table: found {form!r}, must be one of {', '.join(FORMS)}")
    found = regression_tables(estimates, variables, source)
    return {"md": found.md, "tex": found.tex, "html": found.html}[form]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One model under the names that maketables asks a foreign result for."""

    __maketables_coef_table__: pd.DataFrame
    __maketables_depvar__: str
    cells: dict[str, str]

    def __maketables_stat__(self, key: str) -> str | None:
        return self.cells.get(key)


def _column(one: Estimate, labels: dict[str, str]) -> _Column:
    tidy = one.tidy().set_index("term")
    order = sorted(tidy.index, key=lambda term: term == "const")  # the constant last
    short = {"estimate": "b", "std_error": "se", "statistic": "t", "p_value": "p"}
    coefficients = tidy.loc[order, list(short)].rename(columns=short)
    effects = one.spec.effects
    return _Column(
        __maketables_coef_table__=coefficients,
        __maketables_depvar__=labels[one.spec.outcome],
        cells={
            "outcome": labels[one.spec.outcome],
            "estimator": ESTIMATORS[one.spec.estimator],
            "country_effects": "yes" if "country" in effects else "no",
            "year_effects": "yes" if "year" in effects else "no",
            "se_type": standard_error_label(one.spec),
            "n": f"{one.n_obs:,}",
            "countries": f"{one.n_countries:,}",
            "years": f"{one.first_year}-{one.last_year}",
            "r2": _share(one.r2),
            "r2_within": _share(one.r2_within),
        },
    )


def _table(
    estimates: Sequence[Estimate], variables: Variables, notes: str, caption: str, *, tex: bool
) -> Any:
    """Return maketables' table; for LaTeX with its special characters escaped."""
    from maketables import ETable

    write = _escape if tex else str
    labels = {
        name: write(text)
        for name, text in term_labels([e.spec for e in estimates], variables).items()
    }
    columns = [_column(e, labels) for e in estimates]
    if tex:
        for column in columns:
            cells = {key: write(text) for key, text in column.cells.items() if key != "outcome"}
            column.cells.update(cells)  # the outcome is a label, escaped above
    table = ETable(
        columns,
        coef_fmt=CELL,
        model_stats=list(ROWS),
        model_stats_labels=ROWS,
        labels=labels,
        order=_order(estimates),
        show_fe=False,
        head_order="",
        notes=write(notes),
        caption=write(caption) if caption else None,
    )
    # Set here, in one level: grouped headings would move models of one outcome together.
    table.df.columns = pd.Index([write(text) for text in _headings(estimates)])
    return table


def _headings(estimates: Sequence[Estimate]) -> list[str]:
    return [f"({number}) {e.spec.label}" for number, e in enumerate(estimates, 1)]


def _order(estimates: Sequence[Estimate]) -> list[str]:
    """Return regressors in order of first appearance, the constant last."""
    seen = dict.fromkeys(t for e in estimates for t in e.terms if t != "const")
    return [*seen, "const"]


def _rows(frame: pd.DataFrame) -> tuple[list[list[str]], int]:
    """Return text rows, a cell of two lines made into two rows, and where the statistics start."""
    rows: list[list[str]] = []
    split = 0
    for (part, label), cells in zip(frame.index, frame.to_numpy(dtype=str), strict=True):
        lines = [[line.strip() for line in cell.split("\n")] for cell in cells]
        for number in range(max(len(one) for one in lines)):
            texts = [one[number] if number < len(one) else "" for one in lines]
            rows.append([str(label) if number == 0 else "", *texts])
        if part == "coef":
            split = len(rows)
    return rows, split


def _notes(estimates: Sequence[Estimate], source: str) -> str:
    kinds = list(dict.fromkeys(standard_error_label(e.spec) for e in estimates))
    first, last = min(e.first_year for e in estimates), max(e.last_year for e in estimates)
    data = source or "; ".join(dict.fromkeys(e.source for e in estimates))
    return (
        f"Standard errors in parentheses ({'; '.join(kinds)}). No stars: the report gives "
        f"intervals and verdicts. Samples: complete cases, {first}-{last}. Data: {data}."
    )


def _markdown(header: list[str], rows: list[list[str]], notes: str) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    rule = "|:---|" + "---:|" * (len(header) - 1)
    body = [line(header), rule, *(line(row) for row in rows)]
    return "\n".join([*body, "", notes, ""])


def _html_page(table: Any, caption: str) -> str:
    """Return a page of its own; great_tables' random identifier is replaced by a fixed one."""
    inner = table.make(type="gt").as_raw_html()
    found = re.search(r'<div id="([^"]+)"', inner)
    if found:
        inner = inner.replace(found.group(1), "estimates-table")
    title = caption or "Estimates"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n</head>\n<body>\n{inner}\n</body>\n</html>\n"
    )


def _fixed_dates(document: Any) -> bytes:
    """Return a Word document whose zip entries and properties carry one constant date."""
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


def _share(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.3f}"


def _escape(text: str) -> str:
    return text.translate(SPECIAL)
