"""A run as Parquet files: one a table, labels and units in the metadata."""

from __future__ import annotations

from forecast.errors import ForecastError
from forecast.reporting.export.reading_notes import about_lines
from forecast.reporting.run_folder.fields import column_note, table_note
from forecast.reporting.run_folder.saved_run import SavedRun


def parquet_files(run: SavedRun) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return a Parquet file a table, and no remark.

    The schema's metadata have, under ``PANDAS_ATTRS``, a JSON object with ``title``, ``about`` and
    ``columns`` (column to ``label`` and ``unit``); pandas reads it back as ``frame.attrs``.

    Raises
    ------
    ForecastError
        If pyarrow is not installed.
    """
    about = [list(line) for line in about_lines(run)]
    files = {}
    for name, table in run.tables.items():
        told = {str(column): column_note(name, str(column)) for column in table.columns}
        frame = table.copy()
        frame.attrs = {
            "title": table_note(name).title,
            "about": about,
            "columns": {key: {"label": n.label, "unit": n.unit} for key, n in told.items()},
        }
        try:
            files[f"{name}.parquet"] = frame.to_parquet(engine="pyarrow", index=False)
        except ImportError:
            raise ForecastError(
                "--to parquet: needs pyarrow, found none; install the extra [exchange]"
            ) from None
    return files, ()
