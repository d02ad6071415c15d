"""Drivers whose effect the record does not identify, each with its reason, said once."""

from __future__ import annotations

from collections.abc import Iterable

# The counts are those of docs/evidence.md; a test sets the sentences beside that page.
_TRADE = (
    "openness: expected sign in 14 of 15 models, significantly in 8; significantly the other in 0. "
    "Not significant in the within, first-difference and GMM models, which take out what is "
    "peculiar to an economy; the 8 lean on differences between economies."
)
UNIDENTIFIED: dict[str, str] = {
    "rd_gdp": (
        "R&D: expected sign in 8 of 14 models, significantly in 1; significantly the other in 0. "
        "Negative in the within, first-difference and difference GMM models; whatever the distance "
        "to the frontier, middle-income economies' included, its effect is not clear of zero."
    ),
    "manuf_share": (
        "manufacturing: expected sign in 10 of 15 models, significantly in 1; significantly the "
        "other in 0."
    ),
    "mht_share": (
        "medium and high-tech: expected sign in 0 of 15 models, significantly in 0; significantly "
        "the other in 3."
    ),
    "exports_gdp": _TRADE,
    "imports_gdp": _TRADE,
}


def unidentified(drivers: Iterable[str]) -> dict[str, str]:
    """Return the reason of each driver whose effect is not identified, in the table's order."""
    asked = set(drivers)
    return {driver: why for driver, why in UNIDENTIFIED.items() if driver in asked}
