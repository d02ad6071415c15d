"""How regressions are averaged: priors on coefficients and models, and how models are visited."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration


class BmaSpec(Declaration):
    """Bayesian model averaging over the subsets of a model's drivers.

    Attributes
    ----------
    g : {"uip", "bric", "fixed", "hyper"}
        Zellner's g: rows (unit information), max(rows, drivers squared), ``g_value``, or the
        hyper-g prior with ``hyper_a``.
    g_value : float or None
        For ``fixed`` only.
    hyper_a : float
        In (2, 4]; 3 is Liang et al.'s (2008) choice.
    model_prior : {"uniform", "beta_binomial", "fixed"}
        Every model alike; every size alike where ``expected_size`` is half of the drivers (Ley and
        Steel 2009); each driver independently with probability ``expected_size`` / drivers.
    expected_size : float or None
        Prior mean of the number of drivers in, ``always`` left out; None: half of them.
    always : list of str
        Drivers in every model.
    search : {"auto", "enumerate", "mc3"}
        ``auto`` enumerates up to 20 free drivers and takes the Markov chain beyond.
    burn_in, steps : int
        Of the chain.
    seed : int
        Of the chain where the caller gives no generator.
    """

    g: Literal["uip", "bric", "fixed", "hyper"] = "bric"
    g_value: float | None = Field(default=None, gt=0)
    hyper_a: float = Field(default=3.0, gt=2, le=4)
    model_prior: Literal["uniform", "beta_binomial", "fixed"] = "beta_binomial"
    expected_size: float | None = Field(default=None, gt=0)
    always: list[str] = []
    search: Literal["auto", "enumerate", "mc3"] = "auto"
    burn_in: int = Field(default=20_000, ge=0)
    steps: int = Field(default=200_000, ge=1)
    seed: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.g == "fixed") != (self.g_value is not None):
            raise ValueError("'g_value' goes with g = 'fixed', and only with it")
        if self.model_prior == "uniform" and self.expected_size is not None:
            raise ValueError("'expected_size' goes with 'beta_binomial' or 'fixed', not 'uniform'")
        return self
