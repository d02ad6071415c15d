"""A panel of the user's own, from any table: keys, numbers, step, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.errors import DataError
from forecast.panel import INDEX, Panel
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.tables.economies import as_economies
from forecast.sources.readers.tables.keys import read_labels, read_periods
from forecast.sources.readers.tables.numbers import MISSING, are_words, read_numbers
from forecast.sources.readers.tables.read_table import read_table
from forecast.sources.readers.tables.record import Table, as_text, as_told
from forecast.sources.readers.tables.wide import check_wide, to_long
from forecast.sources.readers.weo_file import PORTAL_COLUMNS, TEXT_COLUMNS, read_weo
from forecast.statistics.imputed import flat_runs

KeyLabels = Literal["auto", "as_is"]
NAMED = 3


def panel_in(
    source: pd.DataFrame | Path | str,
    entity: str,
    time: str,
    *,
    places: Countries,
    step: int | None = None,
    countries: KeyLabels = "auto",
    sheet: str = "",
) -> Panel:
    """Return the panel in a user's table, as `forecast.study.own_panel.read_panel` says.

    Parameters
    ----------
    places : Countries
        The table that names and codes of economies are checked against.

    Raises
    ------
    DataError
        If the table cannot be read, or gives no panel.
    """
    table = read_table(source, (entity, time), sheet)
    if check_wide(table, entity, time):
        weo = any(set(known) <= set(table.names) for known in (TEXT_COLUMNS, PORTAL_COLUMNS))
        if weo and not isinstance(source, pd.DataFrame):
            table = _imf(Path(source), table, entity, time, places)
        else:
            table = to_long(table, entity, time)
    notes = list(table.notes)
    keys = table.names.index(entity), table.names.index(time)
    labels = pd.Series(read_labels(table, keys[0]), dtype=object)
    years = read_periods(table, keys[1])
    codes, kept, coded = _coded(labels, entity, places, countries, notes)
    _refuse_twice(table, labels, codes, years, kept)
    index = pd.MultiIndex.from_arrays([codes[kept], years[kept]], names=INDEX)
    columns, left_out = _numbers(table, keys, kept, notes)
    words = _words(table, left_out, kept)
    frame = pd.DataFrame(columns, index=index).sort_index()
    stride = _step(frame.index, step, table.where)
    return Panel(
        frame,
        source=table.where,
        step=stride,
        imputed=flat_runs(frame, natural=_natural(frame)) if stride == 1 else None,
        left_out=left_out,
        words=pd.DataFrame(words, index=index, dtype=object) if words else None,
        keys=(entity, time),
        reading=_told(frame, stride, table.where, notes, left_out, list(words)),
        entity="country" if coded else " ".join(entity.replace("_", " ").lower().split()),
    )


def _imf(path: Path, table: Table, entity: str, time: str, places: Countries) -> Table:
    """Return an edition of the World Economic Outlook, a column a subject."""
    edition = read_weo(path, places)
    wide = edition.table.pivot(index=["country", "year"], columns="subject", values="value")
    left = f"{len(edition.left_out)} code(s) that are no economies left out"
    return Table(
        where=table.where,
        names=(entity, time, *map(str, wide.columns)),
        columns=(
            list(wide.index.get_level_values("country")),
            list(wide.index.get_level_values("year")),
            *(wide[name].to_numpy(dtype=np.float64) for name in wide.columns),
        ),
        lines=range(2, len(wide) + 2),
        notes=(f"World Economic Outlook, edition {edition.edition}", left),
    )


def _coded(
    labels: pd.Series, entity: str, places: Countries, countries: KeyLabels, notes: list[str]
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return each row's code or label, whether it is kept, and whether the rows are economies."""
    recoded = as_economies(labels.tolist(), entity, places) if countries == "auto" else None
    if recoded is None:
        return labels.to_numpy(dtype=object), np.ones(len(labels), dtype=bool), False
    notes.extend(recoded.notes)
    kept = ~labels.isin(list(recoded.groups)).to_numpy()
    return labels.map(recoded.code).to_numpy(dtype=object), kept, True


def _refuse_twice(
    table: Table, labels: pd.Series, codes: np.ndarray, years: np.ndarray, kept: np.ndarray
) -> None:
    keys = pd.DataFrame({"code": codes, "year": years})
    twice = (keys.duplicated() & kept).to_numpy()
    if not twice.any():
        return
    row = int(twice.argmax())
    first = int(((keys == keys.iloc[row]).all(axis=1)).to_numpy().argmax())
    also = f" (as {labels[first]!r})" if labels[first] != labels[row] else ""
    raise DataError(
        f"{table.where}: row {table.lines[row]}: ({labels[row]!r}, {int(years[row])}) occurs more "
        f"than once, first in row {table.lines[first]}{also}"
    )


def _numbers(
    table: Table, keys: tuple[int, int], kept: np.ndarray, notes: list[str]
) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the columns of numbers, and why each other column is left out."""
    columns: dict[str, Array] = {}
    left: dict[str, str] = {}
    marks: Counter[str] = Counter()
    times = Counter(table.names)
    for place, (name, cells) in enumerate(zip(table.names, table.columns, strict=True)):
        if place in keys:
            continue
        if times[name] > 1 or not name:
            left[name] = f"stands {times[name]} times in the header" if name else "has no header"
            continue
        found = read_numbers(cells, table.decimal)
        if found.bad is not None:
            row, cell = found.bad
            left[name] = f"row {table.line(place, row)} holds {as_told(cell)}, which is no number"
        elif name in INDEX:
            left[name] = "has the name of a key of panels; give it another"
        else:
            columns[name] = found.values[kept]
            marks.update(found.missing)
    if not columns:
        why = "; ".join(f"column {as_told(n)}: {said}" for n, said in list(left.items())[:NAMED])
        raise DataError(f"{table.where}: found no column of numbers beside the keys; {why}")
    if table.decimal == ",":
        notes.append("decimal comma")
    if marks:
        told = ", ".join(
            f"{as_told(m) if m else 'empty'} {n}"
            for m, n in sorted(marks.items(), key=lambda p: p[0])
        )
        notes.append(f"{sum(marks.values())} cell(s) read as missing ({told})")
    return columns, left


def _words(table: Table, left: Mapping[str, str], kept: np.ndarray) -> dict[str, list[str | None]]:
    """Return the columns left out of the numbers that hold words, None where a cell is missing."""
    found = {}
    for name in left:
        if table.names.count(name) != 1 or name in INDEX:
            continue
        column = table.columns[table.names.index(name)]
        if not are_words(column, table.decimal):
            continue
        cells = [as_text(cell).strip() for cell in column]
        words = [None if cell.casefold() in MISSING else cell for cell in cells]
        found[name] = [word for word, here in zip(words, kept, strict=True) if here]
    return found


def _step(index: pd.Index, step: int | None, where: str) -> int:
    """Return the years between rows: as given, or where all gaps agree."""
    entities, years = index.get_level_values(0), index.get_level_values(1).to_numpy(dtype=np.int64)
    gaps = np.diff(years)[np.diff(pd.factorize(entities)[0]) == 0]
    if step is None:
        least = int(gaps.min()) if len(gaps) else 1
        return least if (gaps % least == 0).all() else 1
    if isinstance(step, bool) or not isinstance(step, int) or step < 1:
        raise DataError(f"{where}: step: found {step!r}, must be a whole number of years from 1")
    if (gaps % step).any():
        gap = int(gaps[(gaps % step) != 0][0])
        raise DataError(
            f"{where}: step: found {step}, but rows of one entity lie {gap} year(s) apart, which "
            "is no multiple of it"
        )
    return step


def _natural(frame: pd.DataFrame) -> list[str]:
    """Return the columns of at most two values: a dummy repeats itself for good reason."""
    most = 2
    return [str(name) for name in frame if frame[name].nunique() <= most]


def _told(
    frame: pd.DataFrame,
    step: int,
    where: str,
    notes: Sequence[str],
    left_out: Mapping[str, str],
    words: Sequence[str],
) -> str:
    """Return the line that says what was read."""
    entities, years = (frame.index.get_level_values(level) for level in INDEX)
    said = [
        f"{where}: {len(frame)} rows, {entities.nunique()} entities, {years.min()}-{years.max()}, "
        f"step {step}, {frame.shape[1]} column(s) of numbers",
        *notes,
    ]
    if words:
        some = ", ".join(map(as_told, words[:NAMED])) + (", ..." if len(words) > NAMED else "")
        said.append(f"{len(words)} of words ({some})")
    left = [(name, why) for name, why in left_out.items() if name not in words]
    if left:
        some = "; ".join(f"{as_told(name)} {why}" for name, why in left[:NAMED])
        more = f"; and {len(left) - NAMED} more" if len(left) > NAMED else ""
        said.append(f"{len(left)} column(s) left out: {some}{more}")
    return ", ".join(said)
