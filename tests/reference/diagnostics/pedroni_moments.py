"""Moments of Pedroni's statistics with one driver, by simulation of their limits.

    python pedroni_moments.py

Pedroni (1999, table 2) begins at two drivers. Here residuals of independent walks of 250, 500 and
1000 years stand for the limits, with the true long-run variances; per length the means of the
functionals, then mean and variance of each statistic by the delta method, as his proposition 1;
then a straight line in 1/T to the limit. Printed for one driver, and for two beside the table.
"""

from __future__ import annotations

import numpy as np

LENGTHS = (250, 500, 1000)
WALKS = 200_000


def functionals(years: int, k: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Return (WALKS, 3): int Q2, int Q dQ, and the variance 1 + b'b of Q's changes."""
    terms = np.column_stack([np.ones(years), np.arange(years)])[:, :width]
    basis = np.linalg.qr(terms)[0] if width else np.zeros((years, 0))
    found = []
    for _ in range(WALKS // 2000):
        walks = np.cumsum(rng.standard_normal((2000, years, k + 1)), axis=1)
        walks -= basis @ (basis.T @ walks)
        y, x = walks[..., 0], walks[..., 1:]
        b = np.linalg.solve(x.transpose(0, 2, 1) @ x, x.transpose(0, 2, 1) @ y[..., None])
        e = y - (x @ b)[..., 0]
        square = (e[:, :-1] ** 2).sum(axis=1) / years**2
        own = 1 + (b[..., 0] ** 2).sum(axis=1)
        # the residuals' changes have no serial dependence, so that nothing is taken off
        product = (e[:, :-1] * np.diff(e, axis=1)).sum(axis=1) / years
        found.append(np.column_stack([square, product, own]))
    return np.concatenate(found)


def moments(f: np.ndarray) -> np.ndarray:
    """Return means of v, rho, t, group rho, group t, then variances."""
    (a, b, c), cov = f.mean(axis=0), np.cov(f.T)
    ratio, t = b / a, b / np.sqrt(a * c)
    gradients = (
        np.array([-1 / a**2, 0, 0]),
        np.array([-b / a**2, 1 / a, 0]),
        np.array([-t / (2 * a), t / b, -t / (2 * c)]),
    )
    group = (f[:, 1] / f[:, 0], f[:, 1] / np.sqrt(f[:, 0] * f[:, 2]))
    means = [1 / a, ratio, t, *(g.mean() for g in group)]
    return np.array(means + [g @ cov @ g for g in gradients] + [g.var() for g in group])


def main() -> None:
    """Print the table."""
    for k in (1, 2):
        for width, terms in enumerate(("none", "intercept", "trend")):
            rng = np.random.default_rng([k, width])
            rows = np.array([moments(functionals(t, k, width, rng)) for t in LENGTHS])
            line = np.column_stack([np.ones(3), 1 / np.array(LENGTHS)])
            limit = np.linalg.lstsq(line, rows, rcond=None)[0][0]
            print(k, terms, *(f"{value:.3f}" for value in limit), flush=True)


if __name__ == "__main__":
    main()
