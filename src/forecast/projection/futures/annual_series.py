"""The annual series behind a projection, as tests of unit roots and of breaks take them."""

from __future__ import annotations

import pandas as pd

from forecast.income.nominal_block import NominalHistory
from forecast.panel import Panel
from forecast.projection.futures.futures import Futures

# Column of the history's rates to the series' name and label.
RATES = {
    "growth": ("growth", "Growth of output per worker, % a year"),
    "deflator": ("inflation", "GDP deflator, % a year"),
    "real_rate": ("real_exchange_rate", "Real exchange rate, log x 100"),
    "employment": ("employment_growth", "Growth of employment per person aged 15-64, % a year"),
    "sdr": ("sdr_inflation", "SDR deflator, % a year"),
    "usa": ("us_inflation", "GDP deflator, United States, % a year"),
}
RELATIVE = "relative_output"
LABELS = {
    **dict(RATES.values()),
    RELATIVE: "Output per worker over the frontier's trend, log x 100",
}
# Prices follow productivity in the real exchange rate (Balassa, 1964; Samuelson, 1964).
TOGETHER = ("real_exchange_rate", RELATIVE)


def annual_series(annual: Panel, futures: Futures) -> pd.DataFrame:
    """Return the subject's annual record up to the last known year, one column a series.

    The series that are forecast (`LABELS`), then the drivers as recorded, gaps left open.
    ``relative_output`` is growth of output per worker less the frontier's mean growth, cumulated.
    `TOGETHER` names the levels that may share a trend.

    Parameters
    ----------
    annual : Panel
    futures : Futures

    Returns
    -------
    pandas.DataFrame
        Index ``year``; rates in log differences x 100, drivers in their own units.
    """
    record = annual.through(futures.origin)
    drivers = {
        str(name): record.series(futures.country, str(name)) for name in futures.setting.drivers
    }
    frame = pd.DataFrame({**_forecast(futures.setting.history), **drivers}).sort_index()
    frame = frame.reindex(range(int(frame.index.min()), futures.origin + 1))
    frame.index.name = "year"
    return frame


def _forecast(history: NominalHistory) -> dict[str, pd.Series]:
    rates = history.rates.loc[: history.base_year]
    found = {name: rates[column] for column, (name, _) in RATES.items() if column in rates}
    return {**found, RELATIVE: (rates["growth"] - history.frontier).cumsum()}
