"""Changes of income class in a history of classifications."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError

CLASSES = ("L", "LM", "UM", "H")


def class_changes(history: pd.DataFrame) -> pd.DataFrame:
    """Return every change of income class.

    A change is dated by the data year of the new class. Where an economy was not classified for
    some years, its class is compared with the last one before. ``LM*``, which the World Bank
    prints for two early years of Yemen, is taken as LM.

    Parameters
    ----------
    history : pandas.DataFrame
        Columns country, year, income_class (L, LM, UM, H, LM*).

    Returns
    -------
    pandas.DataFrame
        Columns country, year, from_class, to_class, by country and year.

    Raises
    ------
    DataError
        If a class is none of these.
    """
    ordered = history.sort_values(["country", "year"], ignore_index=True)
    income_class = plain_classes(ordered)
    before = income_class.groupby(ordered["country"]).shift()
    changed = before.notna() & (before != income_class)
    changes = ordered.loc[changed, ["country", "year"]]
    changes = changes.assign(from_class=before[changed], to_class=income_class[changed])
    return changes.reset_index(drop=True)


def plain_classes(history: pd.DataFrame) -> pd.Series:
    """Return the classes of a history's rows, ``LM*`` as LM.

    Raises
    ------
    DataError
        If a class is none of `CLASSES`.
    """
    income_class = history["income_class"].astype(str).str.rstrip("*")
    strange = ~income_class.isin(CLASSES)
    if strange.any():
        row = history.iloc[int(np.argmax(strange.to_numpy()))]
        raise DataError(
            f"income classes: {row['country']} {row['year']}: found {row['income_class']!r}, "
            f"must be one of {', '.join(CLASSES)}"
        )
    return income_class
