"""The keys of a user's table: labels of entities and periods."""

from __future__ import annotations

import re

import numpy as np

from forecast.arrays import Integers
from forecast.errors import DataError
from forecast.sources.readers.tables.record import Table, as_text, as_told

PERIOD = re.compile(
    r"(?:YR)?([-+]?\d{1,6})(?:\.0*)?(?:\s*\[YR\d{4}\])?|(\d{4})-(?:01-01|12-31)(?:[ T]00:00:00)?"
)


def read_labels(table: Table, place: int) -> list[str]:
    """Return a column's labels, blanks at their ends and doubled blanks taken away.

    Raises
    ------
    DataError
        If a row has none, or one that cannot be printed.
    """
    labels = [as_text(cell) for cell in table.columns[place]]
    known = {label: " ".join(label.split()) for label in set(labels)}
    bad = {label for label, plain in known.items() if not plain or not plain.isprintable()}
    for row, label in enumerate(labels):
        if label in bad:
            where = f"{table.where}: row {table.line(place, row)}"
            if not known[label]:
                raise DataError(f"{where}: no {table.names[place]}")
            raise DataError(f"{where}: {table.names[place]} is {as_told(label)}, must be text")
    return [known[label] for label in labels]


def read_periods(table: Table, place: int) -> Integers:
    """Return a column's periods: 1999, also as 1999.0, YR1999, 1 January or 31 December.

    Raises
    ------
    DataError
        If a cell is no whole number.
    """
    texts = [as_text(cell) for cell in table.columns[place]]
    known: dict[str, int] = {}
    for row, text in enumerate(texts):
        if text not in known:
            found = PERIOD.fullmatch(text)
            if found is None:
                raise DataError(
                    f"{table.where}: row {table.line(place, row)}: {table.names[place]} is "
                    f"{as_told(text)}, must be a whole number"
                )
            known[text] = int(found[1] or found[2])
    return np.array([known[text] for text in texts], dtype=np.int64)
