"""Variances of country effects and of the rest, by four estimators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError, choose
from forecast.estimation.algebra.grouping import group_count, group_means, group_sizes
from forecast.estimation.problem import Sample
from forecast.specs.parts.fields import Variance

# Of a column's length, what must be left of it within countries.
VARIES = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Variances in squared units of the outcome: of the rest (idios) and of country effects."""

    idios: float
    country: float


def variance_components(rows: Sample, x: Matrix, method: Variance) -> Components:
    """Return the variance components of random country effects.

    Conventions are those of R's plm (``random.method``), which the tests compare with: balanced
    panels take the classic degrees of freedom, unbalanced ones the exact expectations of the two
    quadratic forms, within and between. A negative variance of effects counts as zero.

    Parameters
    ----------
    rows : Sample
    x : (n, p)
        The constant first, then the regressors, year dummies included.
    method : {"swamy_arora", "wallace_hussain", "amemiya", "nerlove"}

    Raises
    ------
    EstimationError
        If the variances cannot be estimated, or the regressors leave nothing within countries.
    """
    found = choose(method, METHODS, "variance", EstimationError)(rows, x)
    if found.idios <= np.finfo(float).eps * float(np.var(rows.y)):
        raise EstimationError(
            "random effects: the drivers fit the outcome exactly within countries"
        )
    return Components(idios=found.idios, country=max(found.country, 0.0))


def _swamy_arora(rows: Sample, x: Matrix) -> Components:
    """Swamy and Arora (1972), Baltagi and Chang (1994): within, and the means weighted by rows.

    With U a basis of the weighted means, their residuals' sum of squares has the expectation
    s2_e (N - rank U) + s2_u (n - sum_i T_i |U_i|^2).
    """
    countries = group_count(rows.country)
    sizes = group_sizes(rows.country, countries)
    x = np.column_stack([x[:, :1], x[:, 1:] - x[:, 1:].mean(axis=0)])
    x = x / np.linalg.norm(x, axis=0)
    means = group_means(np.column_stack([rows.y, x]), rows.country, countries)
    within = np.column_stack([rows.y, x]) - means[rows.country]
    weighted = means * np.sqrt(sizes)[:, None]
    left, free = _left(within)
    between, basis = _left(weighted)
    df_within, df_between = len(x) - countries - free.shape[1], countries - basis.shape[1]
    for degrees, what in ((df_within, "within countries"), (df_between, "between countries")):
        if degrees <= 0:
            raise EstimationError(
                f"random effects: the regression {what} has as many coefficients as observations"
            )
    idios = float(left @ left) / df_within
    country = (float(between @ between) - df_between * idios) / (
        len(x) - float(sizes @ np.sum(basis**2, axis=1))
    )
    return Components(idios=idios, country=country)


def _left(columns: Matrix) -> tuple[Vector, Matrix]:
    """Return what regressors of length one before leave of the first column, and their basis."""
    vectors, sizes, _ = np.linalg.svd(columns[:, 1:], full_matrices=False)
    basis = vectors[:, sizes > VARIES]
    return columns[:, 0] - basis @ (basis.T @ columns[:, 0]), basis


def _wallace_hussain(rows: Sample, x: Matrix) -> Components:
    """Wallace and Hussain (1969): both forms of the pooled residuals."""
    basis = np.linalg.qr(x)[0]
    residuals = rows.y - basis @ (basis.T @ rows.y)
    sizes = group_sizes(rows.country, group_count(rows.country))
    form = _forms(residuals, rows.country)
    if _balanced(rows):
        return _classic(form, sizes)
    n, countries = len(residuals), len(sizes)
    means = group_means(basis, rows.country, countries)
    between = (means * sizes[:, None]).T @ means
    within = np.eye(len(between)) - between
    sums = (means * sizes[:, None] ** 2).T @ means
    return _solved(
        form,
        np.array(
            [
                [n - countries - np.trace(within), np.trace(within @ sums)],
                [
                    countries - np.trace(between),
                    n - 2 * np.trace(sums) + np.trace(between @ sums),
                ],
            ]
        ),
    )


def _amemiya(rows: Sample, x: Matrix) -> Components:
    """Amemiya (1971): both forms of the residuals that the within coefficients leave."""
    residuals, within, x = _within_residuals(rows, x)
    sizes = group_sizes(rows.country, group_count(rows.country))
    form = _forms(residuals, rows.country)
    if _balanced(rows):
        return _classic(form, sizes)
    n, countries = len(residuals), len(sizes)
    means = group_means(x - x.mean(axis=0), rows.country, countries)
    moved = np.linalg.solve(np.linalg.qr(within)[1].T, (means * np.sqrt(sizes)[:, None]).T)
    return _solved(
        form,
        np.array(
            [
                [n - countries - x.shape[1], 0.0],
                [countries - 1 + float(np.sum(moved**2)), n - float(sizes @ sizes) / n],
            ]
        ),
    )


def _nerlove(rows: Sample, x: Matrix) -> Components:
    """Nerlove (1971): the spread of estimated effects, and the residuals' mean square."""
    residuals, _, _ = _within_residuals(rows, x)
    countries = group_count(rows.country)
    sizes = group_sizes(rows.country, countries)
    effects = group_means(residuals[:, None], rows.country, countries)[:, 0]
    left = residuals - effects[rows.country]
    n = len(residuals)
    return Components(
        idios=float(left @ left) / n,
        country=float(sizes @ effects**2) / n * countries / (countries - 1),
    )


def _within_residuals(rows: Sample, x: Matrix) -> tuple[Vector, Matrix, Matrix]:
    """Return y - x b of the within coefficients, of mean zero; x within countries; x used."""
    x = x[:, 1:]
    countries = group_count(rows.country)
    within = x - group_means(x, rows.country, countries)[rows.country]
    varies = np.linalg.norm(within, axis=0) > VARIES * np.linalg.norm(x, axis=0)
    within, x = within[:, varies], x[:, varies]
    if not x.shape[1]:
        raise EstimationError("random effects: no driver varies within countries")
    size = np.linalg.norm(within, axis=0)
    slopes = np.linalg.lstsq(within / size, rows.y, rcond=None)[0] / size
    residuals = rows.y - x @ slopes
    return residuals - residuals.mean(), within, x


def _balanced(rows: Sample) -> bool:
    return len(rows.y) == group_count(rows.country) * group_count(rows.year)


def _forms(residuals: Vector, country: Codes) -> Vector:
    """Return the sums of squares within countries and of their means, one a row."""
    means = group_means(residuals[:, None], country, group_count(country))[:, 0][country]
    left = residuals - means
    return np.array([float(left @ left), float(means @ means)])


def _classic(form: Vector, sizes: Vector) -> Components:
    n, countries = float(sizes.sum()), len(sizes)
    return _solved(form, np.array([[n - countries, 0.0], [countries, n]]))


def _solved(form: Vector, expected: Matrix) -> Components:
    """Return the components at which the forms' expectations equal what was found."""
    try:
        idios, country = np.linalg.solve(expected, form)
    except np.linalg.LinAlgError:
        raise EstimationError("random effects: the variances are not identified") from None
    return Components(idios=float(idios), country=float(country))


METHODS: dict[str, Callable[[Sample, Matrix], Components]] = {
    "swamy_arora": _swamy_arora,
    "wallace_hussain": _wallace_hussain,
    "amemiya": _amemiya,
    "nerlove": _nerlove,
}
