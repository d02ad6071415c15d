"""A hub's files: what is read, and what is one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import DataError
from forecast.sources.readers.hub_files import read_hub

HEAD = "origin_date,location,target,output_type,output_type_id,value\n"
ROW = "2026-07-01,CHN,crossing_year,pmf,2026,1\n"


def _hub(root: Path, text: str, file: str = "model-output/team-a/r.csv") -> Path:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return root


def test_models_are_folders(tmp_path: Path) -> None:
    """Each file's rows bear the name of its folder; columns that a hub lacks are NA."""
    _hub(tmp_path, HEAD + ROW)
    rows = read_hub(_hub(tmp_path, HEAD + ROW, "model-output/team-b/r.csv"))

    assert rows["model"].tolist() == ["team-a", "team-b"]
    assert set(rows["scenario_id"]) == {"NA"}
    assert rows["value"].tolist() == [1.0, 1.0]


def test_the_folder_is_the_configurations(tmp_path: Path) -> None:
    """``model_output_dir`` names another; one outside the hub is refused."""
    config = "hub-config/admin.json"
    _hub(tmp_path, '{"model_output_dir": "forecasts"}', config)
    assert len(read_hub(_hub(tmp_path, HEAD + ROW, "forecasts/team-a/r.csv"))) == 1

    _hub(tmp_path, '{"model_output_dir": "../.."}', config)
    with pytest.raises(DataError, match="must be in the hub's folder"):
        read_hub(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("location,value\nCHN,1\n", "lacks the columns origin_date, target"),
        (HEAD + ROW.replace(",1\n", ",much\n"), "row 1: found 'much'"),
        (HEAD + ROW + ROW.replace(",1\n", ",inf\n"), "row 2: found 'inf'"),
    ],
)
def test_what_cannot_be_read_is_one_message(text: str, message: str, tmp_path: Path) -> None:
    """The file, and what was found."""
    with pytest.raises(DataError, match=rf"r\.csv.*{message}"):
        read_hub(_hub(tmp_path, text))


def test_other_formats_are_refused_not_passed_over(tmp_path: Path) -> None:
    """A Parquet file beside CSV files would be missing from the scores."""
    _hub(tmp_path, HEAD + ROW)
    with pytest.raises(DataError, match=r"x\.parquet: only CSV"):
        read_hub(_hub(tmp_path, "", "model-output/team-b/x.parquet"))
