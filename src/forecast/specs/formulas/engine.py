"""What formulaic does here: terms of a formula, orthogonal polynomials, B-splines."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array, Matrix
from forecast.errors import SpecError


def split_terms(right: str, what: str) -> list[list[tuple[str, bool]]]:
    """Return the terms of a right side in the order written: factors, and whether each is a name.

    Products and powers of sums are multiplied out; nothing is evaluated.

    Raises
    ------
    SpecError
        If it cannot be read; the message begins with ``what``.
    """
    from formulaic.errors import FormulaicError
    from formulaic.parser import DefaultFormulaParser

    try:
        parsed = DefaultFormulaParser().get_terms(right).root
    except (FormulaicError, SyntaxError) as error:
        reason = (str(error).strip() or "not readable").splitlines()[0].split(". ")[0]
        raise SpecError(f"{what}: cannot be read: {reason}") from None
    return [
        [(factor.expr, factor.eval_method.value == "lookup") for factor in term.factors]
        for term in parsed
    ]


def polynomial_columns(values: Array, degree: int) -> Matrix:
    """Return orthogonal polynomials (n, degree) of values (n,), of length 1 each (R's ``poly``)."""
    from formulaic.transforms.poly import poly

    return np.asarray(poly(values, degree=degree, _state={}), dtype=np.float64)


def spline_columns(values: Array, df: int, degree: int) -> Matrix:
    """Return B-splines (n, df) of values (n,), inner knots at quantiles (R's ``splines::bs``)."""
    from formulaic.transforms.basis_spline import basis_spline

    found = basis_spline(values, df=df, degree=degree, _state={})
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in found.values()])


def polynomial_at(values: Array, degree: int, points: Array) -> tuple[Matrix, Matrix]:
    """Return the polynomials of `polynomial_columns` at other points, and their slopes there.

    By the three-term recurrence of orthogonal polynomials on ``values`` (Kennedy and Gentle 1980,
    section 8.3). Both (len(points), degree).
    """
    rows, here, slope = np.ones((2, len(values))), np.ones((2, len(points))), np.zeros(len(points))
    before = np.zeros(len(points))
    rows[0], here[0], norm = 0.0, 0.0, 1.0
    columns, slopes = [], []
    for _ in range(degree):
        square = float(rows[1] @ rows[1])
        level, share = float(rows[1] ** 2 @ values) / square, square / norm
        slope, before = here[1] + (points - level) * slope - share * before, slope
        rows = np.stack([rows[1], (values - level) * rows[1] - share * rows[0]])
        here = np.stack([here[1], (points - level) * here[1] - share * here[0]])
        norm, length = square, float(np.linalg.norm(rows[1]))
        columns.append(here[1] / length)
        slopes.append(slope / length)
    return np.column_stack(columns), np.column_stack(slopes)


def spline_at(values: Array, df: int, degree: int, points: Array) -> tuple[Matrix, Matrix]:
    """Return the B-splines of `spline_columns` at other points, and their slopes there.

    Beyond the range of ``values`` the outer polynomials go on. Both (len(points), df).
    """
    from formulaic.transforms.basis_spline import basis_spline
    from scipy.interpolate import BSpline

    state: dict[str, list[float]] = {}
    basis_spline(values, df=df, degree=degree, _state=state)
    knots = np.asarray(state["knots"])
    spline = BSpline(knots, np.eye(len(knots) - degree - 1), degree)
    return spline(points)[:, 1:], spline.derivative()(points)[:, 1:]
