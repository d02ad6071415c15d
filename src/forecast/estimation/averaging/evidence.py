"""What a subset of regressors is worth: evidence under a g prior, shrinkage, prior odds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from forecast.arrays import Integers, Vector
from forecast.errors import EstimationError
from forecast.specs.options.bma import BmaSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinkage:
    """Posterior moments of s = g / (1 + g) in each model, (m,) each.

    Attributes
    ----------
    first, second : E[s], E[s^2]; the first is the factor on the least-squares coefficients.
    residual : E[s (1 - s R^2)], the factor on total variation / (df - 2) x inv(X'X).
    """

    first: Vector
    second: Vector
    residual: Vector


class CoefficientPrior(Protocol):
    """A prior beta | sigma, g ~ N(0, g sigma^2 inv(X'X)), flat on what every model contains."""

    def log_evidence(self, size: Integers, r2: Vector) -> Vector:
        """Return the log Bayes factor of each model against the one without regressors."""
        ...

    def shrinkage(self, size: Integers, r2: Vector) -> Shrinkage:
        """Return the posterior moments of s in each model."""
        ...

    def draw(self, size: int, r2: float, draws: int, rng: np.random.Generator) -> Vector:
        """Return draws of s from its posterior in one model."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedG:
    """Zellner's (1986) prior with one g; Fernandez, Ley and Steel (2001a).

    Attributes
    ----------
    g : the prior counts for 1/g of the sample.
    df : rows less the constant and the effects swept out.
    """

    g: float
    df: int

    def log_evidence(self, size: Integers, r2: Vector) -> Vector:
        """Return -k/2 log(1+g) - df/2 log(1 - s R^2)."""
        s = self.g / (1 + self.g)
        out: Vector = -0.5 * size * np.log1p(self.g) - 0.5 * self.df * np.log1p(-s * r2)
        return out

    def shrinkage(self, size: Integers, r2: Vector) -> Shrinkage:
        """Return s, s^2 and s (1 - s R^2)."""
        s = self.g / (1 + self.g)
        return Shrinkage(
            first=np.full(len(r2), s), second=np.full(len(r2), s**2), residual=s * (1 - s * r2)
        )

    def draw(self, size: int, r2: float, draws: int, rng: np.random.Generator) -> Vector:
        """Return s, which has no spread."""
        return np.full(draws, self.g / (1 + self.g))


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperG:
    """The hyper-g prior of Liang, Paulo, Molina, Clyde and Berger (2008).

    With t = 1 - s, the posterior of g is t^(p-1) (1 - R^2 + R^2 t)^(-df/2), p = (k+a)/2 - 1. Under
    y = R^2 t / (1 - R^2 + R^2 t) it is Beta(p, df/2 - p) cut off at R^2: their hypergeometric
    functions become incomplete beta functions, which neither overflow nor need a series.
    """

    a: float
    df: int

    def log_evidence(self, size: Integers, r2: Vector) -> Vector:
        """Return log{(a-2)/(k+a-2) 2F1(df/2, 1; (k+a)/2; R^2)}."""
        out: Vector = np.log((self.a - 2) / 2) + self._log_integral(self._p(size), r2)
        return out

    def shrinkage(self, size: Integers, r2: Vector) -> Shrinkage:
        """Return moments of s from those of t."""
        p = self._p(size)
        whole = self._log_integral(p, r2)
        t = np.exp(self._log_integral(p + 1, r2) - whole)
        t2 = np.exp(self._log_integral(p + 2, r2) - whole)
        return Shrinkage(
            first=1 - t,
            second=1 - 2 * t + t2,
            residual=(1 - r2) + (2 * r2 - 1) * t - r2 * t2,
        )

    def draw(self, size: int, r2: float, draws: int, rng: np.random.Generator) -> Vector:
        """Return draws of s by the inverse of the cut-off Beta's distribution function."""
        p = (size + self.a) / 2 - 1
        if r2 <= 0:  # the data say nothing: t ~ Beta(p, 1)
            return np.asarray(1 - rng.random(draws) ** (1 / p), dtype=float)
        q = self.df / 2 - p
        y = special.betaincinv(p, q, rng.random(draws) * special.betainc(p, q, r2))
        return np.asarray(1 - (1 - r2) * y / (r2 * (1 - y)), dtype=float)

    def _p(self, size: Integers) -> Vector:
        return (size + self.a) / 2 - 1

    def _log_integral(self, p: Vector, r2: Vector) -> Vector:
        """Return log of the integral of t^(p-1) (1 - R^2 + R^2 t)^(-df/2) over 0 < t < 1."""
        x = np.clip(r2, 1e-14, 1 - 1e-15)
        q = self.df / 2 - p
        with np.errstate(divide="ignore"):
            log = np.log(special.betainc(p, q, x)) + special.betaln(p, q)
        log = log - p * np.log(x) - q * np.log1p(-x)
        # no regressor, or one that explains nothing: the integrand is t^(p-1)
        out: Vector = np.where((r2 <= 1e-12) | ~np.isfinite(log), -np.log(p), log)
        return out


def coefficient_prior(spec: BmaSpec, rows: int, drivers: int, df: int) -> CoefficientPrior:
    """Return the prior that ``spec.g`` names for a sample and a number of drivers.

    Raises
    ------
    EstimationError
        If hyper-g has too few degrees of freedom for the largest model.
    """
    if spec.g == "hyper":
        if df <= drivers + spec.hyper_a + 2:
            raise EstimationError(
                f"hyper-g: found {df} degrees of freedom for {drivers} drivers, more than "
                f"{drivers + spec.hyper_a + 2:g} are needed"
            )
        return HyperG(a=spec.hyper_a, df=df)
    if spec.g == "fixed":
        assert spec.g_value is not None
        return FixedG(g=spec.g_value, df=df)
    return FixedG(g=float(rows if spec.g == "uip" else max(rows, drivers**2)), df=df)


def log_model_prior(spec: BmaSpec, free: int) -> Vector:
    """Return the log prior probability of one model with 0, 1, ..., ``free`` free drivers in.

    Raises
    ------
    EstimationError
        If the expected size is not below the number of free drivers.
    """
    size = np.arange(free + 1)
    if spec.model_prior == "uniform" or not free:
        return np.full(free + 1, -free * np.log(2.0))
    expected = spec.expected_size if spec.expected_size is not None else free / 2
    if expected >= free:
        raise EstimationError(
            f"bma.expected_size: found {expected:g}, must be below the {free} drivers that are "
            f"not in 'always'"
        )
    if spec.model_prior == "fixed":
        share = expected / free
        return np.asarray(size * np.log(share) + (free - size) * np.log1p(-share), dtype=float)
    b = (free - expected) / expected
    out: Vector = special.betaln(1 + size, b + free - size) - special.betaln(1, b)
    return out
