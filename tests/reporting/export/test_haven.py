"""Stata files as R's haven reads them: names, labels and values to the last digit.

``tests/reference/exports/haven.csv`` was printed by ``haven.R`` beside it from `trial_file`.
"""

from __future__ import annotations

import csv
import math
from io import BytesIO

import pandas as pd

from forecast.reporting.export.stata import stata_files
from forecast.reporting.run_folder.saved_run import SavedRun
from places import ROOT

TRIAL = pd.DataFrame(
    {
        "series": ["growth", "Côte d'Ivoire", None],
        "break": [1 / 3, math.nan, -1e300],
        "year": [1978, 2026, 2050],
        "above_at_origin": [True, False, True],
        "a column of more than thirty-two characters": [1.0, 2.0, 3.0],
    }
)


def trial_file() -> bytes:
    """Return the file that haven read."""
    run = SavedRun(folder=None, manifest={}, description={}, tables={"breaks": TRIAL})
    return stata_files(run)[0]["breaks.dta"]


def test_haven_reads_what_was_written() -> None:
    """Each column's name and label, and each value; the labels of pandas are the same."""
    path = ROOT / "tests" / "reference" / "exports" / "haven.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["column"]: row for row in csv.DictReader(file)}
    with pd.read_stata(BytesIO(trial_file()), iterator=True) as reader:
        frame, labels, title = reader.read(), reader.variable_labels(), reader.data_label
    told = {name: rows[name]["values"].split(";") for name in frame.columns}

    assert rows.pop("dataset")["label"] == title == "Breaks in the means of the series"
    assert {name: row["label"] for name, row in rows.items()} == labels
    assert told["series"] == ["growth", "Côte d'Ivoire", ""]
    for name in frame.columns.drop("series"):
        for cell, text in zip(frame[name].tolist(), told[name], strict=True):
            assert (text == "NA" and math.isnan(cell)) or float(text) == cell
