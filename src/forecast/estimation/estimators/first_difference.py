"""First differences within countries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import renumbered
from forecast.estimation.algebra.sweeping import rounding, swept_regression
from forecast.estimation.problem import Regression, Sample
from forecast.specs.model import ModelSpec


def first_difference(rows: Sample, spec: ModelSpec) -> Regression:
    """Return the regression of differenced outcome on a constant and differenced drivers.

    A row is differenced with the row of the same country one step earlier, never across a gap; the
    step is the smallest distance between two years of the sample. ``stats["gaps"]`` counts the
    rows lost to gaps. The constant is the mean drift a step, as in plm. ``effects = ["year"]``
    sweeps out dummies of the later year.

    Raises
    ------
    EstimationError
        If no country has two rows in successive years, or a driver does not vary beyond the year
        effects.
    """
    same = np.diff(rows.country) == 0
    years = rows.index.get_level_values("year").to_numpy()
    apart = np.diff(years)
    step = np.diff(np.unique(years)).min(initial=np.iinfo(np.int64).max)
    later = np.flatnonzero(same & (apart == step)) + 1
    if not len(later):
        raise EstimationError("first differences: no country has rows in two successive years")
    index = rows.index[later]
    assert isinstance(index, pd.MultiIndex)
    changes = replace(
        rows,
        y=rows.y[later] - rows.y[later - 1],
        x=rows.x[later] - rows.x[later - 1],
        country=renumbered(rows.country[later]),
        year=renumbered(rows.year[later]),
        index=index,
        places=None if rows.places is None else rows.places[later],
    )
    regression = swept_regression(changes, spec.effects, constant=True)
    return replace(
        regression,
        stats={"gaps": float(np.sum(same & (apart > step)))},
        rounding=max(regression.rounding, rounding(rows.x[later], changes.x)),
    )
