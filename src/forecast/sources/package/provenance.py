"""Where one figure of a package comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecast.errors import DataError, unknown
from forecast.sources.package.package import DataPackage
from forecast.sources.package.package_variables import package_variables
from forecast.sources.package.selection import long_rows
from forecast.statistics.imputed import IMPUTED
from forecast.variables import Variable, Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A value and its way into the package.

    Attributes
    ----------
    value : float
    flag : str
        ``imputed``, ``spliced`` or empty.
    unit, source, code, vintage : str
        Of the variable; title and vintage of the source.
    files : dict of file name to sha256
        Of the source, as delivered.
    table, table_sha256 : str
        The package's file that holds the value, and its hash.
    transformations : tuple of str
        From the delivery to the value, in order.
    """

    value: float
    flag: str
    unit: str
    source: str
    code: str
    vintage: str
    files: dict[str, str]
    table: str
    table_sha256: str
    transformations: tuple[str, ...]


def provenance(
    package: DataPackage,
    table: str,
    country: str,
    year: int,
    variable: str,
    variables: Variables,
) -> Trace:
    """Return the value and where it comes from.

    Raises
    ------
    DataError
        If the table has no such variable, country or year; the nearest name is told.
    """
    value = _value(package, table, country, year, variable)
    resource = package.resources[table]
    meaning = package_variables(package, variables).find(variable)
    key = resource.variables.get(variable, "")
    told = package.sources.get(key, {})
    flag = _flag(package, table, country, year, variable)
    return Trace(
        value=value,
        flag=flag,
        unit=meaning.unit,
        source=str(told.get("title", meaning.source)),
        code=str(told.get("codes", {}).get(variable, meaning.code)),
        vintage=str(told.get("vintage", package.vintage)),
        files={str(k): str(v) for k, v in told.get("files", {}).items()},
        table=resource.file,
        table_sha256=resource.sha256,
        transformations=_steps(told, meaning, resource.made, flag),
    )


def _value(package: DataPackage, table: str, country: str, year: int, variable: str) -> float:
    rows = long_rows(package, table)
    where = f"{package.name}, {table}"
    for column, wanted in (("variable", variable), ("country", country)):
        if wanted not in set(rows[column]):
            raise DataError(f"{where}: {unknown(wanted, set(rows[column]), column)}")
        rows = rows[rows[column] == wanted]
    if rows.empty:
        raise DataError(f"{where}: {country} has no value of {variable!r}")
    own = rows[rows["year"] == year]
    if own.empty:
        years = rows["year"]
        raise DataError(
            f"{where}: {variable!r} of {country}: found no value for {year}; it has "
            f"{len(years)} of {years.min()} to {years.max()}"
        )
    return float(own["value"].iloc[0])


def _flag(package: DataPackage, table: str, country: str, year: int, variable: str) -> str:
    frame = package.table(table)
    if "flag" in frame:
        own = (frame["country"] == country) & (frame["year"] == year)
        return str(frame.loc[own & (frame["variable"] == variable), "flag"].iloc[0])
    panel = package.panel(table)
    if panel.imputed is None or variable not in panel.imputed:
        return ""
    share = panel.imputed[variable].get((country, year), 0.0)
    return f"{IMPUTED}: {share:.0%} of its years" if pd.notna(share) and share > 0 else ""


def _steps(told: dict[str, Any] | Any, meaning: Variable, made: str, flag: str) -> tuple[str, ...]:
    steps = [str(step) for step in told.get("transformations", ())]
    if meaning.how:
        steps.append(meaning.how)
    if flag == "spliced" and meaning.splice is not None:
        steps.append(f"this year is extended by growth of {meaning.splice.by}")
    return (*steps, made)
