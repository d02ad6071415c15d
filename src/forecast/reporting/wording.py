"""Numbers in words: shares, years and changes as the report and the terminal print them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def percent(share: float) -> str:
    """Return a share as "57.3 %", never a false certainty; a dash where it is missing.

    What would round to 0 or 100 without being so is printed as "< 0.1 %" or "> 99.9 %".
    """
    if math.isnan(share):
        return "-"
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


def share_range(low: float, high: float) -> str:
    """Return "10.0 % to 57.3 %"; one of them where both are printed alike."""
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def points(change: float) -> str:
    """Return a difference of two shares in percentage points, signed; a dash where missing."""
    if math.isnan(change):
        return "-"
    text = f"{100 * change:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text


def year_text(year: float) -> str:
    """Return a year; "not reached" where fewer paths than asked ever cross."""
    return "not reached" if math.isnan(year) else f"{year:.0f}"


def passage_year(row: Mapping[Any, Any]) -> str:
    """Return ``median_year`` with ``year_p10`` and ``year_p90``; "later" where one is missing."""
    early, middle, late = (
        "later" if math.isnan(row[name]) else f"{row[name]:.0f}"
        for name in ("year_p10", "median_year", "year_p90")
    )
    return middle if early == late else f"{middle} ({early}-{late})"


def dollars(value: float) -> str:
    """Return an amount as "14,230"."""
    return f"{value:,.0f}"


def listed(parts: list[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
