"""Growth of output per worker divided among capital, human capital and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.errors import DataError

NEEDED = ("rgdpna", "emp", "hc", "rnna", "labsh")
OPTIONAL = ("pop", "rtfpna")


def growth_accounting(pwt: pd.DataFrame, spans: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Return growth of output per worker by source, economy and span of years.

    With y output, k capital and h human capital per worker, and s the labour share, all in logs
    and year by year (Törnqvist weights, as the Penn World Table's own ``rtfpna``; Feenstra,
    Inklaar and Timmer 2015):

        dy = (1 - s) dk + s dh + dA,    s the mean of the two years' labour shares.

    Parts are sums of the years' over the span, divided by its length: they add up exactly. Output
    per head grows by output per worker and workers per head.

    Parameters
    ----------
    pwt : pandas.DataFrame
        Penn World Table: ``country, year, rgdpna, emp, hc, rnna, labsh``; ``pop`` for output per
        head, ``rtfpna`` to compare.
    spans : sequence of (first, last)
        Growth is from the level of ``first`` to that of ``last``.

    Returns
    -------
    pandas.DataFrame
        ``country, first, last, output_per_worker, capital, human_capital, tfp``, % a year, log
        changes; ``output_per_head, workers_per_head`` where population is known; ``published_tfp``,
        the growth of ``rtfpna``, and ``difference``, tfp less it: edition 9.1 takes services of
        capital, not the stock, and hours where they are known. Economies without all years of a
        span have no row of it.

    Raises
    ------
    DataError
        If a column is missing or a span has no length.
    """
    missing = [name for name in NEEDED if name not in pwt]
    if missing:
        raise DataError(f"growth accounting: column {missing[0]!r} is missing")
    for first, last in spans:
        if first >= last:
            raise DataError(f"growth accounting: span {first}-{last}: must end after it begins")
    years = range(int(pwt["year"].min()), int(pwt["year"].max()) + 1)
    yearly = _yearly({
        name: pwt.pivot(index="year", columns="country", values=name).reindex(years)
        for name in (*NEEDED, *OPTIONAL) if name in pwt
    })  # fmt: skip
    pieces = []
    for first, last in spans:
        if first not in years or last not in years:
            continue
        span = slice(first + 1, last)
        sums = {name: table.loc[span].sum(skipna=False) for name, table in yearly.items()}
        found = 100 * pd.DataFrame(sums) / (last - first)
        found = found.dropna(subset=["output_per_worker", "capital", "human_capital"])
        pieces.append(found.rename_axis("country").reset_index().assign(first=first, last=last))
    columns = ["country", "first", "last", *yearly]
    if not pieces:
        return pd.DataFrame(columns=columns)
    whole = pd.concat(pieces, ignore_index=True)[columns]
    return whole.sort_values(["country", "first", "last"], ignore_index=True)


def _yearly(wide: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return log changes on the year before, years by economies."""
    logs = {name: table.where(table > 0).transform(np.log) for name, table in wide.items()}
    output = (logs["rgdpna"] - logs["emp"]).diff()
    capital = (logs["rnna"] - logs["emp"]).diff()
    schooling = logs["hc"].diff()
    labour = (wide["labsh"] + wide["labsh"].shift()) / 2
    of_capital, of_schooling = (1 - labour) * capital, labour * schooling
    found = {
        "output_per_worker": output,
        "capital": of_capital,
        "human_capital": of_schooling,
        "tfp": output - of_capital - of_schooling,
    }
    if "pop" in logs:
        workers = (logs["emp"] - logs["pop"]).diff()
        found |= {"workers_per_head": workers, "output_per_head": output + workers}
    if "rtfpna" in logs:
        found["published_tfp"] = logs["rtfpna"].diff()
        found["difference"] = found["tfp"] - found["published_tfp"]
    return found
