"""Named groups of economies and the United Nations' regions, as declared in one file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from forecast.specs.declaration import Declaration


class CountryGroup(Declaration):
    """One group.

    Attributes
    ----------
    label : str
        In sentences.
    rule : str
        What makes an economy a member.
    source : str
        Who says so.
    countries : list of str
        ISO 3166 alpha-3 codes.
    m49 : int or None
        The United Nations' number, of a region; None: another group.
    """

    label: str
    rule: str = Field(min_length=10)
    source: str = Field(min_length=10)
    countries: Annotated[list[str], Field(min_length=1)]
    m49: int | None = Field(default=None, gt=0)
