"""Whether income that has passed a line is below it again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd


def line_passages(ratios: pd.DataFrame, since: int) -> pd.DataFrame:
    """Return every passage: a year above the line after a year below it, both known.

    Parameters
    ----------
    ratios : pandas.DataFrame
        Consecutive years by countries: log of income over the line.
    since : int
        First year of a passage.

    Returns
    -------
    pandas.DataFrame
        ``country, year``; ``margin``, log points (fractions) above the line; ``years_above``, years
        after it that income stayed above; ``known``, years known after it without a gap.
    """
    rows = []
    years = ratios.index.to_numpy(dtype=np.int64)
    for country in ratios.columns:
        one = ratios[country].to_numpy(dtype=np.float64)
        for t in np.flatnonzero((one[1:] > 0) & (one[:-1] <= 0)) + 1:
            if years[t] < since:
                continue
            after = one[t + 1 :]
            gaps = np.flatnonzero(~np.isfinite(after))
            known = int(gaps[0]) if len(gaps) else len(after)
            back = np.flatnonzero(after[:known] <= 0)
            rows.append({
                "country": country,
                "year": int(years[t]),
                "margin": float(one[t]),
                "years_above": int(back[0]) if len(back) else known,
                "known": known,
            })  # fmt: skip
    columns = ["country", "year", "margin", "years_above", "known"]
    return pd.DataFrame(rows, columns=columns).sort_values(["year", "country"], ignore_index=True)


def fallen_back(
    passages: pd.DataFrame, within: Sequence[int], edges: Sequence[float]
) -> pd.DataFrame:
    """Return the share of passages below the line again within some years, by margin.

    Parameters
    ----------
    passages : pandas.DataFrame
        Of ``line_passages``.
    within : sequence of int
        Years.
    edges : sequence of float
        Of the bands of ``margin``, the last open; a band of all comes first.

    Returns
    -------
    pandas.DataFrame
        ``low, high`` (NaN, NaN: all), ``years, passages`` (known for so long), ``back, share``.
    """
    bands: list[tuple[float, float]] = [(np.nan, np.nan), *pairwise([*edges, np.inf])]
    rows = []
    for low, high in bands:
        inside = (passages["margin"] >= low) & (passages["margin"] < high) | np.isnan(low)
        for years in within:
            told = passages[inside & (passages["known"] >= years)]
            back = int((told["years_above"] < years).sum())
            share = back / len(told) if len(told) else np.nan
            rows.append({
                "low": low, "high": high, "years": years, "passages": len(told), "back": back,
                "share": share,
            })  # fmt: skip
    return pd.DataFrame(rows)
