"""What every export says of a run: the lines of its first page."""

from __future__ import annotations

from forecast.reporting.run_folder.fields import column_note, table_note
from forecast.reporting.run_folder.manifest import DISTRIBUTION
from forecast.reporting.run_folder.saved_run import SavedRun


def about_lines(run: SavedRun) -> list[tuple[str, str]]:
    """Return what a run is, as pairs of heading and text: study, data, sources."""
    data = run.manifest["data"]
    lines = [
        ("Study", run.study),
        ("Economy", f"{run.place(run.country)} ({run.country})"),
        ("Data package", str(data["package"])),
        ("Vintage", str(data["vintage"])),
        ("sha256 of the data", str(data.get("sha256", ""))),
        ("Seed", str(run.manifest["seed"])),
        ("Draws", str(run.manifest["draws"])),
        ("Program", f"{DISTRIBUTION} {run.version}"),
        ("Again", str(run.manifest.get("reproduce", ""))),
    ]
    for source in run.description.get("sources", ()):
        told = f"{source.get('title', '')}; {source.get('attribution', '')}"
        lines.append(("Source", f"{told}; {source.get('license', '')}; {source.get('path', '')}"))
    return lines


def column_lines(run: SavedRun) -> list[tuple[str, str, str, str]]:
    """Return table, column, label and unit of every column of a run."""
    return [
        (name, str(column), note.label, note.unit)
        for name, table in run.tables.items()
        for column in table.columns
        for note in [column_note(name, str(column))]
    ]


def titles(run: SavedRun) -> dict[str, str]:
    """Return the title of each table."""
    return {name: table_note(name).title for name in run.tables}
