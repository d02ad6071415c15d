"""Drivers whose effect the record does not identify, each with its reason, said once."""

from __future__ import annotations

from collections.abc import Iterable

# The counts are those of docs/evidence.md; a test sets the sentences beside that page.
_TRADE = (
    "openness: expected sign in 5 of 5 models, significantly in 2; significantly the other in 0. "
    "Differences between economies alone show it; within economies nothing is found, and no "
    "instrument is valid."
)
UNIDENTIFIED: dict[str, str] = {
    "rd_gdp": (
        "R&D: expected sign in 5 of 5 models, significantly in 2; significantly the other in 0. "
        "The 2 hold a stated prior; apart from schooling the data do not show its effect, nor one "
        "peculiar to middle income. Model A's size is calibrated, not estimated."
    ),
    "manuf_share": (
        "manufacturing: expected sign in 5 of 5 models, significantly in 0; significantly the "
        "other in 0. Whether an early fall of manufacturing costs growth is not known."
    ),
    "mht_share": (
        "medium and high-tech: expected sign in 1 of 5 models, significantly in 0; significantly "
        "the other in 0. Imputed for many economies, China's since 2011."
    ),
    "exports_gdp": _TRADE,
    "imports_gdp": _TRADE,
}
# Said in every report, beside the scenarios; docs/evidence.md has the tables.
NOT_IDENTIFIED: tuple[str, ...] = (
    "R&D apart from schooling",
    "any effect peculiar to middle income",
    "foreign R&D spillovers, without bilateral trade",
    "openness as a cause of growth",
    "medium and high-tech manufacturing",
    "whether deindustrialisation costs growth",
    "complementarity of policies",
)


def unidentified(drivers: Iterable[str]) -> dict[str, str]:
    """Return the reason of each driver whose effect is not identified, in the table's order."""
    asked = set(drivers)
    return {driver: why for driver, why in UNIDENTIFIED.items() if driver in asked}
