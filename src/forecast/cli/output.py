"""What every command shares: printing of a table, and one figure on its own."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.faces import notes
from forecast.reporting.columns import in_columns, wrap_text

if TYPE_CHECKING:
    import pandas as pd

    from forecast.faces import Face

NARROWEST = 40  # characters, below which lines are as wide as this


def line_width() -> int | None:
    """Return the characters of a terminal's line; None for a pipe or file that no one has sized.

    What is not read by eye keeps one line a row, as other programs expect it.
    """
    said = os.environ.get("COLUMNS", "")
    if sys.stdout.isatty() or (said.isdecimal() and int(said)):
        return max(shutil.get_terminal_size().columns, NARROWEST)
    return None


def print_rows(rows: Sequence[Mapping[str, Any]], form: str) -> None:
    """Print rows as aligned text or as a JSON list; the first row's keys are the columns."""
    if form == "json":
        print_json(list(rows))
        return
    if not rows:
        return
    columns = list(rows[0])
    cells = [columns, *[[_text(row.get(c)) for c in columns] for row in rows]]
    say(*in_columns(cells, line_width()))


def say(*texts: str, err: bool = False) -> None:
    """Print texts, each on lines of its own that the terminal holds; without one, an empty line."""
    for text in texts or ("",):
        click.echo("\n".join(wrap_text(text, line_width(), indent=2)), err=err)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as dicts by column name."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def print_json(value: Any) -> None:
    """Print ``value`` as JSON; NaN and infinity, for which JSON has no word, become null."""
    click.echo(json_text(value))


def json_text(value: Any) -> str:
    """Return ``value`` as `print_json` prints it."""
    plain = _plain(value)
    text = json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(plain, indent=2, allow_nan=False)
    return text


def print_csv(table: pd.DataFrame) -> None:
    """Print a table as the CSV that files hold (`csv_text`)."""
    from forecast.reporting.write import csv_text

    click.echo(csv_text(table), nl=False)


def print_notes(remarks: Sequence[str]) -> None:
    """Print what a reader of the results must know besides, on standard error."""
    for line in notes(remarks):
        say(line, err=True)


def draw_single(figure: Path | None, found: Face) -> None:
    """Draw what was found into the file that was asked for, if one was."""
    if figure is None:
        return
    from forecast.reporting.figures.single_figure import write_figure

    write_figure(found.plot(), figure)
    say(f"figure: {figure}", err=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
