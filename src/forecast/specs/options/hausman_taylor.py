"""Which drivers move with the country effect, and what instruments them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forecast.specs.declaration import Declaration


class HausmanTaylorSpec(Declaration):
    """Options of ``hausman_taylor``.

    Attributes
    ----------
    endogenous : list of str
        Drivers correlated with the country effect, whether they vary within countries or not; the
        other drivers are not.
    variant : {"hausman_taylor", "amemiya_macurdy", "breusch_mizon_schmidt"}
        What instruments: deviations of all drivers from country means and the means of the
        exogenous ones; also the exogenous drivers of every year; also the deviations of the
        endogenous ones in every year.
    """

    endogenous: list[str] = Field(min_length=1)
    variant: Literal["hausman_taylor", "amemiya_macurdy", "breusch_mizon_schmidt"] = (
        "hausman_taylor"
    )
