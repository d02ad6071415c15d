"""The folder of raw files as deliveries, and the annual panel of all economies made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.panel import INDEX
from forecast.sources.readers import raw
from forecast.sources.readers.origin import Destination, Origin, Scheme
from forecast.sources.readers.weo import HISTORY, read_weo_editions
from forecast.specs.delivery.package_notes import PackageNotes
from forecast.statistics.annual_panel import PENN, WORLD_BANK
from forecast.variables import Variables

BOUNDS: Mapping[str, str] = {
    "pop_med": "population_median",
    "pop_80l": "population_low80",
    "pop_80u": "population_high80",
    "pop_95l": "population_low95",
    "pop_95u": "population_high95",
}
AGE_SHARE_FROM = 2015
KEYS = (*INDEX, "variable")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawStatistics:
    """What a folder of raw files delivers.

    Attributes
    ----------
    vintage : str
        Date of the World Development Indicators.
    frames : mapping of source key to pandas.DataFrame
        Long: country (as the publisher writes it), year, variable (the publisher's code where
        the dictionary has no name for it), value; aggregates included. Row labels are data rows
        of the file.
    origins : mapping of source key to Origin
    tables : mapping of table name to pandas.DataFrame
        ``thresholds`` and ``classes``.
    editions : pandas.DataFrame or None
        The IMF's editions, where the folder has them.
    """

    vintage: str
    frames: Mapping[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    tables: Mapping[str, pd.DataFrame]
    editions: pd.DataFrame | None = None

    def economies(self) -> list[str]:
        """Return the codes of economies: those ever classified by income, hence no aggregate."""
        return sorted(self.tables["classes"]["country"].unique())


def read_raw(folder: Path, variables: Variables, notes: PackageNotes) -> RawStatistics:
    """Return the statistics in ``folder``.

    Raises
    ------
    DataError
        Naming the file or column that is missing.
    """
    bank = {
        v.code: v.name
        for v in variables.table.values()
        if v.source.startswith(WORLD_BANK) and v.code
    }
    penn = {v.code: v.name for v in variables.table.values() if v.source == PENN and v.code}
    return RawStatistics(
        vintage=raw.vintage(folder),
        editions=read_weo_editions(folder) if (folder / HISTORY).exists() else None,
        frames={
            "wdi": _named(raw.indicators(folder), bank),
            "wdi-2025": _named(raw.manufacturing(folder), bank),
            "pwt-10.01": _melted(raw.pwt(folder, list(penn)).rename(columns=penn)),
            "wpp-2024": _to_come(raw.population_to_come(folder)),
            "wpp-2024-ages": _age_shares(raw.population_by_age(folder)),
        },
        tables={"thresholds": raw.thresholds(folder), "classes": raw.income_classes(folder)},
        origins={
            "wdi": file_origin(notes, "wdi", folder, [raw.WDI]),
            "wdi-2025": file_origin(notes, "wdi-2025", folder, [raw.MANUFACTURING]),
            "classification": file_origin(
                notes, "classification", folder, [raw.CLASSES, raw.THRESHOLDS]
            ),
            "pwt-10.01": file_origin(notes, "pwt-10.01", folder, [raw.PWT]),
            "wpp-2024": file_origin(
                notes,
                "wpp-2024",
                folder,
                [raw.POPULATION_TO_COME],
                "m49",
                "population_projection",
                ("thousands of persons to persons",),
            ),
            "wpp-2024-ages": file_origin(
                notes,
                "wpp-2024-ages",
                folder,
                [raw.POPULATION_BY_AGE],
                table="population_projection",
                transformations=(
                    "share_15_64 = 100 x pop_15_64 / (pop_0_14 + pop_15_64 + pop_65_plus)",
                ),
            ),
        },
    )


def file_origin(
    notes: PackageNotes,
    key: str,
    folder: Path,
    patterns: Sequence[str],
    scheme: Scheme = "alpha3",
    table: Destination = "annual",
    transformations: tuple[str, ...] = (),
) -> Origin:
    """Return the origin of a delivery from files of ``folder``, with their hashes."""
    paths = [raw.one(folder, pattern) for pattern in patterns]
    return replace(
        _origin(notes, key, raw.dated(paths[0])),
        files={path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths},
        scheme=scheme,
        table=table,
        transformations=transformations,
    )


def carried_origins(notes: PackageNotes, *keys: str) -> dict[str, Origin]:
    """Return the origins of tables that are carried as they are, without a file of their own."""
    return {key: _origin(notes, key) for key in keys}


def _origin(notes: PackageNotes, key: str, dated: str = "") -> Origin:
    """Return the origin that the notes tell of a source, at its own vintage or that of a file."""
    told = notes.sources[key]
    return Origin(
        title=told.title,
        path=told.path,
        attribution=told.attribution,
        license=told.license,
        vintage=told.vintage or dated,
    )


def _named(codes: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return rows with the dictionary's name in place of the code, where it has one."""
    known = {code: names.get(code, code) for code in codes["code"].unique()}
    renamed = codes.assign(variable=codes["code"].map(known))
    return renamed[[*KEYS, "value"]]


def _melted(table: pd.DataFrame) -> pd.DataFrame:
    long = table.melt(list(INDEX), var_name="variable", value_name="value", ignore_index=False)
    known: pd.DataFrame = long.loc[long["value"].notna(), [*KEYS, "value"]]
    return known


def _to_come(table: pd.DataFrame) -> pd.DataFrame:
    named = table.rename(columns={"country_code": "country", **BOUNDS})
    long = _melted(named.assign(country=named["country"].astype(str)))
    return long.assign(value=1e3 * long["value"])


def _age_shares(table: pd.DataFrame) -> pd.DataFrame:
    recent = table[table["year"] >= AGE_SHARE_FROM]
    total = recent[list(raw.AGES)].sum(axis=1, skipna=False)
    shares = recent[list(INDEX)].assign(
        variable="share_15_64", value=100.0 * recent["pop_15_64"] / total
    )
    known: pd.DataFrame = shares.loc[np.isfinite(shares["value"])]
    return known
