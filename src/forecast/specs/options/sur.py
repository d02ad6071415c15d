"""Seemingly unrelated regressions: which equations, and how their errors' covariance is formed."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration

Divisor = Literal["rows", "degrees_of_freedom"]


class EquationSpec(Declaration):
    """An equation beside the model's own: outcome and drivers, derived columns among them."""

    outcome: str
    drivers: list[str] = Field(min_length=1)


class SurSpec(Declaration):
    """Options of ``sur``.

    Attributes
    ----------
    equations : list of EquationSpec
        Beside that of the model's outcome and drivers, errors correlated within a row; none: one
        equation a country, errors correlated within a year.
    iterate : bool
        Whether coefficients and covariance are found again from one another until they agree:
        maximum likelihood under normal errors where ``divisor`` is ``rows``.
    divisor : {"rows", "degrees_of_freedom"}
        Of the errors' covariance: the rows of an equation, with normal intervals; or the root of
        the product of the two equations' rows less coefficients, with t intervals.
    """

    equations: list[EquationSpec] = []
    iterate: bool = False
    divisor: Divisor = "rows"

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        outcomes = [one.outcome for one in self.equations]
        twice = [name for name in outcomes if outcomes.count(name) > 1]
        if twice:
            raise ValueError(f"'sur.equations' has two of outcome {twice[0]!r}")
        odd = [one for one in self.equations if one.outcome in one.drivers]
        if odd:
            raise ValueError(f"'sur.equations': {odd[0].outcome!r} is also among its drivers")
        return self
