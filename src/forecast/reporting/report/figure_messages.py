"""What each figure of the report says, in a sentence for who does not see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from forecast.projection.explain.attribution import TOTAL
from forecast.projection.explain.responses import POOL
from forecast.reporting.figures.exhibits import EXHIBITS
from forecast.reporting.findings import Findings
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.wording import dollars, listed, percent, share_range

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
MOST = 3  # regressors that a sentence names


def figure_messages(
    findings: Findings, tables: Mapping[str, pd.DataFrame], exhibits: Sequence[str]
) -> dict[str, str]:
    """Return each exhibit's message, with the numbers that its tables hold.

    Where these say nothing, as they may of single countries or drivers, it is what the exhibit
    shows.

    Parameters
    ----------
    findings : Findings
    tables : mapping of file stem to DataFrame
    exhibits : sequence of str
        Names of those that are drawn.
    """
    found = {}
    for name in exhibits:
        table, say = tables[EXHIBITS[name].tables[0]], _MESSAGES.get(name)
        said = "" if say is None or table.empty else say(findings, table)
        found[name] = said or EXHIBITS[name].shows
    return found


def _income_fan(findings: Findings, table: pd.DataFrame) -> str:
    base, years = findings.projections[0], findings.shown_years()
    own = table[(table["scenario"] == base.scenario) & table["variable"].isin(_FAN)]
    what = own["variable"] + own["level"].map(" {:.2f}".format)
    wide = own.assign(what=what).pivot(index="year", columns="what", values="value")
    wanted = [f"{name} {MIDDLE:.2f}" for name in _FAN]
    ends = [f"{_FAN[0]} {level:.2f}" for level in (LOW, HIGH)]
    told = wide.reindex(index=[years[0], years[-1]], columns=[*wanted, *ends]).dropna()
    if told.empty:
        return ""
    rows = told.map(dollars).to_dict("split")["data"]
    known = dict(zip(told.index, rows, strict=True))
    said = [f"{income} against {line} US$ in {year}" for year, (income, line, *_) in known.items()]
    last = max(known)
    return (
        f"{findings.country} in the baseline: median GNI per capita against the median "
        f"{base.line} is {listed(said)}; 90 % of the paths lie between {known[last][2]} and "
        f"{known[last][3]} US$ in {last}."
    )


def _crossing(findings: Findings, table: pd.DataFrame) -> str:
    base, years = findings.projections[0], findings.shown_years()
    rows = table[table["year"] == years[-1]].set_index("scenario")["p_crossed"].dropna()
    chances = [f"{percent(base.crossing.probability(y))} by {y}" for y in years]
    said = f"Probability of having passed the {base.line}: {listed(chances)} in the baseline"
    if len(rows) > 1:
        span = share_range(rows.min(), rows.max())
        said += f"; by {years[-1]} {span} over all scenarios"
    return f"{said}."


def _drivers(findings: Findings, table: pd.DataFrame) -> str:
    base = findings.projections[0].scenario
    last = table[table["year"] == table["year"].max()].set_index(["variable", "scenario"])["value"]
    parts = []
    for name, rows in last.dropna().groupby(level="variable", sort=False):
        ends = rows.droplevel("variable")
        low, high = f"{ends.min():.1f}", f"{ends.max():.1f}"
        own = f"{ends[base]:.1f} in the baseline, " if base in ends else ""
        if low != high:
            label = findings.variables.label(str(name))
            parts.append(f"{label}: {own}{low} to {high} in scenarios")
    return f"Drivers in {table['year'].max()}. {'. '.join(parts)}." if parts else ""


def _attribution(findings: Findings, table: pd.DataFrame) -> str:
    last = int(table["year"].max())
    rows = table[(table["variable"] == "income_median") & (table["year"] == last)]
    parts = rows[rows["driver"] != TOTAL].dropna(subset="value")
    if parts.empty:
        return ""
    row = parts.loc[parts["value"].abs().sort_values(kind="stable").index[-1]]
    label = findings.scenario_labels().get(str(row["scenario"]), str(row["scenario"]))
    return (
        f"The largest part of any scenario's effect on median income in {last} is that of "
        f"{findings.variables.label(str(row['driver']))} in '{label}', {row['value']:+,.0f} US$."
    )


def _coefficients(findings: Findings, table: pd.DataFrame) -> str:
    slopes = table[table["term"] != "const"].dropna(subset=["conf_low", "conf_high"])
    if slopes.empty:
        return ""
    clear = ((slopes["conf_low"] > 0) | (slopes["conf_high"] < 0)).sum()
    return (
        f"Of {len(slopes)} coefficients of {slopes['model'].nunique()} growth regressions, {clear} "
        "have a 95 % interval that leaves out zero."
    )


def _responses(findings: Findings, table: pd.DataFrame) -> str:
    last = int(table["year"].max())
    end = table[(table["model"] == POOL) & (table["year"] == last)]
    wide = end.pivot(index="term", columns="level", values="value").dropna()
    if wide.empty:
        return ""
    parts = [
        f"{_term(findings, term)} {row[MIDDLE]:+.1f} % ({row.iloc[0]:+.1f} to {row.iloc[-1]:+.1f})"
        for term, row in wide.iterrows()
    ]
    said = f"Level of output per worker {last} years after one point more for good"
    return f"{said}: {'; '.join(parts)}."


def _marginal_effects(findings: Findings, table: pd.DataFrame) -> str:
    own = table[table["country"] == findings.study.country]
    own = own.dropna(subset=["effect", "conf_low", "conf_high"])
    several = own["model"].nunique() > 1
    parts = [
        f"{_term(findings, row['term'])}{_model(findings, row['model']) if several else ''} "
        f"{row['effect']:+.2f} ({row['conf_low']:+.2f} to {row['conf_high']:+.2f})"
        for row in own.to_dict("records")
    ]
    if not parts:
        return ""
    return f"Effects where {findings.country} stands, with 95 % intervals: {'; '.join(parts)}."


def _inclusion(findings: Findings, table: pd.DataFrame) -> str:
    known = table.dropna(subset="pip")
    said = []
    for model, rows in known.groupby("model", sort=False):
        best = rows.sort_values("pip", ascending=False, kind="stable").head(MOST)
        pairs = zip(best["term"], best["pip"], strict=True)
        parts = [f"{_term(findings, term)} {percent(share)}" for term, share in pairs]
        where = _model(findings, model) if known["model"].nunique() > 1 else ""
        said.append(f"{listed(parts)}{where}")
    if not said:
        return ""
    told = "; ".join(said)
    return f"The regressors that most probably belong in the growth regression: {told}."


def _term(findings: Findings, term: object) -> str:
    labels = term_labels([e.spec for e in findings.estimates], findings.variables)
    return labels.get(str(term)) or findings.variables.label(str(term))


def _model(findings: Findings, name: object) -> str:
    labels = {e.spec.name: e.spec.label for e in findings.estimates}
    return f" in '{labels.get(str(name), str(name))}'"


_FAN = ("gni_pc_atlas", "threshold")
_MESSAGES: dict[str, Callable[[Findings, pd.DataFrame], str]] = {
    "income_fan": _income_fan,
    "crossing_probability": _crossing,
    "drivers": _drivers,
    "attribution": _attribution,
    "coefficients": _coefficients,
    "responses": _responses,
    "marginal_effects": _marginal_effects,
    "inclusion": _inclusion,
}
