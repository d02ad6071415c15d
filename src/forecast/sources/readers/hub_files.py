"""Model output of a hub, as files in the hubverse's standard."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.errors import DataError, one_message, shown
from forecast.sources.package.text_table import read_text
from forecast.specs.read import read_regular

NEEDED = ("origin_date", "location", "target", "output_type", "output_type_id", "value")
OPTIONAL = ("scenario_id", "target_date", "horizon")
LARGEST = 500_000_000


def read_hub(folder: Path | str) -> pd.DataFrame:
    """Return the rows of every model output file of a hub.

    ``<hub>/model-output/<model>/*.csv``; the folder's name is that of ``hub-config/admin.json``,
    if it has one. Files in other formats are refused, not passed over.

    Returns
    -------
    pandas.DataFrame
        ``model``, `NEEDED` and `OPTIONAL`: texts, ``NA`` where a task has none; ``value``
        is a number.

    Raises
    ------
    DataError
        If there is no model output, a column is missing, or a value is no number.
    """
    root = Path(folder)
    if not root.is_dir():
        raise DataError(f"{root}: no such folder; must be a hub, with model-output/<model>/*.csv")
    output = root / _output_folder(root)
    strange = sorted(path for path in output.glob("*/*") if path.suffix in {".parquet", ".arrow"})
    if strange:
        raise DataError(f"{strange[0]}: only CSV files are read; write it as CSV")
    files = sorted(output.glob("*/*.csv"))
    if not files:
        raise DataError(f"{output}: no model output; must hold <model>/<round>-<model>.csv")
    return pd.concat([_rows(path) for path in files], ignore_index=True)


def _output_folder(root: Path) -> str:
    config = root / "hub-config" / "admin.json"
    if not config.is_file():
        return "model-output"
    with one_message(str(config), DataError):
        told = json.loads(read_regular(config, DataError, LARGEST)).get("model_output_dir")
    name = str(told or "model-output")
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise DataError(f"{config}: model_output_dir: found {name!r}, must be in the hub's folder")
    return name


def _rows(path: Path) -> pd.DataFrame:
    text = read_text(read_regular(path, DataError, LARGEST), str(path))
    lacks = [name for name in NEEDED if name not in text]
    if lacks:
        raise DataError(f"{path}: lacks the columns {', '.join(lacks)}")
    value = pd.to_numeric(text["value"], errors="coerce")
    wrong = ~np.isfinite(value.to_numpy(dtype=np.float64))
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            f"{path}: value in data row {row + 1}: found {shown(text['value'].iloc[row])}, must "
            "be a finite number"
        )
    known = {name: text.get(name, "NA") for name in (*NEEDED, *OPTIONAL)}
    return pd.DataFrame({"model": path.parent.name, **known}).assign(value=value)
