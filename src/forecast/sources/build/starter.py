"""The starter package: everything that may ship with the project, built from raw statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.build.admission import Admitted, admit, check_classes
from forecast.sources.build.deliveries import RawStatistics, carried_origins, read_raw
from forecast.sources.build.notes import FAULTS, LICENSES, NOTES
from forecast.sources.package.datapackage import Heading, write_package
from forecast.sources.package.package import DataPackage, read_table
from forecast.sources.readers import pwt_rda
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.origin import delivered_to
from forecast.sources.readers.published import read_paper_tables
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
    pwt9_file: Path = pwt_rda.DEBIAN,
    pwt91_csv: Path | None = None,
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
    pwt9_file : Path
        ``Rdata.rdb`` of Debian's r-cran-pwt9.
    pwt91_csv : Path or None
        ``pwt91.csv`` of a package, used in place of ``pwt9_file`` where R's package is not at
        hand.

    Raises
    ------
    DataError
        If a file or column is missing, or the folder's name and the vintage do not agree.
    """
    statistics = read_raw(raw_dir, variables)
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
        read_pwt91(pwt9_file, pwt91_csv),
        read_paper_tables(paper_tables),
        variables,
        countries,
    )
    notes = {**NOTES, "annual": replace(NOTES["annual"], variable_sources=_annual_sources())}
    return write_package(out_dir, _heading(statistics, name), made, notes, variables)


def _heading(statistics: RawStatistics, name: str) -> Heading:
    origins = {**statistics.origins, **carried_origins("pwt-9.1", "paper")}
    return Heading(
        name=name,
        vintage=statistics.vintage,
        title=TITLE,
        description=DESCRIPTION,
        licenses=LICENSES,
        sources={key: origin.record() for key, origin in origins.items()},
        faults=FAULTS,
    )


def _annual_sources() -> dict[str, str]:
    """Return the source of each of the subject's annual series."""
    own = {"manuf_share": "wdi-2025", "human_capital": "pwt-9.1", "pop_growth": "wdi"}
    return {**dict.fromkeys(tables.DECIMALS, "wdi"), **own}


def package_name(vintage: str) -> str:
    """Return ``starter-2026.07`` for the vintage ``2026-07-01``."""
    year, month, _ = vintage.split("-")
    return f"starter-{year}.{month}"


def read_pwt91(pwt9_file: Path, pwt91_csv: Path | None) -> pd.DataFrame:
    """Return Penn World Table 9.1 from R's package, or from a package's ``pwt91.csv`` if named."""
    return pwt_rda.read_pwt91(pwt9_file) if pwt91_csv is None else _pwt91_again(pwt91_csv)


def _tables(
    statistics: RawStatistics,
    admitted: Admitted,
    pwt91: pd.DataFrame,
    paper: pd.DataFrame,
    variables: Variables,
    countries: Countries,
) -> Mapping[str, pd.DataFrame]:
    """Return every table of the starter package by name, in the package's order."""
    frames, origins, economies = admitted.frames, statistics.origins, countries.economies()
    shared = derived_tables(
        delivered_to("annual", frames, origins),
        statistics.tables,
        economies,
        variables,
        statistics.vintage,
    )
    to_come = projections(delivered_to("population_projection", frames, origins), economies)
    own = {
        "annual": tables.subject_annual(shared.annual, pwt91, variables),
        "population_projection": tables.subject_projection(to_come),
        "pwt91": pwt91,
        "paper_tables": paper,
    }
    made = {**shared.tables, **own}
    return {name: made[name] for name in NOTES}


def _pwt91_again(path: Path) -> pd.DataFrame:
    columns = {"country": "string", "year": "integer", **dict.fromkeys(pwt_rda.COLUMNS, "number")}
    try:
        data = path.read_bytes()
    except OSError:
        raise DataError(f"{path}: no such file; --pwt91 names the pwt91.csv of a package") from None
    return read_table(data, columns, str(path))
