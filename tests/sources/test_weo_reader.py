"""The reader of the IMF's editions, on files made for it."""

from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.readers.weo import HISTORY, WHOLE_EDITIONS, read_weo_editions


def _write(folder: Path, month: str = "10", value: str = "3.5") -> Path:
    pd.DataFrame({
        "edition_year": [1999, 1999], "season": ["F", "F"], "iso3": ["UVK", "CHN"],
        "year": [2000, 2000], "indicator": ["ngdp_rpch", "pcpi_pch"], "value": [value, "1"],
    }).to_csv(folder / HISTORY, index=False)  # fmt: skip
    pd.DataFrame({
        "edition": [f"2025-{month}"] * 2, "iso3": ["WBG", "CHN"], "indicator": ["NGDP_R", "LP"],
        "year": [2025, 2025], "value": ["10", "20"], "last_actual": ["2024", ""],
    }).to_csv(folder / WHOLE_EDITIONS, index=False)  # fmt: skip
    return folder


def test_both_files_are_one_table(tmp_path: Path) -> None:
    """Growth of the old editions and levels of the new ones, under the project's codes."""
    found = read_weo_editions(_write(tmp_path))

    assert found.to_dict("list") == {
        "edition_year": [1999, 2025],
        "season": ["F", "F"],
        "country": ["XKX", "PSE"],
        "year": [2000, 2025],
        "indicator": ["ngdp_rpch", "NGDP_R"],
        "value": [3.5, 10.0],
    }


def test_mistakes_are_named(tmp_path: Path) -> None:
    """A missing folder or column, a strange month and a cell that is no number say so."""
    with pytest.raises(DataError, match="no such folder"):
        read_weo_editions(tmp_path / "nowhere")
    with pytest.raises(DataError, match="'07'"):
        read_weo_editions(_write(tmp_path, month="07"))
    with pytest.raises(DataError, match="a number"):
        read_weo_editions(_write(tmp_path, value="n/a"))
    pd.DataFrame({"iso3": ["CHN"]}).to_csv(tmp_path / HISTORY, index=False)
    with pytest.raises(DataError, match="'edition_year' is missing"):
        read_weo_editions(tmp_path)
