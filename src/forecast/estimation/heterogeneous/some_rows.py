"""A part of a sample."""

from __future__ import annotations

from dataclasses import replace

from forecast.arrays import Codes
from forecast.estimation.algebra.grouping import renumbered
from forecast.estimation.problem import Sample


def some_rows(rows: Sample, kept: Codes) -> Sample:
    """Return the rows at the positions ``kept``, in their order, groups renumbered from 0."""
    return replace(
        rows,
        y=rows.y[kept],
        x=rows.x[kept],
        country=renumbered(rows.country[kept]),
        year=renumbered(rows.year[kept]),
        index=rows.index[kept],
        groups={name: renumbered(codes[kept]) for name, codes in rows.groups.items()},
        weights=None if rows.weights is None else rows.weights[kept],
        places=None if rows.places is None else rows.places[kept],
    )
