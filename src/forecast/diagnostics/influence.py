"""Influence: what each country, or each year, does to the coefficients."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.leave_one_out import leave_one_out
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.changed import changed

# Leaving rows out changes nothing in these transformations but what `leave_one_out` undoes.
CLOSED_FORM = ("pooled", "within")


def leave_one_out_table(
    panel: Panel, one: Estimate, dimension: Literal["country", "year"] = "country"
) -> pd.DataFrame:
    """Return the coefficients with each country, or each year, left out.

    ``pooled`` and ``within`` by downdating (no estimate is made again); any other estimator is
    estimated again on the other rows, with ``min_periods`` and filters as declared.

    Parameters
    ----------
    panel : Panel
        The one that the estimate comes from.
    one : Estimate
    dimension : {"country", "year"}

    Returns
    -------
    pandas.DataFrame
        ``model, left_out, term, estimate, change, dfbeta``: ``change`` against all rows, and
        ``dfbeta`` the change in standard errors of the full estimate (Belsley, Kuh and Welsch
        1980, the sign as here: without less with). Coefficients are missing where no estimate is
        possible without the rows. Sorted by the largest absolute dfbeta of each label.

    Raises
    ------
    EstimationError
        If the dimension is unknown or the model has no sample on this panel.
    """
    if dimension not in {"country", "year"}:
        raise EstimationError(f"dimension: found {dimension!r}, must be 'country' or 'year'")
    labels = sorted(one.residuals.index.get_level_values(dimension).unique())
    spec = one.spec
    if spec.estimator in CLOSED_FORM and spec.sample.min_periods == 1 and not spec.prior:
        problem = regression(panel, spec)
        change = leave_one_out(least_squares(problem), problem, dimension)
    else:
        again = np.stack([_again(panel, one, dimension, label) for label in labels])
        change = again - one.params.to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        dfbeta = change / one.std_errors.to_numpy()
    table = pd.DataFrame(
        {
            "model": spec.name,
            "left_out": np.repeat(np.array(labels, dtype=object), len(one.terms)),
            "term": list(one.terms) * len(labels),
            "estimate": (one.params.to_numpy() + change).ravel(),
            "change": change.ravel(),
            "dfbeta": dfbeta.ravel(),
        }
    )
    largest = np.nan_to_num(np.abs(dfbeta), nan=np.inf).max(axis=1)
    order = np.argsort(-largest, kind="stable")
    rows = (order[:, None] * len(one.terms) + np.arange(len(one.terms))).ravel()
    return table.iloc[rows].reset_index(drop=True)


def _again(panel: Panel, one: Estimate, dimension: str, label: object) -> np.ndarray:
    index = panel.frame.index
    rest = one.spec.sample
    if dimension == "country":
        exclude = [*rest.exclude, str(label)]
        include = [c for c in rest.include if c != label]
        spec = changed(one.spec, sample=changed(rest, exclude=exclude, include=include))
        kept = panel
    else:
        # the year's outcome is taken away, not its row, which later years' lags still need
        values = panel.frame.copy()
        if one.spec.outcome not in values.columns:
            raise EstimationError(
                f"leave one out: model {one.spec.name!r}: its outcome is derived; leaving years "
                f"out needs an outcome that is a column of the panel"
            )
        values.loc[index.get_level_values("year") == label, one.spec.outcome] = np.nan
        kept = Panel(values, panel.source, panel.step, panel.imputed)
        spec = one.spec
    try:
        found = estimate(kept, spec)
    except EstimationError:
        return np.full(len(one.terms), np.nan)
    return np.array([_param(found, term) for term in one.terms])


def _param(one: Estimate, term: str) -> float:
    return float(one.params[term]) if term in one.terms else float("nan")
