"""A run as it was written: its manifest, its description and its tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import DataError, one_message
from forecast.reporting.run_folder.description import PLACES
from forecast.reporting.run_folder.manifest import DISTRIBUTION

MANIFEST, DESCRIPTION = "manifest.json", "datapackage.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRun:
    """A run's folder, read.

    Attributes
    ----------
    folder : Path or None
        None for results that were not written.
    manifest : dict
        How the run was made.
    description : dict
        Its ``datapackage.json``.
    tables : dict of name to DataFrame
    draws : dict of scenario to (variable to DataFrame)
        Paths, rows draws and columns years; a folder keeps none.
    """

    folder: Path | None
    manifest: Mapping[str, Any]
    description: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    draws: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)

    @property
    def study(self) -> str:
        """Name of the study."""
        return str(self.manifest["study"])

    @property
    def country(self) -> str:
        """Code of the subject."""
        return str(self.tables["income_fan"]["country"].iloc[0])

    @property
    def vintage(self) -> str:
        """Date of the statistics, ``YYYY-MM-DD``."""
        return str(self.manifest["data"]["vintage"])

    @property
    def version(self) -> str:
        """Version of the program that made it; empty where the manifest has none."""
        return str(self.manifest["versions"].get(DISTRIBUTION, ""))

    @property
    def units(self) -> dict[str, str]:
        """Unit of each variable that stands in a column ``variable``."""
        told = self.description.get("variables", {})
        return {str(name): str(one.get("unit", "")) for name, one in told.items()}

    def place(self, code: str) -> str:
        """Return the name of an economy; its code where none is known."""
        names = self.tables.get(PLACES)
        known = {} if names is None else dict(zip(names["country"], names["name"], strict=True))
        return str(known.get(code, code))


def read_run(folder: Path | str) -> SavedRun:
    """Return a run's folder, every table with the types that its description states.

    Raises
    ------
    DataError
        If the folder is not one that ``forecast run`` wrote, or a table was changed since.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; must be one that `forecast run` wrote")
    manifest = _object(folder / MANIFEST, ("study", "data", "specs", "versions", "seed", "draws"))
    description = _object(folder / DESCRIPTION, ("resources",))
    with one_message(str(folder / DESCRIPTION), DataError):
        listed = {str(r["name"]): (str(r["hash"]), r["schema"]) for r in description["resources"]}
    tables = {name: _table(folder, name, *told) for name, told in listed.items()}
    if "income_fan" not in tables or tables["income_fan"].empty:
        raise DataError(f"{folder / DESCRIPTION}: lacks income_fan, which every run has")
    return SavedRun(folder=folder, manifest=manifest, description=description, tables=tables)


def _object(path: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    if not path.is_file():
        raise DataError(f"{path}: no such file; the folder must be one that `forecast run` wrote")
    with one_message(str(path), DataError):
        told = json.loads(path.read_bytes())
    lacks = [key for key in keys if not isinstance(told, dict) or key not in told]
    if lacks:
        raise DataError(f"{path}: lacks {', '.join(lacks)}; is not what `forecast run` writes")
    return dict(told)


def _table(folder: Path, name: str, digest: str, schema: Mapping[str, Any]) -> pd.DataFrame:
    path = folder / f"{name}.csv"
    if path.parent != folder or not path.is_file():
        raise DataError(f"{path}: no such file; {DESCRIPTION} lists it")
    data = path.read_bytes()
    if f"sha256:{hashlib.sha256(data).hexdigest()}" != digest:
        raise DataError(f"{path}: is not the table that the run wrote (sha256 differs)")
    with one_message(str(path), DataError):
        text = pd.read_csv(BytesIO(data), dtype=str, keep_default_na=False)
        kinds = {str(told["name"]): str(told["type"]) for told in schema["fields"]}
        return pd.DataFrame({name: _typed(text[name], kind) for name, kind in kinds.items()})


def _typed(cells: pd.Series, kind: str) -> pd.Series:
    """Return a column's texts as its type, numbers rounded correctly, empty cells missing."""
    if kind == "integer" and (cells != "").all():
        return cells.astype(np.int64)
    if kind == "boolean":
        return cells == "True"
    if kind in {"number", "integer"}:
        plain = cells.to_numpy(dtype=object)
        return pd.Series(np.where(plain == "", "nan", plain).astype(np.float64))
    return cells.where(cells != "")
