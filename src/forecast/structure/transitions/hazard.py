"""The hazard of leaving a class upward, year by year of a spell, and what it goes with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.statistics.significance.tails import normal_quantile, normal_sf
from forecast.structure.binary_regression import binary_regression

PERIOD = 5  # years of a period mean


def spell_years(spells: pd.DataFrame, income_class: str = "UM") -> pd.DataFrame:
    """Return the years in which spells of a class could have ended, one row each.

    A spell of n years that ended gives n rows, its last with the way it went; one still on gives
    n - 1, for whether it goes on after the last year is not seen. Spells on when the record
    begins are left out.

    Parameters
    ----------
    spells : pandas.DataFrame
        Of `forecast.structure.transitions.spells.class_spells`.
    income_class : str

    Returns
    -------
    pandas.DataFrame
        ``country, entry`` (first year of the spell), ``duration`` (1, 2, ...), ``up``, ``down``
        (bool: the spell ended so after this year).

    Raises
    ------
    DataError
        If there is no such year.
    """
    own = spells[(spells["income_class"] == income_class) & spells["from_class"].notna()]
    rows = [
        (country, entry, t, move > 0 and t == years, move < 0 and t == years)
        for country, entry, years, move in own[["country", "first", "years", "move"]].itertuples(
            index=False
        )
        for t in range(1, years + (move != 0))
    ]
    if not rows:
        raise DataError(f"hazard: no spell of {income_class} begins in the record and goes on")
    return pd.DataFrame(rows, columns=["country", "entry", "duration", "up", "down"])


def at_entry(periods: pd.DataFrame, entries: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the means of the last whole period that ended by the year of entry.

    Parameters
    ----------
    periods : pandas.DataFrame
        ``country, year`` (last of the period) and the columns ``names``.
    entries : pandas.DataFrame
        ``country, entry``.
    names : sequence of str

    Returns
    -------
    pandas.DataFrame
        ``entries`` with the columns; NaN where no period ended within five years before entry.
    """
    left = entries.reset_index(names="place").sort_values("entry")
    right = periods[["country", "year", *names]].sort_values("year")
    found = pd.merge_asof(
        left, right, left_on="entry", right_on="year", by="country", tolerance=PERIOD - 1
    )
    return found.sort_values("place").drop(columns=["place", "year"]).reset_index(drop=True)


def trailing_means(
    annual: pd.DataFrame, entries: pd.DataFrame, names: Sequence[str], least: int = 3
) -> pd.DataFrame:
    """Return the means of the five years up to and with the year of entry.

    Parameters
    ----------
    annual : pandas.DataFrame
        The columns ``names`` on (country, year).
    entries : pandas.DataFrame
        ``country, entry``.
    names : sequence of str
    least : int
        Values that a mean must have.

    Returns
    -------
    pandas.DataFrame
        ``entries`` with the columns; NaN where there are fewer values.
    """
    years = annual.index.get_level_values("year")
    every = pd.MultiIndex.from_product(
        [annual.index.get_level_values("country").unique(), range(years.min(), years.max() + 1)],
        names=["country", "entry"],
    )
    whole = annual[list(names)].rename_axis(["country", "entry"]).reindex(every)
    rolled = whole.groupby(level="country").rolling(PERIOD, min_periods=least).mean().droplevel(0)
    return entries.merge(rolled.reset_index(), on=["country", "entry"], how="left")


def exit_hazard(
    rows: pd.DataFrame, names: Sequence[str], link: str = "cloglog", level: float = 0.95
) -> pd.DataFrame:
    """Return the regression of leaving upward on the log of duration and what is given.

    A spell that ends downward is censored then: the hazard is of its cause. Rows that lack a
    column are left out.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of `spell_years`, with the columns ``names``.
    names : sequence of str
    link : {"cloglog", "logit"}
    level : float

    Returns
    -------
    pandas.DataFrame
        A row a term: ``term, estimate, std_error`` (clustered by country), ``ratio`` of hazards
        (logit: of odds) a unit with ``low, high``, ``p_value``; ``spells, events, rows,
        economies``, the same in each.

    Raises
    ------
    EstimationError
        If there is no estimate.
    DataError
        If no row has every column, or none of those ended upward.
    """
    whole = rows.dropna(subset=list(names))
    y = whole["up"].to_numpy(dtype=np.float64)
    if not y.any():
        raise DataError(f"hazard: no spell with {', '.join(names) or 'a duration'} ended upward")
    x = np.column_stack([
        np.ones(len(whole)), np.log(whole["duration"].to_numpy(dtype=np.float64)),
        *(whole[name].to_numpy(dtype=np.float64) for name in names),
    ])  # fmt: skip
    codes, economies = pd.factorize(whole["country"])
    fit = binary_regression(y, x, codes, link)
    reach = normal_quantile(0.5 + level / 2) * fit.errors
    return pd.DataFrame({
        "term": ["constant", "log duration", *names],
        "estimate": fit.params,
        "std_error": fit.errors,
        "ratio": np.exp(fit.params),
        "low": np.exp(fit.params - reach),
        "high": np.exp(fit.params + reach),
        "p_value": 2 * normal_sf(np.abs(fit.params / fit.errors)),
        "spells": whole.groupby(["country", "entry"]).ngroups,
        "events": int(y.sum()),
        "rows": len(whole),
        "economies": len(economies),
    })  # fmt: skip
