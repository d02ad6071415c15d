"""From what the sources delivered to a full data package, for files and live clients alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from forecast.crosscountry.chain.package_tables import chain_tables
from forecast.errors import DataError
from forecast.panel import INDEX
from forecast.sources.build.admission import (
    ALL,
    DROPPED,
    Admitted,
    admit,
    check_anchors,
    check_classes,
)
from forecast.sources.build.build_report import build_report
from forecast.sources.build.notes import full_notes, package_heading
from forecast.sources.package.datapackage import write_package
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.origin import Origin, delivered_to
from forecast.specs.delivery.package_notes import PackageNotes
from forecast.statistics.annual_panel import PENN
from forecast.statistics.annual_table import annual_table
from forecast.statistics.derived import derived_tables, projections
from forecast.variables import Variables

TITLE = "Annual panel of all economies, with everything computed from it"
DESCRIPTION = (
    "The full annual panel at one vintage, the tables that the toolkit computes from it, income "
    "classes, population to come, Penn World Tables, what was left out and what looked odd."
)
NEEDED = ("thresholds", "classes")
CARRIED: Mapping[str, str] = {
    "pwt91": "pwt-9.1",
    "pwt1001": "pwt-10.01",
    "pwt11": "pwt-11.0",
    "paper_tables": "paper",
}


def assemble(
    frames: Mapping[str, pd.DataFrame],
    origins: Mapping[str, Origin],
    tables: Mapping[str, pd.DataFrame],
    *,
    out_dir: Path,
    vintage: str,
    variables: Variables,
    countries: Countries,
    notes: PackageNotes,
) -> DataPackage:
    """Check everything that was delivered, compute the package's tables and write it.

    The package is written whole or not at all; what was at ``out_dir`` before stays until then.

    Parameters
    ----------
    frames : mapping of source key to pandas.DataFrame
        Long: ``country, year, variable, value``. ``country`` is in the origin's scheme
        (alpha-3, M49 number as text, or name), aggregates included; ``variable`` is a name of
        the dictionary; the row labels are data rows of the origin's file, from 0. A variable
        comes from one source. Keys used by the files' build: ``wdi``, ``wdi-2025``,
        ``pwt-10.01``, ``wpp-2024``, ``wpp-2024-ages``.
    origins : mapping of source key to Origin
        One for each key of ``frames``, and those of ``tables``: ``classification``, and as given
        ``pwt-9.1``, ``pwt-10.01``, ``pwt-11.0``, ``paper``.
    tables : mapping of table name to pandas.DataFrame
        Needed: ``thresholds`` (year, low_at_most, lower_middle_at_most, high_above) and
        ``classes`` (country, year, income_class). Carried as they are where given: ``pwt91``,
        ``pwt1001``, ``pwt11`` (country, year, PWT's own names), ``paper_tables``.
    out_dir : Path
        The package's folder; its name, ``<name>-<YYYY.MM>``, is the package's.
    vintage : str
        Date ``YYYY-MM-DD`` of the package.
    variables : Variables
    countries : Countries
        What every code is checked against.
    notes : PackageNotes
        What the package says of its tables.

    Raises
    ------
    DataError
        If a delivery does not pass the checks at the door: file, row, column and value are named.
    """
    _check_given(tables, origins)
    admitted = admit(frames, origins, variables, countries)
    check_classes(tables["classes"], origins["classification"], countries)
    made = _tables(admitted, origins, tables, countries, variables, vintage, notes)
    annual = _sources(made["annual"], admitted.frames, origins, variables)
    told = full_notes(notes, annual, (*origins,))
    made = {name: made[name] for name in told if name in made and len(made[name])}
    heading = package_heading(
        notes, origins, name=out_dir.name, vintage=vintage, title=TITLE, description=DESCRIPTION
    )
    report = build_report(heading.name, made, admitted.warnings)
    return write_package(out_dir, heading, made, told, variables, report)


def _tables(
    admitted: Admitted,
    origins: Mapping[str, Origin],
    given: Mapping[str, pd.DataFrame],
    countries: Countries,
    variables: Variables,
    vintage: str,
    notes: PackageNotes,
) -> dict[str, pd.DataFrame]:
    """Return every table of the package by name, those without a row included."""
    annual_frames, economies = (
        delivered_to("annual", admitted.frames, origins),
        countries.economies(),
    )
    shared = derived_tables(annual_frames, given, economies, countries.groups, variables, vintage)
    check_anchors(shared.annual.frame, variables)
    annual = annual_table(shared.annual, variables)
    carried, left = _carried(given)
    return {
        **shared.tables,
        **chain_tables(shared.annual, given["thresholds"], economies, given.get("imf_editions")),
        **carried,
        "annual": annual.rows,
        "splices": annual.splices,
        "vintages": _older(carried, variables, notes.sources["pwt-9.1"].vintage),
        "classes": given["classes"],
        "population_projection": projections(
            delivered_to("population_projection", admitted.frames, origins), economies
        ),
        "dropped": pd.concat([admitted.dropped, left], ignore_index=True),
    }


def _check_given(tables: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]) -> None:
    for name in NEEDED:
        if name not in tables:
            raise DataError(f"table {name!r} is needed and was not delivered")
    wanted = ["classification", *(CARRIED[name] for name in tables if name in CARRIED)]
    for key in wanted:
        if key not in origins:
            raise DataError(f"source {key!r}: has no origin")


def _carried(tables: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return tables carried as they are, without rows that are empty or repeat a key, counted."""
    kept, counts = {}, []
    for name in (n for n in CARRIED if n in tables):
        frame = tables[name]
        if not set(INDEX) <= set(frame.columns):
            kept[name] = frame
            continue
        empty = frame.drop(columns=list(INDEX)).isna().all(axis=1)
        again = ~empty & frame.duplicated(list(INDEX))
        kept[name] = frame[~empty & ~again].reset_index(drop=True)
        counts += [
            _counted(frame[empty], name, "no value in any column"),
            _counted(frame[again], name, "the year is given twice; the file's first row is kept"),
        ]
    return kept, pd.concat([c for c in counts if len(c)] or counts, ignore_index=True)


def _counted(rows: pd.DataFrame, table: str, reason: str) -> pd.DataFrame:
    number = rows.groupby("country").size()
    told = {
        "table": table,
        "source": CARRIED[table],
        "country": number.index,
        "variable": ALL,
        "rows": number.to_numpy(),
        "reason": reason,
    }
    return pd.DataFrame(told, columns=DROPPED)


def _older(carried: Mapping[str, pd.DataFrame], variables: Variables, vintage: str) -> pd.DataFrame:
    """Return Penn World Table 9.1 under the names of the variables that 10.01 now gives."""
    columns = [*INDEX, "variable", "vintage", "value"]
    if "pwt91" not in carried:
        return pd.DataFrame(columns=columns)
    old = carried["pwt91"]
    names = {v.code: v.name for v in variables.table.values() if v.source == PENN and v.code in old}
    long = old[[*INDEX, *names]].rename(columns=names).melt(list(INDEX)).dropna(subset="value")
    return long.assign(vintage=vintage)[columns]


def _sources(
    annual: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    origins: Mapping[str, Origin],
    variables: Variables,
) -> dict[str, str]:
    """Return the source of every variable of annual; a computed one has that of its parts."""
    delivered = {
        str(name): key
        for key, frame in frames.items()
        if origins[key].table == "annual"
        for name in frame["variable"].unique()
    }
    by_publisher = {variables.find(name).source: key for name, key in delivered.items()}
    found = {}
    for name in annual["variable"].unique():
        key = delivered.get(name) or by_publisher.get(variables.find(name).source)
        if key:
            found[str(name)] = key
    return found
