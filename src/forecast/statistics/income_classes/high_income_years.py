"""In which years each economy was classed high income, from what a package carries."""

from __future__ import annotations

import pandas as pd

from forecast.statistics.income_classes.classes import CLASSES

HIGH = CLASSES[-1]


def high_from_classes(classes: pd.DataFrame) -> pd.DataFrame:
    """Return ``country, year, high`` for every year in which an economy was classed.

    Parameters
    ----------
    classes : pandas.DataFrame
        ``country, year, income_class``; year is that of the income, before the July of the class.
    """
    plain = classes["income_class"].str.rstrip("*")
    known = plain.isin(CLASSES)
    return classes.loc[known, ["country", "year"]].assign(high=plain[known] == HIGH)


def high_from_changes(
    changes: pd.DataFrame, incomes: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Return ``country, year, high`` from changes of class; years without a class are not told.

    Parameters
    ----------
    changes : pandas.DataFrame
        ``country, year, from_class, to_class``.
    incomes : pandas.DataFrame
        ``country, ratio_to_line``: an economy without a change was high income throughout where
        all its ratios are above 1, and never where all are below; otherwise it is left out.
    first, last : int
        Years of the classification.
    """
    pieces = []
    years = pd.Index(range(first, last + 1), name="year")
    for country, own in changes.sort_values("year").groupby("country"):
        state = pd.Series(own["to_class"].to_numpy(), index=own["year"].to_numpy()).reindex(years)
        state = state.ffill().fillna(str(own["from_class"].iloc[0]))
        high = state.str.rstrip("*") == HIGH
        pieces.append(pd.DataFrame({"country": country, "year": years, "high": high.to_numpy()}))
    ratio = incomes.dropna(subset=["ratio_to_line"]).groupby("country")["ratio_to_line"]
    for country, low, high in zip(ratio.min().index, ratio.min(), ratio.max(), strict=True):
        if country not in set(changes["country"]) and (low > 1 or high < 1):
            pieces.append(pd.DataFrame({"country": country, "year": years, "high": low > 1}))
    if not pieces:
        return pd.DataFrame(columns=["country", "year", "high"])
    return pd.concat(pieces, ignore_index=True)
