"""The starter package: everything that may ship with the project, built from raw statistics."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from forecast.crosscountry.chain.package_tables import chain_tables
from forecast.errors import DataError
from forecast.sources.build.admission import Admitted, admit, check_classes
from forecast.sources.build.deliveries import RawStatistics, carried_origins, read_raw
from forecast.sources.build.notes import package_heading, starter_notes
from forecast.sources.package.datapackage import Heading, write_package
from forecast.sources.package.package import DataPackage
from forecast.sources.package.typed_table import package_table
from forecast.sources.readers import pwt_rda
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.origin import delivered_to
from forecast.sources.readers.published import read_paper_tables
from forecast.specs.delivery.package_notes import PackageNotes
from forecast.statistics import tables
from forecast.statistics.derived import derived_tables, projections
from forecast.variables import Variables

TITLE = "Growth panel, income classes and China's annual series"
DESCRIPTION = (
    "What the toolkit needs to run offline: five-year growth panel of all economies, income "
    "classes, China's annual series, the SDR economies' deflators and exchange rates, population "
    "to come, Penn World Table 9.1, and the figures printed in the papers."
)


def build_starter(
    raw_dir: Path,
    out_dir: Path,
    *,
    variables: Variables,
    countries: Countries,
    paper_tables: Path,
    notes: PackageNotes,
    pwt91: Path,
) -> DataPackage:
    """Build the starter package into ``out_dir`` and return it.

    The same raw files give the same bytes. An interrupted or failed build leaves what was there.

    Parameters
    ----------
    raw_dir : Path
        Folder of raw files, as ``raw`` reads them.
    out_dir : Path
        The package's folder; its name must be ``starter-<year>.<month>`` of the raw vintage.
    variables : Variables
        Codes to read, drivers to average, units for the description.
    countries : Countries
        The table that codes, numbers and names are checked against.
    paper_tables : Path
        The printed figures.
    notes : PackageNotes
        What packages say of their tables and sources.
    pwt91 : Path
        Penn World Table 9.1: ``pwt91.csv`` of a package, or ``Rdata.rdb`` of R's package pwt9.

    Raises
    ------
    DataError
        If a file or column is missing, or the folder's name and the vintage do not agree.
    """
    statistics = read_raw(raw_dir, variables, notes)
    name = package_name(statistics.vintage)
    if out_dir.name != name:
        raise DataError(
            f"{raw_dir}: the raw files are of {statistics.vintage}, so the package is {name!r}; "
            f"found {out_dir.name!r}"
        )
    admitted = admit(statistics.frames, statistics.origins, variables, countries)
    check_classes(statistics.tables["classes"], statistics.origins["classification"], countries)
    made = _tables(
        statistics,
        admitted,
        read_shipped_pwt91(pwt91),
        read_paper_tables(paper_tables),
        variables,
        countries,
    )
    told = starter_notes(notes, _annual_sources())
    made = {table: made[table] for table in told if table in made}
    return write_package(out_dir, _heading(statistics, name, notes), made, told, variables)


def _heading(statistics: RawStatistics, name: str, notes: PackageNotes) -> Heading:
    origins = {**statistics.origins, **carried_origins(notes, "pwt-9.1", "paper", "imf-weo")}
    return package_heading(
        notes,
        origins,
        name=name,
        vintage=statistics.vintage,
        title=TITLE,
        description=DESCRIPTION,
    )


def _annual_sources() -> dict[str, str]:
    """Return the source of each of the subject's annual series."""
    own = {"manuf_share": "wdi-2025", "human_capital": "pwt-9.1", "pop_growth": "wdi"}
    return {**dict.fromkeys(tables.DECIMALS, "wdi"), **own}


def package_name(vintage: str) -> str:
    """Return ``starter-2026.07`` for the vintage ``2026-07-01``."""
    year, month, _ = vintage.split("-")
    return f"starter-{year}.{month}"


def read_shipped_pwt91(path: Path) -> pd.DataFrame:
    """Return Penn World Table 9.1 from a package's ``pwt91.csv``, or from R's ``Rdata.rdb``."""
    return pwt_rda.read_pwt91(path) if path.suffix == ".rdb" else _pwt91_again(path)


def _tables(
    statistics: RawStatistics,
    admitted: Admitted,
    pwt91: pd.DataFrame,
    paper: pd.DataFrame,
    variables: Variables,
    countries: Countries,
) -> Mapping[str, pd.DataFrame]:
    """Return every table of the starter package by name."""
    frames, origins, economies = admitted.frames, statistics.origins, countries.economies()
    shared = derived_tables(
        delivered_to("annual", frames, origins),
        statistics.tables,
        economies,
        countries.groups,
        variables,
        statistics.vintage,
    )
    to_come = projections(delivered_to("population_projection", frames, origins), economies)
    own = {
        "annual": tables.subject_annual(shared.annual, pwt91, variables),
        "population_projection": tables.subject_projection(to_come),
        "pwt91": pwt91,
        **chain_tables(
            shared.annual, statistics.tables["thresholds"], economies, statistics.editions
        ),
        "paper_tables": paper,
    }
    return {**shared.tables, **own}


def _pwt91_again(path: Path) -> pd.DataFrame:
    columns = {"country": "string", "year": "integer", **dict.fromkeys(pwt_rda.PWT_91, "number")}
    try:
        data = path.read_bytes()
    except OSError:
        raise DataError(f"{path}: no such file; --pwt91 names the pwt91.csv of a package") from None
    return package_table(data, columns, str(path))
