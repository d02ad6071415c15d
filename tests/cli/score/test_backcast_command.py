"""The command ``forecast backcast``: what it prints in each form."""

from __future__ import annotations

import csv
import io
import json

from click.testing import CliRunner

from forecast.cli.main import app


def _printed(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["backcast", *arguments])
    assert done.exit_code == 0
    return done.stdout


def test_json_has_the_four_measures_and_nothing_else() -> None:
    """The starter package has one economy, and China is within one percent since 2010."""
    found = json.loads(_printed("--format", "json"))

    assert list(found) == [
        "economies",
        "median_abs_growth_error",
        "china_max_abs_growth_error_since_2010",
        "threshold_growth_rmse_since_2003",
    ]
    assert found["economies"] == 1
    assert found["china_max_abs_growth_error_since_2010"] < 1


def test_csv_has_a_row_an_economy_and_year() -> None:
    """The rows are China's, 1990 to 2025, and the error is formula less published."""
    rows = list(csv.DictReader(io.StringIO(_printed("--format", "csv"))))

    assert [int(row["year"]) for row in rows] == list(range(1990, 2026))
    assert {row["country"] for row in rows} == {"CHN"}
    last = {name: float(rows[-1][name]) for name in ("growth", "growth_published", "error")}
    assert abs(last["growth"] - last["growth_published"] - last["error"]) < 1e-9


def test_text_names_the_measures_and_the_groups_of_years() -> None:
    """The text form holds the measures of the JSON form and a table by group of years."""
    text = _printed("--rate", "official")

    assert "median_abs_growth_error" in text
    assert "2020-2025" in text
