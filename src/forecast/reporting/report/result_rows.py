"""When the line is passed, and what scenarios change of it, as the report shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.reporting.differences import ToldDifference, alike_sentences, differences
from forecast.reporting.findings import Findings
from forecast.reporting.terminal import chance
from forecast.reporting.wording import listed, percent, year_text


def result_section(findings: Findings, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what the report shows of the line's passage.

    Returns
    -------
    dict
        ``passed``, whether income stood above the line already (nothing else is then filled);
        ``passage``, one row a year: year, probability of having passed, of standing above;
        ``passage_said``, the years by share of paths; ``compared_heads`` and ``compared``, a row a
        scenario that differs from the baseline: label and cells; ``compared_said``, sentences on
        what does not differ.
    """
    base = findings.projections[0]
    nothing: dict[str, Any] = {"compared_heads": [], "compared": [], "compared_said": []}
    if base.above_at_origin:
        return {"passed": True, "passage": [], "passage_said": "", **nothing}
    summary, by_year = tables["crossing_summary"], tables["crossing_probability"]
    own = by_year[(by_year["scenario"] == base.scenario)]
    rows = [
        (
            row["year"],
            _whole(chance(row["p_crossed"], row["mc_se"])),
            _whole(percent(row["p_above"])),
        )
        for row in own[own["year"].isin(findings.shown_years())].to_dict("records")
    ]
    found = {"passed": False, "passage": rows, "passage_said": _said(summary.iloc[0], findings)}
    return found | (_compared(findings, tables) if len(summary) > 1 else nothing)


def _compared(findings: Findings, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    names = ("crossing_summary", "crossing_probability", "income_change")
    summary, by_year, income = (tables[name] for name in names)
    found = differences(summary, by_year, income, findings.shown_years())
    labels = findings.scenario_labels()
    heads = [f"Passed by {year}, points" for year in found.years]
    heads += [*(["Median year"] if found.medians else []), f"Income in {found.last}, %"]
    blank = ToldDifference(text="-", clear=True)
    return {
        "compared_heads": heads,
        "compared": [
            (
                labels[row.scenario],
                [
                    *row.passed,
                    *(
                        [ToldDifference(text=year_text(row.median), clear=True)]
                        if found.medians
                        else []
                    ),
                    row.income or blank,
                ],
            )
            for row in found.rows
        ],
        "compared_said": alike_sentences(found, {n: f"'{label}'" for n, label in labels.items()}),
    }


def _said(base: pd.Series, findings: Findings) -> str:
    """Return the baseline's years and shares in one sentence."""
    horizon = int(findings.projections[0].years[-1])
    by = {
        base[name]: f"{share} by {base[name]:.0f}"  # the largest share of those of one year
        for name, share in (("year_p10", "10 %"), ("median_year", "half"), ("year_p90", "90 %"))
        if not math.isnan(base[name])
    }
    said = f"Of the paths, {listed(list(by.values()))} have passed; " if by else ""
    said += f"{percent(base['p_never'])} do not pass by {horizon}"
    if not math.isnan(base["p_fallen_back"]):
        said += f", and {percent(base['p_fallen_back'])} of those that pass are below again by then"
    return _whole(f"{said}.")


def _whole(text: str) -> str:
    """Keep a number with its sign of per cent where a cell wraps."""
    return text.replace(" %", "\u00a0%")
