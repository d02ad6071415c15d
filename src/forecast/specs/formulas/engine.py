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
