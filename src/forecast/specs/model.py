"""What to estimate: one model, as declared in ``models/*.toml``."""

from __future__ import annotations

from typing import Self

from pydantic import field_validator, model_validator

from forecast.specs.dimensions import Effect, is_effect
from forecast.specs.estimators import ESTIMATORS
from forecast.specs.parts.fields import ModelFields
from forecast.specs.parts.rules import refuse_contradictions


class ModelSpec(ModelFields):
    """A model to estimate: what `ModelFields` lists, read and checked."""

    @field_validator("effects")
    @classmethod
    def _readable(cls, effects: list[Effect]) -> list[Effect]:
        odd = [effect for effect in effects if not is_effect(effect)]
        if odd:
            raise ValueError(f"found {odd[0]!r}; such as country, sector^year, country[x]")
        return effects

    @model_validator(mode="before")
    @classmethod
    def _one_cluster_text(cls, raw: object) -> object:
        named = raw.get("cluster") if isinstance(raw, dict) else None
        if isinstance(raw, dict) and isinstance(named, list | tuple):
            return {**raw, "cluster": " + ".join(map(str, named))}
        return raw

    @model_validator(mode="before")
    @classmethod
    def _usual_covariance(cls, raw: object) -> object:
        """Fill in the estimator's covariance where none is named, or its own as ``classical``."""
        known = ESTIMATORS.get(str(raw.get("estimator"))) if isinstance(raw, dict) else None
        if known is None or not isinstance(raw, dict):
            return raw
        own = len(known.covariances) == 1 and raw.get("covariance") == "classical"
        return {**raw, "covariance": known.covariance} if own or "covariance" not in raw else raw

    @model_validator(mode="before")
    @classmethod
    def _lags_are_drivers(cls, raw: object) -> object:
        if not isinstance(raw, dict) or not isinstance(raw.get("outcome"), str):
            return raw
        lags, drivers, derive = raw.get("lags", 0), raw.get("drivers", []), raw.get("derive", {})
        # anything else is left to the fields, which say what is wrong
        if type(lags) is not int or not isinstance(drivers, list) or not isinstance(derive, dict):
            return raw
        named = {f"{raw['outcome']}_lag{by}": by for by in range(1, lags + 1)}
        added = {n: {"of": raw["outcome"], "as": "lag", "by": by} for n, by in named.items()}
        missing = [name for name in named if name not in drivers]
        if not missing:
            return raw
        # after the outcome, if it is derived itself, and before what is derived from the lags
        names = list(derive)
        place = names.index(raw["outcome"]) + 1 if raw["outcome"] in names else 0
        first, last = names[:place], names[place:]
        rules = {n: derive[n] for n in first} | added | {n: derive[n] for n in last}
        return {**raw, "drivers": [*missing, *drivers], "derive": rules}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_contradictions(self)
        return self
