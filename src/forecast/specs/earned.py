"""Weights that the backtests earned, as stored in ``data/earned_weights.toml``."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from forecast.errors import SpecError, choose
from forecast.specs.changed import changed
from forecast.specs.declaration import Declaration
from forecast.specs.study import StudySpec


class EarnedWeights(Declaration):
    """What `forecast weights` wrote, with the data that it was computed from.

    Attributes
    ----------
    package, vintage, sha256 : str
        The data package of the backtest.
    origins, horizons : list of int
        Of the densities' backtest.
    cases : int
        (economy, origin, horizon) that all densities have.
    growth : dict of rule to dict of density to weight
    nominal : dict of rule to dict of nominal system to weight
    """

    package: str
    vintage: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    origins: list[int] = Field(min_length=1)
    horizons: list[int] = Field(min_length=1)
    cases: int = Field(ge=1)
    growth: dict[str, dict[str, float]] = Field(min_length=1)
    nominal: dict[str, dict[str, float]] = {}

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        for table in (self.growth, self.nominal):
            for rule, weights in table.items():
                if abs(sum(weights.values()) - 1) > 1e-3:  # stored to four decimals
                    raise ValueError(f"weights of rule {rule!r} do not sum to one")
        return self


def with_earned(study: StudySpec, earned: EarnedWeights) -> StudySpec:
    """Return the study with the weights of the rules that it names.

    Raises
    ------
    SpecError
        If the stored weights have no such rule.
    """
    baseline = study.baseline
    update: dict[str, Any] = {}
    if baseline.weights_rule:
        weights = _of_rule(baseline.weights_rule, earned.growth)
        update |= {"weights": weights, "weights_rule": None}
    if baseline.nominal_rule:
        weights = _of_rule(baseline.nominal_rule, earned.nominal)
        update |= {"nominal_weights": weights, "nominal_rule": None}
    return changed(study, baseline=changed(baseline, **update))


def stale(earned: EarnedWeights, vintage: str, sha256: str | None) -> list[str]:
    """Return sentences that say why stored weights may be out of date; none where they are not.

    Parameters
    ----------
    earned : EarnedWeights
    vintage : str
        Of the package that the run uses.
    sha256 : str or None
        Of the package of the backtest as it is at hand now; None: it is not.
    """
    again = f"`forecast weights --data {earned.package}` computes them again"
    found = []
    if vintage != earned.vintage:
        found.append(
            f"The weights were earned on data of {earned.vintage}, the run uses data of {vintage}; "
            f"{again}."
        )
    if sha256 is not None and sha256 != earned.sha256:
        found.append(
            f"The weights were earned on another edition of {earned.package} "
            f"({earned.sha256[:12]}..., at hand {sha256[:12]}...); {again}."
        )
    return found


def _of_rule(rule: str, table: dict[str, dict[str, float]]) -> dict[str, float]:
    weights = choose(rule, table, "rule of earned weights", SpecError)
    kept = {name: weight for name, weight in weights.items() if weight > 0}
    total = sum(kept.values())
    return {name: weight / total for name, weight in kept.items()}
