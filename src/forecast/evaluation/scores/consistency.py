"""How far right probabilities may lie from what came, by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from forecast.arrays import Array, Integers, Mask
from forecast.evaluation.scores.probability_scores import reliability_table

SAMPLES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """A reliability table with bands of what right probabilities would show.

    Attributes
    ----------
    table : pandas.DataFrame
        The columns of ``reliability_table`` and, central 90 % each, ``resampled_low``,
        ``resampled_high`` (cases independent) and ``block_low``, ``block_high`` (cases of a block
        go together; NaN with fewer than ``at_least`` cases, of which a bootstrap says nothing);
        ``joint_low``, ``joint_high``: by blocks, for all bins of ``at_least`` cases at once.
    chance_all : float
        Of right, independent probabilities to have every bin of ``at_least`` cases in its
        resampled band.
    """

    table: pd.DataFrame
    chance_all: float


def consistency_bands(
    event: Array,
    probability: Array,
    blocks: NDArray[np.generic],
    rng: Generator,
    *,
    bins: int = 10,
    at_least: int = 30,
    samples: int = SAMPLES,
) -> Consistency:
    """Return bands for the observed share of each bin, were the probabilities right.

    Independent: cases drawn with replacement, an event drawn with each one's probability (Bröcker,
    J. and Smith, L. (2007), Increasing the reliability of reliability diagrams, Weather and
    Forecasting 22). By blocks: whole blocks drawn with replacement, each bin's share of events
    less its mean probability; what it varies by around its own value is laid around the mean
    probability. Overlapping horizons of one economy are one episode, which the first band counts
    as many. Jointly: each bin's standard deviation over the block samples, times the 90 % quantile
    of the largest deviation in such units over the bins. Where few events came the samples say that
    little could have: the deviation counts no less than that of independent events with the
    probabilities said.

    Parameters
    ----------
    event, probability : (n,)
    blocks : (n,)
        Block of each case: its country.
    rng : numpy.random.Generator
        Left advanced.
    bins, at_least, samples : int
    """
    table = reliability_table(event, probability, bins)
    filled = np.rint(table["low"].to_numpy() * bins).astype(np.int64)
    place = np.searchsorted(filled, np.minimum((probability * bins).astype(np.int64), bins - 1))
    said = table["forecast"].to_numpy()
    free = _independent(probability, place, len(table), rng, samples)
    tied = said + _by_block(event - probability, place, blocks, len(table), rng, samples)
    bands: dict[str, Array] = {}
    for name, drawn in (("resampled", free), ("block", tied)):
        low, high = np.nanquantile(drawn, [0.05, 0.95], axis=0)
        bands |= {f"{name}_low": np.maximum(low, 0), f"{name}_high": np.minimum(high, 1)}
    many = table["n"].to_numpy() >= at_least
    for side in ("block_low", "block_high"):
        bands[side] = np.where(many, bands[side], np.nan)
    variance = np.bincount(place, probability * (1 - probability), minlength=len(table))
    least = np.sqrt(variance) / table["n"].to_numpy()
    reach = np.where(many, _joint_reach(tied - said, least, many), np.nan)
    bands |= {"joint_low": np.maximum(said - reach, 0), "joint_high": np.minimum(said + reach, 1)}
    table = table.assign(**bands)
    low, high = (table[f"resampled_{side}"].to_numpy() for side in ("low", "high"))
    inside = (free >= low) & (free <= high) | np.isnan(free) | ~many
    return Consistency(table=table, chance_all=float(inside.all(axis=1).mean()))


def _joint_reach(deviation: Array, least: Array, many: Mask) -> Array:
    """Return how far each bin (bins,) may lie from its mean with all of ``many`` inside at 90 %."""
    size: Array = np.nanstd(deviation, axis=0)
    if not many.any():
        return size
    units = np.abs(deviation[:, many]) / np.where(size[many] > 0, size[many], np.inf)
    most = np.nanquantile(np.nanmax(units, axis=1), 0.9)
    return np.asarray(most * np.maximum(size, least))


def _independent(
    probability: Array, place: Integers, bins: int, rng: Generator, samples: int
) -> Array:
    """Return each bin's share of events (samples, bins); NaN where no case was drawn."""
    shares = np.full((samples, bins), np.nan)
    n = len(probability)
    for k in range(samples):
        drawn = rng.integers(0, n, n)
        came = rng.random(n) < probability[drawn]
        count = np.bincount(place[drawn], minlength=bins)
        total = np.bincount(place[drawn], came, minlength=bins)
        np.divide(total, count, out=shares[k], where=count > 0)
    return shares


def _by_block(
    miss: Array,
    place: Integers,
    blocks: NDArray[np.generic],
    bins: int,
    rng: Generator,
    samples: int,
) -> Array:
    """Return how each bin's mean miss varies (samples, bins) around its own value."""
    _, block = np.unique(blocks, return_inverse=True)
    number = int(block.max()) + 1
    count, total = np.zeros((number, bins)), np.zeros((number, bins))
    np.add.at(count, (block, place), 1.0)
    np.add.at(total, (block, place), miss)
    times = rng.multinomial(number, np.full(number, 1 / number), size=samples).astype(np.float64)
    counts, totals = times @ count, times @ total
    means = np.full(counts.shape, np.nan)
    np.divide(totals, counts, out=means, where=counts > 0)
    return np.asarray(means - total.sum(axis=0) / count.sum(axis=0))
