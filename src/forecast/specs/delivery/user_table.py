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
        Header of its column, or what names it in a table with a column a year or a row a value.
    unit : str
        Its unit, in the dictionary's words: a table in another unit is not taken.
    label : str
        What tables and figures call a variable that the dictionary does not have.
    """

    column: str
    unit: str = Field(min_length=1)
    label: str = ""


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
    variable, value : str
        Of a table with a row a value: headers of the columns that name the variable and hold it.
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
    variable: str = ""
    value: str = ""
    scheme: Literal["alpha3", "alpha2", "m49", "name", "any"] = "alpha3"
    title: str
    license: str
    attribution: str
    page: str = ""
    vintage: Date
    variables: dict[str, UserColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _columns_once(self) -> UserTable:
        if bool(self.variable) != bool(self.value):
            raise ValueError("variable and value go together: name both columns, or none")
        own = [v.column for v in self.variables.values()]
        used = [self.country, self.year, *filter(None, (self.variable, self.value)), *own]
        twice = sorted({c for c in used if used.count(c) > 1})
        if twice:
            raise ValueError(f"column {twice[0]!r} is named more than once, must be named once")
        return self
