"""Validation at the door: what the sources delivered is coded, checked, and told if left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.panel import INDEX
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.origin import Origin
from forecast.statistics.jumps import jumps
from forecast.variables import Variable, Variables

KEYS = [*INDEX, "variable"]
COLUMNS = [*KEYS, "value"]
YEARS = (1900, 2150)
ALL = "(all)"
DROPPED = ["table", "source", "country", "variable", "rows", "reason"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """What passed the door.

    Attributes
    ----------
    frames : mapping of source key to pandas.DataFrame
        country (code of the table of countries), year, variable (of the dictionary), value.
        Aggregates are kept: the euro area's prices are needed; tables of economies leave them
        out. Row labels are those delivered.
    dropped : pandas.DataFrame
        table, source, country, variable, rows, reason.
    warnings : pandas.DataFrame
        source, file, row, country, year, variable, value, before, message: jumps.
    """

    frames: Mapping[str, pd.DataFrame]
    dropped: pd.DataFrame
    warnings: pd.DataFrame


def admit(
    frames: Mapping[str, pd.DataFrame],
    origins: Mapping[str, Origin],
    variables: Variables,
    countries: Countries,
) -> Admitted:
    """Return the deliveries with the project's codes, and what was left out and why.

    Rows of economies are checked; aggregates, territories never classified by income and codes
    or variables that nobody knows are told in ``dropped``.

    Parameters
    ----------
    frames, origins : mappings of source key
        As `assemble` takes them.

    Raises
    ------
    DataError
        Naming file, row (line of the file), column and value: a column is missing or of another
        type, a value is infinite or out of the dictionary's bounds, a year is impossible, a key
        occurs twice, a variable comes from two sources.
    """
    passed: dict[str, pd.DataFrame] = {}
    left: list[pd.DataFrame] = []
    warned: list[pd.DataFrame] = []
    for key, frame in frames.items():
        if key not in origins:
            raise DataError(f"source {key!r}: has no origin")
        rows, out = _coded(_typed(frame, origins[key]), key, origins[key], variables, countries)
        economies = rows[rows["country"].isin(countries.economies())]
        _check(economies, origins[key], variables)
        warned.append(jumps(economies, variables).assign(source=key, file=origins[key].file))
        passed[key] = rows
        left.append(out)
    _one_source_each(passed, origins)
    return Admitted(
        frames=passed,
        dropped=pd.concat(left, ignore_index=True),
        warnings=pd.concat(warned, ignore_index=True),
    )


def check_classes(classes: pd.DataFrame, origin: Origin, countries: Countries) -> None:
    """Refuse a classification that names an economy which the table of countries lacks."""
    strange = ~classes["country"].isin(countries.economies())
    if strange.any():
        row = classes.index[strange][0]
        raise DataError(
            f"{origin.file}: row {row + 2}, column 'country': found "
            f"{classes.loc[row, 'country']!r}, must be an economy of the table of countries"
        )


def check_anchors(annual: pd.DataFrame, variables: Variables) -> None:
    """Refuse annual rows (country, year, columns) that lack an anchor of the dictionary.

    Raises
    ------
    DataError
        Naming the variable and the economy that has no value of it.
    """
    for name, variable in variables.table.items():
        for country in variable.anchors:
            if name not in annual or not annual[name].xs(country, level="country").notna().any():
                raise DataError(
                    f"{name!r}: no value for {country}, an anchor without which a package is "
                    f"not built; see {name}.anchors in variables.toml"
                )


def _typed(frame: pd.DataFrame, origin: Origin) -> pd.DataFrame:
    missing = [c for c in COLUMNS if c not in frame.columns]
    if missing:
        raise DataError(
            f"{origin.file}: column {missing[0]!r} is missing; found "
            f"{', '.join(map(str, frame.columns))}"
        )
    for column, test in (
        ("year", pd.api.types.is_integer_dtype),
        ("value", pd.api.types.is_numeric_dtype),
    ):
        if not test(frame[column]):
            raise DataError(
                f"{origin.file}: column {column!r}: found {frame[column].dtype}, must be "
                f"{'whole numbers' if column == 'year' else 'numbers'}"
            )
    return frame.loc[frame["value"].notna(), COLUMNS]


def _coded(
    frame: pd.DataFrame, key: str, origin: Origin, variables: Variables, countries: Countries
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows with codes and known variables, and the table of what is left out."""
    codes = countries.codes(frame["country"], origin.scheme)
    strange = ~frame["variable"].isin(variables.table)
    unknown = codes.isna() & ~strange
    kinds = codes.map(countries.kind)
    outside = ~strange & kinds.isin(["aggregate", "territory"])
    possible = [name for name, v in variables.table.items() if v.zero_is_missing]
    empty = (frame["value"] == 0) & frame["variable"].isin(possible) & ~unknown
    reasons = {
        "aggregate": "an aggregate of economies",
        "territory": "never classified by income, so not an economy here",
    }
    left = pd.concat(
        [
            _counted(frame[strange], "variable", "not in the dictionary of variables"),
            _near(_counted(frame[unknown], "country", "not in the table of countries"), countries),
            *(
                _counted(frame.assign(country=codes)[outside & (kinds == kind)], "country", why)
                for kind, why in reasons.items()
            ),
            _zeros(frame.assign(country=codes)[empty & ~outside]),
        ],
        ignore_index=True,
    )
    passed = ~strange & ~unknown & ~empty
    rows = frame[passed].assign(country=codes[passed])
    return rows, left.assign(table=origin.table, source=key)[DROPPED]


def _counted(rows: pd.DataFrame, by: str, reason: str) -> pd.DataFrame:
    other = "country" if by == "variable" else "variable"
    counts = rows.groupby(by).size()
    return pd.DataFrame(
        {by: counts.index.astype(str), other: ALL, "rows": counts.to_numpy(), "reason": reason}
    )


def _zeros(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, by economy and variable, the zeros that stand for missing values."""
    found = rows.groupby(["country", "variable"])["year"].agg(["size", "min", "max"]).reset_index()
    years = found["min"].astype(str) + "-" + found["max"].astype(str)
    told = "zero published where none is possible: taken as missing, " + years
    return found.assign(rows=found["size"], reason=told)[["country", "variable", "rows", "reason"]]


def _near(left: pd.DataFrame, countries: Countries) -> pd.DataFrame:
    """Return the reasons with the place whose name is nearest."""
    near = [countries.nearest(label) for label in left["country"]]
    told = [f"; nearest: {name}" if name else "" for name in near]
    return left.assign(reason=left["reason"] + pd.Series(told, dtype=str, index=left.index))


def _check(rows: pd.DataFrame, origin: Origin, variables: Variables) -> None:
    def refuse(wrong: pd.Series, column: str, allowed: str) -> None:
        if not wrong.any():
            return
        row = rows.loc[wrong].iloc[0]
        found = row[column] if isinstance(row[column], str) else f"{row[column]:.10g}"
        raise DataError(
            f"{origin.file}: row {rows.index[wrong][0] + 2}, column {column!r}: found "
            f"{found} ({row['variable']} of {row['country']} in {row['year']}), must be "
            f"{allowed}; found {int(wrong.sum())} such row(s)"
        )

    refuse(~rows["year"].between(*YEARS), "year", f"{YEARS[0]} to {YEARS[1]}")
    refuse(~np.isfinite(rows["value"]), "value", "finite")
    for name, values in rows.groupby("variable")["value"]:
        low, high = _bounds(variables.find(str(name)))
        if values.min() < low or values.max() > high:
            wrong = (rows["variable"] == name) & ~rows["value"].between(low, high)
            refuse(wrong, "value", f"{low:g} to {high:g}")
    refuse(rows.duplicated(KEYS), "country", "given once with this year and variable")


def _bounds(variable: Variable) -> tuple[float, float]:
    low = -np.inf if variable.low is None else variable.low
    return low, np.inf if variable.high is None else variable.high


def _one_source_each(frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]) -> None:
    owner: dict[tuple[str, str], str] = {}
    for key, frame in frames.items():
        for name in frame["variable"].unique():
            first = owner.setdefault((origins[key].table, name), key)
            if first != key:
                raise DataError(
                    f"{name!r} comes from two sources: {origins[first].file} and "
                    f"{origins[key].file}; a variable has one"
                )
