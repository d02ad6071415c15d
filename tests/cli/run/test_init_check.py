"""``forecast init`` and ``forecast check``: from nothing to a study that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app
from forecast.errors import ForecastError


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in arguments])


@pytest.fixture(scope="module")
def china(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new study of China, the one economy whose record is shipped."""
    folder = tmp_path_factory.mktemp("own") / "china"
    assert _run("init", folder, "--country", "china").exit_code == 0
    return folder


def test_what_is_written_gives_results(china: Path, tmp_path: Path) -> None:
    """Project and run take the study; each scenario that it lists has its row."""
    study = china / "study.toml"
    projected = _run("project", "--study", study, "--draws", "100", "--format", "json")
    assert projected.exit_code == 0, projected.output
    names = [row["scenario"] for row in json.loads(projected.stdout)["scenarios"]]
    one = _run("project", "--study", study, "more_research", "--draws", "100", "--format", "json")

    assert names == ["baseline", "more_research", "less_trade"]
    assert [row["scenario"] for row in json.loads(one.stdout)["scenarios"]] == names[:2]


def test_nothing_there_is_touched(china: Path) -> None:
    """A second call is refused and leaves every byte; so is a file in the folder's place."""
    before = {path: path.read_bytes() for path in china.rglob("*.*") if path.is_file()}
    again = _run("init", china, "--country", "Vietnam")
    at_file = _run("init", china / "README.md", "--country", "Vietnam")

    for refused in (again, at_file):
        assert isinstance(refused.exception, ForecastError)
        assert "is there already" in str(refused.exception)
    assert {path: path.read_bytes() for path in before} == before


def test_what_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown economy, and a disk that is full at the last file."""
    assert _run("init", tmp_path / "x", "--country", "Nowhereland").exception is not None

    def broken(path: Path, text: str) -> None:
        if path.name == "README.md":
            raise OSError(28, "No space left on device")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    monkeypatch.setattr("forecast.reporting.write.write_text", broken)
    assert isinstance(_run("init", tmp_path / "x", "--country", "China").exception, OSError)
    assert list(tmp_path.iterdir()) == []


def test_check_shows_a_study_s_list(china: Path) -> None:
    """Package, models and scenarios each with the file it was found in."""
    found = json.loads(_run("check", china / "study.toml", "--format", "json").stdout)
    files = {row["name"]: row["file"] for row in found["rows"] if row["what"] == "scenario"}

    assert (found["what"], found["country"]) == ("study", "CHN")
    assert files["more_research"] == str(china / "scenarios" / "more_research.toml")
    assert not any(row["problem"] for row in found["rows"])


def test_check_shows_what_a_scenario_moves(china: Path) -> None:
    """R&D: last value on record, the path to its knot and beyond, and the models with R&D."""
    path = china / "scenarios" / "more_research.toml"
    (row,) = json.loads(_run("check", path, "--format", "json").stdout)["rows"]
    knots = dict(part.split(": ") for part in row["path"].split(", "))
    size = float(path.read_text(encoding="utf-8").rsplit("= ", 1)[1])

    assert row["driver"] == "rd_gdp"
    assert float(knots["2035"]) == pytest.approx(row["last"] + size, abs=5e-3)  # 4 digits shown
    assert knots["2050"] == knots["2035"]
    assert {"tfp_initial", "output_bma"} <= set(row["models"].split(", "))


def test_check_tells_the_three_kinds(checkout: Path) -> None:
    """A model by its formula and sample; a mixture and a composition by the drivers they move."""
    model = json.loads(
        _run("check", checkout / "models" / "pooled.toml", "--format", "json").stdout
    )
    joint = _run("check", checkout / "scenarios" / "policy_coordination.toml", "--format", "json")

    assert model["what"] == "model"
    assert model["sample"].startswith("494 rows")
    assert {row["driver"] for row in json.loads(joint.stdout)["rows"]} == {
        "rd_gdp", "exports_gdp", "imports_gdp", "mht_share", "investment_gdp",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n", "must be those of a study"),
        ("name = \n", "not valid TOML"),
        ('kind = "policy"\nname = "own"\n', "own.toml"),
    ],
)
def test_check_refuses_with_one_message(tmp_path: Path, text: str, says: str) -> None:
    """No kind, no TOML, keys missing."""
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    refused = _run("check", path)

    assert isinstance(refused.exception, ForecastError)
    assert says in str(refused.exception)


def test_check_names_what_a_study_lacks(china: Path, tmp_path: Path) -> None:
    """A scenario that is nowhere stands in its row, and the command fails with its message."""
    study = tmp_path / "study.toml"
    text = (china / "study.toml").read_text(encoding="utf-8")
    study.write_text(text.replace('"less_trade"', '"decouplin"'), encoding="utf-8")
    refused = _run("check", study)

    assert isinstance(refused.exception, ForecastError)
    assert "did you mean 'decoupling'" in str(refused.exception)
    assert "more_research" in refused.stdout
