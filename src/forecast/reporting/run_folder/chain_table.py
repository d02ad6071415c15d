"""What the income chain says of one economy: means and scales of its parts by horizon."""

from __future__ import annotations

import pandas as pd

from forecast.crosscountry.chain.record import LONGEST, MOMENTS, ChainFit, moment_columns


def chain_table(fit: ChainFit, country: str) -> pd.DataFrame:
    """Return ``years, growth_mean, growth_scale, exchange_mean, exchange_scale``, log points x 100.

    Of the sums over that many years from the origin on: growth per head, and the real exchange rate
    against the line. Errors of past economies times the scale are added to the mean.
    """
    row = 100 * fit.moments.loc[country]
    parts = {name: row[moment_columns(name)].to_numpy() for name in MOMENTS}
    return pd.DataFrame({"years": range(1, LONGEST + 1), **parts})
