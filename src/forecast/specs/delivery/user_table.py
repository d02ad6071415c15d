"""The declaration by which a user's own CSV or Excel table joins a package."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from forecast.specs.declaration import Declaration

Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class UserColumn(Declaration):
    """One variable of the table.

    Attributes
    ----------
    column : str
        Header of its column.
    unit : str
        Its unit, in the dictionary's words: a table in another unit is not taken.
    """

    column: str
    unit: str


class UserTable(Declaration):
    """A table of the user's own.

    Attributes
    ----------
    file : str
        CSV or Excel workbook, relative to the declaration.
    sheet : str
        Of a workbook; empty for its first.
    country, year : str
        Headers of the columns of countries and years.
    scheme : {"alpha3", "alpha2", "m49", "name", "any"}
        What the column of countries holds; any: whichever of these knows a label.
    title, license, attribution, page : str
        As the package's description tells them.
    vintage : str
        Date of the statistics.
    variables : dict of str to UserColumn
        By name in the dictionary.
    """

    file: str
    sheet: str = ""
    country: str = "country"
    year: str = "year"
    scheme: Literal["alpha3", "alpha2", "m49", "name", "any"] = "alpha3"
    title: str
    license: str
    attribution: str
    page: str = ""
    vintage: Date
    variables: dict[str, UserColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _columns_once(self) -> UserTable:
        used = [self.country, self.year, *(v.column for v in self.variables.values())]
        twice = sorted({c for c in used if used.count(c) > 1})
        if twice:
            raise ValueError(f"column {twice[0]!r} is named more than once, must be named once")
        return self
