"""What income is measured against: a line, declared or named on the command line, and marks."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from forecast.errors import SpecError, shown, unknown
from forecast.specs.changed import checked
from forecast.specs.declaration import Declaration, Name

Kind = Literal["high", "upper_middle", "lower_middle", "us_share", "constant", "path"]

MOST_SHARE = 2.0  # of United States income

# TOML keys are text, so a year is the one number that is read from text.
Year = Annotated[int, Strict(False), Field(ge=1800, le=2300)]

PUBLISHED = {
    "high": "high-income line",
    "upper_middle": "upper-middle-income line",
    "lower_middle": "lower-middle-income line",
}
FORMS = (*PUBLISHED, "us_share:SHARE", "constant:US$@YEAR", "a file (.toml, .csv)")
_GIVEN = {"us_share": {"share"}, "constant": {"value", "year"}, "path": {"path"}}
_MARK_GIVEN = {
    "gdp_pc": {"value", "year"},
    "us_share": {"share"},
    "multiple": {"of", "since", "by"},
}


class LineSpec(Declaration):
    """One line.

    Attributes
    ----------
    name, label : str
        Key in tables; phrase in sentences.
    kind : str
        ``high``, ``upper_middle``, ``lower_middle``: a World Bank line, GNI per capita, Atlas
        method, current US$; an economy of the class named stands strictly above it.
        ``us_share``: a share of United States income per head at purchasing power parity.
        ``constant``: US$ of one year's prices, moved by the United States GDP deflator.
        ``path``: current US$ by year, linear between the years given.
    share : float or None
        Of United States income, 0.4 for 40 %.
    value : float or None
        US$ at prices of ``year``.
    year : int or None
    path : dict of year to US$
    because : str
        Why this line; shown beside it.
    """

    name: Name
    label: str = Field(min_length=1)
    kind: Kind
    share: float | None = Field(default=None, gt=0, le=MOST_SHARE)
    value: float | None = Field(default=None, gt=0)
    year: int | None = Field(default=None, ge=1950, le=2100)
    path: dict[Year, float] = Field(default_factory=dict)
    because: str = ""

    @model_validator(mode="after")
    def _kind_has_its_numbers(self) -> Self:
        needed = _GIVEN.get(self.kind, set())
        given = {n for n in ("share", "value", "year") if getattr(self, n) is not None}
        given |= {"path"} if self.path else set()
        for name in sorted(needed - given):
            raise ValueError(f"a line of kind {self.kind!r} needs {name!r}")
        for name in sorted(given - needed):
            raise ValueError(f"a line of kind {self.kind!r} takes no {name!r}")
        if any(value <= 0 for value in self.path.values()):
            raise ValueError("'path' has a value of zero or less, must be US$")
        return self


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
    share: float | None = Field(default=None, gt=0, le=MOST_SHARE)
    of: float | None = Field(default=None, gt=0)
    since: int | None = Field(default=None, ge=1950, le=2100)
    by: int | None = Field(default=None, ge=1950, le=2100)
    country: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    because: str = Field(min_length=10)

    @model_validator(mode="after")
    def _kind_has_its_numbers(self) -> Self:
        needed = _MARK_GIVEN[self.kind]
        given = {n for n in set().union(*_MARK_GIVEN.values()) if getattr(self, n) is not None}
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


HIGH = LineSpec(name="high", label=PUBLISHED["high"], kind="high")


def named_line(text: str) -> LineSpec:
    """Return the line that ``text`` names: one of ``FORMS`` other than a file.

    Raises
    ------
    SpecError
        If it is none of them, with what is allowed.
    """
    if text in PUBLISHED:
        return LineSpec.model_validate({"name": text, "label": PUBLISHED[text], "kind": text})
    word, _, rest = text.partition(":")
    if word == "us_share" and (share := _number(rest)) is not None and 0 < share <= MOST_SHARE:
        label = f"line of {100 * share:g} % of United States income at purchasing power parity"
        name = re.sub(r"[^0-9a-z_]", "_", f"us_share_{100 * share:g}")
        given = {"name": name, "label": label, "kind": "us_share", "share": share}
        return checked(LineSpec, given, f"line {shown(text)}: ")
    found = re.fullmatch(r"([0-9.]+)@([0-9]{4})", rest)
    if word == "constant" and found and (value := _number(found[1])):
        year = int(found[2])
        if not 1950 <= year <= 2100:
            raise SpecError(f"line {shown(text)}: found year {year}, must be 1950 to 2100")
        label = f"line of {value:,.0f} US$ at prices of {year}"
        name = f"constant_{value:.0f}_{year}"
        given = {"name": name, "label": label, "kind": "constant", "value": value, "year": year}
        return checked(LineSpec, given, f"line {shown(text)}: ")
    if word in {"us_share", "constant"}:
        raise SpecError(f"line {shown(text)}: must be like 'us_share:0.4' or 'constant:20000@2024'")
    raise SpecError(unknown(text, FORMS, "line"))


def line_options(line: LineSpec, lasting: int = 1) -> tuple[str, ...]:
    """Return the command-line options that ask for a line, and for how many years in a row.

    None for the high-income line and one year. A path stands in a file, taken to be
    ``<name>.toml``.
    """
    names = {
        "us_share": f"us_share:{line.share!r}",
        "constant": f"constant:{_plain(line.value)}@{line.year}",
        "path": f"{line.name}.toml",
    }
    asked = () if line == HIGH else ("--line", names.get(line.kind, line.kind))
    return (*asked, "--lasting", str(lasting)) if lasting > 1 else asked


def _plain(value: float | None) -> str:
    return repr(value).removesuffix(".0")


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[0-9]+(\.[0-9]*)?|\.[0-9]+", text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
