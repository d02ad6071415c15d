"""Sums and means of rows by group code."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Codes, Integers, Matrix, Vector


def group_sums(values: Matrix, codes: Codes, size: int) -> Matrix:
    """Return the column sums of each group, (size, k), of ``values`` (n, k)."""
    sums = np.empty((size, values.shape[1]))
    for column in range(values.shape[1]):
        sums[:, column] = np.bincount(codes, weights=values[:, column], minlength=size)
    return sums


def group_means(values: Matrix, codes: Codes, size: int) -> Matrix:
    """Return the column means of each group, (size, k), of ``values`` (n, k)."""
    return group_sums(values, codes, size) / group_sizes(codes, size)[:, None]


def group_sizes(codes: Codes, size: int) -> Vector:
    """Return the number of rows of each group, (size,)."""
    return np.bincount(codes, minlength=size).astype(float)


def group_count(codes: Codes) -> int:
    """Return the number of groups of codes that run from 0 without a gap."""
    return int(codes.max()) + 1


def group_rows(codes: Codes) -> list[Integers]:
    """Return the positions of each group's rows, in their order."""
    edges = np.cumsum(np.bincount(codes))[:-1]
    return np.split(np.argsort(codes, kind="stable"), edges)


def renumbered(codes: Codes) -> Codes:
    """Return codes without the groups that have no row, in the same order."""
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
