"""All of the scoreboard: growth, its summary, and passage with the method's own word beside."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from forecast.crosscountry.income_record import income_record
from forecast.evaluation.crossing.backtest import MIN_ECONOMIES, income_over_line
from forecast.evaluation.published.passage_chances import passage_chances
from forecast.evaluation.published.scoreboard import (
    outcomes,
    score_growth_forecasts,
    score_passage_forecasts,
    summarise_growth,
)
from forecast.evaluation.published.world_growth import mean_growth
from forecast.panel import Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Published forecasts, scored.

    Attributes
    ----------
    growth, summary, passage : pandas.DataFrame
        From `score_growth_forecasts`, `summarise_growth`, `score_passage_forecasts`.
    """

    growth: pd.DataFrame
    summary: pd.DataFrame
    passage: pd.DataFrame


def scoreboard(
    published: pd.DataFrame, annual: Panel, world: Panel, thresholds: pd.DataFrame, country: str
) -> Board:
    """Return the scoreboard of published forecasts for one economy.

    Parameters
    ----------
    published : pandas.DataFrame
        Of `sources.readers.published_forecasts`.
    annual : Panel
        Annual series of the economy; of many, the method's chances of passage are added.
    world : Panel
        A Penn World Table, for the rivals' memory of other economies.
    thresholds : pandas.DataFrame
        ``year, high_above`` and, where chances are made, the other columns of the table.
    country : str
        ISO 3166 alpha-3.

    Raises
    ------
    DataError
        If a column or the economy is missing.
    """
    growth = score_growth_forecasts(published, outcomes(annual.rows(country)), mean_growth(world))
    ratios = income_over_line(annual, thresholds)
    chances = None
    if ratios.shape[1] >= MIN_ECONOMIES:
        named = published[published["target"] == "passage"]
        pairs = zip(named["made"], named["last_year"], strict=True)
        dates = [(int(made[:4]) - 1, int(year)) for made, year in pairs]
        chances = passage_chances(ratios, country, dates, income_record(annual, thresholds))
    return Board(
        growth=growth,
        summary=summarise_growth(growth),
        passage=score_passage_forecasts(published, ratios[country], chances),
    )
