"""What history says of the scenarios' changes, as a section of the report."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast.projection.precedent.precedent import TWO_TOGETHER, Precedents
from forecast.reporting.wording import listed, percent
from forecast.variables import Variables

RARE = 0.05


def precedent_section(
    found: Precedents,
    ranges: pd.DataFrame,
    variables: Variables,
    labels: Mapping[str, str],
    economies: Mapping[str, str],
) -> list[str]:
    """Return one paragraph a scenario: how common its changes are, who made the like, warnings.

    Parameters
    ----------
    found : Precedents
    ranges : pandas.DataFrame
        From `sample_range`; empty where it was not asked.
    variables : Variables
    labels : mapping of scenario to label
    economies : mapping of code to name
    """
    paragraphs = []
    for scenario in dict.fromkeys(found.shares["scenario"]):
        rows = found.shares[found.shares["scenario"] == scenario]
        years = int(rows["years"].max())
        whole = rows[rows["years"] == years]
        close = found.nearest[
            (found.nearest["scenario"] == scenario) & (found.nearest["years"] == years)
        ]
        parts = [
            f"{labels.get(scenario, scenario)}, over {years} years.",
            _alone(whole[whole["driver"] != TWO_TOGETHER], variables),
            _joint(whole[whole["driver"] == TWO_TOGETHER].iloc[0], alone=len(whole) == 2),
            _who(close, economies),
            *_warnings(ranges[ranges["scenario"] == scenario]),
        ]
        paragraphs.append(" ".join(part for part in parts if part))
    return paragraphs


def _alone(rows: pd.DataFrame, variables: Variables) -> str:
    said = [
        f"{variables.label(row['driver'])} {row['change']:+.3g}: {percent(row['share'])} of "
        f"{row['windows']} changes of {row['economies']} economies are as large"
        for row in rows.to_dict("records")
    ]
    return "; ".join(said) + "."


def _joint(row: pd.Series, alone: bool) -> str:
    if not row["windows"]:
        return "No economy has all of these on record over so many years: no precedent."
    if pd.isna(row["distance_share"]):
        return f"Only {row['windows']} changes have all on record: too few to say more."
    rare = " (rare)" if row["distance_share"] < RARE else ""
    far = f"{percent(row['distance_share'])} lie as far from the ordinary{rare}."
    if alone:
        return f"Either way, {far}"
    return (
        f"All together: {percent(row['share'])} of {row['windows']} are as large in each, and {far}"
    )


def _who(close: pd.DataFrame, economies: Mapping[str, str]) -> str:
    """Name the nearest precedents and the growth that went with them and came after."""
    named = []
    for row in close.drop_duplicates("rank").to_dict("records"):
        name = economies.get(row["country"], row["country"])
        after = row["growth_after"]
        then = "not known yet" if pd.isna(after) else _rate(after)
        during = "not known" if pd.isna(row["growth_during"]) else _rate(row["growth_during"])
        named.append(f"{name} {row['since']} to {row['until']} ({during}, then {then})")
    if not named:
        return ""
    return (
        "Nearest, by the last years of the two periods (growth of output per worker in that time "
        "and in the period after, % a year): "
        f"{listed(named)}."
    )


def _rate(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}"  # adding zero makes -0.0 zero


def _warnings(ranges: pd.DataFrame) -> list[str]:
    out = ranges[ranges["outside"].astype(bool) & ~ranges["baseline_outside"].astype(bool)]
    said = []
    for (term, kind), rows in out.groupby(["term", "kind"], sort=False):
        models, year = listed(list(rows["model"])), int(rows["first_year"].min())
        where = (
            "outside the pairs of its sample"
            if kind == "interaction"
            else "outside the middle 98 % of its sample"
        )
        said.append(f"Warning: {term} is {where} from {year} on in {models}.")
    already = ranges[ranges["baseline_outside"].astype(bool)]
    if not already.empty:
        terms = listed(list(dict.fromkeys(already["term"])))
        said.append(f"Without any departure {terms} is there already.")
    return said
