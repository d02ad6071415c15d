"""A walk through the models: Markov chain Monte Carlo model composition, birth and death."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Masks, Matrix, Vector
from forecast.estimation.averaging.evidence import CoefficientPrior
from forecast.estimation.averaging.space import CrossProducts, augmented, sweep_in

BATCH = 8192
# Sweeps in and out lose about a digit in a thousand; then the matrix is made afresh.
AFRESH = 500
# A column of which a model's other columns leave less than this share of the length squared.
COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """What a chain went through after its burn-in.

    Attributes
    ----------
    masks : (m,) different models; counts : (m,) steps spent in each.
    r2 : (m,).
    accepted : share of proposals accepted, burn-in included.
    """

    masks: Masks
    counts: Vector
    r2: Vector
    accepted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """A model: mask, swept matrix, log posterior weight, and the weights of its neighbours."""

    mask: int
    swept: Matrix
    weight: float
    neighbours: Vector


def search_models(
    products: CrossProducts,
    free: Sequence[int],
    always: Sequence[int],
    prior: CoefficientPrior,
    log_prior: Vector,
    steps: tuple[int, int],
    rng: np.random.Generator,
) -> Visits:
    """Return the models that a chain of MC3 visits (Madigan and York 1995).

    A step proposes one free column at random: in if it is out, out if it is in, accepted by the
    ratio of posterior weights. The swept matrix of the present model gives the residual sums of
    all its neighbours at once, so a proposal costs a comparison and only a move costs an update.

    Parameters
    ----------
    log_prior : (f + 1,)
        Log prior of a model by its number of free columns.
    steps : (burn-in, steps kept).
    rng : numpy.random.Generator
    """
    space = _Space(products, tuple(free), tuple(always), prior, log_prior)
    burn_in, kept = steps
    state = space.start(int(sum(1 << j for j in always)))
    counts: Counter[int] = Counter()
    r2: dict[int, float] = {}
    moves = 0
    for begin in range(0, burn_in + kept, BATCH):
        size = min(BATCH, burn_in + kept - begin)
        proposals = rng.integers(0, len(free), size).tolist()
        thresholds = np.log(rng.random(size)).tolist()
        for offset, (proposal, threshold) in enumerate(zip(proposals, thresholds, strict=True)):
            if threshold < state.neighbours[proposal] - state.weight:
                moves += 1
                state = space.flipped(state, free[proposal], afresh=moves % AFRESH == 0)
            if begin + offset >= burn_in:
                counts[state.mask] += 1
                if state.mask not in r2:
                    r2[state.mask] = 1 - float(state.swept[0, -1, -1])
    masks = np.array(sorted(counts), dtype=np.int64)
    return Visits(
        masks=masks,
        counts=np.array([counts[int(m)] for m in masks], dtype=float),
        r2=np.clip([r2[int(m)] for m in masks], 0.0, 1.0),
        accepted=moves / (burn_in + kept),
    )


class _Space:
    """The models that a chain can reach."""

    def __init__(
        self,
        products: CrossProducts,
        free: tuple[int, ...],
        always: tuple[int, ...],
        prior: CoefficientPrior,
        log_prior: Vector,
    ) -> None:
        self.whole = augmented(products)[None]
        self.free = np.array(free, dtype=np.int64)
        self.always = len(always)
        self.prior = prior
        self.log_prior = log_prior

    def start(self, mask: int) -> _State:
        swept = self.whole
        for column in range(self.whole.shape[1] - 1):
            if mask >> column & 1:
                swept = sweep_in(swept, column)
        return self._state(mask, swept)

    def flipped(self, state: _State, column: int, *, afresh: bool) -> _State:
        mask = state.mask ^ (1 << column)
        if afresh:
            return self.start(mask)
        if state.mask >> column & 1:
            return self._state(mask, _sweep_out(state.swept, column))
        return self._state(mask, sweep_in(state.swept, column))

    def _state(self, mask: int, swept: Matrix) -> _State:
        inside = (mask >> self.free & 1).astype(bool)
        size = int(inside.sum())
        pivot = swept[0, self.free, self.free]
        # swept in: 1 over the column's own share, with a minus sign; otherwise that share
        r2 = 1 - swept[0, -1, -1] + swept[0, self.free, -1] ** 2 / pivot
        after = np.where(inside, size - 1, size + 1)
        sizes = np.append(after, size)
        weights = self.log_prior[sizes] + self.prior.log_evidence(
            sizes + self.always, np.clip(np.append(r2, 1 - swept[0, -1, -1]), 0.0, 1.0)
        )
        neighbours = np.where(~inside & (pivot < COLLINEAR), -np.inf, weights[:-1])
        return _State(mask=mask, swept=swept, weight=float(weights[-1]), neighbours=neighbours)


def _sweep_out(swept: Matrix, column: int) -> Matrix:
    """Return the matrices with one column swept out again: the inverse of ``sweep_in``."""
    pivot = swept[:, column, column]
    row = swept[:, column, :] / pivot[:, None]
    out = swept - swept[:, :, column, None] * row[:, None, :]
    out[:, column, :] = -row
    out[:, :, column] = -row
    out[:, column, column] = -1 / pivot
    return out
