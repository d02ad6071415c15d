"""Agriculture, industry and the rest at current prices, and what they can say of growth."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from forecast.errors import DataError

SHARES = {"agriculture_share": "agriculture", "industry_share": "industry"}
OUTPUT = "output_per_worker"
WHOLE = "all"  # the row that sums the sectors
SECTORS = (*SHARES.values(), "remainder")


def broad_sectors(frame: pd.DataFrame) -> pd.DataFrame:
    """Return agriculture, industry and what remains in % of GDP, and their changes.

    Shares are of value added at current prices: they hold prices and volumes together, so nothing
    of the change can be called growth within a sector.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``agriculture_share`` and ``industry_share``, % of GDP, on (country, year).

    Returns
    -------
    pandas.DataFrame
        ``country, year, agriculture, industry, remainder`` (services, and taxes less subsidies on
        products), and each one's change on the row before, points.

    Raises
    ------
    DataError
        If a column is missing.
    """
    shares = _shares(frame).sort_index()
    changes = shares.groupby(level="country").diff().add_suffix("_change")
    return shares.join(changes).reset_index()


def sector_contributions(frame: pd.DataFrame, spans: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Return what broad sectors add to growth of output per worker, at their current prices.

    With v a sector's share of GDP at current prices, and G growth of real output per worker over
    the span, its contribution is v1 (1 + G) - v0: the whole of its row in the generalised exactly
    additive decomposition (`shift_share`, GEAD), which needs neither the sector's deflator nor its
    employment. Of its parts only these can be told: ``at_first_share`` = v0 G, what it adds with
    its share held, and ``from_share`` = (v1 - v0)(1 + G). The first is not growth within the
    sector, nor the second a movement of workers: prices, volumes and workers are in both.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``agriculture_share, industry_share`` (% of GDP) and ``output_per_worker`` (constant
        prices) on (country, year).
    spans : sequence of (first, last)

    Returns
    -------
    pandas.DataFrame
        ``country, first, last, sector`` (``all``: their sum), ``share_first, share_last`` (% of
        GDP), ``at_first_share, from_share, total`` (% of output per worker in ``first``, over the
        whole span). Economies without both years of a span have no row of it.

    Raises
    ------
    DataError
        If a column is missing, or a span has no length.
    """
    shares = _shares(frame)
    if OUTPUT not in frame:
        raise DataError(f"broad sectors: column {OUTPUT!r} is missing")
    output = frame[OUTPUT].dropna()
    known = shares.assign(**{WHOLE: 100.0}).join(output, how="inner")
    pieces = []
    for first, last in spans:
        if first >= last:
            raise DataError(f"broad sectors: span {first}-{last}: must end after it begins")
        before, after = (_year(known, year) for year in (first, last))
        both = before.index.intersection(after.index)
        growth = after.loc[both, OUTPUT] / before.loc[both, OUTPUT] - 1
        pieces += [
            _rows(before.loc[both, name], after.loc[both, name], growth).assign(
                first=first, last=last, sector=name
            )
            for name in (*SECTORS, WHOLE)
        ]
    rows = pd.concat(pieces).rename_axis("country").reset_index()
    keys = ["country", "first", "last"]  # a stable sort keeps the sectors' order
    ordered = rows.sort_values(keys, kind="stable", ignore_index=True)
    return ordered[[*keys, "sector", *(name for name in rows if name not in (*keys, "sector"))]]


def _shares(frame: pd.DataFrame) -> pd.DataFrame:
    for name in SHARES:
        if name not in frame:
            raise DataError(f"broad sectors: column {name!r} is missing")
    shares = frame[list(SHARES)].dropna().rename(columns=SHARES)
    return shares.assign(remainder=100 - shares.sum(axis=1))


def _year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    return table[table.index.get_level_values("year") == year].droplevel("year")


def _rows(before: pd.Series, after: pd.Series, growth: pd.Series) -> pd.DataFrame:
    held, moved = before * growth, (after - before) * (1 + growth)
    return pd.DataFrame({
        "share_first": before, "share_last": after,
        "at_first_share": held, "from_share": moved, "total": held + moved,
    })  # fmt: skip
