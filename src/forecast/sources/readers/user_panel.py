"""A panel of the user's own, from CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from forecast.errors import DataError, unknown
from forecast.panel import INDEX, Panel
from forecast.statistics.imputed import flat_runs


def read_panel(path: Path | str, entity: str, time: str) -> Panel:
    """Return the panel in a CSV file with a header row.

    Parameters
    ----------
    path : Path or str
        UTF-8 CSV; empty cells, ``NA``, ``NaN`` and ``.`` are missing.
    entity, time : str
        Columns of the entity's label (any text) and of the period (whole numbers). Every other
        column that holds numbers only becomes a variable; columns with text are left out. Runs of
        4 or more equal values are marked as imputed.

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing, a period is not a whole number, or a key
        occurs twice.
    """
    path = Path(path)
    try:
        frame = pd.read_csv(
            path, dtype={entity: str}, keep_default_na=False, na_values=["", "NA", "NaN", "."]
        )
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as CSV: {error}") from None
    for name in (entity, time):
        if name not in frame.columns:
            raise DataError(f"{path.name}: {unknown(name, frame.columns, 'column')}")
    _check_keys(frame, path, entity, time)
    frame = frame.rename(columns={entity: INDEX[0], time: INDEX[1]})
    frame[INDEX[1]] = frame[INDEX[1]].astype(int)
    frame = frame.set_index(list(INDEX))
    numeric = frame.select_dtypes("number").astype(float)
    return Panel(numeric, source=path.name, imputed=flat_runs(numeric))


def _check_keys(frame: pd.DataFrame, path: Path, entity: str, time: str) -> None:
    periods = pd.to_numeric(frame[time], errors="coerce")
    bad = periods.isna() | (periods % 1 != 0)
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise DataError(
            f"{path.name}: row {row + 2}: {time} is {frame[time].iloc[row]!r}, "
            "must be a whole number"
        )
    nameless = frame[entity].isna()
    if nameless.any():
        raise DataError(f"{path.name}: row {int(nameless.to_numpy().argmax()) + 2}: no {entity}")
    twice = frame.duplicated([entity, time])
    if twice.any():
        row = int(twice.to_numpy().argmax())
        key = (frame[entity].iloc[row], frame[time].iloc[row])
        raise DataError(f"{path.name}: row {row + 2}: {key} occurs more than once")
