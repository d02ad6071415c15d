"""Regressors of several columns: factors, polynomials, splines."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration


class BasisSpec(Declaration):
    """A regressor that stands for several columns, made on the sample's rows.

    Attributes
    ----------
    of : str
        The column: of codes or words for a factor (several joined by ``^``), else of numbers.
    apply : str
        ``factor``: a dummy a value, ``ref`` left out. ``polynomial``: orthogonal polynomials of the
        ``degree`` (R's ``poly``). ``spline``: B-splines of the ``degree`` with ``df`` columns,
        inner knots at quantiles (R's ``bs``).
    ref : str, float or None
        The value left out; None: the first in order.
    times : list of str
        Columns that each of them is multiplied by. Without ``ref`` no value of a factor is left
        out then, unless the columns' product is itself a regressor.
    degree : int
    df : int or None
        None: as many as ``degree``, without inner knots.
    """

    of: str
    apply: Literal["factor", "polynomial", "spline"] = Field(alias="as")
    ref: str | float | None = None
    times: list[str] = []
    degree: int = Field(default=3, ge=1, le=20)
    df: int | None = Field(default=None, ge=1, le=200)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.ref is not None and self.apply != "factor":
            raise ValueError(f"'{self.apply}' takes no 'ref'")
        if self.df is not None and (self.apply != "spline" or self.df < self.degree):
            raise ValueError("'df' goes with 'spline' and is 'degree' at least")
        return self
