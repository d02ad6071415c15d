"""A printed table beside the same indicators of a data package, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecast.structure.printed_labels import BRING

PERIOD = 5  # years of a mean
NO_SERIES = "in no package; a file that has it: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """What a package has of some columns.

    Attributes
    ----------
    annual : pandas.DataFrame
        On (country, year).
    means : pandas.DataFrame
        Five-year means on (country, last year), for what ``annual`` lacks.
    imputed : set of (country, year, column)
        Values that the publisher seems to have imputed.
    """

    annual: pd.DataFrame
    means: pd.DataFrame
    imputed: frozenset[tuple[str, int, str]]


def beside_printed(printed: pd.DataFrame, own: Indicators) -> pd.DataFrame:
    """Return printed cells with the package's value of the same year, and why they differ.

    Parameters
    ----------
    printed : pandas.DataFrame
        ``economy, column, year, value``; a missing value asks for the package's alone.
    own : Indicators

    Returns
    -------
    pandas.DataFrame
        ``economy, column, year, printed, value, of, difference, reason``: ``of`` is the year or the
        years that the value is of, ``difference`` value less printed.
    """
    rows = []
    for economy, column, year, value in printed[["economy", "column", "year", "value"]].itertuples(
        index=False
    ):
        found, of, reason = own_value(own, str(economy), str(column), int(year))
        rows.append(
            {
                "economy": economy,
                "column": column,
                "year": int(year),
                "printed": value,
                "value": found,
                "of": of,
                "difference": found - value,
                "reason": reason if pd.notna(value) or pd.isna(found) else "",
            }
        )
    return pd.DataFrame(rows)


def own_value(own: Indicators, country: str, column: str, year: int) -> tuple[float, str, str]:
    """Return the package's value, the year or years it is of, and what to know of it."""
    missing = float("nan")
    exact = _at(own.annual, country, year, column)
    if exact is not None:
        flat = (country, year, column) in own.imputed
        return exact, str(year), "imputed by the publisher" if flat else "another edition"
    end = year + (PERIOD - 1 - (year % PERIOD)) % PERIOD
    mean = _at(own.means, country, end, column)
    if mean is not None:
        return mean, f"mean of {end - PERIOD + 1}-{end}", "a mean of five years beside one year"
    if column not in own.annual and column not in own.means:
        return missing, "", NO_SERIES + BRING.get(column, "a table of your own (--panel FILE)")
    known = sorted(
        int(at)
        for frame in (own.annual, own.means)
        if column in frame and country in frame.index.get_level_values("country")
        for at in frame.xs(country, level="country")[column].dropna().index
    )
    if not known:
        return missing, "", "no value for this economy"
    if year < known[0]:
        return missing, "", f"the series begins in {known[0]}"
    return missing, "", f"no value for {year}"


def at_passage(changes: pd.DataFrame, countries: Mapping[str, str]) -> dict[str, int]:
    """Return the first year in which each economy was classified high income, where it changed.

    Parameters
    ----------
    changes : pandas.DataFrame
        ``country, year, from_class, to_class``.
    countries : mapping
        Codes wanted, to anything.
    """
    risen = changes[(changes["to_class"] == "H") & changes["country"].isin(list(countries))]
    first = risen.groupby("country")["year"].min()
    return {str(country): int(year) for country, year in first.items()}


def _at(frame: pd.DataFrame, country: str, year: int, column: str) -> float | None:
    if column not in frame or (country, year) not in frame.index:
        return None
    value = frame[column].to_numpy(dtype=float)[frame.index.get_loc((country, year))]
    return None if pd.isna(value) else float(value)
