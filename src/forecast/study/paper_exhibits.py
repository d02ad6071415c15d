"""The papers' exhibits of growth and income classes, from a data package or a user's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.arrays import Vector
from forecast.errors import DataError, SpecError, choose, unknown
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.countries import read_countries
from forecast.sources.readers.sectors import read_sectors
from forecast.statistics.income_classes.classes import CLASSES, plain_classes
from forecast.structure.decomposition import shift_share
from forecast.structure.growth_episodes import accelerations, slowdowns
from forecast.structure.transitions.matrices import ClassTransitions, class_transitions, decades
from forecast.structure.transitions.passages import class_passages, passages_by_year
from forecast.structure.transitions.spells import class_spells
from forecast.structure.transitions.survival import class_survival

if TYPE_CHECKING:
    from pathlib import Path

Tables = dict[str, pd.DataFrame]

AHEAD = (0, 5, 10, 20)  # years
SLOW_INCOME, SLOW_BASE, PWT_BASE = 10_000.0, 2005, 2011  # PPP dollars of these years
LEAST_YEARS, LEAST_PEOPLE = 20, 1.0  # of Hausmann, Pritchett and Rodrik; millions


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperExhibit:
    """An exhibit: what it shows, what it needs, how it is made.

    Attributes
    ----------
    said : str
    tables : tuple of str
        Of the data package; empty where it needs a user's table.
    make : callable
        The tables by name, the main one first, from those needed and the countries asked for.
    note : str
        What its reader must know besides.
    """

    said: str
    tables: tuple[str, ...]
    make: Callable[[Tables, Sequence[str]], Tables]
    note: str = ""


def _passages(tables: Tables, countries: Sequence[str]) -> Tables:
    found = class_passages(tables["class_changes"])
    if countries:  # one that never changed its class has no row, and is no mistake
        found = found[found["country"].isin(list(countries))].reset_index(drop=True)
    return {"passages": found if countries else passages_by_year(found)}


def _transitions(tables: Tables, countries: Sequence[str]) -> Tables:
    history = _kept(tables["classes"], countries)
    spans = [class_transitions(history, *span) for span in decades(history)]
    last = history[history["year"] == history["year"].max()]
    counts = plain_classes(last).value_counts().reindex(CLASSES, fill_value=0)
    mobility = pd.DataFrame(
        [(s.first, s.last, *s.mobility()) for s in spans],
        columns=["first", "last", "index", "low", "high"],
    )
    found = {
        "transitions": pd.concat(map(_cells, spans), ignore_index=True),
        "mobility": mobility.dropna(),
    }
    if (spans[-1].counts.sum(axis=1) > 0).all():
        start: Vector = np.divide(counts.to_numpy(), counts.sum())
        ahead = spans[-1].shares_ahead(start, max(AHEAD))
        shares = pd.DataFrame(ahead[list(AHEAD)], columns=list(CLASSES))
        shares.insert(0, "year", [int(last["year"].iloc[0]) + years for years in AHEAD])
        found["shares ahead"] = shares
    return found


def _cells(one: ClassTransitions) -> pd.DataFrame:
    low, high = one.intervals()
    start, to = np.meshgrid(CLASSES, CLASSES, indexing="ij")
    return pd.DataFrame({
        "first": one.first, "last": one.last, "from_class": start.ravel(),
        "to_class": to.ravel(), "pairs": one.counts.ravel().astype(int),
        "share": one.matrix.ravel(), "low": low.ravel(), "high": high.ravel(),
    })  # fmt: skip


def _survival(tables: Tables, countries: Sequence[str]) -> Tables:
    return {"survival": class_survival(class_spells(_kept(tables["classes"], countries)))}


def _slowdowns(tables: Tables, countries: Sequence[str]) -> Tables:
    parts = tables["sdr_parts"]
    usa = parts[(parts["country"] == "USA") & (parts["variable"] == "gdp_deflator_inflation")]
    rise = usa.loc[usa["year"].between(SLOW_BASE + 1, PWT_BASE), "value"]
    if len(rise) != PWT_BASE - SLOW_BASE:
        raise DataError(f"slowdowns: no US deflator of all years {SLOW_BASE + 1}-{PWT_BASE}")
    least = SLOW_INCOME * float(np.prod(1 + rise / 100))
    found = slowdowns(_income(_kept(tables["pwt91"], countries)), least_income=least)
    return {"slowdowns": _chosen(found)}


def _accelerations(tables: Tables, countries: Sequence[str]) -> Tables:
    pwt = _kept(tables["pwt91"], countries).dropna(subset=["rgdpna", "pop"])
    own = pwt.sort_values("year").groupby("country")["pop"].agg(["size", "last"])
    large = own.index[(own["size"] >= LEAST_YEARS) & (own["last"] >= LEAST_PEOPLE)]
    if large.empty:
        raise DataError("accelerations: no economy of a million people with 20 years on record")
    found = accelerations(_income(pwt[pwt["country"].isin(large)]))
    return {"accelerations": _chosen(found)}


def _income(pwt: pd.DataFrame) -> pd.DataFrame:
    """Return GDP per head, years by countries, at 2011 PPPs and national growth."""
    wide = pwt.assign(income=pwt["rgdpna"] / pwt["pop"]).pivot(
        index="year", columns="country", values="income"
    )
    return wide.reindex(range(int(wide.index.min()), int(wide.index.max()) + 1))


def _chosen(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["chosen"]].drop(columns="chosen").reset_index(drop=True)


def _decomposition(tables: Tables, countries: Sequence[str]) -> Tables:
    return {"decomposition": shift_share(_kept(tables["sectors"], countries, "entity"))}


PAPER_EXHIBITS: Mapping[str, PaperExhibit] = {
    "passages": PaperExhibit(
        said="passages of the three class boundaries, up and down, by year; with --countries each",
        tables=("class_changes",),
        make=_passages,
    ),
    "transitions": PaperExhibit(
        said="yearly transition matrices by decade, mobility, expected shares of classes ahead",
        tables=("classes",),
        make=_transitions,
        note="intervals of 95 % (Jeffreys) take economies' years as independent; shares ahead "
        "are from the matrix of the whole record",
    ),
    "survival": PaperExhibit(
        said="how long upper-middle spells last (Kaplan-Meier, Greenwood)",
        tables=("classes",),
        make=_survival,
        note="spells that begin in the record; both ways out, up and down, end one",
    ),
    "slowdowns": PaperExhibit(
        said="slowdowns of growth per head (Eichengreen, Park and Shin 2012)",
        tables=("pwt91", "sdr_parts"),
        make=_slowdowns,
        note="10,000 US$ of 2005 brought to 2011 with the US deflator; oil exporters are in",
    ),
    "accelerations": PaperExhibit(
        said="accelerations of growth per head (Hausmann, Pritchett and Rodrik 2005)",
        tables=("pwt91",),
        make=_accelerations,
        note="economies of a million people in the last year, with 20 years on record",
    ),
    "decomposition": PaperExhibit(
        said="labour productivity growth within and between sectors, of a table of your own",
        tables=(),
        make=_decomposition,
        note="fractions of productivity in the first year, from the first to the last year",
    ),
}


def paper_exhibit(
    name: str,
    package: DataPackage | None = None,
    *,
    countries: Sequence[str] = (),
    sectors: pd.DataFrame | Path | str | None = None,
) -> Tables:
    """Return the tables of an exhibit, the main one first.

    Parameters
    ----------
    name : str
        Key of `PAPER_EXHIBITS`.
    package : DataPackage, optional
        For all but ``decomposition``.
    countries : sequence of str
        ISO codes (entities of ``sectors``); all if empty.
    sectors : DataFrame, Path or str, optional
        For ``decomposition``: the table that `forecast.structure.decomposition.shift_share` takes.

    Raises
    ------
    SpecError
        If there is no such exhibit, or ``sectors`` is given to one that takes none.
    DataError
        If the package lacks a table, or there is nothing of the countries.
    """
    exhibit = choose(name, PAPER_EXHIBITS, "exhibit", SpecError)
    if exhibit.tables:
        if sectors is not None:
            raise SpecError(f"exhibit {name}: is made from a data package and takes no table")
        if package is None:
            raise SpecError(f"exhibit {name}: needs a data package")
        _check_codes(countries)
        return exhibit.make(_needed(name, exhibit.tables, package), countries)
    if sectors is None:
        raise DataError(
            f"exhibit {name}: no data package carries sectors; bring a table (--panel FILE) with "
            "entity, year, sector, value_added, employment, and nominal_value_added for GEAD"
        )
    table = sectors if isinstance(sectors, pd.DataFrame) else read_sectors(sectors)
    return exhibit.make({"sectors": table}, countries)


def _needed(name: str, tables: Sequence[str], package: DataPackage) -> Tables:
    missing = [table for table in tables if table not in package.resources]
    if missing:
        raise DataError(
            f"exhibit {name}: {package.name} has no table {missing[0]!r}; a full package has it: "
            "make one with 'forecast data build' and name it with --data"
        )
    return {table: package.table(table) for table in tables}


def _check_codes(countries: Sequence[str]) -> None:
    known = read_countries(catalog.countries_path()).economies()
    for code in countries:
        if code not in known:
            raise DataError(unknown(code, known, "country"))


def _kept(table: pd.DataFrame, countries: Sequence[str], key: str = "country") -> pd.DataFrame:
    known = set(table[key])
    for name in countries:
        if name not in known:
            raise DataError(unknown(name, known, f"in the exhibit's table, {key}"))
    return table[table[key].isin(list(countries))] if countries else table
