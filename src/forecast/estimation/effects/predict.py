"""Fitted values of an estimate on any panel that has its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.derive.apply import add_derived
from forecast.errors import EstimationError
from forecast.estimation.effects.effect_values import EffectValues, effect_values
from forecast.estimation.effects.prediction_errors import prediction_errors, refuse_errors
from forecast.estimation.record import Estimate, check_level
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
    estimate: Estimate,
    panel: Panel,
    *,
    effects: bool = True,
    fitted_on: Panel | None = None,
    level: float | None = None,
) -> Any:
    """Return the outcome that an estimate predicts for the rows of a panel.

    The constant plus x'b, plus the estimated fixed effects of the row's country and year. Effects
    of country and year are known only for those of the sample; any other row is missing. Where
    slopes differ by country (mean group, seemingly unrelated) they are the row's country's own.
    Random effects are zero and left out. On the sample's rows, prediction and residual sum up.

    Parameters
    ----------
    estimate : Estimate
    panel : Panel
        With the columns that the drivers are made of; the outcome is not needed.
    effects : bool
        Whether fixed effects are added; otherwise the constant, where there is one, plus x'b alone.
    fitted_on : Panel or None
        The panel of the estimate, to recover effects from; None: ``panel`` is that panel.
    level : of intervals, between 0 and 1; with it the predictions' errors are returned too.

    Returns
    -------
    pandas.Series, or pandas.DataFrame with ``level``
        On the index of ``panel``, in the outcome's unit; missing where a driver is. Columns
        ``prediction, std_error``, ``conf_low, conf_high`` of the mean, ``new_low, new_high`` of a
        new observation (`prediction_errors`).

    Raises
    ------
    EstimationError
        If the estimator predicts no level, or effects or their errors cannot be given.
    DataError
        If a column is missing or a derivation cannot be made.
    """
    spec = estimate.spec
    _refuse(estimate, effects=effects)
    if level is not None:
        check_level(level)
        refuse_errors(estimate)
    if spec.estimator == "sur" or (effects and spec.estimator == "mean_group"):
        return _own_slopes(estimate, panel).rename(spec.outcome)
    columns = _columns(estimate, panel)
    values, sample = _index(estimate, columns), fitted_on or panel
    constant = spec.estimator == "bma" and "const" not in estimate.terms  # which it sweeps out
    recovered = None
    if effects and (_dimensions(estimate) or constant):
        if level is None and _dimensions(estimate) == {"country"} and spec.estimator in SWEPT:
            return (values + _own_levels(estimate, columns.index)).rename(spec.outcome)
        recovered = _recovered(estimate, columns.index, sample)
        values = values + recovered.values(_left(estimate, sample))
    if level is None:
        return values.rename(spec.outcome)
    of_sample = None if recovered is None else _columns(estimate, sample)
    return prediction_errors(estimate, values, columns, recovered, of_sample, level)


def _refuse(estimate: Estimate, *, effects: bool) -> None:
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


def _dimensions(estimate: Estimate) -> set[str]:
    """Return what the effects of an estimate are by."""
    return {*estimate.spec.effects, *SWEPT.get(estimate.spec.estimator, ())}


def _own_levels(estimate: Estimate, index: pd.Index) -> pd.Series:
    """Return the countries' effects by the means of the sample, which need none of its rows."""
    slopes = estimate.anchors[list(estimate.terms)].to_numpy() @ estimate.params.to_numpy()
    level = estimate.anchors[estimate.spec.outcome] - slopes
    return pd.Series(level.reindex(index.get_level_values("country")).to_numpy(), index=index)


def _columns(estimate: Estimate, panel: Panel) -> pd.DataFrame:
    """Return the regressors of a panel's rows, in the order of the terms, the constant apart."""
    slopes = [term for term in estimate.terms if term != "const"]
    drivers = [term for term in slopes if term in estimate.spec.drivers]
    wanted = _needed(estimate.spec.derive, drivers)
    columns = add_derived(panel, wanted).require(drivers)
    country = columns.index.get_level_values("country")
    # the country means that correlated random effects add are those of the sample
    means = estimate.anchors.add_prefix("mean(").add_suffix(")").reindex(country)
    further = means[[term for term in slopes if term in means]].set_axis(columns.index)
    found = pd.concat([columns, further], axis=1)
    return found[[term for term in slopes if term in found]]


def _index(estimate: Estimate, columns: pd.DataFrame) -> pd.Series:
    """Return the constant plus x'b."""
    start = float(estimate.params.get("const", 0.0))
    slopes = estimate.params.loc[columns.columns].to_numpy()
    return pd.Series(start + columns.to_numpy(dtype=float) @ slopes, index=columns.index)


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


def _recovered(estimate: Estimate, index: pd.Index, fitted_on: Panel) -> EffectValues:
    """Return what turns columns of the sample into the effects of other rows."""
    spec = estimate.spec
    dimensions = _dimensions(estimate)
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
    weights = None
    if spec.weights is not None:
        weights = add_derived(fitted_on, spec.derive).require([spec.weights])[spec.weights]
        if spec.weight_kind != "frequency":  # of mean one, as the estimate takes them
            weights = weights / weights.loc[rows].mean()
    return effect_values(rows, index, dimensions, weights)


def _left(estimate: Estimate, fitted_on: Panel) -> pd.Series:
    """Return what x'b leaves of the outcome of the sample's rows."""
    outcome = add_derived(fitted_on, estimate.spec.derive).require([estimate.spec.outcome])
    index = _index(estimate, _columns(estimate, fitted_on))
    left = (outcome[estimate.spec.outcome] - index).loc[estimate.residuals.index]
    # with priors what is left is of the coefficients without them
    return left if "prior" in estimate.tables else left - estimate.residuals
