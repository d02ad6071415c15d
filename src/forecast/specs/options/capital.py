"""How capital follows total factor productivity."""

from __future__ import annotations

from pydantic import Field

from forecast.specs.declaration import Declaration


class CapitalSpec(Declaration):
    """Capital that grows until it is to output what it was before.

    Attributes
    ----------
    share : float
        Of capital in output: in the long run output rises by 1 / (1 - share) times productivity.
    rate : float
        Share of the distance between log output and log capital that closes in a year:
        depreciation plus the growth of output.
    because : str
        Where both come from.
    """

    share: float = Field(gt=0, lt=1)
    rate: float = Field(gt=0, le=1)
    because: str = Field(min_length=20)
