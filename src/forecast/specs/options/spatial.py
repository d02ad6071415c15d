"""Where rows lie, and how far their errors reach: of covariance ``conley``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forecast.specs.declaration import Declaration


class SpatialSpec(Declaration):
    """Distances of a spatial covariance.

    Attributes
    ----------
    latitude, longitude : str
        Columns of degrees, north and east positive; a row without them is left out.
    cutoff : float
        Kilometres, beyond which errors are uncorrelated; 0: those of one place alone correlate.
    kernel : {"bartlett", "uniform"}
        The weight of a pair: falling to zero at the cutoff, or one up to it.
    """

    latitude: str
    longitude: str
    cutoff: float = Field(ge=0)
    kernel: Literal["bartlett", "uniform"] = "bartlett"
