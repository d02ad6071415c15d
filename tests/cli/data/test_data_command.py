"""``forecast data``: what it prints, and how it ends on bad input."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from forecast import catalog
from forecast.cli.main import app, main
from forecast.errors import DataError
from places import ROOT


@pytest.fixture
def forecast(monkeypatch, capsys, tmp_path):
    """Run the command line in an empty data directory; return status, stdout, stderr."""
    monkeypatch.setenv("FORECAST_HOME", str(ROOT))
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "own"))
    monkeypatch.delenv("FORECAST_RAW", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["forecast", "data", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_list_names_the_starter(forecast):
    """The shipped package is listed with its vintage."""
    status, out, err = forecast("list", "--format", "json")

    assert (status, err) == (0, "")
    assert [(row["name"], row["vintage"]) for row in json.loads(out)] == [
        ("starter-2026.07", "2026-07-01")
    ]


def test_list_shows_the_users_own_packages(forecast, tmp_path):
    """A package in the user's data directory is listed beside the shipped one."""
    shutil.copytree(ROOT / "data" / "starter-2026.07", tmp_path / "own" / "mine-2026.07")
    _, out, _ = forecast("list", "--format", "json")

    assert len(json.loads(out)) == 2


def test_show_tells_tables_licences_and_faults(forecast):
    """All fifteen tables, both licences, sources and known faults are shown in both forms."""
    status, out, _ = forecast("show", "starter-2026.07")
    _, text, _ = forecast("show", "starter-2026.07", "--format", "json")
    told = json.loads(text)

    assert status == 0
    assert len(told["tables"]) == 20
    for table in told["tables"]:
        assert table["table"] in out
        assert table["made"]
    for word in ("CC-BY-4.0", "CC-BY-3.0-IGO", told["sha256"], "imputed", "Feenstra"):
        assert word in out


def test_show_of_a_variable_gives_its_coverage(forecast):
    """R&D: its code, and 28 years for China from 1996."""
    status, out, _ = forecast("show", "starter-2026.07", "rd_gdp", "--format", "json")
    told = json.loads(out)

    assert status == 0
    assert told["code"] == "GB.XPD.RSDV.GD.ZS"
    assert len(told["coverage"]["annual"]) == 28
    assert told["coverage"]["growth_panel"][-1]["year"] == 2024


def test_verify_of_the_shipped_package(forecast):
    """Nothing is wrong with it: status 0."""
    status, out, err = forecast("verify", "starter-2026.07")

    assert (status, err) == (0, "")
    assert "every table is as described" in out


def test_verify_of_a_damaged_package_ends_with_status_2(forecast, tmp_path):
    """A changed figure: the finding on stdout, one message on stderr, status 2."""
    folder = tmp_path / "own" / "mine-2026.07"
    shutil.copytree(ROOT / "data" / "starter-2026.07", folder)
    path = folder / "thresholds.csv"
    path.write_text(path.read_text().replace("14375", "14385"))
    status, out, err = forecast("verify", "mine-2026.07", "--format", "json")

    assert status == 2
    assert [f["kind"] for f in json.loads(out)["findings"]] == ["hash"]
    assert err.startswith("error: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "starter-2026.7"), "did you mean 'starter-2026.07'?"),
        (("show", "starter-2026.07", "rd_gpd"), "did you mean 'rd_gdp'?"),
        (("verify", "nothing"), "data package 'nothing' is not one of"),
        (("build", "--raw", "/nowhere"), "no such folder of raw files"),
        (("build", "--raw", "/x", "--pwt9", "a", "--pwt91", "b"), "give one"),
        (("build", "--raw", "/x", "--name", "stater-2026.07"), "did you mean 'starter'?"),
    ],
)
def test_bad_input_is_one_message_and_status_2(forecast, tmp_path, arguments, message):
    """What was asked for, what there is, the nearest name; nothing written."""
    status, out, err = forecast(*arguments)

    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "own").exists()


def test_build_takes_the_shipped_table_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whether Debian's package is there or not."""
    asked: list[dict[str, Any]] = []

    def build(raw: Path, out: Path, **given: Any) -> None:
        asked.append(given)
        raise DataError("far enough")

    monkeypatch.setattr("forecast.sources.build.starter.build_starter", build)
    words = ["data", "build", "--raw", str(tmp_path), "--name", "starter-2026.07"]
    for more in ([], ["--pwt9", "mine.rdb"], ["--pwt91", "mine.csv"]):
        CliRunner().invoke(app, [*words, *more])

    shipped = catalog.home() / "data" / "starter-2026.07" / "pwt91.csv"
    assert [given["pwt91"] for given in asked] == [shipped, Path("mine.rdb"), Path("mine.csv")]
