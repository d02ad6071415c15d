"""Tests of serial correlation in panels: Wooldridge's two, and Breusch and Godfrey's."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import linalg

from forecast.arrays import Matrix, Vector
from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count, group_sums
from forecast.estimation.estimate import regression
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.statistics.significance.tails import chi2_sf, f_sf

NULL = "errors are not serially correlated within countries"


def wooldridge_within(within: Estimate) -> TestResult:
    """Return Wooldridge's test on the residuals of a within estimate.

    Residuals are regressed on their lag; without serial correlation the slope is -1/(T - 1), T the
    years of the panel. F = ((b + 1/(T-1)) / se)^2 with se clustered by country, no small-sample
    factor (Wooldridge 2010, section 10.5.4; R's ``plm::pwartest``). The lag is the year one step
    before; plm takes the row before, also across a gap.

    Raises
    ------
    EstimationError
        If the estimate is not by ``within`` with country effects, or no two years succeed.
    """
    spec = within.spec
    if spec.estimator != "within" or "country" not in spec.effects:
        raise EstimationError(
            f"Wooldridge test: model {spec.name!r}: needs 'within' with country effects, found "
            f"{spec.estimator!r}"
        )
    return _slope_test("Wooldridge (within)", within, -1 / (within.n_years - 1))


def wooldridge_first_difference(
    changes: Estimate, null: Literal["levels", "changes"] = "levels"
) -> TestResult:
    """Return Wooldridge's test on the residuals of a first-difference estimate.

    Without serial correlation in the errors' levels their changes have autocorrelation -1/2
    (``null = "levels"``); without it in the changes, 0. F as in `wooldridge_within` (Wooldridge
    2010, section 10.6.3; R's ``plm::pwfdtest``, ``h0 = "fe"`` and ``"fd"``; Stata's ``xtserial``
    is the first, on differences without a constant).

    Raises
    ------
    EstimationError
        If the estimate is not by ``first_difference``, or no two changes succeed.
    """
    if changes.spec.estimator != "first_difference":
        raise EstimationError(
            f"Wooldridge test: model {changes.spec.name!r}: needs 'first_difference', found "
            f"{changes.spec.estimator!r}"
        )
    if null not in {"levels", "changes"}:
        raise EstimationError(f"null: found {null!r}, must be 'levels' or 'changes'")
    name = "Wooldridge (first differences)"
    return _slope_test(name, changes, -0.5 if null == "levels" else 0.0)


def breusch_godfrey(panel: Panel, spec: ModelSpec, order: int = 1) -> TestResult:
    """Return the Breusch-Godfrey test of the errors of a model's transformed regression.

    n R^2 of the regression of residuals on the transformed columns and ``order`` lagged residuals,
    chi-squared (Breusch 1978, Godfrey 1978; the transformed problem as in Wooldridge 2010, section
    10.7). A lag is the same country's, zero before its first year. plm's ``pbgtest`` lets a
    country's first lags be the last residuals of the country before it, so the two differ.

    Raises
    ------
    EstimationError
        If ``order`` is not positive, there are too few rows, or no two years succeed.
    """
    if order < 1:
        raise EstimationError(f"order: found {order}, must be 1 or more")
    solved = regression(panel, spec)
    x, y = solved.x / np.linalg.norm(solved.x, axis=0), solved.y
    resid = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    index = solved.index
    step = _step(index)
    values = pd.Series(resid, index=index)
    lags = np.column_stack(
        [_lagged(values, by * step).fillna(0.0).to_numpy() for by in range(1, order + 1)]
    )
    z = np.column_stack([x, lags])
    if not lags.any(axis=0).all():
        raise EstimationError(
            f"Breusch-Godfrey test: model {spec.name!r}: no two rows of a country are as near as "
            f"the order, {order}"
        )
    if len(y) <= z.shape[1]:
        raise EstimationError(f"Breusch-Godfrey test: {len(y)} rows are too few")
    left = resid - z @ np.linalg.lstsq(z, resid, rcond=None)[0]
    statistic = len(y) * (1 - float(left @ left) / float(resid @ resid))
    return TestResult(
        name=f"Breusch-Godfrey ({order})",
        statistic=statistic,
        df=order,
        p_value=float(chi2_sf(statistic, order)),
        null=NULL,
    )


def _slope_test(name: str, one: Estimate, slope: float) -> TestResult:
    resid = one.residuals.sort_index()
    index = resid.index
    assert isinstance(index, pd.MultiIndex)
    before = _lagged(resid, _step(index))
    known = before.notna().to_numpy()
    if known.sum() < 3:
        raise EstimationError(f"{name} test: model {one.spec.name!r}: no two years succeed")
    y = resid.to_numpy(dtype=float)[known]
    x = np.column_stack([np.ones(len(y)), before.to_numpy(dtype=float)[known]])
    country = pd.factorize(index.get_level_values("country")[known])[0].astype(np.int64)
    beta, variance = _clustered(x, y, country)
    statistic = (beta[1] - slope) ** 2 / variance[1, 1]
    return TestResult(
        name=name,
        statistic=float(statistic),
        df=1,
        df_denominator=float(len(y) - 2),
        p_value=float(f_sf(statistic, 1, len(y) - 2)),
        null=NULL if slope else "changes of the errors are not serially correlated",
    )


def _clustered(x: Matrix, y: Vector, country: np.ndarray) -> tuple[Vector, Matrix]:
    q, r = np.linalg.qr(x)
    beta = linalg.solve_triangular(r, q.T @ y)
    scores = group_sums(q * (y - x @ beta)[:, None], country, group_count(country))
    moves = linalg.solve_triangular(r, scores.T)
    return beta, moves @ moves.T


def _lagged(values: pd.Series, years: int) -> pd.Series:
    index = values.index
    earlier = pd.MultiIndex.from_arrays(
        [index.get_level_values("country"), index.get_level_values("year") - years],
        names=index.names,
    )
    return pd.Series(values.reindex(earlier).to_numpy(), index=index)


def _step(index: pd.MultiIndex) -> int:
    """Return the smallest distance between two years of the rows."""
    years = np.unique(index.get_level_values("year").to_numpy())
    return int(np.diff(years).min(initial=np.iinfo(np.int32).max))
