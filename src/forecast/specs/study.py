"""A whole run: data, models, scenarios, horizon and draws, as declared in ``study.toml``."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration, Name, NameOrFile
from forecast.specs.known import KnownSpec
from forecast.specs.line import MarkSpec

Rule = Literal["equal", "inverse_crps", "stacking"]


class BaselineSpec(Declaration):
    """How the baseline's productivity growth is forecast.

    Attributes
    ----------
    method : {"chain", "pool"}
        The income chain (docs/methods/income_chain.md), which learns from all economies; or a pool
        of growth densities and price systems, which the keys below describe.
    view : {"imf", "none"}
        Whether the IMF's forecast, as known at the origin, enters the income chain.
    base_revision : bool
        Whether paths of the income chain start from the last published income as eight years may
        revise it, drawn from what became of figures of 2018 at such a distance to the line. Off:
        it is final, as in the chain's past scores.
    weights : dict of density model to weight
        Linear pool; weights are positive and sum to one.
    weights_rule : str
        In place of ``weights``: the rule by which stored weights were earned in the backtest.
    convergence_model : str
        The estimated model behind the density ``convergence``.
    weights_because : str
        Where the weights come from.
    nominal_weights : dict of nominal system to weight
        How prices and the exchange rate move, given growth; pooled likewise.
    nominal_rule : str
        In place of ``nominal_weights``.
    nominal_because : str
    population : {"uncertain", "median"}
        Whether the working-age share is drawn from the published intervals of total population.
    driver_uncertainty : bool
        Whether drivers wander from their held paths (`projection.drivers.driver_deviations`). Off
        unless asked for: growth of the past, which the densities carry on, holds what drivers did.
    """

    method: Literal["chain", "pool"] = "chain"
    view: Literal["imf", "none"] = "imf"
    base_revision: bool = False
    weights: dict[str, float] = {}
    weights_rule: Rule | None = None
    convergence_model: Name | Literal[""] = ""
    weights_because: str = ""
    nominal_weights: dict[str, float] = {}
    nominal_rule: Rule | None = None
    nominal_because: str = ""
    population: Literal["uncertain", "median"] = "uncertain"
    driver_uncertainty: bool = False

    @property
    def models(self) -> list[str]:
        """Models that the baseline itself uses: of a pool with convergence among its densities."""
        return [self.convergence_model] if self.method == "pool" else []

    @property
    def asks_earned(self) -> bool:
        """Whether a rule stands in place of stated weights, and the pool is used."""
        asked = self.weights_rule is not None or self.nominal_rule is not None
        return asked and self.method == "pool"

    @model_validator(mode="after")
    def _stated_or_earned(self) -> Self:
        for what, weights, rule in (
            ("weights", self.weights, self.weights_rule),
            ("nominal_weights", self.nominal_weights, self.nominal_rule),
        ):
            given = bool(weights) + (rule is not None)
            if given > 1 or (given == 0 and self.method == "pool"):
                name = what.replace("weights", "rule") if "_" in what else "weights_rule"
                raise ValueError(f"give either '{what}' or '{name}', not both and not neither")
            if weights:
                _check_weights(weights)
        if self.method == "pool" and not (
            self.convergence_model and self.weights_because and self.nominal_because
        ):
            raise ValueError(
                "method 'pool' needs 'convergence_model', 'weights_because' and 'nominal_because'"
            )
        return self


class EffectsSpec(Declaration):
    """Which estimated models turn a scenario's drivers into growth, with weights.

    Attributes
    ----------
    weights : dict of model to weight
    weights_because : str
    priors : bool
        Whether what models state beforehand of their coefficients is used; without, models that
        are calibrated, not estimated, are left out and their weight is shared among the others.
    price_effect : bool
        Whether the real exchange rate rises with the growth that a scenario adds (Balassa and
        Samuelson), by the elasticity of docs/methods/income_accounting.md; off: income in US$
        moves as real growth does.
    """

    weights: dict[Name, float] = Field(min_length=1)
    weights_because: str = Field(min_length=10)
    priors: bool = True
    price_effect: bool = False

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        _check_weights(self.weights)
        return self


class StudySpec(Declaration):
    """One reproducible run.

    Attributes
    ----------
    name, title, question : str
        File stem of the results folder; heading; the question in one sentence.
    country : str
        Subject, ISO 3166 alpha-3.
    country_label : str
        Its name in sentences; empty: the code.
    data : str
        Package ``<name>-<vintage>``.
    data_sha256 : str
        Expected sha256 of the package's ``datapackage.json``; empty: not pinned.
    models, scenarios : list of str
        In the order in which tables show them; the first scenario is the baseline.
    baseline : BaselineSpec
    effects : EffectsSpec
    known : KnownSpec
        What is known of the present year; nothing unless given.
    exhibits : list of str
        Exhibits of the papers that the report shows, by name (``forecast exhibit``).
    marks : list of MarkSpec
        What income may pass beside the line; none unless given.
    horizon : int
        Last projected year.
    draws : int
        Paths a scenario.
    seed : int
    """

    name: Name
    title: str
    question: str = ""
    country: str = Field(pattern=r"^[A-Z]{3}$")
    country_label: str = ""
    data: str
    data_sha256: str = ""
    models: list[NameOrFile] = Field(min_length=1)
    scenarios: list[NameOrFile] = Field(min_length=1)
    baseline: BaselineSpec
    effects: EffectsSpec
    known: KnownSpec = KnownSpec()
    exhibits: list[Name] = []
    marks: list[MarkSpec] = []
    horizon: int = Field(ge=2026, le=2100)
    draws: int = Field(ge=100, le=1_000_000)
    seed: int = Field(ge=0)

    @model_validator(mode="after")
    def _models_are_listed(self) -> Self:
        if self.baseline.base_revision and self.baseline.method != "chain":
            raise ValueError("'base_revision' is of the income chain, the baseline's is 'pool'")
        if self.known.given() and self.baseline.method != "chain":
            raise ValueError("'known' enters the income chain, the baseline's method is 'pool'")
        used = [*self.effects.weights, *self.baseline.models]
        missing = [m for m in used if m not in self.models]
        if missing:
            raise ValueError(f"{missing[0]!r} is used for effects or baseline, not in 'models'")
        named = [mark.name for mark in self.marks]
        for what, names in (
            ("models", self.models), ("scenarios", self.scenarios), ("marks", named),
        ):  # fmt: skip
            if len(set(names)) != len(names):
                raise ValueError(f"'{what}' names one twice")
        for mark in self.marks:
            if mark.country not in {"", self.country}:
                raise ValueError(f"mark {mark.name!r} is of {mark.country}, not of {self.country}")
        return self


def _check_weights(weights: dict[str, float]) -> None:
    if min(weights.values()) <= 0:
        raise ValueError("weights must be positive; leave out a model to give it none")
    total = sum(weights.values())
    if abs(total - 1.0) > 1e-9:
        raise ValueError(f"weights sum to {total:.10g}, must sum to 1")
