"""What a projection takes from a data package."""

from __future__ import annotations

from forecast import catalog
from forecast.crosscountry.chain.package_tables import CHAIN_TABLES, chain_from_tables
from forecast.crosscountry.chain.record import ChainFit
from forecast.errors import ALL_ECONOMIES, DataError
from forecast.panel import Panel
from forecast.projection.futures.futures import Inputs
from forecast.sources.package.package import DataPackage
from forecast.study.kept_posterior import kept_posterior

LISTED = 10
RELATIVE = "relative_income"
WORLD_TABLES = ("pwt1001", "pwt91")


def projection_inputs(package: DataPackage, country: str, view: str = "imf") -> Inputs:
    """Return the tables that a projection of ``country`` needs.

    Parameters
    ----------
    package : DataPackage
    country : str
    view : {"imf", "none"}
        Whether the income chain has the IMF's forecasts among its regressors.

    Raises
    ------
    DataError
        If the package has neither annual series of the country nor a fitted chain with its state.
    """
    annual = package.annual()
    known = annual.countries()
    chain = package_chain(package, view=view)
    if country not in known and (chain is None or country not in chain.state.index):
        held = ", ".join(known) if len(known) <= LISTED else f"{len(known)} economies"
        raise DataError(
            f"data package {package.name!r} has annual series of {held}, not of {country}; "
            f"{ALL_ECONOMIES}"
        )
    return Inputs(
        growth_panel=package.panel("growth_panel"),
        annual=annual,
        sdr_parts=package.table("sdr_parts"),
        thresholds=package.table("thresholds"),
        population=package.table("population_projection"),
        relative_income=package.table(RELATIVE) if RELATIVE in package.resources else None,
        world=_world(package),
        chain=chain,
        revisions=catalog.revised_incomes(),
        posterior_of=kept_posterior,
    )


def package_chain(package: DataPackage, line: str = "high", view: str = "imf") -> ChainFit | None:
    """Return the fitted income chain that a package carries; None where it carries none.

    A package without the IMF's editions has none with their view: that without serves then.
    """
    if not set(CHAIN_TABLES) <= set(package.resources):
        return None
    tables = {name: package.table(name) for name in CHAIN_TABLES}
    views = set(tables["chain_fits"]["view"])
    return chain_from_tables(tables, line, view if view in views else "none")


def _world(package: DataPackage) -> Panel | None:
    """Return the newest Penn World Table with national accounts that the package has."""
    held = [name for name in WORLD_TABLES if name in package.resources]
    return package.panel(held[0]) if held else None
