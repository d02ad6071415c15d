"""The table of published forecasts: one message where a row is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import DataError
from forecast.sources.readers.published_forecasts import COLUMNS, read_published_forecasts

GOOD = "a,2020-01,x,gdp_growth,2021,2025,4.5,secondary,"


def _read(tmp_path: Path, *rows: str, head: str = ",".join(COLUMNS)) -> None:
    file = tmp_path / "table.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    read_published_forecasts(file)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD.replace("2020-01", "2020"), "row 3: made is '2020', must be YYYY-MM"),
        (GOOD.replace("gdp_growth", "gdp"), "row 3: target is 'gdp', must be passage, gdp_growth"),
        (GOOD.replace("2025", "2019"), "row 3: last_year is '2019', must be a year not before"),
        (GOOD.replace("4.5", "fast"), "row 3: value is 'fast', must be a number"),
        (GOOD.replace("secondary", "heard"), "row 3: source_kind is 'heard', must be original"),
        (GOOD, "row 3: id is 'a', must be a name that no other row has"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, row: str, message: str) -> None:
    """File, row, column, what was found and what is allowed."""
    other = row if row == GOOD else row.replace("a,", "b,", 1)
    with pytest.raises(DataError, match=message):
        _read(tmp_path, GOOD, other)


def test_a_missing_file_and_wrong_columns_are_named(tmp_path: Path) -> None:
    """Neither ends in a traceback."""
    with pytest.raises(DataError, match="no such file"):
        read_published_forecasts(tmp_path / "none.csv")
    with pytest.raises(DataError, match="columns are id, made; must be"):
        _read(tmp_path, head="id,made")
