"""All economies' chances of passing a line, from a data package's fitted chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.crosscountry.chain.horizons import VIEW_TERMS
from forecast.crosscountry.chain.package_tables import (
    CHAIN_TABLES,
    LEAST_ECONOMIES,
    chain_from_tables,
)
from forecast.crosscountry.chain.record import ChainFit
from forecast.crosscountry.world import WorldTable, world_table
from forecast.errors import ALL_ECONOMIES, DataError, choose, unknown
from forecast.faces import Face
from forecast.projection.scenarios.telling_years import asked_years
from forecast.sources.package.package import DataPackage
from forecast.specs.choices import LINES, VIEWS
from forecast.statistics.income_classes.classes import CLASSES
from forecast.study.declare import study_package
from forecast.study.inputs import package_chain

if TYPE_CHECKING:
    from pathlib import Path


SEED = 1
MILLION = 1e6


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class World(Face):
    """What the income chain says of all economies.

    Attributes
    ----------
    package, sha256 : str
        The data package and the hash that pins it.
    view : str
        ``imf`` or ``none``: what the fit has, which a package without the IMF's editions decides.
    table : WorldTable
        ``economies`` with ``name, group, region`` besides; people in millions.
    people : str
        Where the number of people is from.
    remarks : tuple of str
        What a reader must know besides: a view that was asked for and the package has not.
    """

    package: str
    sha256: str
    view: str
    table: WorldTable
    people: str
    remarks: tuple[str, ...] = ()

    def facts(self) -> Mapping[str, object]:
        """Return what is told of how many economies, from what."""
        return {
            "data": self.package,
            "line": self.table.line,
            "view": self.view,
            "economies": len(self.table.economies),
            "years": f"from {self.table.origin} to "
            + ", ".join(str(year) for year in self.table.totals["year"]),
        }

    def plot(self, name: str | None = None) -> Any:
        """Return the figure ``world``: the economies whose passage is most open."""
        from forecast.reporting.figures.world import draw_world

        if name not in {None, "world"}:
            raise DataError(unknown(str(name), ["world"], "figure"))
        return draw_world(self.table, f"data package {self.package}")

    def to_frame(self) -> pd.DataFrame:
        """Return one row an economy and year: the chances with what is known of the economy."""
        return self.table.economies.merge(self.table.chances, on="country")


def world(
    data: Path | str | None = None,
    *,
    line: str = "high",
    view: str = "imf",
    by: Sequence[int] | int | None = None,
    groups: Sequence[str] = (),
    regions: Sequence[str] = (),
) -> World:
    """Return every economy's distance to a line and chances of passing it and of falling back.

    Parameters
    ----------
    data : str or None
        Data package by name or folder; the study's if not given.
    line, view : str
        Of the fits that the package carries (`LINES`, `VIEWS`).
    by : int, sequence of int or None
        Years; 1, 2, 3, 5 and 10 years after the package's last one if not given.
    groups, regions : sequence of str
        Only economies of these classes (L, LM, UM, H) or World Bank regions; all if empty.

    Raises
    ------
    DataError
        If the package carries no chain, or there is no economy of that group and region.
    ProjectionError
        If a year is too far ahead.
    """
    package = study_package(data)
    fit = carried_chain(package, line, view)
    about = _about(package, list(fit.state.index))
    kept = _kept(about, groups, regions)
    people, source = _people(package, fit.origin)
    years, rng = None if by is None else asked_years(by, "by"), np.random.default_rng(SEED)
    table = world_table(fit, rng, countries=kept, years=years, people=people)
    named = about.loc[kept].reset_index().merge(table.economies, on="country")
    served = "imf" if VIEW_TERMS[0] in fit.growth.terms else "none"
    lacks = f"{package.name} has no edition of the IMF's: without its view"
    return World(
        package=package.name,
        sha256=package.sha256,
        view=served,
        table=replace(table, economies=named),
        people=source,
        remarks=() if served == view else (lacks,),
    )


def carried_chain(package: DataPackage, line: str = "high", view: str = "imf") -> ChainFit:
    """Return a fitted chain of a data package that must carry one.

    Where the package has none with the IMF's view, that without; ``growth.terms`` tell.

    Raises
    ------
    DataError
        If the package carries no chain, or the line or the view is none that there is.
    """
    choose(line, dict.fromkeys(LINES), "line", DataError)
    choose(view, dict.fromkeys(VIEWS), "view", DataError)
    return _must_carry(package, package_chain(package, line, view))


def carried_chains(package: DataPackage) -> dict[tuple[str, str], ChainFit]:
    """Return every fitted chain of a data package, by line and view.

    Raises
    ------
    DataError
        If the package carries none.
    """
    _must_carry(package, package_chain(package))
    tables = {name: package.table(name) for name in CHAIN_TABLES}
    told = tables["chain_fits"]
    return {
        (line, view): chain_from_tables(tables, line, view)
        for line, view in zip(told["line"], told["view"], strict=True)
    }


def last_classes(package: DataPackage) -> dict[str, str]:
    """Return every economy's last class on record (L, LM, UM, H), by country.

    As the World Bank published it; where it never changed and a package has its changes alone, as
    income stands to the lines.
    """
    if "classes" in package.resources:
        told = package.table("classes").sort_values("year")
        return dict(zip(told["country"], told["income_class"], strict=True))
    found: dict[str, str] = {}
    if "chain_state" in package.resources:
        state = package.table("chain_state")
        above = state[state["relative"] > 0].drop_duplicates(["line", "country"])
        place = above.groupby("country").size().reindex(state["country"].unique(), fill_value=0)
        found = {str(code): CLASSES[n] for code, n in place.items()}
    if "class_changes" in package.resources:
        told = package.table("class_changes").sort_values("year")
        found |= dict(zip(told["country"], told["to_class"], strict=True))
    return found


def _must_carry(package: DataPackage, chain: ChainFit | None) -> ChainFit:
    if chain is None:
        raise DataError(
            f"{package.name}: carries no fitted income chain (tables {', '.join(CHAIN_TABLES)}); "
            f"{ALL_ECONOMIES}"
        )
    return chain


def _about(package: DataPackage, codes: Sequence[str]) -> pd.DataFrame:
    """Return name, group and region of economies, by country."""
    places = catalog.countries()
    groups = last_classes(package)
    return pd.DataFrame(
        {
            "name": [places.name.get(code, code) for code in codes],
            "group": [groups.get(code, "") for code in codes],
            "region": [places.region.get(code, "") for code in codes],
        },
        index=pd.Index(codes, name="country"),
    )


def _kept(about: pd.DataFrame, groups: Sequence[str], regions: Sequence[str]) -> list[str]:
    for asked, column in ((groups, "group"), (regions, "region")):
        for name in asked:
            choose(name, dict.fromkeys(filter(None, about[column])), column, DataError)
    kept = about[
        (about["group"].isin(groups) | (not groups))
        & (about["region"].isin(regions) | (not regions))
    ]
    if kept.empty:
        raise DataError(
            f"no economy of group {', '.join(groups)} and region {', '.join(regions)} has a "
            "known income"
        )
    return [str(code) for code in kept.index]


def _people(package: DataPackage, origin: int) -> tuple[dict[str, float], str]:
    """Return millions of people by economy, and where they are from.

    The last recorded ones to the origin where the package has those of many economies; else those
    of the Penn World Table, which a shipped package has.
    """
    annual = package.annual().frame
    told = annual["population"] if "population" in annual else pd.Series(dtype=np.float64)
    if told.index.get_level_values(0).nunique() >= LEAST_ECONOMIES:
        years = told.index.get_level_values("year")
        told = told[years <= origin].dropna() / MILLION
        source = f"{package.name}, last year recorded"
    elif "pwt91" in package.resources:
        told = package.panel("pwt91").frame["pop"].dropna()
        year = int(told.index.get_level_values("year").max())
        source = f"of {year}, Penn World Table 9.1"
    else:
        return {}, ""
    last = told.groupby(level="country").last()
    return {str(code): float(value) for code, value in last.items()}, source
