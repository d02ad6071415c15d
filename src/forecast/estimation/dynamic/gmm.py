"""Linear generalised method of moments for dynamic panels: one step, two steps, their variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from forecast.arrays import Cube, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.dynamic.moments import Moments
from forecast.specs.options.gmm import InitialWeights

# Columns scaled to length 1: directions shorter than this share of the longest are rounding, which
# is 1e-15 of a column times what differences and sums cancel.
SINGULAR = 1e-10
# An estimate of the reciprocal condition that leaves no doubt of full rank: no need to look closer.
REGULAR = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class GmmStep:
    """One step of GMM.

    Attributes
    ----------
    params : (p,).
    root : (L, r) half of the weights W = root root', r their rank.
    spread : (p, p) inverse of X'Z W Z'X.
    response : (p, L) by how much a moment moves the coefficients, spread X'Z W.
    scores : (N, L) each country's Z'u.
    residuals : (N, R) u, zero where there is no equation.
    """

    params: Vector
    root: Matrix
    spread: Matrix
    response: Matrix
    scores: Matrix
    residuals: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class GmmFit:
    """Both steps, and what the tests need of them.

    Attributes
    ----------
    one, two : the steps; the second weighs by the first one's scores.
    zx : (N, L, p) each country's Z'X; ``zx_sum`` (L, p) their sum.
    initial : (m, L) a matrix A whose A'A is what the first step weighs by, no taller than wide.
    rank : number of instruments that are no combination of others.
    sigma2 : variance of the errors in levels, from the first step.
    """

    one: GmmStep
    two: GmmStep
    zx: Cube
    zx_sum: Matrix
    initial: Matrix
    rank: int
    sigma2: float


def gmm(problem: Moments, initial: InitialWeights) -> GmmFit:
    """Return one-step and two-step GMM (Arellano and Bond 1991, equations 5 to 8).

    The first step weighs with the inverse of sum Z'H Z, H the covariance of the equations' errors
    if those in levels are independent with variance 1; the second with that of sum Z'u u'Z. Where
    such a matrix is singular (more instruments than countries), a generalised inverse is taken:
    `half_inverse`.

    Raises
    ------
    EstimationError
        If there are fewer instruments than coefficients, or they do not identify them.
    """
    z = problem.z
    instruments, coefficients = z.shape[2], problem.x.shape[2]
    zx = z.transpose(0, 2, 1) @ problem.x
    halves = _initial(problem, initial)
    root = half_inverse(halves)
    rank = root.shape[1]
    if rank < coefficients:
        raise EstimationError(
            f"{instruments} instruments, {rank} of them independent, are too few for "
            f"{coefficients} coefficients"
        )
    one = _step(problem, root, zx.sum(axis=0))
    return GmmFit(
        one=one,
        two=_step(problem, half_inverse(one.scores), zx.sum(axis=0)),
        zx=zx,
        zx_sum=zx.sum(axis=0),
        initial=halves,
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
    moved = fit.one.scores @ fit.one.response.T
    found: Matrix = moved.T @ moved
    return found


def windmeijer(fit: GmmFit) -> Matrix:
    """Return the two-step covariance corrected for the estimated weights (Windmeijer 2005)."""
    lead = fit.two.root @ (fit.two.root.T @ fit.two.scores.sum(axis=0))
    crossed = np.einsum("nlp,n->lp", fit.zx, fit.one.scores @ lead)
    crossed += fit.one.scores.T @ (lead @ fit.zx)
    move = fit.two.response @ crossed
    part = move @ fit.two.spread
    found: Matrix = fit.two.spread + part + part.T + move @ robust(fit) @ move.T
    return (found + found.T) / 2


def half_inverse(columns: Matrix) -> Matrix:
    """Return half of an inverse of A'A: H (L, r), H H' the inverse, r the rank of A (m, L).

    A's columns are scaled to length 1 first. Of a singular matrix H H' is therefore the generalised
    inverse S (S A'A S)^+ S with S the scales: units change neither the rank nor what is weighed.
    The Moore-Penrose inverse of A'A as it stands, which plm, gretl and xtabond2 take there, depends
    on them. A'A itself is not formed: that would lose half of the digits.
    """
    scales = _lengths(columns)
    tall = columns / scales
    if len(tall) >= tall.shape[1] > 0:
        tall = linalg.qr(tall, mode="r", check_finite=False)[0][: tall.shape[1]]
        if linalg.lapack.dtrcon(tall)[0] > REGULAR:
            inverse = linalg.solve_triangular(tall, np.eye(len(tall)), check_finite=False)
            return np.asarray(inverse / scales[:, None], dtype=float)
    _, values, vectors = np.linalg.svd(tall, full_matrices=False)
    rank = int(np.sum(values > SINGULAR * values.max(initial=0.0)))
    half: Matrix = vectors[:rank].T / values[:rank] / scales[:, None]
    return half


def projected(columns: Matrix, target: Vector) -> tuple[Matrix, Vector, Vector]:
    """Return the scaled decomposition of least squares of ``target`` (m,) on ``columns`` (m, p).

    Returns
    -------
    half : (p, r)
        Half of the inverse of the columns' cross product, as `half_inverse` gives it.
    params : (p,)
    left : (m,) residuals.
    """
    half = half_inverse(columns)
    basis = columns @ half
    along = basis.T @ target
    return half, half @ along, target - basis @ along


def _lengths(columns: Matrix) -> Vector:
    lengths: Vector = np.linalg.norm(columns, axis=0)
    return np.where(lengths > 0, lengths, 1.0)


def _initial(problem: Moments, kind: InitialWeights) -> Matrix:
    """Return A with A'A = sum Z'H Z: H = M M' with M the map from levels to equations, or parts."""
    z, maps, size = problem.z, problem.maps, problem.transformed
    if kind == "identity":
        halves = [z]
    elif kind == "block":
        halves = [
            maps[:, part].transpose(0, 2, 1) @ z[:, part]
            for part in (slice(0, size), slice(size, None))
        ]
    else:
        halves = [maps.transpose(0, 2, 1) @ z]
    tall = np.concatenate([half.reshape(-1, z.shape[2]) for half in halves])
    if 0 < tall.shape[1] < len(tall):
        tall = linalg.qr(tall, mode="r", check_finite=False)[0][: tall.shape[1]]
    return tall


def _step(problem: Moments, root: Matrix, zx_sum: Matrix) -> GmmStep:
    zy_sum = np.einsum("nrl,nr->l", problem.z, problem.y)
    columns = root.T @ zx_sum
    half, params, _ = projected(columns, root.T @ zy_sum)
    if half.shape[1] < len(params):
        raise EstimationError(
            f"the instruments do not identify {_weakest(problem, columns)!r}: it does not vary "
            f"within countries, is a combination of other regressors, or no instrument moves with "
            f"it"
        )
    residuals = problem.y - problem.x @ params
    return GmmStep(
        params=params,
        root=root,
        spread=half @ half.T,
        response=half @ (columns @ half).T @ root.T,
        scores=(problem.z.transpose(0, 2, 1) @ residuals[:, :, None])[:, :, 0],
        residuals=residuals,
    )


def _weakest(problem: Moments, columns: Matrix) -> str:
    """Return the coefficient that the shortest direction of ``columns`` (r, p) consists of most."""
    vectors = np.linalg.svd(columns / _lengths(columns))[2]
    return problem.terms[int(np.argmax(np.abs(vectors[-1])))]
