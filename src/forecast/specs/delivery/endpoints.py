"""Where the publishers' services are, and how a user's own table joins a package."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from forecast.specs.declaration import Declaration

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class FileEndpoint(Declaration):
    """A published file.

    Attributes
    ----------
    url : str
    sha256 : str
        Of the file that must arrive; empty where the publisher replaces it.
    vintage : str
        Date of publication; empty where the file's arrival dates it.
    """

    url: Address
    sha256: Sha256 = ""
    vintage: Date | None = None


class WorldBankEndpoint(Declaration):
    """The World Bank's API, version 2.

    Attributes
    ----------
    api : str
    source, archives : int
        Databases: World Development Indicators, and their archives by version.
    per_page : int
        Rows asked for in one page.
    renamed : dict of str to list of str
        Former codes of an indicator, tried in turn where a vintage does not know the code.
    """

    api: Address
    source: int = 2
    archives: int = 57
    per_page: int = Field(default=15000, ge=1, le=32500)
    renamed: dict[str, list[str]] = Field(default_factory=dict)


class PopulationEndpoint(Declaration):
    """World Population Prospects: totals by variant, and persons by five-year age group."""

    vintage: Date
    totals: FileEndpoint
    by_age: FileEndpoint


class OecdEndpoint(Declaration):
    """Main Science and Technology Indicators by SDMX.

    Attributes
    ----------
    url : str
        The query, format included.
    measures : dict of str to str
        Code of the measure by variable of the dictionary.
    unit : str
        Code of the unit that all of them have.
    """

    url: Address
    measures: dict[str, str]
    unit: str


class Endpoints(Declaration):
    """``data/endpoints.toml``, or a mirror's file of the same form."""

    world_bank: WorldBankEndpoint
    income_classes: FileEndpoint
    penn_world_table: dict[str, FileEndpoint]
    world_population: PopulationEndpoint
    oecd: OecdEndpoint
