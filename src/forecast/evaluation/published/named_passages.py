"""Years of passage that others named for many economies, beside the income chain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import ChainFit
from forecast.crosscountry.class_entry import ClassEntry, classified_by

SEED = 0


def named_passages(
    named: pd.DataFrame, fit: ChainFit, entry: ClassEntry | None = None
) -> pd.DataFrame:
    """Return what the income chain says of each year named.

    Parameters
    ----------
    named : pandas.DataFrame
        Of `sources.readers.published_passages`; years after the fit's origin.
    fit : ChainFit
    entry : ClassEntry or None
        For the probability of the class, where given.

    Returns
    -------
    pandas.DataFrame
        ``made, by, country, year``; ``over_line``, income over the line at the origin (1 is on it);
        ``passed``, the probability that income is above the line in any year after the origin
        through the one named (an economy that is above it already may fall first); ``half``, the
        first year by which that probability is one half or more, missing beyond the last year
        named; ``classified``, that the class is high income by the year named, NaN without
        ``entry``. In the order of ``named``; economies without a forecast are left out.
    """
    rows = named[named["country"].isin(fit.state.index) & (named["year"] > fit.origin)]
    codes = list(dict.fromkeys(rows["country"]))
    horizon = int(rows["year"].max()) - fit.origin
    made = forecast_chain(fit, codes, horizon=horizon, rng=np.random.default_rng(SEED))
    by = count_passages(made).by
    classed = np.full_like(by, np.nan) if entry is None else classified_by(made, entry)
    place = pd.Index(codes).get_indexer(pd.Index(rows["country"]))
    ahead = rows["year"].to_numpy() - fit.origin - 1
    likely = by[place] >= 0.5
    first = fit.origin + 1 + likely.argmax(axis=1)
    return rows[["made", "by", "country", "year"]].assign(
        over_line=np.exp(made.relative)[place],
        passed=by[place, ahead],
        half=np.where(likely.any(axis=1), first, np.nan),
        classified=classed[place, ahead],
    )
