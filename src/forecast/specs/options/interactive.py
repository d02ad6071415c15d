"""Options of interactive fixed effects: the ``[interactive_effects]`` table."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration

Criterion = Literal["ic_p1", "ic_p2", "ic_p3", "pc_p1", "pc_p2", "pc_p3", "bic_3"]


class InteractiveEffectsSpec(Declaration):
    """How many factors, and whether the bias is taken off.

    Attributes
    ----------
    factors : int or None
        None: as many as ``criterion`` says.
    criterion : str
        Of Bai and Ng (2002), under their names.
    most : int
        Factors that the criterion tries, from none.
    bias_correction : bool
        Whether the bias from unequal variances over countries and years is taken off (Bai 2009,
        section 7); balanced panels alone.
    """

    factors: int | None = Field(default=None, ge=0, le=50)
    criterion: Criterion = "ic_p2"
    most: int = Field(default=8, ge=1, le=50)
    bias_correction: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        fields = type(self).model_fields
        tried = [n for n in ("criterion", "most") if getattr(self, n) != fields[n].default]
        if self.factors is not None and tried:
            raise ValueError(f"{tried[0]!r} goes without 'factors', whose number it finds")
        return self
