"""Fitted values of an estimate on any panel that has its columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import sparse

from forecast.arrays import Vector
from forecast.derive.apply import add_derived
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import Derivation


def predict(
    estimate: Estimate, panel: Panel, *, effects: bool = True, fitted_on: Panel | None = None
) -> pd.Series:
    """Return the outcome that an estimate predicts for the rows of a panel.

    The constant (where there is one) plus x'b, plus the estimated fixed effects of the row's
    country and year. Effects of country and year are known only for those of the sample; any other
    row is missing. Random effects are zero in expectation and left out.

    Parameters
    ----------
    estimate : Estimate
    panel : Panel
        With the columns that the drivers are made of; the outcome is not needed.
    effects : bool
        Whether fixed effects are added; otherwise x'b alone.
    fitted_on : Panel or None
        The panel of the estimate, to recover year effects from; None: ``panel`` is that panel.

    Returns
    -------
    pandas.Series
        On the index of ``panel``, in the outcome's unit; missing where a driver is.

    Raises
    ------
    EstimationError
        If the estimator predicts no level, or year effects cannot be recovered.
    DataError
        If a column is missing or a derivation cannot be made.
    """
    spec = estimate.spec
    if spec.estimator == "first_difference":
        raise EstimationError(
            f"model {spec.name!r}: first differences predict changes; their level has no constant"
        )
    values = _index(estimate, panel)
    if effects and spec.effects:
        values = values + _effects(estimate, panel.frame.index, fitted_on or panel)
    return values.rename(spec.outcome)


def _index(estimate: Estimate, panel: Panel) -> pd.Series:
    """Return the constant plus x'b."""
    terms = [term for term in estimate.terms if term != "const"]
    wanted = {name: rule for name, rule in _needed(estimate.spec.derive, terms).items()}
    columns = add_derived(panel, wanted).require(terms)
    slopes = [estimate.params[estimate.terms.index(term)] for term in terms]
    start = estimate.params[estimate.terms.index("const")] if "const" in estimate.terms else 0.0
    return pd.Series(start + columns.to_numpy(dtype=float) @ slopes, index=columns.index)


def _needed(derive: Mapping[str, Derivation], terms: list[str]) -> dict[str, Derivation]:
    """Return the derivations that the terms rest on, so that the outcome's are not asked for."""
    needed = set(terms)
    for name in reversed(list(derive)):
        if name in needed:
            needed |= set(derive[name].of)
    return {name: rule for name, rule in derive.items() if name in needed}


def _effects(estimate: Estimate, index: pd.Index, fitted_on: Panel) -> pd.Series:
    spec = estimate.spec
    country = index.get_level_values("country")
    if spec.estimator == "within" and tuple(spec.effects) == ("country",):
        slopes = estimate.anchors[list(estimate.terms)].to_numpy() @ estimate.params
        level = estimate.anchors[spec.outcome] - slopes
        return pd.Series(level.reindex(country).to_numpy(), index=index)
    if spec.estimator not in {"within", "pooled"}:
        raise EstimationError(
            f"model {spec.name!r}: the year effects of {spec.estimator!r} are not recovered; ask "
            f"for the prediction without effects (effects=False)"
        )
    rows = estimate.residuals.index
    lost = rows.difference(fitted_on.frame.index)
    if len(lost):
        raise EstimationError(
            f"model {spec.name!r}: year effects come from the panel of the estimate, which must "
            f"be given (fitted_on=): {fitted_on.source} lacks row {lost[0]}"
        )
    outcome = add_derived(fitted_on, spec.derive).require([spec.outcome])[spec.outcome]
    left = outcome.loc[rows] - _index(estimate, fitted_on).loc[rows] - estimate.residuals
    by_country = "country" in spec.effects
    one = pd.factorize(rows.get_level_values("country") if by_country else np.zeros(len(rows)))
    two = pd.factorize(rows.get_level_values("year"))
    first, second, sets = _solved(left.to_numpy(dtype=float), one[0], two[0])
    place = pd.Index(one[1]).get_indexer(country) if by_country else np.zeros(len(index), dtype=int)
    when = pd.Index(two[1]).get_indexer(index.get_level_values("year"))
    values = first[place] + second[when]
    # effects of sets of countries and years that no row connects have no common zero
    known = (place >= 0) & (when >= 0) & (sets[place] == sets[len(first) + when])
    return pd.Series(np.where(known, values, np.nan), index=index)


def _solved(left: Vector, one: np.ndarray, two: np.ndarray) -> tuple[Vector, Vector, np.ndarray]:
    """Return a and g of left = a_i + g_t, which holds exactly, and the connected sets."""
    ones, twos = int(one.max()) + 1, int(two.max()) + 1
    rows = np.arange(len(left))
    design = sparse.csr_array(
        (
            np.ones(2 * len(left)),
            (np.concatenate([rows, rows]), np.concatenate([one, ones + two])),
        ),
        shape=(len(left), ones + twos),
    )
    links = sparse.coo_array((np.ones(len(left)), (one, ones + two)), shape=(ones + twos,) * 2)
    sets = sparse.csgraph.connected_components(links.tocsr(), directed=False)[1]
    scale = float(np.abs(left).max()) or 1.0
    found = sparse.linalg.lsqr(design, left / scale, atol=1e-15, btol=1e-15, iter_lim=100_000)[0]
    found = scale * found
    return found[:ones], found[ones:], sets
