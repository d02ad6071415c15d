"""Quantiles of Dickey and Fuller's t by simulation, and their surface in the number of rows.

    python dickey_fuller_quantiles.py > dickey_fuller_quantiles.txt

Random walks of normal steps, 4 million a size. Each quantile is fitted over the sizes by ordinary
least squares as b0 + b1/T + b2/T^2 + b3/T^3, T the rows of the regression, so b0 is the asymptotic
one (the form of MacKinnon 1996; his own table belongs to him and is not used). Quantiles stand at
even steps of the normal quantile z of their probability. A row: terms, z, b0 to b3, and the
standard error of b0 in z, from the scatter about the surface.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import stats

SIZES = (12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200, 300, 500, 1000)
WALKS = 4_000_000
STEPS = np.round(np.arange(-3.8, 3.81, 0.2), 1)
TERMS = ("none", "intercept", "trend")


def t_statistics(rows: int, walks: int, rng: np.random.Generator) -> np.ndarray:
    """Return (3, walks) t of the lagged level without terms, with an intercept, with a trend."""
    basis = np.linalg.qr(np.column_stack([np.ones(rows), np.arange(rows)]))[0]
    found = np.empty((3, walks))
    chunk = max(1, 2_000_000 // rows)
    for start in range(0, walks, chunk):
        count = min(chunk, walks - start)
        step = rng.standard_normal((count, rows))
        level = np.cumsum(step, axis=1) - step
        xx = np.einsum("ij,ij->i", level, level)
        xy = np.einsum("ij,ij->i", level, step)
        yy = np.einsum("ij,ij->i", step, step)
        on_x, on_y = level @ basis, step @ basis
        for width in range(3):
            if width:
                a, b = on_x[:, width - 1], on_y[:, width - 1]
                xx, xy, yy = xx - a * a, xy - a * b, yy - b * b
            variance = (yy - xy**2 / xx) / (rows - width - 1)
            found[width, start : start + count] = xy / np.sqrt(xx * variance)
    return found


def main() -> None:
    """Print the surface."""
    rng = np.random.default_rng(19961)
    quantiles = np.empty((len(SIZES), 3, len(STEPS)))
    for at, rows in enumerate(SIZES):
        t = t_statistics(rows, WALKS, rng)
        quantiles[at] = np.quantile(t, stats.norm.cdf(STEPS), axis=1).T
        print(rows, file=sys.stderr, flush=True)
    powers = np.vander(1 / np.array(SIZES), 4, increasing=True)
    inverse = np.linalg.inv(powers.T @ powers)
    for width, terms in enumerate(TERMS):
        fitted, rss = np.linalg.lstsq(powers, quantiles[:, width], rcond=None)[:2]
        slope = np.gradient(STEPS, fitted[0])
        error = np.sqrt(rss / (len(SIZES) - 4) * inverse[0, 0]) * np.abs(slope)
        for step, b, e in zip(STEPS, fitted.T, error, strict=True):
            print(f"{terms} {step:.1f}", *(f"{value:.4f}" for value in b), f"{e:.4f}")


if __name__ == "__main__":
    main()
