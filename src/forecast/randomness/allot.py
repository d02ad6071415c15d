"""Linear pools: which draw comes from which model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forecast.arrays import Integers


def allot(weights: Mapping[str, float], draws: int, rng: np.random.Generator) -> Integers:
    """Return a code per draw, each model having its weight's share exactly, up to one draw.

    Stratified rather than multinomial: the mixture's weights then carry no sampling error. The
    order is shuffled so that a draw's model is independent of every other random choice.
    """
    share = np.cumsum(list(weights.values()))
    codes = np.searchsorted(share, (np.arange(draws) + 0.5) / draws * share[-1])
    return rng.permutation(np.minimum(codes, len(share) - 1)).astype(np.int64)
