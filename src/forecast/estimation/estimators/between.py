"""The between estimator: one row a country, its means."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.estimation.algebra.grouping import group_count, group_means
from forecast.estimation.problem import Regression, Sample
from forecast.specs.model import ModelSpec


def between(rows: Sample, spec: ModelSpec) -> Regression:
    """Return the regression of countries' mean outcome on a constant and their mean drivers.

    Means are over each country's own rows, and countries weigh alike however many rows they have
    (as in plm). A country's residual, and its place,
    stand at the last year of its rows.
    """
    countries = group_count(rows.country)
    means = group_means(np.column_stack([rows.y, rows.x]), rows.country, countries)
    last = np.flatnonzero(np.append(np.diff(rows.country) > 0, True))
    index = rows.index[last]
    assert isinstance(index, pd.MultiIndex)
    return Regression(
        y=means[:, 0],
        x=np.column_stack([np.ones(countries), means[:, 1:]]),
        terms=("const", *rows.terms),
        country=rows.country[last],
        year=np.zeros(countries, dtype=np.int64),
        index=index,
        places=None if rows.places is None else rows.places[last],
    )
