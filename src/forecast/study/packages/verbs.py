"""``fc.data`` and ``fc.seal``: the subcommands of ``forecast data`` and ``forecast seal``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast import catalog
from forecast.errors import DataError, unknown
from forecast.sources.package.package import DataPackage, load
from forecast.sources.package.provenance import Trace, provenance
from forecast.sources.package.selection import long_rows
from forecast.sources.package.verify import verify
from forecast.sources.sealed import Seal, read_seals, seal_faults
from forecast.statistics.revisions import Revisions, revisions
from forecast.study.declare import study_package
from forecast.study.packages.sealing import make_seal

if TYPE_CHECKING:
    from pathlib import Path


class PackageVerbs:
    """Data packages: ``fc.data.list()``, ``fc.data.show("starter-2026.07")`` ..."""

    def __call__(self, package: Path | str | None = None) -> pd.DataFrame | DataPackage:
        """Return a package, by name or folder; without one the table of all at hand."""
        return self.list() if package is None else self.show(package)

    def list(self) -> pd.DataFrame:
        """Return ``name, vintage, tables, rows, sha256, folder`` of the packages at hand."""
        packages = [load(folder) for folder in catalog.package_folders()]
        return pd.DataFrame(
            [
                {
                    "name": one.name,
                    "vintage": one.vintage,
                    "tables": len(one.resources),
                    "rows": sum(resource.rows for resource in one.resources.values()),
                    "sha256": one.sha256,
                    "folder": str(one.folder),
                }
                for one in packages
            ]
        )

    def show(self, package: Path | str) -> DataPackage:
        """Return a package: its tables (``panel``, ``table``), sources, licences and faults."""
        return load(catalog.package_folder(str(package)))

    def where(
        self,
        country: str,
        year: int,
        variable: str,
        *,
        data: Path | str | None = None,
        table: str = "annual",
    ) -> Trace:
        """Return one value with its source, code, vintage, file, hash and transformations."""
        code = catalog.countries().find(country)
        return provenance(study_package(data), table, code, year, variable, catalog.variables())

    def diff(
        self, before: str, after: str, *, variable: str | None = None, tolerance: float = 1e-6
    ) -> Revisions:
        """Return what changed between two packages, each ``PACKAGE`` or ``PACKAGE:TABLE``.

        Parameters
        ----------
        before, after : str
            The table is ``annual`` if none is named.
        variable : str, optional
            That one alone.
        tolerance : float
            Relative difference up to which two values count as the same.
        """
        sides = [_rows(str(before)), _rows(str(after))]
        if variable is not None:
            for name, rows in zip((before, after), sides, strict=True):
                known = set(rows["variable"])
                if variable not in known:
                    raise DataError(f"{name}: {unknown(variable, known, 'variable')}")
            sides = [rows[rows["variable"] == variable] for rows in sides]
        return revisions(*sides, tolerance=tolerance)

    def verify(self, package: Path | str) -> pd.DataFrame:
        """Return ``table, kind, message``: a package's faults; no row: all is as described."""
        found = verify(catalog.package_folder(str(package)), catalog.variables())
        rows = [(one.table, one.kind, one.message) for one in found]
        return pd.DataFrame(rows, columns=["table", "kind", "message"])


class SealVerbs:
    """Sealed forecasts: ``fc.seal(day)``, ``fc.seal.list()``, ``fc.seal.verify()``."""

    def __call__(self, day: str, *, note: str = "", data: Path | str | None = None) -> Seal:
        """Seal the chances of all economies among the user's own seals.

        Parameters
        ----------
        day : str
            Today, ``YYYY-MM-DD``: a session has no clock of its own.
        note : str
            A sentence that is sealed with it.
        data : str or path, optional
            Data package; the study's if not given.
        """
        return make_seal(day, note=note, data=None if data is None else str(data))

    def list(self) -> pd.DataFrame:
        """Return ``where, seal, origin, package, version, rows, sha256, note``."""
        names = ["origin", "package", "version", "rows", "sha256", "note"]
        rows = [
            {"where": where, "seal": one.name, **{name: getattr(one, name) for name in names}}
            for where, root in catalog.seal_folders().items()
            for one in read_seals(root)
        ]
        return pd.DataFrame(rows, columns=["where", "seal", *names])

    def verify(self) -> pd.DataFrame:
        """Return ``fault``: what is wrong with the seals at hand; no row: nothing."""
        faults = [fault for root in catalog.seal_folders().values() for fault in seal_faults(root)]
        return pd.DataFrame({"fault": faults})


def _rows(selector: str) -> pd.DataFrame:
    name, _, table = selector.partition(":")
    return long_rows(load(catalog.package_folder(name)), table or "annual")


data = PackageVerbs()
seal = SealVerbs()
