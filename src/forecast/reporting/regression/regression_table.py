"""Several models side by side: coefficients, standard errors, rows about the models, tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.errors import ForecastError, SpecError, unknown
from forecast.estimation.record import Estimate
from forecast.panel import named_for
from forecast.reporting.regression.cells import TableCells, TablePart
from forecast.reporting.regression.labels import (
    estimator_label,
    standard_error_label,
    term_label,
    term_labels,
)
from forecast.reporting.regression.words import FOOT
from forecast.specs.table import TableSpec
from forecast.variables import Variables

# What a reader must see of a model by the method of moments, whatever the layout leaves out.
ALWAYS = {
    "n_instruments": "Instruments",
    "hansen_p": "Hansen J (p)",
    "ar1_p": "Arellano-Bond AR(1) (p)",
    "ar2_p": "Arellano-Bond AR(2) (p)",
}
BELOW = {
    "std_error": "Standard errors in parentheses",
    "statistic": "t statistics in parentheses",
    "p_value": "p-values in parentheses",
    "interval": "Intervals in brackets",
    "none": "",
}
STARS = ((0.01, "***"), (0.05, "**"), (0.10, "*"))


def regression_cells(
    estimates: Sequence[Estimate],
    variables: Variables,
    layout: TableSpec,
    *,
    source: str = "",
    tests: Sequence[Mapping[str, str]] = (),
) -> TableCells:
    """Return the cells of a table of models.

    Parameters
    ----------
    estimates : sequence of Estimate
        In the order of the columns.
    variables : Variables
        For labels and units.
    layout : TableSpec
        Rows, labels, groups, formats; its ``columns`` give headings where there are any.
    source : str
        Data package and vintage; empty: the source named by the estimates.
    tests : sequence of mapping
        For each estimate, the test's row label to its text; a row without any text is left out.

    Raises
    ------
    ForecastError
        If there is no estimate.
    SpecError
        If the layout names a term or a statistic that no model has.
    """
    if not estimates:
        raise ForecastError("a regression table needs at least one estimate, found none")
    labels = {**term_labels([e.spec for e in estimates], variables), **layout.labels}
    shown = _terms(estimates, layout)
    below = _below(estimates, layout, labels, tests)
    columns = layout.columns
    headings = [c.heading for c in columns] if columns else [""] * len(estimates)
    return TableCells(
        header=tuple(
            f"({number}) {heading or e.spec.label}"
            for number, (e, heading) in enumerate(zip(estimates, headings, strict=True), 1)
        ),
        spanners=_spanners(layout, len(estimates)),
        parts=(*_coefficients(estimates, layout, labels, shown), *below),
        notes=_notes(estimates, layout, source, set(shown)),
        caption=layout.caption,
        label=layout.label,
        most=layout.most,
        apart=layout.apart and not (layout.rows or layout.groups),
        escape=layout.escape,
    )


def _below(
    estimates: Sequence[Estimate],
    layout: TableSpec,
    labels: Mapping[str, str],
    tests: Sequence[Mapping[str, str]],
) -> list[TablePart]:
    """Return the part about the models, statistics and tests included; none without rows."""
    entity = estimates[0].entity
    foot = tuple(
        (named_for(FOOT[name], entity), _foot(name, estimates, labels)) for name in layout.foot
    )
    foot += tuple(
        (label, tuple(_statistic(e, name) for e in estimates))
        for name, label in _known_stats(estimates, layout).items()
    )
    rows = dict.fromkeys(label for one in tests for label, text in one.items() if text)
    foot += tuple(
        (named_for(label, entity), tuple(one.get(label, "") for one in tests)) for label in rows
    )
    heading = "Models" if layout.groups else ""
    return [TablePart(rows=foot, heading=heading, about=True)] if foot else []


def _spanners(layout: TableSpec, count: int) -> tuple[str, ...]:
    """Return the heading above each column; empty if no column has one."""
    found = [column.group for column in layout.columns] or [""] * count
    for text, numbers in layout.spanners.items():
        for number in numbers:
            if number > count:
                raise SpecError(
                    f"table: spanners: {text!r}: found column {number}, the table has {count}"
                )
            found[number - 1] = text
    return tuple(found) if any(found) else ()


def _terms(estimates: Sequence[Estimate], layout: TableSpec) -> list[str]:
    """Return the terms shown: as laid out, or by first appearance with the constant last."""
    seen = dict.fromkeys(t for e in estimates for t in e.terms if t != "const")
    known = [*seen, *(["const"] if any("const" in e.terms for e in estimates) else [])]
    wanted = layout.rows or [term for terms in layout.groups.values() for term in terms]
    for term in [*wanted, *(t for t in layout.labels if t not in known and t not in wanted)]:
        is_outcome = any(term == e.spec.outcome for e in estimates)
        if term not in known and not (is_outcome and term not in wanted):
            raise SpecError(f"table: {unknown(term, known, 'term')}")
    return wanted or known


def _coefficients(
    estimates: Sequence[Estimate], layout: TableSpec, labels: Mapping[str, str], shown: list[str]
) -> tuple[TablePart, ...]:
    tables = [e.tidy(layout.level).set_index("term") for e in estimates]
    rows = {
        term: (term_label(term, labels), tuple(_cell(t, term, layout) for t in tables))
        for term in shown
    }
    if not layout.groups:
        return (TablePart(rows=tuple(rows.values())),)
    parts = []
    for heading, terms in layout.groups.items():
        parts.append(TablePart(heading=heading, rows=tuple(rows[t] for t in terms)))
    return tuple(parts)


def _cell(table: pd.DataFrame, term: str, layout: TableSpec) -> str:
    if term not in table.index:
        return ""
    row = table.loc[term]
    digits = layout.digits
    text = f"{row['estimate']:.{digits}f}"
    if layout.stars:
        text += next((mark for level, mark in STARS if row["p_value"] < level), "")
    if layout.below == "interval":
        return f"{text}\n[{row['conf_low']:.{digits}f}, {row['conf_high']:.{digits}f}]"
    return text if layout.below == "none" else f"{text}\n({row[layout.below]:.{digits}f})"


def _foot(name: str, estimates: Sequence[Estimate], labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_about(e, labels)[name] for e in estimates)


def _about(one: Estimate, labels: Mapping[str, str]) -> dict[str, str]:
    return {
        "outcome": labels[one.spec.outcome],
        "estimator": estimator_label(one.spec),
        "country_effects": "yes" if "country" in one.spec.effects else "no",
        "year_effects": "yes" if "year" in one.spec.effects else "no",
        "std_errors": standard_error_label(one.spec, one.entity),
        "observations": f"{one.n_obs:,}",
        "dropped": f"{one.dropped:,}",
        "df_resid": f"{one.df_resid:,}" if np.isfinite(one.df_resid) else "normal",
        "countries": f"{one.n_countries:,}",
        "years": f"{one.first_year}-{one.last_year}",
        "r2": _share(one.r2),
        "r2_within": _share(one.r2_within),
        "r2_between": _share(one.r2_between),
        "r2_overall": _share(one.r2_overall),
        "resid_std": f"{one.resid_std:.4g}",
    }


def _known_stats(estimates: Sequence[Estimate], layout: TableSpec) -> dict[str, str]:
    known = {name for e in estimates for name in e.stats}
    for name in layout.stats:
        if name not in known:
            raise SpecError(f"table: stats: {unknown(name, known, 'statistic')}")
    always = {n: label for n, label in ALWAYS.items() if n in known and n not in layout.stats}
    return {**always, **layout.stats}


def _statistic(one: Estimate, name: str) -> str:
    value = one.stats.get(name, float("nan"))
    if np.isnan(value):
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3f}"


def _notes(estimates: Sequence[Estimate], layout: TableSpec, source: str, shown: set[str]) -> str:
    if layout.notes == "own":
        return layout.note.strip()
    kinds = list(dict.fromkeys(standard_error_label(e.spec, e.entity) for e in estimates))
    first, last = min(e.first_year for e in estimates), max(e.last_year for e in estimates)
    data = source or "; ".join(dict.fromkeys(e.source for e in estimates))
    below = BELOW[layout.below]
    if layout.below == "interval":
        below = f"Intervals of {100 * layout.level:g} % in brackets"
    kind = "; ".join(kinds)
    sentences = [layout.note.strip()] if layout.note.strip() else []
    if below and layout.below == "std_error":
        sentences.append(f"{below} ({kind}).")
    elif below:
        sentences.append(f"{below}; standard errors: {kind}.")
    hidden = [t for e in estimates for t in e.terms if t not in shown]
    if hidden:
        sentences.append(f"Not shown: {', '.join(dict.fromkeys(hidden))}.")
    sentences.append(
        "* p < 0.10, ** p < 0.05, *** p < 0.01."
        if layout.stars
        else "No stars: the report gives intervals and verdicts."
    )
    told = {e.spec.label: e.notes for e in estimates if e.notes}
    sentences += [f"{label}: {' '.join(notes)}" for label, notes in told.items()]
    sentences.append(f"Samples: complete cases, {first}-{last}. Data: {data}.")
    return " ".join(sentences)


def _share(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.3f}"
