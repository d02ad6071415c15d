"""Marginal effects averaged over the sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr

from forecast.arrays import Matrix
from forecast.errors import EstimationError
from forecast.estimation.bases import level_title
from forecast.estimation.effects.basis_slopes import factor_levels
from forecast.estimation.effects.marginal import effect_gradient, raw_columns, with_band
from forecast.estimation.groupings import labels
from forecast.estimation.problem import Sample
from forecast.estimation.record import Estimate, check_level
from forecast.estimation.sample import sample
from forecast.panel import Panel


def average_marginal_effects(
    estimate: Estimate, panel: Panel, drivers: Sequence[str] = (), *, level: float = 0.95
) -> pd.DataFrame:
    """Return the mean over the sample of what one more unit of each raw column does.

    Of a column of numbers the mean derivative of x'b (`marginal_effects` at every row); of a factor
    the mean difference between each of its values and the one left out, all else as the rows have
    it.
    Both are linear in the coefficients, mean d'b with variance d'Vd (Stata's ``margins, dydx``;
    the sample is taken as given). Weighted where the estimate is.

    Parameters
    ----------
    estimate : Estimate
    panel : Panel
        The one of the estimate.
    drivers : sequence of str
        Raw columns; empty: all behind the regressors.

    Returns
    -------
    pandas.DataFrame
        One row a column, of a factor one a value (``region[7]``): ``model, driver, effect,
        std_error, statistic, p_value, conf_low, conf_high``.

    Raises
    ------
    EstimationError
        If a column is none of the model's, enters with a lag, or switches between regimes.
    SpecError
        If the level is not between 0 and 1.
    """
    check_level(level)
    spec, rows = estimate.spec, sample(panel, estimate.spec)
    factors = [basis.of for basis in spec.bases.values() if basis.apply == "factor"]
    factors = list(dict.fromkeys([*factors, *spec.factors]))
    points = _points(rows, factors)
    share = np.ones(len(points)) if rows.weights is None else rows.weights
    names: list[str] = []
    means: list[Matrix] = []
    for driver in drivers or [*raw_columns(estimate), *factors]:
        if driver in factors:
            found = _differences(estimate, driver, rows, points)
        else:
            found = {driver: effect_gradient(estimate, driver, points, panel)}
        names += found
        means += [share @ gradient / share.sum() for gradient in found.values()]
    if not names:
        raise EstimationError(f"model {spec.name!r}: has no driver that is a column of numbers")
    band = with_band(estimate, np.stack(means), level)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = band["effect"] / band["std_error"]
    table = pd.DataFrame({"model": spec.name, "driver": names, **band})
    table.insert(4, "statistic", statistic)
    table.insert(5, "p_value", 2 * stdtr(estimate.df_resid, -np.abs(statistic)))
    return table


def _points(rows: Sample, factors: Sequence[str]) -> pd.DataFrame:
    points = rows.history.frame.loc[rows.index]
    named = {name: labels(rows.history, name, rows.index).to_numpy() for name in factors}
    return points.assign(**named).reset_index(drop=True)


def _differences(
    estimate: Estimate, factor: str, rows: Sample, points: pd.DataFrame
) -> dict[str, Matrix]:
    """Return the change of the terms from a factor's first value to each other, (n, p) each."""
    spec, parts = estimate.spec, dict[str, tuple[str, Matrix]]()
    for name, basis in spec.bases.items():
        if basis.apply == "factor" and basis.of == factor:
            times = points[basis.times].to_numpy(dtype=float).prod(axis=1)
            for term, value in factor_levels(spec, name, rows).items():
                parts[term] = (value, times)
    for term in estimate.terms:  # dummies of ``factors``
        if factor in spec.factors and term.startswith(f"{factor}[") and term.endswith("]"):
            parts[term] = (term[len(factor) + 1 : -1], np.ones(len(points)))
    sorted_values = pd.factorize(labels(rows.history, factor, rows.index), sort=True)[1]
    values = [level_title(value) for value in sorted_values]
    stated = [b.ref for b in spec.bases.values() if b.of == factor and b.ref is not None]
    base = level_title(stated[0]) if stated else values[0]
    found = {}
    for value in values:
        if value != base:
            gradient = np.zeros((len(points), len(estimate.terms)))
            for term, (own, times) in parts.items():
                gradient[:, estimate.terms.index(term)] += times * ((own == value) - (own == base))
            found[f"{factor}[{value}]"] = gradient
    return found
