"""The published limits of the income classes, each as a series by year."""

from __future__ import annotations

import pandas as pd

from forecast.errors import SpecError, choose

CLASS_LINES = {
    "lower_middle": "low_at_most",
    "upper_middle": "lower_middle_at_most",
    "high": "high_above",
}
"""Class that is entered, and the column of ``thresholds`` that income must exceed for it."""


def class_line(thresholds: pd.DataFrame, line: str = "high") -> pd.Series:
    """Return the line above which an economy is of a class, by year of the data.

    Parameters
    ----------
    thresholds : pandas.DataFrame
        Table ``thresholds``: ``year`` and the columns of `CLASS_LINES`.
    line : str
        Class that is entered: a key of `CLASS_LINES`.

    Returns
    -------
    pandas.Series
        Current US$ (Atlas method), index year.

    Raises
    ------
    SpecError
        If the line is unknown.
    """
    return thresholds.set_index("year")[choose(line, CLASS_LINES, "line", SpecError)].astype(float)
