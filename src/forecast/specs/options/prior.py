"""What is known about a coefficient beforehand, and from where."""

from __future__ import annotations

from pydantic import Field

from forecast.specs.declaration import Declaration


class PriorSpec(Declaration):
    """A normal prior on one coefficient.

    Attributes
    ----------
    mean, sd : float
        In outcome units a driver unit, as the coefficient.
    source : str
        The publication, and how its number became this one.
    """

    mean: float
    sd: float = Field(gt=0)
    source: str = Field(min_length=20)
