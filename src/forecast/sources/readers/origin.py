"""Where a delivery of statistics comes from: publisher, vintage, files and their hashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Scheme = Literal["alpha3", "alpha2", "m49", "name", "any"]
Destination = Literal["annual", "population_projection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One source's delivery, as the package's description tells it.

    Attributes
    ----------
    title, path, attribution, license : str
        Of the source; ``path`` is the publisher's page.
    vintage : str
        Date ``YYYY-MM-DD`` of the statistics.
    files : mapping of str to str
        Names of the files or replies that were read, and their sha256. The first is named in
        messages.
    retrieved : str
        When it was fetched, ISO 8601; empty for a file whose history is not known.
    scheme : {"alpha3", "alpha2", "m49", "name", "any"}
        What its column ``country`` holds.
    table : {"annual", "population_projection"}
        Where its rows go.
    codes : mapping of str to str
        The publisher's code by variable, where the dictionary of variables has another or none.
    transformations : tuple of str
        What was done between the file and the rows, one sentence each.
    """

    title: str
    path: str
    attribution: str
    license: str
    vintage: str
    files: Mapping[str, str] = field(default_factory=dict)
    retrieved: str = ""
    scheme: Scheme = "alpha3"
    table: Destination = "annual"
    codes: Mapping[str, str] = field(default_factory=dict)
    transformations: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file named in messages; the title where there is none."""
        return next(iter(self.files), self.title)

    def record(self) -> dict[str, object]:
        """Return the Frictionless source record, with vintage, files and what was done."""
        told: dict[str, object] = {
            "title": self.title,
            "path": self.path,
            "attribution": self.attribution,
            "license": self.license,
            "vintage": self.vintage,
        }
        optional = {
            "retrieved": self.retrieved,
            "files": dict(self.files),
            "codes": dict(self.codes),
            "transformations": list(self.transformations),
        }
        return told | {key: value for key, value in optional.items() if value}


def delivered_to(
    destination: Destination, frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]
) -> dict[str, pd.DataFrame]:
    """Return the deliveries, by source key, whose rows go to one table."""
    return {key: frame for key, frame in frames.items() if origins[key].table == destination}
