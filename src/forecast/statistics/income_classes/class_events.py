"""Two events that are not one: income above the high-income line, and the class in July."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.statistics.income_classes.class_lines import class_line
from forecast.statistics.income_classes.classes import CLASSES

HIGH = CLASSES[-1]


def class_events(
    income: pd.DataFrame, thresholds: pd.DataFrame, classes: pd.DataFrame
) -> pd.DataFrame:
    """Return every economy-year whose income, line and class are known.

    Income is that of the edition at hand, the class is as published in the July after the year:
    later revisions of income are in the first and not in the second.

    Parameters
    ----------
    income : pandas.DataFrame
        Years by countries: GNI per capita, Atlas method, current US$.
    thresholds : pandas.DataFrame
        ``year`` and ``high_above``.
    classes : pandas.DataFrame
        ``country, year, income_class`` (``LM*`` counts as LM).

    Returns
    -------
    pandas.DataFrame
        ``country, year``; ``margin``, log of income over the line; ``above``; ``high``, whether the
        class is H; ``was_high``, 1 or 0 as the class of the year before was H, NaN where none was.
    """
    line = class_line(thresholds)
    margin = pd.DataFrame(np.log(income.div(line, axis=0).reindex(line.index)))
    margin = margin.rename_axis(index="year", columns="country")
    told = classes.assign(high=classes["income_class"].str.rstrip("*") == HIGH)
    told = told[classes["income_class"].str.rstrip("*").isin(CLASSES)]
    before = told.assign(year=told["year"] + 1, was_high=told["high"].astype(float))
    long = margin.reset_index().melt("year", var_name="country", value_name="margin").dropna()
    both = told.merge(before[["country", "year", "was_high"]], on=["country", "year"], how="left")
    found = both.merge(long, on=["country", "year"])
    found = found.assign(above=found["margin"] > 0)
    columns = ["country", "year", "margin", "above", "high", "was_high"]
    return found[columns].sort_values(["year", "country"], ignore_index=True)


def disagreements(events: pd.DataFrame, spans: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Return how often income and class disagree, by span of years.

    Returns
    -------
    pandas.DataFrame
        ``first, last``; ``n`` economy-years and ``near`` the line (within 20 % in logs);
        ``above_not_high`` and ``above_not_high_near``; ``below_but_high``.
    """
    rows = []
    near = events["margin"].abs() < 0.2
    one, other = events["above"] & ~events["high"], ~events["above"] & events["high"]
    for first, last in spans:
        span = events["year"].between(first, last)
        rows.append({
            "first": first,
            "last": last,
            "n": int(span.sum()),
            "near": int((span & near).sum()),
            "above_not_high": int((span & one).sum()),
            "above_not_high_near": int((span & one & near).sum()),
            "below_but_high": int((span & other).sum()),
        })  # fmt: skip
    return pd.DataFrame(rows)


def waiting(events: pd.DataFrame) -> pd.DataFrame:
    """Return the economy-years above the line of economies that were not high income before."""
    return events[events["above"] & (events["was_high"] == 0)].reset_index(drop=True)
