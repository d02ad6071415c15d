"""What data packages say of their tables, sources, licences and faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from forecast.specs.declaration import Declaration

Text = Annotated[str, StringConstraints(min_length=1)]


class License(Declaration):
    """A licence as a Frictionless description has it."""

    name: Text
    title: Text
    path: Text


class SourceNote(Declaration):
    """A publisher's delivery.

    Attributes
    ----------
    title, path, attribution, license : str
    vintage : str
        Date of publication, where no file's name carries one; else empty.
    """

    title: Text
    path: Text
    attribution: Text
    license: Text
    vintage: str = ""


class TableNote(Declaration):
    """What a table is.

    Attributes
    ----------
    title, made : str
        What it holds; how it is made.
    sources : list of str
        Keys of ``sources``.
    keys : list of str
        Columns that identify a row.
    step : int
        Years between rows of one economy.
    digits : int
        Significant digits of its numbers.
    faults : list of str
        Known faults: names in ``faults``, or sentences.
    columns : dict of str to str
        Descriptions of columns that the dictionary of variables does not have, or means otherwise;
        of a table carried whole, the columns that it has.
    """

    title: Text
    made: Text
    sources: list[str] = Field(min_length=1)
    keys: list[str] = ["country", "year"]
    step: int = Field(default=1, ge=1)
    digits: int = Field(default=10, ge=1, le=17)
    faults: list[Text] = []
    columns: dict[str, Text] = {}


class PackageNotes(Declaration):
    """``data/package_notes.toml``.

    Attributes
    ----------
    general_faults : list of str
        Names of the faults that concern a package as a whole.
    full_order : list of str
        Tables of a full package.
    faults : dict of name to sentence
    licenses, sources : dict by key
    starter, full : dict of table to TableNote
        ``full`` has the tables that a starter package lacks or has otherwise.
    """

    general_faults: list[str]
    full_order: list[str]
    faults: dict[str, Text]
    licenses: dict[str, License]
    sources: dict[str, SourceNote]
    starter: dict[str, TableNote]
    full: dict[str, TableNote]

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for place, names, known in self._references():
            for name in names:
                if name not in known:
                    raise ValueError(f"{place}: found {name!r}, must be one of {', '.join(known)}")
        missing = sorted(set(self.full) - set(self.full_order))
        if missing:
            raise ValueError(f"full_order: {missing[0]!r} is missing, a table of [full]")
        return self

    def _references(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Yield places that name something, what they name and what there is."""
        yield "general_faults", self.general_faults, list(self.faults)
        yield "full_order", self.full_order, list(self.starter | self.full)
        for kind, tables in (("starter", self.starter), ("full", self.full)):
            for name, note in tables.items():
                yield f"{kind}.{name}.sources", note.sources, list(self.sources)
                # one word is a name, a sentence has several
                named = [fault for fault in note.faults if " " not in fault]
                yield f"{kind}.{name}.faults", named, list(self.faults)
