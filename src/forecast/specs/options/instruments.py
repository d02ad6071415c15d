"""Which drivers are endogenous, and what instruments them."""

from __future__ import annotations

from pydantic import Field

from forecast.specs.declaration import Declaration


class IvSpec(Declaration):
    """Instruments of two-stage least squares.

    Attributes
    ----------
    endogenous : list of str
        Drivers correlated with the error; the other drivers instrument themselves.
    instruments : list of str
        Columns that are not drivers, at least as many as ``endogenous``.
    """

    endogenous: list[str] = Field(min_length=1)
    instruments: list[str] = Field(min_length=1)
