"""A part of a sample carries all that belongs to its rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.estimation.heterogeneous.some_rows import some_rows
from forecast.estimation.problem import Sample
from forecast.panel import Panel


def test_every_column_of_a_part_is_of_its_rows() -> None:
    """Weights, places and groups go with the rows, codes run from 0 without a gap."""
    index = pd.MultiIndex.from_product([["A", "B", "C"], [2000, 2001]], names=["country", "year"])
    rows = Sample(
        y=np.arange(6.0),
        x=np.arange(12.0).reshape(6, 2),
        terms=("x1", "x2"),
        country=np.repeat([0, 1, 2], 2),
        year=np.tile([0, 1], 3),
        index=index,
        dropped=0,
        history=Panel(pd.DataFrame({"y": np.arange(6.0)}, index), source="made"),
        groups={"region": np.array([0, 0, 1, 1, 2, 2])},
        weights=np.arange(1.0, 7.0),
        places=np.arange(12.0).reshape(6, 2),
    )
    kept = np.array([1, 5])

    part = some_rows(rows, kept)

    assert part.weights is not None
    assert part.places is not None
    assert part.index.equals(index[kept])
    assert part.weights.tolist() == [2.0, 6.0]
    assert part.places.tolist() == [[2.0, 3.0], [10.0, 11.0]]
    assert part.groups["region"].tolist() == [0, 1]
    assert part.country.tolist() == [0, 1]
    assert part.year.tolist() == [0, 0]
