"""Where the random numbers of a simulation come from, by what they stand for."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from forecast.errors import ForecastError, choose

# What a projection is uncertain about; each has random numbers of its own, so that one can be
# drawn anew while the others stay (projection/explain/decomposition.py).
FACTORS = {
    "model": "which density, which nominal system and which regression a draw uses",
    "coefficients": "parameters of densities, nominal systems and regressions",
    "shocks": "growth, and measurement noise of income",
    "remainder": "terms of trade, conversion and revisions of income (income chain)",
    "drivers": "paths of the drivers",
    "population": "the share of ages 15-64",
    "exchange_rate": "employment, prices and the exchange rate",
    "threshold": "international inflation and the line",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The two streams of one density: what is unknown now, and what has not happened yet.

    Attributes
    ----------
    parameters, shocks : numpy.random.Generator
    """

    parameters: Generator
    shocks: Generator


Randomness = Generator | Pair


def paired(rng: Randomness) -> Pair:
    """Return ``rng`` if it is a pair; a generator is split in two."""
    if isinstance(rng, Pair):
        return rng
    parameters, shocks = rng.spawn(2)
    return Pair(parameters=parameters, shocks=shocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Seeds of every factor for one block of draws.

    Attributes
    ----------
    seeds : dict of factor to int
        One for each of ``FACTORS``.
    block : int
        Number of the block: blocks are independent of each other, and of how many there are.
    """

    seeds: Mapping[str, int]
    block: int = 0

    @classmethod
    def of_seed(cls, seed: int) -> Streams:
        """Return streams whose factors all start from one seed (and differ by name)."""
        return cls(seeds=dict.fromkeys(FACTORS, seed))

    def at(self, block: int) -> Streams:
        """Return the streams of another block."""
        return replace(self, block=block)

    def generator(self, factor: str, part: str) -> Generator:
        """Return the generator of a part of the simulation; asked again, it starts afresh.

        Raises
        ------
        ForecastError
            If there is no such factor.
        """
        seed = choose(factor, self.seeds, "factor", ForecastError)
        key = (zlib.crc32(factor.encode()), zlib.crc32(part.encode()), self.block)
        return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))

    def shared(self, factor: str, part: str) -> Generator:
        """Return the generator of a part that several factors have a share in.

        Factors with one seed get the same numbers, so that what happened together stays together;
        a factor that is drawn anew gets others.

        Raises
        ------
        ForecastError
            If there is no such factor.
        """
        seed = choose(factor, self.seeds, "factor", ForecastError)
        key = (zlib.crc32(part.encode()), self.block)
        return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))

    def pair(self, part: str) -> Pair:
        """Return the coefficients' and the shocks' generators of a part."""
        return Pair(
            parameters=self.generator("coefficients", part), shocks=self.generator("shocks", part)
        )
