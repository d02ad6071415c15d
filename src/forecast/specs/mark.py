"""A mark beyond the line that income may pass, as a study declares it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration, Name

_GIVEN = {"gdp_pc": {"value", "year"}, "us_share": {"share"}, "multiple": {"of", "since", "by"}}


class MarkSpec(Declaration):
    """One mark.

    Attributes
    ----------
    name, label : str
        Key in tables; phrase in sentences.
    kind : str
        ``gdp_pc``: real GDP per head, US$ at the prices and exchange rate of ``year``.
        ``us_share``: a share of United States income per head at purchasing power parity, as the
        line of that kind.
        ``multiple``: real GDP per head, over that of the year ``since``.
    value, year
        US$, and the year of their prices.
    share : float or None
        0.4 for 40 %.
    of, since, by
        2 for twice; the year whose GDP per head is multiplied; the year in which that is due.
    country : str
        ISO 3166 alpha-3 of the economy whose own goal it is; empty: of any.
    because : str
        Why this mark, with the source.
    """

    name: Name
    label: str = Field(min_length=1)
    kind: Literal["gdp_pc", "us_share", "multiple"]
    value: float | None = Field(default=None, gt=0)
    year: int | None = Field(default=None, ge=1950, le=2100)
    share: float | None = Field(default=None, gt=0, le=2)
    of: float | None = Field(default=None, gt=0)
    since: int | None = Field(default=None, ge=1950, le=2100)
    by: int | None = Field(default=None, ge=1950, le=2100)
    country: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    because: str = Field(min_length=10)

    @model_validator(mode="after")
    def _kind_has_its_numbers(self) -> Self:
        needed = _GIVEN[self.kind]
        given = {n for n in set().union(*_GIVEN.values()) if getattr(self, n) is not None}
        for name in sorted(needed - given):
            raise ValueError(f"a mark of kind {self.kind!r} needs {name!r}")
        for name in sorted(given - needed):
            raise ValueError(f"a mark of kind {self.kind!r} takes no {name!r}")
        if self.since is not None and self.by is not None and self.by <= self.since:
            raise ValueError(f"'by' is {self.by}, must be after 'since', {self.since}")
        return self

    @property
    def goal(self) -> float:
        """What is to be passed: US$, a share, or a multiple."""
        return next(v for v in (self.value, self.share, self.of) if v is not None)
