"""What is known of the present year, as declared in a study or named on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

from pydantic import Field, model_validator

from forecast.errors import SpecError, unknown
from forecast.specs.changed import checked
from forecast.specs.declaration import Declaration

FORM = "exchange_rate=7.10@2026-06"
_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)"
_VALUE = re.compile(rf"(?P<value>{_NUMBER})@(?P<month>[^@\s]+)(?:@(?P<share>{_NUMBER}))?")


class KnownValue(Declaration):
    """One figure of the present year, as it is expected at the end of a month.

    In a study either a table ``{value = 7.10, month = "2026-06"}`` or the text ``"7.10@2026-06"``,
    with a share ``"7.10@2026-06@0.9"``.

    Attributes
    ----------
    value : float
        The whole year's figure that follows if nothing moves after ``month``
        (`statistics.within_year.expected_average` makes it from monthly rates).
    month : str
        ``YYYY-MM``, the last month whose figures are known.
    share : float or None
        Of the variance of the year's change, how much is known by then, 0 to 1: as
        `statistics.within_year.learnt_share` learns it from monthly or quarterly rates. None: that
        of a random walk within the year (`known_share`).
    """

    value: float
    month: str = Field(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$")
    share: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        found = _VALUE.fullmatch(given)
        if not found:
            raise ValueError(
                f"found {given!r}; must be like '7.10@2026-06', VALUE@YYYY-MM, or "
                "VALUE@YYYY-MM@SHARE"
            )
        share = found["share"] and float(found["share"])
        return {"value": float(found["value"]), "month": found["month"], "share": share}

    @property
    def year(self) -> int:
        """The year that the figure is about."""
        return int(self.month[:4])

    @property
    def months(self) -> int:
        """How many months of the year are known, 1 to 12."""
        return int(self.month[5:])


class KnownSpec(Declaration):
    """What is known of the present year; nothing unless given.

    Attributes
    ----------
    exchange_rate : KnownValue or None
        Local currency per US$, average of the year.
    growth : KnownValue or None
        Of real GDP, % of the year before.
    deflator : KnownValue or None
        Inflation of the GDP deflator, % of the year before.
    """

    exchange_rate: KnownValue | None = None
    growth: KnownValue | None = None
    deflator: KnownValue | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.exchange_rate and self.exchange_rate.value <= 0:
            raise ValueError(
                f"exchange_rate: found {self.exchange_rate.value:g}, must be above 0 (local "
                "currency per US$)"
            )
        for name in ("growth", "deflator"):
            entry = getattr(self, name)
            if entry and entry.value <= -100:
                raise ValueError(f"{name}: found {entry.value:g}, must be above -100 (%)")
        years = sorted({entry.year for entry in self.given().values()})
        if len(years) > 1:
            raise ValueError(
                f"found figures of {years[0]} and {years[-1]}, must be of one year, the present"
            )
        return self

    def given(self) -> dict[str, KnownValue]:
        """Return the figures that are given, by name."""
        return {n: v for n in type(self).model_fields if (v := getattr(self, n)) is not None}


def named_known(texts: Sequence[str]) -> KnownSpec:
    """Return what texts like ``exchange_rate=7.10@2026-06`` say of the present year.

    Raises
    ------
    SpecError
        If one is not of that form, names another figure or one a second time, or has a value or
        month that cannot be.
    """
    raw: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise SpecError(f"known {text!r}: must be like {FORM!r}")
        if name not in KnownSpec.model_fields:
            raise SpecError(f"known {text!r}: {unknown(name, KnownSpec.model_fields, 'figure')}")
        if name in raw:
            raise SpecError(f"known {text!r}: {name!r} is given twice")
        raw[name] = value
    return checked(KnownSpec, raw, f"known {' '.join(map(repr, texts))}: ")
