"""Survival of spells in a class: Kaplan and Meier's estimate, with Greenwood's variance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Mask, Vector
from forecast.errors import DataError
from forecast.statistics.significance.tails import normal_quantile

UNSEEN = 0.5  # of a year: what is censored in a year is not at risk of ending in it


def kaplan_meier(durations: Vector, ended: Mask, level: float = 0.95) -> pd.DataFrame:
    """Return the share of spells that outlast each duration.

    Parameters
    ----------
    durations : ndarray of shape (n,)
        Of each spell, as far as it is seen.
    ended : ndarray of shape (n,), bool
        Whether the spell ended then, or was still on when last seen.
    level : float
        Of the interval.

    Returns
    -------
    pandas.DataFrame
        One row a duration at which a spell ended: ``years``; ``at_risk``, spells seen so long;
        ``ended``; ``survival``, the product of 1 - d / n; ``se``, the root of Greenwood's (1926)
        variance S^2 sum d / (n (n - d)); ``low, high`` on the scale of log(-log S), within 0 and 1
        (Kalbfleisch and Prentice); NaN where survival is 0.

    Raises
    ------
    DataError
        If there is no spell, or a duration is not positive.
    """
    lengths, over = np.asarray(durations, dtype=np.float64), np.asarray(ended, dtype=bool)
    if not len(lengths) or not (lengths > 0).all():
        raise DataError("survival: durations must be positive, and at least one")
    times, deaths = np.unique(lengths[over], return_counts=True)
    risk = len(lengths) - np.searchsorted(np.sort(lengths), times, side="left")
    survival = np.cumprod(1 - deaths / risk)
    alive = survival > 0
    left = np.where(alive, risk - deaths, 1)
    greenwood = np.where(alive, np.cumsum(deaths / (risk * left)), np.nan)
    shown = np.where(alive, survival, np.nan)
    reach = normal_quantile(0.5 + level / 2) * np.sqrt(greenwood) / -np.log(shown)
    return pd.DataFrame({
        "years": times,
        "at_risk": risk,
        "ended": deaths,
        "survival": survival,
        "se": shown * np.sqrt(greenwood),
        "low": shown ** np.exp(reach),
        "high": shown ** np.exp(-reach),
    })  # fmt: skip


def class_survival(
    spells: pd.DataFrame, income_class: str = "UM", level: float = 0.95
) -> pd.DataFrame:
    """Return the survival of spells in a class whose beginning is in the record.

    A spell's years are those in the class. One still on when its economy is last classified is
    censored before that year's end: whether it goes on is not seen, so it is not at risk of
    ending at its last length. Spells on when the record begins are left out: their age is unknown.

    Parameters
    ----------
    spells : pandas.DataFrame
        Of `forecast.structure.transitions.spells.class_spells`.
    income_class : str
    level : float
        Of the interval.

    Returns
    -------
    pandas.DataFrame
        Of `kaplan_meier`, with ``up`` and ``down``: spells that ended in a higher and in a lower
        class at that duration; and ``left_up``, ``left_down``: the share of all spells that have
        ended so by then (Aalen and Johansen 1978), which with ``survival`` sum to 1.

    Raises
    ------
    DataError
        If there is no such spell.
    """
    own = spells[(spells["income_class"] == income_class) & spells["from_class"].notna()]
    if own.empty:
        raise DataError(f"survival: no spell of {income_class} begins in the record")
    ended = own["move"].to_numpy() != 0
    seen = own["years"].to_numpy(dtype=np.float64)
    found = kaplan_meier(np.where(ended, seen, seen - UNSEEN), ended, level)
    alive = found["survival"].shift(fill_value=1.0) / found["at_risk"]
    for name, move in (("up", 1), ("down", -1)):
        counts = own.loc[own["move"] == move, "years"].value_counts()
        found[name] = found["years"].map(counts).fillna(0).astype(int)
        found[f"left_{name}"] = (alive * found[name]).cumsum()
    return found.astype({"years": int})
