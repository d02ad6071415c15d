"""A run as Stata files: one a table, names and labels within Stata's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.reporting.export.unused_name import unused_name
from forecast.reporting.run_folder.fields import column_note, table_note
from forecast.reporting.run_folder.saved_run import SavedRun

# Stata 18, User's guide, [U] 11.3 (names) and 12.6 (labels); help reserved.
NAME, LABEL = 32, 80
LARGEST = 8.988465674311579e307  # [U] 12.2.2
RESERVED = {
    "aggregate", "array", "boolean", "break", "byte", "case", "catch", "class", "colvector",
    "complex", "const", "continue", "default", "delegate", "delete", "do", "double", "else",
    "eltypedef", "end", "enum", "explicit", "export", "external", "float", "for", "friend",
    "function", "global", "goto", "if", "in", "inline", "int", "local", "long", "NULL", "pragma",
    "protected", "quad", "rowvector", "short", "str", "strL", "typedef", "typename", "using",
    "virtual", "with", "_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_se",
    "_skip",
}  # fmt: skip
# The file's own date, so that its bytes depend on the table alone.
DAWN = datetime(1980, 1, 1)


def stata_files(run: SavedRun) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return a ``.dta`` file (format 118: Stata 14 and later) a table, and remarks.

    A table without rows is left out: the format holds none. Labels end in the unit. Truth values
    are 0 and 1. A missing text is empty.
    """
    files, empty = {}, []
    for name, table in run.tables.items():
        if table.empty:
            empty.append(name)
            continue
        files[f"{name}.dta"] = _file(name, table)
    remarks = (f"without rows, left out: {', '.join(empty)}",) if empty else ()
    return files, remarks


def stata_names(columns: Iterable[str]) -> list[str]:
    """Return names that Stata allows, in order, each once.

    At most 32 letters, digits and underscores, not a digit first, none of Stata's own words.
    """
    found: list[str] = []
    for column in columns:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", column) or "_"
        own = plain in RESERVED or re.fullmatch(r"str\d+", plain) or plain[0].isdigit()
        found.append(unused_name(f"v_{plain}" if own else plain, found, NAME))
    return found


def _file(name: str, table: pd.DataFrame) -> bytes:
    columns = [str(column) for column in table.columns]
    names = stata_names(columns)
    buffer = BytesIO()
    plain = pd.DataFrame({own: _plain(table.iloc[:, i]) for i, own in enumerate(names)})
    plain.to_stata(
        buffer,
        write_index=False,
        version=118,
        time_stamp=DAWN,
        data_label=table_note(name).title[:LABEL],
        variable_labels=dict(zip(names, [_label(name, column) for column in columns], strict=True)),
    )
    return buffer.getvalue()


def _label(table: str, column: str) -> str:
    note = column_note(table, column)
    told = note.unit and note.unit != note.label.lower()
    return (f"{note.label} ({note.unit})" if told else note.label)[:LABEL]


def _plain(column: pd.Series) -> NDArray[Any]:
    """Return a column's values, whatever its index: texts, doubles, or integers where none lacks.

    Truth values are 0 and 1, as doubles where one is missing.
    """
    types = pd.api.types
    if not types.is_numeric_dtype(column):
        return column.astype(object).where(column.notna(), "").map(str).to_numpy()
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    values = np.where(np.abs(values) <= LARGEST, values, np.nan)
    whole = not types.is_float_dtype(column) and not np.isnan(values).any()
    if whole and np.abs(values).max() < 2**31 - 100:
        return values.astype(np.int8 if types.is_bool_dtype(column) else np.int32)
    return values
