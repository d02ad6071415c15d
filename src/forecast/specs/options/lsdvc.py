"""Options of the bias-corrected within estimator: the ``[lsdvc]`` table."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from forecast.specs.declaration import Declaration


class LsdvcSpec(Declaration):
    """How ``lsdvc`` corrects, and how its standard errors are drawn.

    Attributes
    ----------
    initial : {"anderson_hsiao", "arellano_bond", "blundell_bond"}
        Consistent estimate at which the bias is evaluated: instrumental variables on differences,
        one-step difference GMM, or one-step system GMM.
    order : {1, 2, 3}
        Terms of the bias: to 1/T, to 1/(N T), to 1/(N T^2).
    draws : int
        Draws of the parametric bootstrap, at least 2; 0: no standard errors.
    seed : int
        Of the generator that draws.
    """

    initial: Literal["anderson_hsiao", "arellano_bond", "blundell_bond"] = "arellano_bond"
    order: Literal[1, 2, 3] = 3
    draws: int = Field(default=200, ge=0)
    seed: int = Field(default=1, ge=0)

    @field_validator("draws")
    @classmethod
    def _spread_exists(cls, draws: int) -> int:
        if draws == 1:
            raise ValueError("one draw has no spread: give 0, or 2 and more")
        return draws
