"""What goes together in a model: each rule raises ValueError with the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable

from forecast.specs.dimensions import split_slope
from forecast.specs.estimators import COVARIANCES, ESTIMATORS
from forecast.specs.parts.fields import ALWAYS_CORRECTED, INTERCEPT, MOST_CLUSTERS, ModelFields


def refuse_contradictions(spec: ModelFields) -> None:
    """Raise ValueError where the parts of a model do not go together."""
    if len(set(spec.drivers)) != len(spec.drivers):
        raise ValueError("'drivers' names a column twice")
    if INTERCEPT in spec.drivers:
        raise ValueError(
            f"'drivers' names {INTERCEPT!r}, which is what the intercept is called: give the "
            f"column another name"
        )
    if spec.outcome in spec.drivers:
        raise ValueError(f"outcome {spec.outcome!r} is also among 'drivers'")
    both = [n for n in spec.factors if n in (*spec.drivers, spec.outcome)]
    if both or len(set(spec.factors)) != len(spec.factors):
        named = repr(both[0]) + ", which is a regressor or the outcome" if both else "one twice"
        raise ValueError(f"'factors' names {named}")
    stray = [n for n in spec.expected_sign if n not in spec.drivers]
    if stray:
        raise ValueError(f"'expected_sign' names {stray[0]!r}, which is not in 'drivers'")
    for refuse in (
        _refuse_effects,
        _refuse_tables,
        _refuse_covariance,
        _refuse_weights,
        _refuse_lags,
        _refuse_equations,
        _refuse_system,
        _refuse_calibration,
    ):
        refuse(spec)
    _names_drivers(spec)


def _refuse_effects(spec: ModelFields) -> None:
    groups = [split_slope(name)[0] for name in spec.effects]
    if len(set(spec.effects)) != len(spec.effects):
        raise ValueError("'effects' names one twice")
    if not all(spec.clusters):
        raise ValueError(f"'cluster': found {spec.cluster!r}, with an empty name")
    estimator, row = spec.estimator, ESTIMATORS[spec.estimator]
    if "effects" in row.needs and not spec.effects:
        raise ValueError(f"estimator {estimator!r} needs 'effects': ['country'], ['year'] or both")
    refused = "country" in groups and "country" not in row.effects
    if set(spec.effects) <= set(row.effects) or (row.any_column and not refused):
        return
    allowed = f"effects [] or {list(row.effects)}" if row.effects else "no effects"
    why = f": {row.instead}" if row.instead else ""
    raise ValueError(f"estimator {estimator!r} takes {allowed}{why}")


def _refuse_tables(spec: ModelFields) -> None:
    """Raise ValueError where an option is missing or goes with another estimator."""
    estimator, row = spec.estimator, ESTIMATORS[spec.estimator]
    if spec.variance != "swamy_arora" and "variance" not in row.takes:
        raise ValueError(f"estimator {estimator!r} takes no 'variance'")
    tables = {
        "gmm": spec.gmm,
        "lsdvc": spec.lsdvc,
        "bma": spec.bma,
        "threshold": spec.threshold,
        "iv": spec.iv,
        "pooled_mean_group": spec.pooled_mean_group,
        "dynamic_cce": spec.dynamic_cce,
        "augmented_mean_group": spec.augmented_mean_group,
        "interactive_effects": spec.interactive_effects,
        "hausman_taylor": spec.hausman_taylor,
        "sur": spec.sur,
        "prior": spec.prior or None,
    }
    for name, table in tables.items():
        if table is None and name in row.needs:
            raise ValueError(f"estimator {estimator!r} needs a table {name!r}")
        if table is not None and name not in (*row.needs, *row.takes):
            raise ValueError(f"estimator {estimator!r} takes no table {name!r}")


def _refuse_covariance(spec: ModelFields) -> None:
    estimator, row = spec.estimator, ESTIMATORS[spec.estimator]
    taken = row.covariances or [name for name, kind in COVARIANCES.items() if not kind.own]
    if spec.covariance not in taken:
        allowed = " or ".join(map(repr, taken))
        own = ", which is its own covariance" if len(row.covariances) == 1 else ""
        raise ValueError(
            f"estimator {estimator!r} takes covariance {allowed}{own}; found {spec.covariance!r}"
        )
    kind = COVARIANCES[spec.covariance]
    if len(spec.clusters) > (MOST_CLUSTERS if kind.several else 1):
        allowed = ", ".join(repr(name) for name, kind in COVARIANCES.items() if kind.several)
        raise ValueError(
            f"'cluster' names {len(spec.clusters)}; up to {MOST_CLUSTERS} go with {allowed}, one "
            f"with the others"
        )
    if not set(spec.clusters) <= set(row.clusters) and not (row.any_column and kind.any_column):
        raise ValueError(
            f"estimator {estimator!r} with covariance {spec.covariance!r} is clustered by "
            f"{' or '.join(row.clusters)}"
        )
    if spec.covariance == "conley" and spec.spatial is None:
        raise ValueError(
            "covariance 'conley' needs a table 'spatial': latitude, longitude, cutoff in km"
        )
    for option in ("cluster", "small_sample", "maxlag", "spatial"):
        given = getattr(spec, option) != type(spec).model_fields[option].default
        if given and option not in COVARIANCES[spec.covariance].takes:
            allowed = ", ".join(repr(n) for n, kind in COVARIANCES.items() if option in kind.takes)
            raise ValueError(
                f"covariance {spec.covariance!r} takes no {option!r}; it goes with {allowed}"
            )
    if spec.small_sample not in (True, False) and not row.any_column:
        raise ValueError(
            f"estimator {estimator!r} takes small_sample true or false, found {spec.small_sample!r}"
        )
    if spec.small_sample is False and spec.covariance in ALWAYS_CORRECTED:
        raise ValueError(f"covariance {spec.covariance!r} takes no 'small_sample' of false")
    if spec.gmm is not None and spec.gmm.steps == 2 and spec.covariance == "classical":
        raise ValueError("two steps of GMM take covariance 'clustered'")


def _refuse_weights(spec: ModelFields) -> None:
    row, kind = ESTIMATORS[spec.estimator], COVARIANCES[spec.covariance]
    if spec.weights is None:
        if spec.weight_kind != "analytic":
            raise ValueError("'weight_kind' goes with 'weights'")
        return
    if not row.any_column:
        raise ValueError(f"estimator {spec.estimator!r} takes no 'weights'")
    if not kind.weighted or (spec.weight_kind == "probability" and spec.covariance == "classical"):
        taken = [n for n, k in COVARIANCES.items() if k.weighted]
        taken = [n for n in taken if n != "classical" or spec.weight_kind != "probability"]
        raise ValueError(
            f"{spec.weight_kind} weights take covariance {' or '.join(map(repr, taken))}; found "
            f"{spec.covariance!r}"
        )
    if spec.prior and spec.use_prior:
        raise ValueError("'weights' and a prior do not go together")


def _refuse_lags(spec: ModelFields) -> None:
    wanted, found = ESTIMATORS[spec.estimator].outcome_lags, sorted(spec.outcome_lags.values())
    if wanted == "one" and found != [1]:
        raise ValueError(
            f"estimator {spec.estimator!r} needs 'lags = 1', and no further lag of the outcome"
        )
    if wanted == "none" and found:
        raise ValueError(
            f"estimator {spec.estimator!r} makes its own lags (table {spec.estimator!r}): no lag "
            f"of the outcome may be a driver"
        )
    if wanted == "unbroken" and (not found or found != list(range(1, len(found) + 1))):
        raise ValueError(f"estimator {spec.estimator!r} needs 'lags' of 1 or more, without a gap")


def _refuse_equations(spec: ModelFields) -> None:
    if spec.estimator != "difference_gmm" or spec.gmm is None:
        return
    for name, rule in spec.gmm.instruments.items():
        if rule.eq in {"level", "both"}:
            raise ValueError(
                f"'gmm.instruments.{name}' says eq = {rule.eq!r}, and 'difference_gmm' has no "
                f"equation in levels: leave 'eq' out, or take estimator 'system_gmm'"
            )


def _refuse_system(spec: ModelFields) -> None:
    if spec.estimator != "sur":
        return
    further = spec.sur.equations if spec.sur else []
    if spec.effects and not further:
        raise ValueError(
            "estimator 'sur' with an equation a country takes no effects; they go with "
            "'sur.equations'"
        )
    if not spec.constant:
        raise ValueError("estimator 'sur' takes no 'constant' of false")
    if spec.outcome in [one.outcome for one in further]:
        raise ValueError(f"'sur.equations' has the model's own outcome {spec.outcome!r}")


def _refuse_calibration(spec: ModelFields) -> None:
    row = ESTIMATORS[spec.estimator]
    if (spec.factors or spec.bases) and "factors" not in row.takes:
        named = "factors" if spec.factors else "bases"
        raise ValueError(f"estimator {spec.estimator!r} takes no {named!r}")
    stray = [name for name in spec.bases if name not in spec.drivers]
    if stray:
        raise ValueError(f"'bases' names {stray[0]!r}, which is not in 'drivers'")
    free = row.any_column and "effects" not in row.needs and not spec.effects
    if not spec.constant and not free:
        raise ValueError("'constant' of false goes with 'pooled' and 'iv' without effects")
    if spec.capital is not None and spec.outcome != "growth_tfp":
        raise ValueError("'capital' follows total factor productivity: outcome 'growth_tfp'")
    if spec.estimator != "calibrated":
        return
    without = [name for name in spec.drivers if name not in spec.prior]
    if without or not spec.use_prior:
        why = f"{without[0]!r} has none" if without else "'use_prior' is false"
        raise ValueError(f"estimator 'calibrated' needs a prior on every driver: {why}")


def _names_drivers(spec: ModelFields) -> None:
    lags = spec.pooled_mean_group.q if spec.pooled_mean_group else 1
    named: dict[str, Iterable[str]] = {
        "prior": [name for name in spec.prior if name != INTERCEPT],
        "bma.always": spec.bma.always if spec.bma else [],
        "threshold.switching": spec.threshold.switching if spec.threshold else [],
        "iv.endogenous": spec.iv.endogenous if spec.iv else [],
        "pooled_mean_group.q": lags if isinstance(lags, dict) else [],
        "hausman_taylor.endogenous": (
            spec.hausman_taylor.endogenous if spec.hausman_taylor else []
        ),
    }
    for key, names in named.items():
        stray = [name for name in names if name not in spec.drivers]
        if stray:
            raise ValueError(f"'{key}' names {stray[0]!r}, which is not in 'drivers'")
    if spec.iv is None:
        return
    both = [name for name in spec.iv.instruments if name in spec.drivers]
    if both:
        raise ValueError(f"'iv.instruments' names {both[0]!r}, which is in 'drivers'")
    if len(spec.iv.instruments) < len(spec.iv.endogenous):
        raise ValueError(
            f"'iv.instruments' has {len(spec.iv.instruments)} columns, at least as many as "
            f"endogenous drivers are needed ({len(spec.iv.endogenous)})"
        )
