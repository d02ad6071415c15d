"""``forecast init`` and ``forecast check``: from nothing to a study that runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast import catalog
from forecast.cli.main import app
from forecast.errors import ForecastError
from forecast.projection.drivers.relative_size import relative_size
from forecast.sources.package.package import load
from forecast.specs.subject import BASELINE_BECAUSE
from forecast.study.declare import declare

STARTER = load(catalog.package_folder("starter-2026.07"))


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

    monkeypatch.setattr("forecast.reporting.country_folder.write_text", broken)
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
    rule = catalog.read_scenario(path).relative["rd_gdp"]
    size = relative_size(rule, "rd_gdp", "CHN", STARTER.panel("growth_panel"))

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


def test_check_takes_names_and_another_economy(china: Path) -> None:
    """A scenario or model by name, a study's own first; a template for any economy, by any name."""
    named = json.loads(_run("check", "decoupling", "--format", "json").stdout)
    own = json.loads(
        _run("check", "more_research", "--study", china / "study.toml", "--format", "json").stdout
    )
    model = json.loads(_run("check", "pooled", "--format", "json").stdout)

    assert (named["name"], own["country"], model["what"]) == ("decoupling", "CHN", "model")
    assert isinstance(_run("check", "decouplin").exception, ForecastError)


def test_check_shows_means_where_no_annual_record_is(tmp_path: Path) -> None:
    """Viet Nam on the shipped package: the last five years' mean of R&D, the path, the models."""
    study = tmp_path / "vietnam"
    assert _run("init", study, "--country", "Viet Nam").exit_code == 0
    found = _run("check", study / "scenarios" / "more_research.toml", "--format", "json")
    (row,) = json.loads(found.stdout)["rows"]
    mean = STARTER.panel("growth_panel").series("VNM", "rd_gdp")

    assert row["last"] == pytest.approx(float(mean.iloc[-1]), rel=1e-12)
    assert row["year"] == mean.index[-1]
    assert "2035: " in row["path"]
    assert "forecast data update" in found.stderr


@pytest.mark.clock
@pytest.mark.parametrize(
    "words", [(), ("decoupling",), ("pooled",), ("--country", "VNM", "baseline")]
)
def test_check_takes_two_seconds(words: tuple[str, ...]) -> None:
    """The whole process, on the shipped package."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "forecast", "check", *words], check=True)

    assert time.perf_counter() - start < 2.0


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """Return a study whose models and scenarios lie beside it under the project's names."""
    (tmp_path / "models").mkdir()
    text = catalog.model_path("pooled").read_text(encoding="utf-8")
    own = re.sub(r"label = .*", 'label = "Own"', text)
    (tmp_path / "models" / "pooled.toml").write_text(own, encoding="utf-8")
    text = catalog.scenario_path("decoupling").read_text(encoding="utf-8")
    own = re.sub(r"label = .*", 'label = "Own"', text)
    (tmp_path / "decoupling.toml").write_text(own, encoding="utf-8")
    study = catalog.study_path().read_text(encoding="utf-8")
    named = study.replace('"korean_path",', '"decoupling.toml",').replace('"decoupling",', "", 1)
    (tmp_path / "study.toml").write_text(named, encoding="utf-8")
    return tmp_path


def test_files_beside_a_study_come_first(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of models and scenarios, by name and by file, wherever the command is typed."""
    declared = declare(beside / "study.toml")
    monkeypatch.chdir(beside)  # a study with models/ of its own is not the project's home
    here = declare("study.toml")

    assert declared.models["pooled"].label == "Own"
    assert declared.scenarios["decoupling"].label == "Own"
    assert catalog.scenario("decoupling", beside).label == "Own"
    assert catalog.model("pooled").label != "Own"
    assert here.hashes == declared.hashes
    assert here.hashes["models/pooled.toml"] != declare().hashes["models/pooled.toml"]


SCENARIO = """\
name = "{name}"
label = "Own"
country = "{country}"
kind = "{kind}"
because = "As much more as other economies did."
{moves}"""
MOVES = '[relative.rd_gdp]\nto = "peers"\nquantile = 0.75\n'


def _own(folder: Path, name: str, country: str, kind: str = "policy", moves: str = MOVES) -> Path:
    path = folder / f"{name}.toml"
    text = SCENARIO.format(name=name, country=country, kind=kind, moves=moves)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scenario_s_file_is_a_run_about_its_economy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of a study or among scenarios; economies that disagree are named."""
    mine, yours = _own(tmp_path, "mine", "China"), _own(tmp_path, "yours", "Viet Nam")
    plain = _own(tmp_path, "plain", "", "baseline", "")
    monkeypatch.chdir(tmp_path)

    assert list(declare(mine).scenarios) == ["baseline", "mine"]
    assert declare("mine.toml").study.country == "CHN"
    asked = declare(scenarios=["yours.toml"])
    assert (asked.study.country, asked.study.country_label) == ("VNM", "Vietnam")
    assert declare(yours, country="vn").identity == asked.identity == declare(yours).identity
    assert declare(plain, country="VNM").scenarios["plain"].because.startswith("As much more")
    for words in (["mine.toml", "yours.toml"], ["yours.toml", "decoupling"]):
        with pytest.raises(ForecastError, match="a run is about one economy"):
            declare(scenarios=words)
    with pytest.raises(ForecastError, match="about VNM and does not apply to CHN"):
        declare(yours, country="China")
    for command in (["project", "yours.toml"], ["run", "yours.toml"], ["compare", "yours.toml"]):
        refused = _run(*command, "--draws", "100").exception
        assert "no annual record" in str(refused)
        assert "forecast data update" in str(refused)


def test_a_study_is_about_one_economy(china: Path, tmp_path: Path) -> None:
    """A scenario of another one in its list is refused; the project's baseline is told anew."""
    study = tmp_path / "study.toml"
    text = (china / "study.toml").read_text(encoding="utf-8").replace('"CHN"', '"Viet Nam"')
    study.write_text(
        text.replace('"more_research", "less_trade"', '"decoupling"'), encoding="utf-8"
    )
    with pytest.raises(ForecastError, match="'decoupling' is about CHN and does not apply to VNM"):
        declare(study)

    study.write_text(text.replace(', "more_research", "less_trade"', ""), encoding="utf-8")
    told = declare(study).scenarios["baseline"]
    assert (told.country, told.because) == ("VNM", BASELINE_BECAUSE)


@pytest.mark.parametrize("asked", [(), ("more_research",), ("innovation_first",), ("within",)])
def test_the_function_looks_where_the_command_does(
    asked: tuple[str, ...], china: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a study's folder both take its study, its scenarios, and the project's after them."""
    monkeypatch.chdir(china)
    told = json.loads(_run("check", *asked, "--format", "json").stdout)
    found = fc.check(*asked)

    assert (told["what"], told["name"], len(told["rows"])) == (
        found.kind,
        found.name,
        len(found.rows),
    )
    assert found.name == (asked[0] if asked else "chn_high_income")
