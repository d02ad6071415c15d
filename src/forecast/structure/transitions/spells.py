"""How long economies stayed in an income class."""

from __future__ import annotations

import pandas as pd

from forecast.statistics.income_classes.classes import CLASSES, class_changes, plain_classes

RANKS = {name: rank for rank, name in enumerate(CLASSES)}


def class_spells(history: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of classified years in one class: they partition the record.

    Years without a classification between two of the same class do not end a spell.

    Parameters
    ----------
    history : pandas.DataFrame
        ``country, year, income_class`` (L, LM, UM, H; ``LM*`` counts as LM).

    Returns
    -------
    pandas.DataFrame
        ``country, income_class``; ``first, last``, data years; ``classified``, years of them with
        a classification; ``years``, last - first + 1; ``from_class`` and ``to_class``, the classes
        before and after, None where the record begins or ends; ``move``, 1 up, -1 down, 0 where
        the record ends.

    Raises
    ------
    DataError
        If a class is none of these.
    """
    ordered = history.sort_values(["country", "year"], ignore_index=True)
    changes = class_changes(ordered).assign(begins=True)
    marked = ordered.merge(changes, on=["country", "year"], how="left")
    marked["number"] = marked["begins"].notna().groupby(marked["country"]).cumsum()
    marked["income_class"] = plain_classes(marked)
    spells = marked.groupby(["country", "number"], as_index=False).agg(
        income_class=("income_class", "first"),
        first=("year", "min"),
        last=("year", "max"),
        classified=("year", "size"),
    )
    by_country = spells.groupby("country")["income_class"]
    before, after = by_country.shift(1), by_country.shift(-1)
    step = after.map(RANKS) - spells["income_class"].map(RANKS)
    return spells.assign(
        years=spells["last"] - spells["first"] + 1,
        from_class=before.astype(object).where(before.notna(), None),
        to_class=after.astype(object).where(after.notna(), None),
        move=step.fillna(0).clip(-1, 1).astype(int),
    ).drop(columns="number")
