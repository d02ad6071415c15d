"""Where an economy stands in the last known year, and what it has been growing by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.arrays import Vector
from forecast.errors import ALL_ECONOMIES, DataError, ProjectionError
from forecast.income.conversion_rate import conversion_rate
from forecast.income.line_path import line_history
from forecast.income.nominal_block import NominalHistory, nominal_history
from forecast.income.sdr_deflator import sdr_inflation
from forecast.panel import Panel
from forecast.projection.baseline.income_chain import ChainSource
from forecast.projection.baseline.present_year import with_present_year
from forecast.projection.baseline.state import frontier
from forecast.projection.futures.futures import Inputs
from forecast.specs.known import KnownSpec
from forecast.statistics.income_classes.class_lines import class_line

# An economy whose series break off or begin late needs this much of an unbroken record.
LEAST_YEARS = 20
# Years by which an economy's last published income may lag behind the last line.
LONGEST_LAG = 5
# Rows of data/income_revisions.csv: income over the line, and the age of a figure in years.
EDGES = (0.2, 0.6, 0.8, 1.1)
DISTANCES = ("below 20 %", "20-60 %", "60-80 %", "80-110 %", "above 110 %")
NEWEST = "0-1"


def chain_source(
    inputs: Inputs, country: str, known: KnownSpec | None = None, revise: bool = False
) -> ChainSource:
    """Return what the income chain's baseline is drawn from, the present year's news in it.

    Raises
    ------
    DataError
        If the package carries no fitted chain, or a deflator behind the line is missing.
    ProjectionError
        If the economy's income is not known in the chain's last year.
    SpecError
        If what is known of the present year is of another.
    """
    fit = inputs.chain
    if fit is None:
        raise DataError(
            "the data package has no fitted income chain; `--baseline pool` does without, and "
            f"{ALL_ECONOMIES}"
        )
    if country not in fit.state.index:
        raise ProjectionError(
            f"{country}: its income of {fit.origin} is not known; the data package has that of "
            f"{len(fit.state)} economies"
        )
    inflation = sdr_inflation(inputs.sdr_parts, inputs.annual)
    line = line_history(class_line(inputs.thresholds), inflation, fit.origin)
    if known is not None and known.given():
        if country not in inputs.annual.countries():
            raise DataError(f"known: the data package has no annual series of {country}")
        fit = with_present_year(fit, country, known, inputs.annual.rows(country), line)
    revisions = _revisions(inputs.revisions, float(fit.state["relative"][country]))
    return ChainSource(fit=fit, line=line, revisions=revisions if revise else None)


def _revisions(table: pd.DataFrame | None, relative: float) -> tuple[Vector, Vector] | None:
    """Return quantiles, log points, of what the longest-known editions became at such a distance.

    Of incomes that were one year old at most, as the base year's is.
    """
    if table is None:
        return None
    oldest = table[(table["before"] == table["before"].min()) & (table["age"] == NEWEST)]
    near = oldest[oldest["by"] == "distance"].set_index("group")
    row = near.loc[DISTANCES[int(np.digitize(np.exp(relative), EDGES))]]
    levels = np.array([0.10, 0.25, 0.50, 0.75, 0.90])
    return levels, row[["q10", "q25", "q50", "q75", "q90"]].to_numpy(dtype=np.float64) / 100


def anchor(inputs: Inputs, country: str) -> NominalHistory:
    """Return where the income chain starts from: the published history, or as much as there is.

    Of an economy without an annual record in the package, income follows from the chain's state,
    and nothing is known of its prices and productivity: it has a baseline, and no scenarios.
    """
    fit = inputs.chain
    if fit is None:
        raise DataError("the data package has no fitted income chain")
    inflation = sdr_inflation(inputs.sdr_parts, inputs.annual)
    line = class_line(inputs.thresholds)
    if country in inputs.annual.countries():
        try:
            found = published_history(inputs, country)
        except DataError:
            found = None
        if found is not None and found.base_year == fit.origin:
            return found
    last = line.loc[fit.origin - 2 : fit.origin].to_numpy(dtype=np.float64)
    income = float(last[-1] * np.exp(fit.state["relative"][country]))
    rates = inflation.loc[line_history(line, inflation, fit.origin).rates.index[0] : fit.origin]
    return NominalHistory(
        base_year=fit.origin,
        rates=rates,
        derived=(),
        exchange_rate=np.full(3, np.nan),
        deflator=np.full(3, np.nan),
        threshold=last,
        income=10 * round(income / 10),
        income_local=float("nan"),
        income_noise=0.0,
        threshold_noise=0.0,
        frontier=frontier(inputs.growth_panel).mean,
    )


def published_history(inputs: Inputs, country: str) -> NominalHistory:
    """Return the record that prices, the exchange rate and employment are forecast from.

    Raises
    ------
    DataError
        If a series is missing, broken or ends too early; the economy is named.
    """
    inflation = sdr_inflation(inputs.sdr_parts, inputs.annual)
    threshold = class_line(inputs.thresholds)
    rows = inputs.annual.rows(country)
    rows = rows.assign(exchange_rate=conversion_rate(rows))
    try:
        found = nominal_history(rows, threshold, inflation, least_years=LEAST_YEARS)
    except DataError as error:
        raise DataError(f"{country}: {error}") from error
    last = int(threshold.index.max())
    if last - found.base_year > LONGEST_LAG:
        raise DataError(
            f"{country}: income, growth, prices and the exchange rate are all known up to "
            f"{found.base_year} only; the line is known for {last}, at most {LONGEST_LAG} years on"
        )
    return replace(found, frontier=frontier(inputs.growth_panel).mean)


def recent_growth(annual: Panel, country: str, history: NominalHistory) -> pd.Series:
    """Return growth of output per worker, %, through the base year, unbroken at its end.

    Empty where the package has no record of the economy.
    """
    if country not in annual.countries():
        return pd.Series(dtype=float)
    recorded = 100 * np.log(annual.rows(country)["output_per_worker"]).diff()
    later = history.rates.get("growth", recorded.iloc[:0])
    first = later.index[0] if len(later) else history.base_year + 1
    joined: pd.Series = pd.concat([recorded[recorded.index < first], later])
    holes = joined.index[joined.isna()]
    return joined[joined.index > holes.max()] if len(holes) else joined
