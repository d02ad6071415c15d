"""Which past error vector each draw takes."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from forecast.arrays import Codes, Integers


def choose_vectors(vectors: int, draws: int, rng: Generator) -> Codes:
    """Return a vector's number for each draw (draws,), each taken equally often up to one.

    Stratified: the vectors' shares carry no sampling error but for the last round's.
    """
    rounds, rest = divmod(draws, vectors)
    whole = np.tile(np.arange(vectors), rounds)
    return rng.permutation(np.concatenate([whole, rng.permutation(vectors)[:rest]]))


def choose_together(start: Integers, economies: int, draws: int, rng: Generator) -> Codes:
    """Return vectors (economies, draws) whose start year is one for all economies in a draw.

    First the year, then a vector of that year for each economy: what hit the world in a year hits
    all, so that totals over economies are as uncertain as they were. Years have their share of the
    vectors, and each economy takes a year's vectors equally often, both up to one.

    Parameters
    ----------
    start : (m,)
        Year from which each vector starts.
    economies, draws : int
    rng : numpy.random.Generator
    """
    years = start[choose_vectors(len(start), draws, rng)]
    chosen = np.empty((economies, draws), dtype=np.int64)
    for year in np.unique(years):
        here, pool = np.flatnonzero(years == year), np.flatnonzero(start == year)
        for row in chosen:
            row[here] = pool[choose_vectors(len(pool), len(here), rng)]
    return chosen
