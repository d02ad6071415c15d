"""One least-squares regression for every country, or every year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.problem import Regression, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegressions:
    """Separate regressions.

    Attributes
    ----------
    units : (u,) labels of countries or years.
    params : (u, 1 + k) constant and slopes of each.
    residuals : (n,) in the sample's order.
    df : residual degrees of freedom of all together.
    """

    units: tuple[str, ...]
    params: Matrix
    residuals: Vector
    df: int

    def table(self, terms: tuple[str, ...]) -> pd.DataFrame:
        """Return coefficients in long form: ``unit, term, estimate``."""
        wide = pd.DataFrame(self.params[:, : len(terms)], columns=list(terms))
        wide.insert(0, "unit", list(self.units))
        return wide.melt("unit", var_name="term", value_name="estimate")


def unit_regressions(
    rows: Sample, codes: Codes, by: Literal["country", "year"], further: Matrix
) -> UnitRegressions:
    """Return y on a constant, the drivers and ``further`` columns, apart for each unit.

    Parameters
    ----------
    rows : Sample
    codes : (n,) codes of the units.
    by : the index level that names them.
    further : (n, q) columns beside the drivers; their coefficients are not kept.

    Raises
    ------
    EstimationError
        If a unit has too few rows or collinear columns, which the message names, or there is one
        unit alone.
    """
    labels = rows.index.get_level_values(by)
    names = ("const", *rows.terms, *(f"average {j + 1}" for j in range(further.shape[1])))
    x = np.column_stack([np.ones(len(rows.y)), rows.x, further])
    units, params, df = [], [], 0
    residuals = np.empty(len(rows.y))
    count = group_count(codes)
    if count < 2:
        raise EstimationError(f"found {count} {by}, at least 2 are needed")
    for unit in range(count):
        mine = np.flatnonzero(codes == unit)
        units.append(str(labels[mine[0]]))
        problem = Regression(
            y=rows.y[mine],
            x=x[mine],
            terms=names,
            country=rows.country[mine],
            year=rows.year[mine],
            index=rows.index[mine],
        )
        try:
            fit = least_squares(problem)
        except EstimationError as error:
            advice = "; leave it out, or set sample.min_periods" if by == "country" else ""
            raise EstimationError(f"{by} {units[-1]}: {error}{advice}") from None
        params.append(fit.params[: 1 + len(rows.terms)])
        residuals[mine] = fit.residuals
        df += fit.df_resid
    return UnitRegressions(units=tuple(units), params=np.array(params), residuals=residuals, df=df)
