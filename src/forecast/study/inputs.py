"""What a projection takes from a data package."""

from __future__ import annotations

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.projection.futures.futures import Inputs
from forecast.sources.package.package import DataPackage

LISTED = 10
RELATIVE = "relative_income"
WORLD_TABLES = ("pwt1001", "pwt91")


def projection_inputs(package: DataPackage, country: str) -> Inputs:
    """Return the tables that a projection of ``country`` needs.

    Raises
    ------
    DataError
        If the package has no annual series of the country.
    """
    annual = package.annual()
    known = annual.countries()
    if country not in known:
        held = ", ".join(known) if len(known) <= LISTED else f"{len(known)} economies"
        raise DataError(
            f"data package {package.name!r} has annual series of {held}, not of {country}; "
            "`forecast data build` makes a package of all economies"
        )
    return Inputs(
        growth_panel=package.panel("growth_panel"),
        annual=annual,
        sdr_parts=package.table("sdr_parts"),
        thresholds=package.table("thresholds"),
        population=package.table("population_projection"),
        relative_income=package.table(RELATIVE) if RELATIVE in package.resources else None,
        world=_world(package),
    )


def _world(package: DataPackage) -> Panel | None:
    """Return the newest Penn World Table with national accounts that the package has."""
    held = [name for name in WORLD_TABLES if name in package.resources]
    return package.panel(held[0]) if held else None
