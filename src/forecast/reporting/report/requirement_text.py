"""An inversion's answer in sentences."""

from __future__ import annotations

import math

from forecast.projection.require.record import GROWTH, Requirement
from forecast.reporting.wording import listed, percent, points
from forecast.variables import Variables

SHAPES = {"ramp": "a ramp to {by}, level afterwards", "step": "at once from the first year"}


def requirement_lines(found: Requirement, variables: Variables) -> list[str]:
    """Return what is needed, or that nothing is or does it, one sentence or fact a line.

    Parameters
    ----------
    found : Requirement
    variables : Variables
        For labels and units.
    """
    by, asked = found.question.by, percent(found.question.asked)
    lines = [
        f"{found.country}: probability of having passed the line by {by}: asked {asked}, "
        f"without departure {percent(found.baseline)}"
    ]
    growth = list(found.needs["driver"]) == [GROWTH]
    lines.append(_verdict(found, variables, growth))
    if found.verdict == "reached":
        lines += _needs(found, variables, growth)
        lines.append(_certainty(found))
    elif not math.isnan(found.helped):
        lines.append(
            f"The whole range gives {percent(found.best)} at best "
            f"({points(found.best - found.baseline)} points, at effort {found.best_effort:.3g}); "
            f"its far end ({found.limited_by}) raises income in {percent(found.helped)} of draws."
        )
    elif found.verdict != "already":
        lines.append(
            f"There is no room: the baseline is at the range's end or past it ({found.limited_by})."
        )
    return lines


def _verdict(found: Requirement, variables: Variables, growth: bool) -> str:
    what = "productivity growth" if growth else _names(found, variables)
    if found.verdict == "already":
        return f"Already at {percent(found.probability)}: no departure is needed."
    if found.verdict == "reached":
        return f"The least departure of {what}, {_shape(found, growth)}: effort {found.effort:.4g}."
    way = {"up": "more effort", "down": "less effort", "either": "effort either way"}
    if found.verdict == "wrong sign":
        other = {"up": "down", "down": "up"}.get(found.question.direction)
        hint = f"; --direction {other} searches the other way" if other else ""
        return (
            f"Wrong sign: in the pooled draws {way[found.question.direction]} on {what} lowers "
            f"the probability{hint}."
        )
    return f"Out of reach: no value of {what} in the historical range does it."


def _shape(found: Requirement, growth: bool) -> str:
    if growth:
        return "the same in every year"
    return SHAPES[found.question.shape].format(by=found.question.by)


def _names(found: Requirement, variables: Variables) -> str:
    return listed([f"'{variables.label(name)}'" for name in found.needs["driver"]])


def _needs(found: Requirement, variables: Variables, growth: bool) -> list[str]:
    lines = []
    for row in found.needs.to_dict("records"):
        name = str(row["driver"])
        label = "growth of output per worker, % a year" if growth else variables.label(name)
        lines.append(
            f"  {label}: {row['start']:.4g} {row['change']:+.4g} = {row['required']:.4g}; "
            f"{percent(row['change_share'])} of {row['change_count']} changes over "
            f"{row['change_years']} years on record are as large, and "
            f"{percent(row['level_share'])} of {row['level_count']} levels as far"
        )
    return lines


def _certainty(found: Requirement) -> str:
    ends = [
        "beyond the range" if math.isnan(end) else f"{end:.4g}"
        for end in (found.effort_low, found.effort_high)
    ]
    said = (
        f"Probability there {percent(found.probability)} +/- {percent(found.error)} (Monte Carlo); "
        f"the effort's 95 % range by Monte Carlo error: {ends[0]} to {ends[1]}."
    )
    if not math.isnan(found.fails_again):
        said += (
            f" The probability is below the one asked again from effort {found.fails_again:.3g}."
        )
    return said
