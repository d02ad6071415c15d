"""A panel: rows (country, year), columns of numbers, and where they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecast.errors import DataError, unknown

INDEX = ("country", "year")


@dataclass(frozen=True, slots=True)
class Panel:
    """Observations of entities over time.

    Attributes
    ----------
    frame : pandas.DataFrame
        Float columns on a sorted, unique index named ``("country", "year")``. ``country`` is any
        entity label (ISO 3166 alpha-3 in the project's own tables); ``year`` is an integer, for
        period tables the last year of the period.
    source : str
        Package and table that the rows come from, as printed under tables.
    step : int
        Years between successive rows of one entity (1 annual, 5 five-year periods).
    imputed : pandas.DataFrame or None
        Share (0 to 1) of the years behind each value that the publisher seems to have imputed,
        on a like index; a column or row that is not there has none. None: not known.
    editions : mapping of str to pandas.DataFrame
        The same columns as published at a date (``YYYY-MM`` or ``YYYY-MM-DD``), the date being
        the key; each edition of a column stands alone. Empty: no dates are known.

    Raises
    ------
    DataError
        If the index is not as described, a column is not numeric, or a value is infinite.
    """

    frame: pd.DataFrame
    source: str
    step: int = 1
    imputed: pd.DataFrame | None = None
    editions: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check once what every verb relies on."""
        frame = self.frame
        if tuple(frame.index.names) != INDEX:
            raise DataError(f"{self.source}: index is {list(frame.index.names)}, must be {INDEX}")
        if not frame.index.is_unique:
            row = frame.index[frame.index.duplicated()][0]
            raise DataError(f"{self.source}: row {row} occurs more than once; keys must be unique")
        bad = [c for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
        if bad:
            raise DataError(f"{self.source}: column {bad[0]!r} is not numeric")
        values = frame.to_numpy(dtype=float, na_value=np.nan)
        if np.isinf(values).any():
            row, col = np.argwhere(np.isinf(values))[0]
            raise DataError(
                f"{self.source}: {frame.columns[col]!r} is infinite at {frame.index[row]}"
            )
        if not frame.index.is_monotonic_increasing:
            object.__setattr__(self, "frame", frame.sort_index())

    def through(self, year: int) -> Panel:
        """Return the panel as it ends in ``year``: the only way to cut time."""
        years = self.frame.index.get_level_values("year")
        past = {
            vintage: edition.loc[edition.index.get_level_values("year") <= year]
            for vintage, edition in self.editions.items()
        }
        return replace(self, frame=self.frame.loc[years <= year], editions=past)

    def as_of(self, vintage: str) -> Panel:
        """Return the panel as it was published at ``vintage`` (``YYYY-MM`` or ``YYYY-MM-DD``).

        Each column is the last edition of that date or before, whole: a country that a newer
        edition has dropped does not come back from an older one. A column of which no edition
        is that old is left out. A month includes its days.

        Raises
        ------
        DataError
            If the panel knows no dates, or no column is that old.
        """
        if not self.editions:
            raise DataError(f"{self.source}: holds one vintage of unknown date, so no earlier one")
        columns: dict[str, pd.Series] = {}
        for date in sorted(self.editions):
            if date <= vintage or date.startswith(vintage):
                columns |= {str(c): v.dropna() for c, v in self.editions[date].items()}
        if not columns:
            raise DataError(
                f"{self.source}: nothing was published by {vintage!r}; the vintages held are "
                f"{', '.join(sorted(self.editions))}"
            )
        frame = pd.concat(columns, axis=1).sort_index()
        return replace(
            self, frame=frame, source=f"{self.source}, as of {vintage}", imputed=None, editions={}
        )

    def require(self, names: Sequence[str]) -> pd.DataFrame:
        """Return the named columns.

        Raises
        ------
        DataError
            Naming the first column that is missing and the nearest one present.
        """
        for name in names:
            if name not in self.frame.columns:
                raise DataError(f"{self.source}: {unknown(name, self.frame.columns, 'column')}")
        return self.frame.loc[:, list(names)]

    def with_columns(self, **series: pd.Series) -> Panel:
        """Return a new panel with columns added or replaced, aligned on the index."""
        return replace(self, frame=self.frame.assign(**series))

    def countries(self) -> list[str]:
        """Return the entities, sorted."""
        return sorted(self.frame.index.get_level_values("country").unique())

    def series(self, country: str, name: str) -> pd.Series:
        """Return one entity's column by year, missing years left out.

        Raises
        ------
        DataError
            If the column or the entity is not in the panel.
        """
        column = self.require([name])[name]
        if country not in column.index.get_level_values("country"):
            raise DataError(f"{self.source}: {unknown(country, self.countries(), 'country')}")
        return column.xs(country, level="country").dropna()

    def rows(self, country: str) -> pd.DataFrame:
        """Return one entity's rows, index year.

        Raises
        ------
        DataError
            If the entity is not in the panel.
        """
        if country not in self.frame.index.get_level_values("country"):
            raise DataError(f"{self.source}: {unknown(country, self.countries(), 'country')}")
        frame: pd.DataFrame = self.frame.xs(country, level="country")  # type: ignore[assignment]
        return frame

    def without(self, countries: Iterable[str]) -> Panel:
        """Return the panel without the entities named."""
        out = list(countries)
        past = {
            vintage: edition.loc[~edition.index.get_level_values("country").isin(out)]
            for vintage, edition in self.editions.items()
        }
        keep = ~self.frame.index.get_level_values("country").isin(out)
        return replace(self, frame=self.frame.loc[keep], editions=past)
