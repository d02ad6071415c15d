"""Which rows a model is estimated on."""

from __future__ import annotations

from pydantic import Field

from forecast.specs.declaration import Declaration


class SampleSpec(Declaration):
    """Which rows are used: years (period tables: last year of the period) and countries.

    Attributes
    ----------
    first_year, last_year : int or None
    include, exclude : list of str
        Countries, or groups of countries that the data package names (``oil_exporters``); an
        empty ``include`` means all.
    where : str
        A condition on the columns, ``rd > 0.5 and year >= 1990 and region == "EAS"``
        (`specs.formulas.condition`); rows without a value in it are left out.
    min_periods : int
        Rows that a country needs to stay.
    exclude_imputed : bool
        Whether values are taken as missing that the publisher seems to have imputed: part of a
        run of 4 or more equal values in successive years; in a period table, means of which
        half the years or more are.
    """

    first_year: int | None = None
    last_year: int | None = None
    include: list[str] = []
    exclude: list[str] = []
    where: str = ""
    min_periods: int = Field(default=1, ge=1)
    exclude_imputed: bool = False
