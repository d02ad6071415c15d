"""Linear generalised method of moments for dynamic panels: one step, two steps, their variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Cube, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.dynamic.moments import Moments
from forecast.specs.options.gmm import InitialWeights

# Eigenvalues of a moments' covariance below this share of the largest are rounding.
SINGULAR = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class GmmStep:
    """One step of GMM.

    Attributes
    ----------
    params : (p,).
    weights : (L, L) inverse, or pseudo-inverse, of the moments' covariance.
    spread : (p, p) inverse of X'Z W Z'X.
    scores : (N, L) each country's Z'u.
    residuals : (N, R) u, zero where there is no equation.
    """

    params: Vector
    weights: Matrix
    spread: Matrix
    scores: Matrix
    residuals: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class GmmFit:
    """Both steps, and what the tests need of them.

    Attributes
    ----------
    one, two : the steps.
    zx : (N, L, p) each country's Z'X; ``zx_sum`` (L, p) their sum.
    omega : (L, L) covariance of the moments at the first step, sum of scores' products.
    rank : number of instruments that are no combination of others.
    sigma2 : variance of the errors in levels, from the first step.
    """

    one: GmmStep
    two: GmmStep
    zx: Cube
    zx_sum: Matrix
    omega: Matrix
    rank: int
    sigma2: float


def gmm(problem: Moments, initial: InitialWeights) -> GmmFit:
    """Return one-step and two-step GMM (Arellano and Bond 1991, equations 5 to 8).

    The first step weighs with the inverse of sum Z'H Z, H the covariance of the equations' errors
    if those in levels are independent with variance 1; the second with that of sum Z'u u'Z. Where
    such a matrix is singular (more instruments than countries), its Moore-Penrose inverse is taken,
    as plm, gretl and xtabond2 do.

    Raises
    ------
    EstimationError
        If there are fewer instruments than coefficients, or they do not identify them.
    """
    z = problem.z
    instruments, coefficients = z.shape[2], problem.x.shape[2]
    zt = z.transpose(0, 2, 1)
    zx = zt @ problem.x
    zy = (zt @ problem.y[:, :, None])[:, :, 0]
    zx_sum, zy_sum = zx.sum(axis=0), zy.sum(axis=0)
    first, rank = inverse(_initial(problem, initial))
    if rank < coefficients:
        raise EstimationError(
            f"{instruments} instruments, {rank} of them independent, are too few for "
            f"{coefficients} coefficients"
        )
    one = _step(problem, first, zx, zy, zx_sum, zy_sum)
    omega = one.scores.T @ one.scores
    two = _step(problem, inverse(omega)[0], zx, zy, zx_sum, zy_sum)
    return GmmFit(
        one=one,
        two=two,
        zx=zx,
        zx_sum=zx_sum,
        omega=omega,
        rank=rank,
        sigma2=error_variance(problem, one),
    )


def error_variance(problem: Moments, step: GmmStep) -> float:
    """Return the variance of the errors in levels, free of country effects.

    The sum of squared residuals of the transformed equations over their number less coefficients,
    halved for differences (Arellano and Bond 1991). xtabond2 divides by its number of observations.
    """
    part = slice(0, problem.transformed)
    equations = int(problem.exists[:, part].sum())
    scale = float(np.sum(problem.maps[:, part] ** 2)) / equations  # 2 for differences, else 1
    spare = max(equations - len(problem.terms), 1)
    return float(np.sum(step.residuals[:, part] ** 2)) / spare / scale


def classical(fit: GmmFit) -> Matrix:
    """Return the one-step covariance if the errors are as the first step's weights assume."""
    return fit.sigma2 * fit.one.spread


def robust(fit: GmmFit) -> Matrix:
    """Return the one-step covariance that holds for any errors within countries."""
    half = fit.one.spread @ fit.zx_sum.T @ fit.one.weights
    return _symmetric(half @ fit.omega @ half.T)


def windmeijer(fit: GmmFit) -> Matrix:
    """Return the two-step covariance corrected for the estimated weights (Windmeijer 2005)."""
    lead = fit.two.weights @ fit.two.scores.sum(axis=0)
    crossed = np.einsum("nlp,n->lp", fit.zx, fit.one.scores @ lead)
    crossed += fit.one.scores.T @ (lead @ fit.zx)
    move = fit.two.spread @ fit.zx_sum.T @ fit.two.weights @ crossed
    part = move @ fit.two.spread
    return _symmetric(fit.two.spread + part + part.T + move @ robust(fit) @ move.T)


def inverse(matrix: Matrix) -> tuple[Matrix, int]:
    """Return the Moore-Penrose inverse of a symmetric matrix, and its rank.

    The rank is decided with the diagonal scaled to 1, so that it does not depend on units.
    """
    size = np.sqrt(np.diag(matrix))
    size = np.where(size > 0, size, 1.0)
    values, vectors = np.linalg.eigh(matrix / np.outer(size, size))
    rank = int(np.sum(values > len(values) * SINGULAR * values[-1]))
    if rank == len(values):
        scaled = vectors / size[:, None]
        return (scaled / values) @ scaled.T, rank
    values, vectors = np.linalg.eigh(matrix)
    kept = vectors[:, -rank:]
    return (kept / values[-rank:]) @ kept.T, rank


def _initial(problem: Moments, kind: InitialWeights) -> Matrix:
    """Return sum Z'H Z: H = M M' with M the map from levels to equations, or parts of it."""
    z, maps, size = problem.z, problem.maps, problem.transformed
    if kind == "identity":
        halves = [z]
    elif kind == "block":
        halves = [
            maps[:, part].transpose(0, 2, 1) @ z[:, part]
            for part in (slice(0, size), slice(size, None))
            if z[:, part].shape[1]
        ]
    else:
        halves = [maps.transpose(0, 2, 1) @ z]
    flat = [half.reshape(-1, z.shape[2]) for half in halves]
    found: Matrix = sum((half.T @ half for half in flat), np.zeros((z.shape[2], z.shape[2])))
    return found


def _step(
    problem: Moments, weights: Matrix, zx: Cube, zy: Matrix, zx_sum: Matrix, zy_sum: Vector
) -> GmmStep:
    half = zx_sum.T @ weights
    curvature = half @ zx_sum
    size = np.sqrt(np.abs(np.diag(curvature)))
    size = np.where(size > 0, size, 1.0)
    values, vectors = np.linalg.eigh(_symmetric(curvature / np.outer(size, size)))
    if values[0] <= 1e-13 * values[-1]:
        weak = problem.terms[int(np.argmax(np.abs(vectors[:, 0])))]
        raise EstimationError(
            f"the instruments do not identify {weak!r}: it does not vary within countries, is a "
            f"combination of other regressors, or no instrument moves with it"
        )
    scaled = vectors / size[:, None]
    spread = (scaled / values) @ scaled.T
    params = spread @ (half @ zy_sum)
    return GmmStep(
        params=params,
        weights=weights,
        spread=spread,
        scores=zy - zx @ params,
        residuals=problem.y - problem.x @ params,
    )


def _symmetric(matrix: Matrix) -> Matrix:
    found: Matrix = (matrix + matrix.T) / 2
    return found
