"""Slopes, additive effects and factors of a panel by iterated principal components."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Cube, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.interactive.holes import polished
from forecast.estimation.interactive.layout import (
    ROUNDED,
    FactorFit,
    Layout,
    components,
    spanned_off,
)

# Rounds, and the share of the sum of squares that a round must still move.
FINE = (20_000, 1e-22)
ROUGH = (100, 1e-8)


def factor_fit(
    panel: Layout, factors: int, starts: Sequence[Vector], *, exact: bool = True
) -> FactorFit:
    """Return the least sum of squares that iteration from several starts leads to (Bai 2009).

    Given slopes, factors are principal components of what the slopes leave; given these, slopes
    take a Gauss-Newton step on drivers without what factors and loadings span, or where that does
    not lower the sum of squares, least squares on what the factors leave, which always does.
    Where there is no row the fitted value stands for it (expectation maximisation), and the best
    end is polished on the rows alone. Without ``exact`` only the sum of squares need be right, to
    some three digits, and no failure to converge is an error.

    Raises
    ------
    EstimationError
        If no start converges.
    """
    whole = bool(panel.inside.all())
    rule = FINE if whole else ROUGH
    ends = [_iterated(panel, factors, start, rule) for start in starts]
    found = [fit for fit, converged in ends if converged or not (whole and exact)]
    if not found:
        raise EstimationError(
            f"{factors} factors: no convergence in {rule[0]:,} rounds; take fewer factors or "
            f"drivers"
        )
    best = min(found, key=lambda fit: fit.squares)
    return best if whole else polished(panel, best, exact=exact)


def _iterated(
    panel: Layout, factors: int, start: Vector, rule: tuple[int, float]
) -> tuple[FactorFit, bool]:
    here = components(panel, factors, start, np.zeros_like(panel.y))
    plain = panel.additive(panel.x)
    for _ in range(rule[0]):
        fill = np.where(panel.inside, 0.0, here.fill - here.left)
        moved = components(panel, factors, here.slopes, fill)
        step, reach = _least(spanned_off(plain, moved), moved.left)
        there = components(panel, factors, moved.slopes + step, fill)
        if there.squares > moved.squares * ROUNDED:
            step, reach = _least(plain, moved.left)
            there = components(panel, factors, moved.slopes + step, fill)
        filled = float(np.sum(np.where(panel.inside, 0.0, there.left) ** 2))
        if reach + filled <= rule[1] * there.squares or panel.fits_exactly(there.squares):
            return there, True
        here = there
    return here, False


def _least(x: Cube, left: Matrix) -> tuple[Vector, float]:
    """Return the least-squares step (k,), and the sum of squares of what it moves."""
    flat: Matrix = x.reshape(-1, x.shape[2])
    step: Vector = np.linalg.lstsq(flat, left.ravel(), rcond=None)[0].astype(float)
    return step, float(np.sum((flat @ step) ** 2))
