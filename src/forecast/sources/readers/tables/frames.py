"""Tables that carry types: pandas frames, Stata and Parquet files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.sources.readers.tables.record import Column, Table, as_told, check_size

PLAIN = ("int", "uint", "float", "double", "halffloat", "bool")  # Arrow's types of numbers


def from_frame(frame: pd.DataFrame, where: str) -> Table:
    """Return the columns of a frame, the named levels of its index first.

    Raises
    ------
    DataError
        If it is too large, has columns of several levels, or a level and a column share a name.
    """
    if isinstance(frame.columns, pd.MultiIndex):
        raise DataError(
            f"{where}: columns have {frame.columns.nlevels} levels, must have one; stack the "
            "others first"
        )
    numbers = sum(_is_plain(kind) for kind in frame.dtypes)
    rest = frame.shape[1] - numbers
    check_size(where, frame.shape[1], rest * len(frame), numbers * len(frame))
    if not len(frame):
        raise DataError(f"{where}: found no row")
    names = [_name(name, where) for name in frame.columns]
    columns = [_column(frame.iloc[:, i]) for i in range(len(names))]
    levels = [i for i, name in enumerate(frame.index.names) if name is not None]
    for place, level in enumerate(levels):
        name = _name(frame.index.names[level], where)
        if name in names:
            raise DataError(f"{where}: {name!r} is a level of the index and a column, must be one")
        names.insert(place, name)
        columns.insert(place, list(frame.index.get_level_values(level)))
    rows = range(1, len(frame) + 1)
    return Table(where=where, names=tuple(names), columns=tuple(columns), lines=rows)


def from_stata(data: bytes, where: str) -> Table:
    """Return the columns of a Stata file; raise DataError where it is none."""
    try:
        try:
            frame = pd.read_stata(BytesIO(data))
        except ValueError:  # labels of values that are not unique: their numbers stay
            frame = pd.read_stata(BytesIO(data), convert_categoricals=False)
    # a damaged file fails in any of a dozen classes of pandas, numpy and struct
    except Exception as error:
        raise _unreadable(where, "a Stata file", error) from None
    return from_frame(frame, where)


def from_parquet(path: Path, where: str) -> Table:
    """Return the columns of a Parquet file; raise DataError where it is none."""
    try:
        from pyarrow import parquet
    except ImportError:
        raise DataError(
            f"{where}: a Parquet file needs pyarrow, found none; install the extra [exchange]"
        ) from None
    try:
        with parquet.ParquetFile(path) as file:
            size = file.metadata
            numbers = sum(str(kind).startswith(PLAIN) for kind in file.schema_arrow.types)
            rest = size.num_columns - numbers
            check_size(where, size.num_columns, rest * size.num_rows, numbers * size.num_rows)
            frame = file.read().to_pandas()
    except DataError:
        raise
    except Exception as error:
        raise _unreadable(where, "a Parquet file", error) from None
    return from_frame(frame, where)


def _unreadable(where: str, what: str, error: Exception) -> DataError:
    said = str(error).split("\n")[0][:200] or type(error).__name__
    return DataError(f"{where}: cannot be read as {what}: {said}")


def _name(name: object, where: str) -> str:
    text = str(name).strip()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise DataError(f"{where}: column {as_told(text)}: is no text of Unicode") from None
    return text


def _is_plain(kind: Any) -> bool:
    """Return whether a column has numbers as such."""
    real = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind)
    return real and not isinstance(kind, pd.CategoricalDtype)


def _column(column: pd.Series) -> Column:
    if _is_plain(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return list(column)
