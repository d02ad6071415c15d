"""A coefficient that differs between regimes: what switches, on what, how it is searched."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forecast.specs.declaration import Declaration


class ThresholdSpec(Declaration):
    """A panel threshold regression.

    Attributes
    ----------
    variable : str
        Column whose value decides the regime; it need not be a driver.
    switching : list of str
        Drivers whose coefficient differs between regimes; the others have one coefficient.
    thresholds : {1, 2}
        Two: the second is searched given the first, then the first again given the second.
    grid : int
        Quantiles of ``variable`` tried; as many as there are different values, if fewer.
    trim : float
        Least share of the rows in every regime.
    draws : int
        Bootstrap samples for the test of the last threshold; 0: no test.
    bootstrap : {"auto", "countries", "wild"}
        Whole countries' residuals drawn with replacement (Hansen 1999; balanced panels), or each
        country's multiplied by a random sign; ``auto``: the former wherever the panel is balanced.
    level : float
        Of the confidence sets.
    seed : int
    """

    variable: str
    switching: list[str] = Field(min_length=1)
    thresholds: Literal[1, 2] = 1
    grid: int = Field(default=400, ge=2)
    trim: float = Field(default=0.05, gt=0, lt=0.5)
    draws: int = Field(default=1000, ge=0)
    bootstrap: Literal["auto", "countries", "wild"] = "auto"
    level: float = Field(default=0.95, gt=0, lt=1)
    seed: int = Field(default=1, ge=0)
