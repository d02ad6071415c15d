"""``forecast data add`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app
from places import ROOT

MSTI = """REF_AREA,MEASURE,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE
KOR,G_BR,PT_B1GQ,1996,0.29
KOR,B,PT_B1GQ,1996,1.5
OECD,B,PT_B1GQ,1996,1.4
"""
MODEL = """name = "own"
label = "Own"
table = "added"
outcome = "business_rd_gdp"
drivers = ["basic_research_gdp"]
effects = []
estimator = "pooled"
"""


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the user's empty data directory, with a file beside it."""
    monkeypatch.setenv("FORECAST_HOME", str(ROOT))
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "own"))
    (tmp_path / "MSTI (new).csv").write_text(MSTI, encoding="utf-8")
    return tmp_path


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_package_is_made_named_and_used(own: Path) -> None:
    """Named by package and file, with the terms as stated; exhibits and models find it."""
    rows = "".join(
        f"{c},{m},PT_B1GQ,2000,{v}\n"
        for c, v in (("JPN", 1.0), ("USA", 2.0), ("DEU", 3.5), ("FRA", 2.5))
        for m in ("G_BR", "B")
    )
    file = own / "MSTI (new).csv"
    file.write_text(MSTI + rows, encoding="utf-8")
    said = ("--source", "OECD, edition of March", "--licence", "CC-BY-4.0", "--format", "json")
    done = _call("data", "add", str(file), "--as", "oecd", *said)
    assert done.exit_code == 0, done.exception
    told = json.loads(done.stdout)

    assert told["package"] == "starter_msti_new-2026.07"
    assert (told["source"], told["licence"]) == ("OECD, edition of March", "CC-BY-4.0")
    assert (told["read"], [row["values"] for row in told["added"]]) == (11, [5, 5])
    assert [row["country"] for row in told["left_out"]] == ["OECD"]
    assert _call("data", "verify", told["package"]).exit_code == 0
    assert "OECD, edition of March" in _call("data", "show", told["package"]).stdout
    exhibit = _call("exhibit", "paper_table_2", "--data", told["package"], "--format", "csv")
    assert "KOR,basic_research_gdp,0.29,1996,0.29,1996,0" in exhibit.stdout
    (own / "own.toml").write_text(MODEL, encoding="utf-8")
    fitted = _call("estimate", str(own / "own.toml"), "--data", told["package"])
    assert fitted.exit_code == 0, fitted.exception
    assert "5" in fitted.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--as", "wits"), "column 'Reporter' is missing"),
        (("--as", "table"), "needs a declaration"),
        (("--as", "oecd", "--name", "../up"), "--name: found"),
        (("--as", "oecd", "--name", "starter-2026.07"), "is never changed"),
        (("--as", "oecd", "--vintage", "soon"), "--vintage: found"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    own: Path, arguments: tuple[str, ...], message: str
) -> None:
    """The wrong kind, name or date."""
    done = _call("data", "add", str(own / "MSTI (new).csv"), *arguments)

    assert message in str(done.exception)
    assert not (own / "own").exists()


def test_a_file_that_is_not_there_is_one_message(own: Path) -> None:
    """Of each kind."""
    for kind in ("oecd", "wits", "table"):
        done = _call("data", "add", str(own / "none.csv"), "--as", kind)
        assert "no such file" in str(done.exception)
    assert not (own / "own").exists()
