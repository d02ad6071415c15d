"""The income chain as a study's baseline: growth per head, relative income, and the line in US$."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Codes, Integers, Paths, Vector
from forecast.crosscountry.base_revision import drawn_revisions
from forecast.crosscountry.chain.choose_vectors import choose_vectors
from forecast.crosscountry.chain.forecast_chain import chain_paths
from forecast.crosscountry.chain.record import ChainFit, ChainForecast
from forecast.income.accounts import Accounts
from forecast.income.line_path import LineHistory, draw_line
from forecast.projection.baseline.baseline import Baseline
from forecast.randomness.streams import Streams

CHAIN = "income_chain"
# The factor whose random numbers each part of an error vector follows. In a run all have one seed,
# and a vector stays whole.
PARTS = {"growth": "shocks", "exchange": "exchange_rate", "remainder": "remainder"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSource:
    """What a baseline from the income chain is drawn from.

    Attributes
    ----------
    fit : ChainFit
    line : LineHistory
    revisions : (levels, log points) or None
        Quantiles of what has become of incomes like the base year's; None: it is final.
    """

    fit: ChainFit
    line: LineHistory
    revisions: tuple[Vector, Vector] | None = None

    @property
    def vectors(self) -> int:
        """How many error vectors there are: draws come in whole sets of them."""
        return len(self.fit.errors.year)


def draw_chain_growth(
    source: ChainSource, country: str, years: Integers, draws: int, streams: Streams
) -> Baseline:
    """Return draws of growth per head, % a year (log points); codes are their error vectors."""
    paths = _paths(source, country, years, draws, streams)
    return Baseline(
        growth=_yearly(paths.growth[0]),
        densities=[],
        codes=paths.vectors[0],
        weights={CHAIN: 1.0},
        failures={},
    )


def draw_chain_accounts(
    source: ChainSource, country: str, years: Integers, growth: Paths, streams: Streams
) -> Accounts:
    """Return income and line: the ratio of the same paths as the growth, times the line's own.

    Parameters
    ----------
    source : ChainSource
    country : str
    years : (t,)
    growth : (draws, t)
        Growth per head, % a year; where it departs from that of `draw_chain_growth`, income
        departs by as much.
    streams : Streams
        Those of `draw_chain_growth`.
    """
    draws = len(growth)
    paths = _paths(source, country, years, draws, streams)
    moved = np.cumsum(growth - _yearly(paths.growth[0]), axis=1) / 100
    line = draw_line(
        source.line,
        years,
        draws,
        streams.generator("coefficients", "line"),
        streams.generator("threshold", "line"),
    )
    income = np.exp(paths.income[0] + moved) * line.line
    if source.revisions is not None:
        rng = streams.generator("remainder", "base revision")
        income *= np.exp(drawn_revisions(draws, *source.revisions, rng))[:, None]
    return Accounts(
        years=years,
        growth=growth,
        sdr=line.sdr,
        income=income,
        threshold=line.line,
        usa=line.usa,
        rounded=False,
    )


def _paths(
    source: ChainSource, country: str, years: Integers, draws: int, streams: Streams
) -> ChainForecast:
    def pick(block: int) -> tuple[Codes, Codes, Codes]:
        part = f"error vectors {block}"
        chosen = [
            choose_vectors(source.vectors, draws, streams.shared(factor, part))[None]
            for factor in PARTS.values()
        ]
        return chosen[0], chosen[1], chosen[2]

    return chain_paths(source.fit, [country], len(years), pick)


def _yearly(sums: Array) -> Paths:
    return 100 * np.diff(sums, axis=-1, prepend=0.0)
