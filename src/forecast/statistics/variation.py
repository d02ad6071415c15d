"""Whether a series varies by more than rounding."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array, Matrix, Vector

# Of a value's size: what a thousand roundings in double precision may leave.
UNCHANGED = 1e-12
# Of a vector's length: below this a residual is what rounding left of it.
REMAINDER = 1e-10


def varies(values: Array, least: float = 0.0) -> bool:
    """Return whether the values differ by more than rounding, and by more than ``least``."""
    spread, size = float(np.ptp(values)), float(np.abs(values).max())
    return spread > max(least, UNCHANGED * size)


def left_of(x: Matrix, y: Vector) -> Vector | None:
    """Return what least squares on ``x`` leaves of ``y``; None where only rounding is left.

    Parameters
    ----------
    x : (n, k) regressors; those that repeat others do no harm.
    y : (n,)
    """
    size = np.linalg.norm(x, axis=0)
    scaled = x / np.where(size > 0, size, 1.0)
    u, s, _ = np.linalg.svd(scaled, full_matrices=False)
    basis = u[:, s > REMAINDER * s.max(initial=0.0)]
    rest = y
    for _ in range(2):  # the second pass removes the rounding of the first
        rest = rest - basis @ (basis.T @ rest)
    return rest if np.linalg.norm(rest) > REMAINDER * np.linalg.norm(y) else None
