"""A covariance that could be formed, or the message why not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError

# Of the variance that independent errors would give: below this share a variance is rounding (a
# standard error of a trillionth of the usual one).
ROUNDING = 1e-24


def formed(matrix: Matrix, terms: Sequence[str], kind: str, usual: Vector | float = 0.0) -> Matrix:
    """Return a covariance (p, p) unchanged, or refuse it.

    Parameters
    ----------
    matrix : (p, p)
    terms : (p,) names of the coefficients.
    kind : the covariance's name, for the message.
    usual : (p,) variances that independent errors of one variance would give, up to a factor.

    Raises
    ------
    EstimationError
        If an element is not finite, or a variance is negative or nothing but rounding.
    """
    variance = np.diag(matrix)
    bad = ~np.isfinite(matrix).all(axis=1) | ~(variance >= ROUNDING * np.asarray(usual))
    if bad.any():
        place = int(np.argmax(bad))
        raise EstimationError(
            f"covariance {kind!r}: the variance of {terms[place]!r} cannot be formed (found "
            f"{variance[place]:.3g}); there are too few clusters or rows for it: take another "
            f"covariance or fewer drivers"
        )
    return matrix
