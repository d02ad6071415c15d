"""A panel: rows (country, year), columns of numbers, and where they came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.errors import DataError, unknown
from forecast.faces import Face, table_text

INDEX = ("country", "year")
FURTHEST = 1_000_000  # a period beyond is a misread number: 2026-11-28 written as 20261128


def named_for(text: str, entity: str) -> str:
    """Return a text about countries as one about other entities: "Firm effects"."""
    if entity == "country":
        return text
    many = entity
    if re.search(r"[^aeiou]y$", entity):
        many = entity[:-1] + "ies"
    elif not entity.endswith("s"):
        many = entity + ("es" if re.search(r"(x|z|ch|sh)$", entity) else "s")

    def other(found: re.Match[str]) -> str:
        word = entity if found[0].lower() == "country" else many
        return word[0].upper() + word[1:] if found[0][0].isupper() else word

    return re.sub(r"\b(country|countries)\b", other, text, flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Panel(Face):
    """Observations of entities over time.

    Attributes
    ----------
    frame : pandas.DataFrame
        Float columns on a sorted, unique index named ``("country", "year")``. ``country`` is any
        entity label (ISO 3166 alpha-3 in the project's own tables); ``year`` is an integer, for
        period tables the last year of the period. Whole years in another form (1999.0, "1999", an
        annual period, 1 January or 31 December) are given as such; other forms are refused.
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
    left_out : mapping of str to str
        Columns of the file behind the panel that are not in it, and why, as messages say it.
    reading : str
        What was read, in one line; empty for a package's tables.
    groups : mapping of name to tuple of str
        Groups of entities that a sample may include or exclude by name.
    entity : str
        What an entity is, in the singular, as tables call it.
    words : pandas.DataFrame or None
        Columns of words (sector, region) on a like index: effects, clusters, factors and
        conditions may name them. None: there are none.
    keys : (2,) str
        What the user's table calls the entity and the period.

    Raises
    ------
    DataError
        If a country or year has no label, a year is not a whole number, a key occurs twice, a
        column is not numeric or named twice, or a value is infinite.
    """

    frame: pd.DataFrame
    source: str
    step: int = 1
    imputed: pd.DataFrame | None = None
    editions: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    reading: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entity: str = "country"
    words: pd.DataFrame | None = None
    keys: tuple[str, str] = INDEX

    def __post_init__(self) -> None:
        """Check once what every verb relies on, and bring the tables into one form."""
        frame = _numbers(_keyed(self.frame, self.source), self.source)
        object.__setattr__(self, "frame", frame)
        if self.imputed is not None:
            imputed = _keyed(self.imputed, f"{self.source}, imputed")
            object.__setattr__(self, "imputed", imputed)
        if self.words is not None:
            object.__setattr__(self, "words", _keyed(self.words, f"{self.source}, words"))
        editions = {
            vintage: _keyed(edition, f"{self.source}, edition {vintage}")
            for vintage, edition in self.editions.items()
        }
        object.__setattr__(self, "editions", editions)

    def facts(self) -> Mapping[str, object]:
        """Return how large the panel is, and where it is from."""
        years = self.frame.index.get_level_values("year")
        span = f", {years.min()}-{years.max()}, step {self.step}" if len(years) else ""
        return {
            "source": self.source,
            "rows": f"{len(years):,} of {len(self.countries()):,} entities{span}",
            "columns": list(self.frame.columns),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the rows: a copy of ``frame``, index (country, year)."""
        return self.frame.copy()

    def summary(self) -> str:
        """Return of every column how many values there are, their mean, spread and range."""
        told = self.frame.describe().T[["count", "mean", "std", "min", "max"]]
        return f"{self!r}\n\n{table_text(told.rename_axis('column'), rows=len(told))}"

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
        """Return the named columns; the period under its name, where no column has it.

        Raises
        ------
        DataError
            Naming the first column that is missing and the nearest one present, or why a column
            of the file was left out.
        """
        period = [name for name in names if name in (INDEX[1], self.keys[1])]
        for name in names:
            if name not in self.frame.columns and name not in period:
                if name in self.left_out:
                    raise DataError(f"{self.source}: column {name!r}: {self.left_out[name]}")
                raise DataError(f"{self.source}: {unknown(name, self.frame.columns, 'column')}")
        frame = self.frame
        if period:
            years = frame.index.get_level_values(1).to_numpy(dtype=np.float64)
            frame = frame.assign(**{n: years for n in period if n not in frame.columns})
        return frame.loc[:, list(names)]

    def has(self, name: str) -> bool:
        """Say whether there is a dimension or a column, of numbers or words, of this name."""
        worded = self.words is not None and name in self.words
        return name in (*INDEX, *self.keys) or name in self.frame or worded

    def values(self, name: str) -> Array:
        """Return a dimension or a column (n,), of numbers or words; NaN or None where missing.

        Raises
        ------
        DataError
            If there is none of the name; the message has the nearest.
        """
        own = dict(zip(self.keys, INDEX, strict=True)).get(name, name)
        if own in INDEX:
            return np.asarray(self.frame.index.get_level_values(own).to_numpy())
        if self.words is not None and name in self.words:
            column = self.words[name].reindex(self.frame.index).astype(object)
            return column.where(column.notna(), None).to_numpy()
        if name not in self.frame and name not in self.left_out:
            worded = [] if self.words is None else list(self.words)
            allowed = [*self.keys, *self.frame.columns, *worded]
            raise DataError(f"{self.source}: {unknown(name, allowed, 'column')}")
        return self.require([name])[name].to_numpy(dtype=np.float64)

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


def _keyed(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return the rows on a sorted, unique index of labels and whole years."""
    index = frame.index
    if tuple(index.names) != INDEX or not isinstance(index, pd.MultiIndex):
        raise DataError(f"{source}: index is {list(index.names)}, must be {INDEX}")
    # a level holds each label once: rows need no look where the levels are in order
    countries, years = index.levels
    nameless = (index.codes[0] < 0) | np.isin(index.codes[0], _blank(countries))
    if nameless.any():
        raise DataError(f"{source}: row {int(nameless.argmax()) + 1} has no country")
    if (index.codes[1] < 0).any():
        row = int((index.codes[1] < 0).argmax())
        raise DataError(f"{source}: row {row + 1}, of {index[row][0]}, has no year")
    if years.dtype != np.int64:
        index = index.remove_unused_levels()
        whole = _whole_years(index.levels[1], source)
        labels: list[Any] = [index.get_level_values(0), whole[index.codes[1]]]
        frame = frame.set_axis(pd.MultiIndex.from_arrays(labels, names=INDEX))
    periods = frame.index.get_level_values(1).unique()
    far = np.abs(periods.to_numpy(dtype=np.float64)) > FURTHEST
    if far.any():
        raise DataError(f"{source}: period {periods[far][0]} is beyond {FURTHEST:,}: no year")
    if not frame.index.is_unique:
        row = frame.index[frame.index.duplicated()][0]
        raise DataError(f"{source}: row {row} occurs more than once; keys must be unique")
    if countries.dtype == object and len({isinstance(label, str) for label in countries}) > 1:
        raise DataError(f"{source}: countries are text and numbers, must be of one kind")
    return frame if frame.index.is_monotonic_increasing else frame.sort_index()


def _blank(labels: pd.Index) -> list[int]:
    return [
        code for code, label in enumerate(labels) if isinstance(label, str) and not label.strip()
    ]


def _whole_years(labels: pd.Index, source: str) -> Integers:
    """Return years as integers, from any form that says one year and nothing else."""
    if isinstance(labels, pd.PeriodIndex):
        if labels.freqstr.startswith("Y"):
            return labels.year.to_numpy(dtype=np.int64)
    elif isinstance(labels, pd.DatetimeIndex):
        days = set(zip(labels.month, labels.day, strict=True))
        if days in ({(1, 1)}, {(12, 31)}) and (labels == labels.normalize()).all():
            return labels.year.to_numpy(dtype=np.int64)
    elif labels.dtype.kind in "iufO" and not any(isinstance(label, bool) for label in labels):
        values = pd.to_numeric(pd.Series(labels), errors="coerce").to_numpy(dtype=np.float64)
        if (np.abs(values) <= FURTHEST).all() and (values % 1 == 0).all():
            return values.astype(np.int64)
    raise DataError(
        f"{source}: year is {_first_odd(labels)}, must be a whole number of a year such as 1999"
    )


def _first_odd(labels: pd.Index) -> str:
    """Return the first label that is no whole number, as a message shows it."""
    for label in labels:
        number = pd.to_numeric(label, errors="coerce") if isinstance(label, str) else label
        if not isinstance(number, int | float | np.number) or not float(number).is_integer():
            return f"{str(label)!r} ({type(label).__name__})"
    return f"{str(labels[0])!r} ({type(labels[0]).__name__})"


def _numbers(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return the columns as floats, each name once."""
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise DataError(f"{source}: column {twice[0]!r} occurs more than once")
    for name, kind in frame.dtypes.items():
        if not pd.api.types.is_numeric_dtype(kind) or kind.kind == "c":
            raise DataError(f"{source}: column {name!r} is not numeric")
    if any(kind != np.float64 for kind in frame.dtypes):
        frame = frame.astype(float)
    infinite = np.isinf(frame.to_numpy())
    if infinite.any():
        row, col = np.argwhere(infinite)[0]
        raise DataError(f"{source}: {frame.columns[col]!r} is infinite at {frame.index[row]}")
    return frame
