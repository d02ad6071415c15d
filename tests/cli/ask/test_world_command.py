"""``forecast world`` as a user types it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app, main


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["world", *arguments])


@pytest.mark.parametrize("line", ["high", "upper_middle", "lower_middle"])
def test_text_fits_eighty_columns(line: str) -> None:
    """Every line of every table, whatever the names."""
    done = _call("--line", line)

    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_text_says_what_the_table_says() -> None:
    """China's row, and where the people are from."""
    done = _call("--group", "UM", "--region", "EAS")
    row = next(one for one in done.stdout.splitlines() if one.startswith("CHN"))

    assert " ".join(row.split()) == "CHN China UM 0.99 58 70 76 85 93 2026 2026-2033 27"
    assert "of 2017, Penn World Table 9.1" in done.stdout.replace("\n", " ")


def test_csv_and_json_agree(tmp_path: Path) -> None:
    """One row an economy and year; the figure is drawn beside."""
    picture = tmp_path / "world.png"
    asked = ["--by", "2030, 2027", "--group", "UM"]
    rows = pd.read_csv(io.StringIO(_call(*asked, "--format", "csv").stdout))
    told = json.loads(_call(*asked, "--format", "json", "--figure", str(picture)).stdout)

    assert sorted(rows["year"].unique()) == [2027, 2030]
    assert rows["passed"].tolist() == pytest.approx(
        [float("nan") if r["passed"] is None else r["passed"] for r in told["chances"]],
        nan_ok=True,
        abs=1e-9,
    )
    assert len(told["economies"]) == rows["country"].nunique()
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--by", "2030;2031"], "must be years by comma"),
        (["--by", "2099"], "must lie within 2026-2050"),
        (["--group", "XM"], "group 'XM' is not one of"),
        (["--group", "H", "--figure", "x.png"], "no economy is below the line"),
    ],
)
def test_a_mistake_is_one_message(
    asked: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, no traceback."""
    monkeypatch.setattr("sys.argv", ["forecast", "world", *asked])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr().err

    assert end.value.code == 2
    assert says in said
    assert "Traceback" not in said
