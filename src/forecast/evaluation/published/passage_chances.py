"""What the shipped method would have said of one economy's passage, on given dates."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from forecast.crosscountry.income_record import IncomeRecord
from forecast.evaluation.crossing.backtest import forecast_crossing_at

SEED = 0


def passage_chances(
    ratios: pd.DataFrame,
    country: str,
    dates: Sequence[tuple[int, int]],
    record: IncomeRecord | None = None,
) -> pd.DataFrame:
    """Return the pool's probability of passing the high-income line.

    Parameters
    ----------
    ratios : pandas.DataFrame
        From `relative_income`, all economies.
    country : str
        ISO 3166 alpha-3.
    dates : sequence of (int, int)
        Last year known, and the year by which income is to have passed.
    record : IncomeRecord or None
        What the pool learns from; None: ``ratios`` alone.

    Returns
    -------
    pandas.DataFrame
        ``origin, by, probability``; no row where the economy was no case (below a fifth of the
        line, above it, or fewer than ten years on record).
    """
    rows = []
    for origin, by in dict.fromkeys(dates):
        past = ratios.loc[:origin]
        made = forecast_crossing_at(past, (by - origin,), ("pool",), SEED, record)
        own = made.loc[made["country"] == country, "probability"]
        rows += [{"origin": origin, "by": by, "probability": float(p)} for p in own]
    return pd.DataFrame(rows, columns=["origin", "by", "probability"])
