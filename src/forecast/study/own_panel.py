"""``read_panel``: a panel of the user's own, its economies by the project's codes."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, get_args

from forecast import catalog
from forecast.errors import DataError
from forecast.sources.readers.user_panel import KeyLabels, panel_in
from forecast.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from forecast.panel import Panel


def read_panel(
    source: pd.DataFrame | Path | str,
    entity: str | None = None,
    time: str | None = None,
    *,
    step: int | None = None,
    countries: KeyLabels = "auto",
    sheet: str = "",
) -> Panel:
    """Return the panel in a user's table.

    Parameters
    ----------
    source : DataFrame, Path or str
        A frame (keys in columns or in its index), or a file: text separated by commas,
        semicolons, tabs, bars or blanks, an Excel workbook, Stata or Parquet. At most 10,000
        columns, 3,000,000 cells (1,000,000 of a workbook; 50,000,000 of numbers in a frame, Stata
        or Parquet) and 100 MB of a file.
    entity, time : str
        Columns of the entity's label (any text) and of the period (whole years or numbers). In a
        table with a column a year, as the World Bank and the IMF publish them, ``time`` is only
        a name. May be left away for a frame whose index has both as its two levels.
    step : int, optional
        Years between rows of an entity: the unit of lags and differences. By default the
        smallest gap, where all gaps are multiples of it, else 1.
    countries : {"auto", "as_is"}
        auto: where the entities are economies, codes and names of any publisher become ISO
        alpha-3, and aggregates are left out; as_is: labels stay.
    sheet : str
        Of a workbook; its first by default.

    Returns
    -------
    Panel
        Every column that holds numbers, truth values and marks of missing values only; others are
        in ``left_out`` with their first cell that is none. ``reading`` says what was read. Runs
        of 4 or more equal annual values are marked as imputed, dummies excepted.

    Raises
    ------
    DataError
        If the table cannot be read, its rows do not fit its header, a column is missing, a period
        is not a whole number, or a key occurs twice.
    """
    if countries not in get_args(KeyLabels):
        raise DataError(f"countries: found {countries!r}, must be one of auto, as_is")
    levels = [] if entity and time else _levels(source)
    keys = entity or levels[0], time or levels[1]
    places = catalog.countries()
    return panel_in(source, *keys, places=places, step=step, countries=countries, sheet=sheet)


def labels_for(panel: Panel | None) -> Variables:
    """Return the dictionary for the package's columns; none for those of a user's own panel.

    A user's column may bear a name of the dictionary and another unit.
    """
    own = panel is not None and bool(panel.reading)
    return Variables(table={}) if own else catalog.variables()


def read_keyed(
    source: Path | str,
    names: Sequence[str],
    *,
    step: int | None = None,
    countries: KeyLabels = "auto",
    sheet: str = "",
) -> Panel:
    """Return the panel in a file whose keys are the first two of ``names`` that give one.

    Parameters
    ----------
    source : Path or str
    names : at least two columns, such as the effects of a formula; entity and period in any order.
    step, countries, sheet
        As in `read_panel`.

    Raises
    ------
    DataError
        If no two of them are the keys of the rows; the message is that of the first two.
    """
    first: DataError | None = None
    for entity, time in permutations(names, 2):
        try:
            return read_panel(source, entity, time, step=step, countries=countries, sheet=sheet)
        except DataError as error:
            first = first or error
    assert first is not None
    raise DataError(f"{first}; name the keys with --entity and --time")


def _levels(source: object) -> list[str]:
    """Return the names of a frame's two levels, which need not be said again."""
    names = list(getattr(getattr(source, "index", None), "names", []))
    both = 2
    if len(names) != both or None in names:
        raise DataError(
            "read_panel: entity and time must be given, save for a frame with both in its index"
        )
    return [str(name) for name in names]
