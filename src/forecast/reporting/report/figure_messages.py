"""What each figure of the report says, in a sentence for who does not see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.projection.explain.attribution import TOTAL
from forecast.projection.explain.responses import POOL
from forecast.reporting.figures.exhibits import EXHIBITS
from forecast.reporting.findings import Findings
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.wording import dollars, listed, percent, points

MIDDLE = 0.5
MOST = 3  # drivers or regressors that a sentence names


def figure_messages(
    findings: Findings, tables: Mapping[str, pd.DataFrame], exhibits: Sequence[str]
) -> dict[str, str]:
    """Return each exhibit's message, with the numbers that its tables hold.

    Parameters
    ----------
    findings : Findings
    tables : mapping of file stem to DataFrame
    exhibits : sequence of str
        Names of those that are drawn.
    """
    return {
        name: _MESSAGES[name](findings, tables[EXHIBITS[name].tables[0]])
        if name in _MESSAGES
        else EXHIBITS[name].shows
        for name in exhibits
    }


def _income_fan(findings: Findings, table: pd.DataFrame) -> str:
    base, years = findings.projections[0], findings.shown_years()
    own = table[(table["scenario"] == base.scenario) & (table["level"] == MIDDLE)]
    middle = own.pivot(index="year", columns="variable", values="value")
    said = [
        f"{dollars(row['gni_pc_atlas'])} against {dollars(row['threshold'])} US$ in {year}"
        for year, row in middle.loc[sorted({years[0], years[-1]})].to_dict("index").items()
    ]
    return (
        f"{findings.country} in the baseline: median GNI per capita against the median "
        f"{base.line} is {listed(said)}; bands widen with the years."
    )


def _crossing(findings: Findings, table: pd.DataFrame) -> str:
    base, years = findings.projections[0], findings.shown_years()
    rows = table[table["year"] == years[-1]].set_index("scenario")["p_crossed"]
    chances = [f"{percent(base.crossing.probability(y))} by {y}" for y in years]
    said = f"Probability of having passed the {base.line}: {listed(chances)} in the baseline"
    if len(rows) > 1:
        said += (
            f"; by {years[-1]} from {percent(rows.min())} to {percent(rows.max())} over all "
            "scenarios"
        )
    return f"{said}."


def _drivers(findings: Findings, table: pd.DataFrame) -> str:
    base = findings.projections[0].scenario
    last = table[table["year"] == table["year"].max()].set_index(["variable", "scenario"])["value"]
    parts = []
    for name, rows in last.groupby(level="variable", sort=False):
        ends = rows.droplevel("variable")
        if ends.max() > ends.min():
            parts.append(
                f"{findings.variables.label(str(name))}: {ends.get(base, float('nan')):.1f} in the "
                f"baseline, {ends.min():.1f} to {ends.max():.1f} in scenarios"
            )
    return f"Drivers in {table['year'].max()}. {'. '.join(parts)}."


def _attribution(findings: Findings, table: pd.DataFrame) -> str:
    last = int(table["year"].max())
    rows = table[(table["variable"] == "income_median") & (table["year"] == last)]
    parts = rows[rows["driver"] != TOTAL]
    if parts.empty:
        return EXHIBITS["attribution"].shows
    row = _largest(parts, "value")
    label = findings.scenario_labels().get(str(row["scenario"]), str(row["scenario"]))
    return (
        f"The largest part of any scenario's effect on median income in {last} is that of "
        f"{findings.variables.label(str(row['driver']))} in '{label}', {row['value']:+,.0f} US$."
    )


def _decomposition(findings: Findings, table: pd.DataFrame) -> str:
    rows = table[table["measure"] == "shapley"].dropna(subset="share")
    first = rows[rows["outcome"] == rows["outcome"].iloc[0]]
    row = _largest(first, "share")
    return (
        f"Of the variance of {str(row['outcome']).replace('_', ' ')}, the largest share, "
        f"{percent(row['share'])}, comes from {str(row['factor']).replace('_', ' ')}."
    )


def _sensitivity(findings: Findings, table: pd.DataFrame) -> str:
    rows = table[table["variable"] == "p_crossed"]
    row = _largest(rows, "change")
    return (
        f"The parameter that moves the probability of having passed by {row['year']} the most is "
        f"'{row['label']}': {points(row['change'])} points."
    )


def _comparison(findings: Findings, table: pd.DataFrame) -> str:
    names = [str(name) for name in table if table[name].notna().any()]
    last = max((n for n in names if n.startswith("income_change_") and n[-1].isdigit()), default="")
    if not last:
        return EXHIBITS["comparison"].shows
    rows = table.dropna(subset=last).sort_values(last, kind="stable").to_dict("records")
    said = [f"{row[last]:+.1f} % in '{row['scenario']}'" for row in (rows[0], rows[-1])]
    return f"Income in {last[-4:]} differs from the scenario compared with by {' to '.join(said)}."


def _coefficients(findings: Findings, table: pd.DataFrame) -> str:
    slopes = table[table["term"] != "const"]
    clear = ((slopes["conf_low"] > 0) | (slopes["conf_high"] < 0)).sum()
    return (
        f"Of {len(slopes)} coefficients of {slopes['model'].nunique()} growth regressions, {clear} "
        "have a 95 % interval that leaves out zero."
    )


def _responses(findings: Findings, table: pd.DataFrame) -> str:
    last = int(table["year"].max())
    end = table[(table["model"] == POOL) & (table["year"] == last)]
    wide = end.pivot(index="term", columns="level", values="value")
    if wide.empty:
        return EXHIBITS["responses"].shows
    labels = term_labels([e.spec for e in findings.estimates], findings.variables)
    parts = [
        f"{labels.get(str(term), str(term))} {row[MIDDLE]:+.1f} % ({row.iloc[0]:+.1f} to "
        f"{row.iloc[-1]:+.1f})"
        for term, row in wide.iterrows()
    ]
    said = f"Level of output per worker {last} years after one point more for good"
    return f"{said}: {'; '.join(parts)}."


def _marginal_effects(findings: Findings, table: pd.DataFrame) -> str:
    labels = term_labels([e.spec for e in findings.estimates], findings.variables)
    own = table[table["country"] == findings.study.country]
    if own.empty:
        return EXHIBITS["marginal_effects"].shows
    parts = [
        f"{labels.get(row['term'], row['term'])} {row['effect']:+.2f} ({row['conf_low']:+.2f} to "
        f"{row['conf_high']:+.2f})"
        for row in own.to_dict("records")
    ]
    return f"Effects where {findings.country} stands, with 95 % intervals: {'; '.join(parts)}."


def _inclusion(findings: Findings, table: pd.DataFrame) -> str:
    labels = term_labels([e.spec for e in findings.estimates], findings.variables)
    first = table[table["model"] == table["model"].iloc[0]]
    best = first.sort_values("pip", ascending=False, kind="stable").head(MOST)
    parts = [
        f"{labels.get(row['term'], row['term'])} {percent(row['pip'])}"
        for row in best.to_dict("records")
    ]
    return f"The regressors that most probably belong in the growth regression: {listed(parts)}."


def _largest(table: pd.DataFrame, column: str) -> dict[Any, Any]:
    """Return the row with the largest value, whatever its sign."""
    order = table[column].abs().sort_values(kind="stable").index
    return table.loc[order].to_dict("records")[-1]


_MESSAGES: dict[str, Callable[[Findings, pd.DataFrame], str]] = {
    "income_fan": _income_fan,
    "crossing_probability": _crossing,
    "drivers": _drivers,
    "attribution": _attribution,
    "decomposition": _decomposition,
    "sensitivity": _sensitivity,
    "comparison": _comparison,
    "coefficients": _coefficients,
    "responses": _responses,
    "marginal_effects": _marginal_effects,
    "inclusion": _inclusion,
}
