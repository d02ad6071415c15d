"""What rows are grouped by, as declarations name it."""

from __future__ import annotations

# "country" and "year" are the panel's own dimensions, whatever it calls them; any other name is a
# column of it, or several joined by ^; country[x] is an effect and an own slope of x.
Effect = str
DIMENSIONS = ("country", "year")


def split_slope(effect: Effect) -> tuple[str, str]:
    """Return the grouping of an effect and the column with own slopes in it: ``country[x]``."""
    group, _, slope = effect.partition("[")
    return group.strip(), slope.removesuffix("]").strip()


def is_effect(text: str) -> bool:
    """Say whether a text is written as effects are, without blanks at its ends."""
    group, slope = split_slope(text)
    return bool(group) and text == (f"{group}[{slope}]" if "[" in text else group)
