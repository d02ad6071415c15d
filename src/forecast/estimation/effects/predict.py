"""Fitted values of an estimate on any panel that has its columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import sparse

from forecast.arrays import Codes, Vector
from forecast.derive.apply import add_derived
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.dimensions import DIMENSIONS
from forecast.specs.options.derivation import Derivation

_CHANGES = "first differences predict changes; their level has no constant"
# Estimators without a level, and without so much as x'b of a row.
NO_LEVEL = {
    "difference_gmm": _CHANGES,
    "anderson_hsiao": _CHANGES,
    "system_gmm": "the countries' constants are not estimated",
    "cce_mean_group": "the countries' constants and loadings on the yearly averages are not kept",
    "cce_pooled": "the countries' constants and loadings on the yearly averages are not kept",
    "dynamic_cce": "the countries' constants and loadings on the yearly averages are not kept",
    "augmented_mean_group": "the countries' loadings on the common process make the level",
    "interactive_effects": "the countries' loadings on the years' factors make the level",
}
NO_INDEX = {
    "pooled_mean_group": "its equation is of changes, from a level that a row alone does not have",
    "first_difference": _CHANGES,
    "threshold": "coefficients differ between regimes, and which one a row is in is not recovered",
}
# Estimators whose residuals are of rows that were swept, and of what beyond ``effects``.
SWEPT: dict[str, tuple[str, ...]] = {"within": (), "iv": (), "lsdvc": ("country",), "bma": ()}


def predict(
    estimate: Estimate, panel: Panel, *, effects: bool = True, fitted_on: Panel | None = None
) -> pd.Series:
    """Return the outcome that an estimate predicts for the rows of a panel.

    The constant plus x'b, plus the estimated fixed effects of the row's country and year. Effects
    of country and year are known only for those of the sample; any other row is missing. Where
    slopes differ by country (mean group, seemingly unrelated) they are the row's country's own.
    Random effects are zero in expectation and left out. On the sample's rows, prediction and
    residual sum to the outcome.

    Parameters
    ----------
    estimate : Estimate
    panel : Panel
        With the columns that the drivers are made of; the outcome is not needed.
    effects : bool
        Whether fixed effects are added; otherwise the constant of the estimate, where it has one,
        plus x'b alone.
    fitted_on : Panel or None
        The panel of the estimate, to recover effects from; None: ``panel`` is that panel.

    Returns
    -------
    pandas.Series
        On the index of ``panel``, in the outcome's unit; missing where a driver is.

    Raises
    ------
    EstimationError
        If the estimator predicts no level, or effects cannot be recovered.
    DataError
        If a column is missing or a derivation cannot be made.
    """
    spec = estimate.spec
    if spec.estimator in NO_INDEX or (effects and spec.estimator in NO_LEVEL):
        why = {**NO_INDEX, **NO_LEVEL}[spec.estimator]
        advice = "" if spec.estimator in NO_INDEX else "; x'b alone is given with effects=False"
        raise EstimationError(f"model {spec.name!r}: {why}{advice}")
    if spec.bases or spec.factors:
        raise EstimationError(
            f"model {spec.name!r}: factors, polynomials and splines are columns of the sample's "
            f"rows alone; predictions are of models without them"
        )
    if spec.estimator == "sur" or (effects and spec.estimator == "mean_group"):
        return _own_slopes(estimate, panel).rename(spec.outcome)
    values = _index(estimate, panel)
    if effects and (spec.effects or spec.estimator in SWEPT):
        values = values + _effects(estimate, panel.frame.index, fitted_on or panel)
    return values.rename(spec.outcome)


def _index(estimate: Estimate, panel: Panel) -> pd.Series:
    """Return the constant plus x'b."""
    slopes = dict(zip(estimate.terms, estimate.params, strict=True))
    start = slopes.pop("const", 0.0)
    drivers = [term for term in slopes if term in estimate.spec.drivers]
    wanted = _needed(estimate.spec.derive, drivers)
    columns = add_derived(panel, wanted).require(drivers)
    country = columns.index.get_level_values("country")
    # the country means that correlated random effects add are those of the sample
    means = estimate.anchors.add_prefix("mean(").add_suffix(")").reindex(country)
    further = means[[term for term in slopes if term in means]].set_axis(columns.index)
    columns = pd.concat([columns, further], axis=1)
    weights = np.array([slopes[str(term)] for term in columns])
    values = start + columns.to_numpy(dtype=float) @ weights
    return pd.Series(values, index=columns.index)


def _own_slopes(estimate: Estimate, panel: Panel) -> pd.Series:
    """Return each country's own constant plus x'b."""
    table = estimate.tables.get("by_country")
    if table is None:
        raise EstimationError(
            f"model {estimate.spec.name!r}: it has equations of several outcomes; predictions are "
            f"of one"
        )
    own = table.pivot(index="unit", columns="term", values="estimate")
    drivers = list(estimate.spec.drivers)
    columns = add_derived(panel, _needed(estimate.spec.derive, drivers)).require(drivers)
    slopes = own.reindex(columns.index.get_level_values("country").astype(str))
    values = columns.to_numpy(dtype=float) * slopes[drivers].to_numpy()
    return pd.Series(slopes["const"].to_numpy() + values.sum(axis=1), index=columns.index)


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
    dimensions = {*spec.effects, *SWEPT.get(spec.estimator, ())}
    if spec.estimator in SWEPT and dimensions == {"country"}:
        slopes = estimate.anchors[list(estimate.terms)].to_numpy() @ estimate.params.to_numpy()
        level = estimate.anchors[spec.outcome] - slopes
        return pd.Series(level.reindex(country).to_numpy(), index=index)
    others = dimensions - set(DIMENSIONS)
    if others:
        raise EstimationError(
            f"model {spec.name!r}: effects of {', '.join(sorted(others))} are not recovered; ask "
            f"for the prediction without effects (effects=False)"
        )
    if spec.estimator not in {*SWEPT, "pooled"}:
        raise EstimationError(
            f"model {spec.name!r}: the year effects of {spec.estimator!r} are not recovered; ask "
            f"for the prediction without effects (effects=False)"
        )
    rows = estimate.residuals.index
    lost = rows.difference(fitted_on.frame.index)
    if len(lost):
        raise EstimationError(
            f"model {spec.name!r}: effects come from the panel of the estimate, which must "
            f"be given (fitted_on=): {fitted_on.source} lacks row {lost[0]}"
        )
    outcome = add_derived(fitted_on, spec.derive).require([spec.outcome])[spec.outcome]
    left = outcome.loc[rows] - _index(estimate, fitted_on).loc[rows]
    if "prior" not in estimate.tables:  # what is left is of the coefficients without priors
        left = left - estimate.residuals
    (one, place), (two, when) = (
        _codes(rows, index, name if name in dimensions else None) for name in ("country", "year")
    )
    first, second, sets = _solved(left.to_numpy(dtype=float), one, two)
    values = first[place] + second[when]
    # effects of sets of countries and years that no row connects have no common zero
    known = (place >= 0) & (when >= 0) & (sets[place] == sets[len(first) + when])
    return pd.Series(np.where(known, values, np.nan), index=index)


def _codes(rows: pd.Index, index: pd.Index, level: str | None) -> tuple[Codes, Codes]:
    """Return the groups of the sample's rows and of others, -1 where new; one without a level."""
    if level is None:
        return np.zeros(len(rows), dtype=np.int64), np.zeros(len(index), dtype=np.int64)
    codes, labels = pd.factorize(rows.get_level_values(level))
    return codes.astype(np.int64), labels.get_indexer(index.get_level_values(level))


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
