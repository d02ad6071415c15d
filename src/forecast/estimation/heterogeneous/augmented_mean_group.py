"""The mean of countries' slopes beside a common dynamic process that the data give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.arrays import Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimators.first_difference import first_difference
from forecast.estimation.heterogeneous.mean_of_countries import mean_of_countries
from forecast.estimation.heterogeneous.unit_regressions import unit_regressions
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.heterogeneous import AugmentedMeanGroupSpec

PROCESS = "common_process"


def augmented_mean_group(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the augmented mean group (Eberhardt and Teal 2010; Bond and Eberhardt 2013).

    First a pooled regression of first differences on differenced drivers and year dummies, whose
    coefficients are the common dynamic process, zero in the first year. Then each country's
    regression in levels, the process a regressor with a coefficient of its own (``included``), or
    taken off the outcome (``imposed``), with a trend of its own where asked for; their mean.

    Returns
    -------
    Solution
        Drivers, then ``common_process`` and ``trend`` where they are in; residuals are those of
        the outcome as it is. ``tables``: ``by_country``, ``common_process`` (year, value).

    Raises
    ------
    EstimationError
        If no country has rows in two successive years, the process of a year cannot be told, or as
        ``mean_group``.
    """
    options = spec.augmented_mean_group or AugmentedMeanGroupSpec()
    years = np.unique(rows.index.get_level_values("year").to_numpy())
    process = _process(rows, spec, years)
    y, columns, terms = rows.y, [process[rows.year]], [PROCESS]
    if options.process == "imposed":
        y, columns, terms = rows.y - process[rows.year], [], []
    if options.trend:
        columns.append((years - years[0])[rows.year].astype(float))
        terms.append("trend")
    wide = replace(rows, y=y, x=np.column_stack([rows.x, *columns]), terms=(*rows.terms, *terms))
    each = unit_regressions(wide, wide.country, "country", np.empty((len(wide.y), 0)))
    table = pd.DataFrame({"year": years, "value": process})
    return mean_of_countries(wide, each, ("const", *wide.terms), tables={PROCESS: table})


def _process(rows: Sample, spec: ModelSpec, years: Vector) -> Vector:
    """Return (T,) coefficients of year dummies in first differences, zero in the first year."""
    changes = first_difference(rows, spec)
    later = rows.index.get_indexer(changes.index)
    dummies = np.eye(group_count(rows.year))
    moved = (dummies[rows.year[later]] - dummies[rows.year[later - 1]])[:, 1:]
    try:
        fit = least_squares(
            replace(
                changes,
                x=np.column_stack([changes.x[:, 1:], moved]),
                terms=(*rows.terms, *(f"year {year}" for year in years[1:])),
            )
        )
    except EstimationError as error:
        raise EstimationError(f"common dynamic process, in first differences: {error}") from None
    return np.append(0.0, fit.params[len(rows.terms) :])
