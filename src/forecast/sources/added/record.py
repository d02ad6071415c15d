"""What a user's file adds to a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from forecast.sources.readers.origin import Origin
from forecast.variables import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Rows that passed the checks, and where they are from.

    Attributes
    ----------
    key : str
        Of the source in the package's description.
    rows : pandas.DataFrame
        ``country, year, variable, value``: economies only.
    origin : Origin
        With what was left out among its transformations.
    own : mapping of name to Variable
        Variables that the dictionary does not have.
    read : int
        Values in the file, of the variables asked for.
    left : pandas.DataFrame
        ``country, rows, reason``: values that are left out.
    """

    key: str
    rows: pd.DataFrame
    origin: Origin
    own: Mapping[str, Variable] = field(default_factory=dict)
    read: int
    left: pd.DataFrame
