"""The full package from a folder of raw files."""

from __future__ import annotations

from pathlib import Path

from forecast.errors import DataError
from forecast.sources.build.assemble import assemble
from forecast.sources.build.deliveries import carried_origins, file_origin, read_raw
from forecast.sources.build.starter import read_shipped_pwt91
from forecast.sources.package.package import DataPackage
from forecast.sources.readers import raw
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.published import read_paper_tables
from forecast.specs.delivery.package_notes import PackageNotes
from forecast.variables import Variables


def build_full(
    raw_dir: Path,
    out_dir: Path,
    *,
    variables: Variables,
    countries: Countries,
    paper_tables: Path,
    notes: PackageNotes,
    pwt91: Path,
) -> DataPackage:
    """Build the full package into ``out_dir`` and return it; arguments as `build_starter`'s.

    The folder's name must be ``full-<year>.<month>`` of the raw vintage. The package holds the
    publishers' series themselves, so it stays with its user.

    Raises
    ------
    DataError
        If a file or column is missing, a value does not pass the checks, or the folder's name
        and the vintage do not agree.
    """
    statistics = read_raw(raw_dir, variables, notes)
    year, month, _ = statistics.vintage.split("-")
    if out_dir.name != f"full-{year}.{month}":
        raise DataError(
            f"{raw_dir}: the raw files are of {statistics.vintage}, so the package is "
            f"'full-{year}.{month}'; found {out_dir.name!r}"
        )
    levels = {"pwt-11.0": file_origin(notes, "pwt-11.0", raw_dir, [raw.PWT_LEVELS])}
    return assemble(
        statistics.frames,
        {**statistics.origins, **levels, **carried_origins(notes, "pwt-9.1", "paper", "imf-weo")},
        {
            **statistics.tables,
            "pwt91": read_shipped_pwt91(pwt91),
            "pwt1001": raw.pwt(raw_dir, list(notes.full["pwt1001"].columns)),
            "pwt11": raw.pwt_levels(raw_dir, list(notes.full["pwt11"].columns)),
            "paper_tables": read_paper_tables(paper_tables),
            **({} if statistics.editions is None else {"imf_editions": statistics.editions}),
        },
        out_dir=out_dir,
        vintage=statistics.vintage,
        variables=variables,
        countries=countries,
        notes=notes,
    )
