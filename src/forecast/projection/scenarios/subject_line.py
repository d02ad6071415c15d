"""The line that a study's income is measured against, on the draws that all scenarios share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array, Paths
from forecast.errors import DataError
from forecast.income.lines import (
    Line,
    constant_line,
    published_line,
    relative_line,
    stated_line,
)
from forecast.projection.baseline.state import frontier, frontier_growth
from forecast.projection.futures.futures import Futures, Inputs
from forecast.projection.futures.grown_since import grown_since
from forecast.randomness.streams import Streams
from forecast.specs.line import LineSpec
from forecast.statistics.income_classes.class_lines import CLASS_LINES

LEADER = "USA"
PERIOD = 5  # years of a mean in the table ``relative_income``


def subject_line(
    spec: LineSpec,
    inputs: Inputs,
    futures: Futures,
    streams: Streams,
) -> Line:
    """Return the draws of a line beside those of the subject's income.

    A share of United States income needs the frontier's growth: output per worker as in
    `frontier_growth`, with the random numbers that the gap to the frontier uses, and employment
    per person as the share of ages 15-64 where the population projection has that of the United
    States (otherwise it stands still).

    Parameters
    ----------
    spec : LineSpec
    inputs : Inputs
        Where its annual series have no income at purchasing power parity, the last five-year mean
        of ``relative_income`` is carried to the last known year.
    futures : Futures
        Drawn from ``inputs``.
    streams : Streams
        Those that ``futures`` were drawn with.

    Raises
    ------
    DataError, ProjectionError
        If the line cannot be laid out for this subject and horizon.
    """
    accounts, history = futures.accounts, futures.setting.history
    if spec.kind in CLASS_LINES:
        return published_line(spec, accounts, history, inputs.thresholds)
    if spec.kind == "constant":
        return constant_line(spec, accounts, history)
    if spec.kind == "path":
        return stated_line(spec, accounts, history)
    today = relative_today(inputs, futures)
    return relative_line(spec, accounts, history, today, _leader(inputs, futures, streams))


def _leader(inputs: Inputs, futures: Futures, streams: Streams) -> Paths:
    """Return growth of real income per head in the United States, (draws, t)."""
    panel, (draws, years) = futures.setting.growth_panel, futures.accounts.growth.shape
    blocks = [
        frontier_growth(
            frontier(panel), (size, years), streams.at(number).pair("frontier"), panel.step
        )
        for number, size in enumerate(futures.setting.sizes(draws))
    ]
    return np.concatenate(blocks) + _employment(inputs, futures)


def _employment(inputs: Inputs, futures: Futures) -> Array:
    table = inputs.population
    rows = table[(table["country"] == LEADER) & (table["variable"] == "share_15_64")]
    share = rows.set_index("year")["value"].reindex([futures.origin, *futures.years])
    if share.isna().any():
        return np.zeros(len(futures.years))
    return np.asarray(100 * np.diff(np.log(share.to_numpy(dtype=np.float64))))


def relative_today(inputs: Inputs, futures: Futures) -> float:
    """Return the subject's share of United States income per head in the last known year.

    Raises
    ------
    DataError
        If the package does not tell it.
    """
    country, known = futures.country, inputs.annual.through(futures.origin)
    if "gni_pc_ppp" in known.frame and LEADER in known.countries():
        pair = pd.DataFrame({c: known.series(c, "gni_pc_ppp") for c in (country, LEADER)}).dropna()
        if futures.origin in pair.index:
            return float((pair[country] / pair[LEADER]).loc[futures.origin])
    table = inputs.relative_income
    if table is None:
        raise DataError(f"{country}: no income at purchasing power parity for {futures.origin}")
    rows = table[(table["country"] == country) & (table["year"] <= futures.origin)]
    rows = rows.dropna(subset="relative_to_usa")
    if rows.empty:
        raise DataError(f"{country}: no income relative to the United States in the data package")
    year = int(rows["year"].max())
    middle = year - PERIOD // 2
    since = grown_since(known, country, middle, futures.origin)
    ahead = frontier(futures.setting.growth_panel).mean * (futures.origin - middle)
    mean = float(rows.set_index("year")["relative_to_usa"].loc[year])
    return mean * float(np.exp((since - ahead) / 100))
