"""A bundle: the same bytes, all that repeats the run, refused where something changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import forecast as fc
from forecast import catalog
from forecast.study.declare import declare
from forecast.study.run import Results
from places import ROOT


@pytest.fixture(scope="module")
def archive(small_run: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bundle of a run."""
    return fc.bundle(small_run, tmp_path_factory.mktemp("bundle") / "b.zip").path


def test_the_same_run_gives_the_same_bytes(
    archive: Path, small_run: Results, tmp_path: Path
) -> None:
    """No clock and no order of a folder is in the archive."""
    assert small_run.folder is not None
    again = fc.bundle(small_run.folder, tmp_path / "again.zip")

    assert again.path.read_bytes() == archive.read_bytes()


def test_it_holds_what_the_run_read_and_wrote(archive: Path, small_run: Results) -> None:
    """Data, declarations, program, lock, README in the template's order, sources, results."""
    assert small_run.folder is not None
    with zipfile.ZipFile(archive) as book:
        names = set(book.namelist())
        readme = book.read("README.md").decode()
        bib = book.read("references.bib").decode()
    specs = set(json.loads((small_run.folder / "manifest.json").read_bytes())["specs"])
    data = {f"data/{small_run.package.name}/{p.name}" for p in small_run.package.folder.iterdir()}
    results = {f"results/{path.name}" for path in small_run.folder.glob("*.csv")}
    headings = [line[3:] for line in readme.splitlines() if line.startswith("## ")]

    assert specs | data | results <= names
    assert {"study.toml", "requirements.lock", "requirements.txt", "rerun.py"} <= names
    assert {"src/forecast/__init__.pyi", "src/forecast/cli/main.py"} <= names
    assert headings == [
        "Overview",
        "Data availability and provenance statements",
        "Computational requirements",
        "Description of programs",
        "Instructions to replicators",
        "List of exhibits",
        "References",
    ]
    assert all(f"`{name}`" in readme for name in results)
    assert all(f"@misc{{{key}," in bib for key in small_run.package.sources)
    assert not any("__pycache__" in name for name in names)


def test_a_renamed_run_is_rerun_as_any_other(
    archive: Path, small_run: Results, tmp_path: Path
) -> None:
    """What its folder is called is not in the script, which finds what the run writes."""
    assert small_run.folder is not None
    folder = shutil.copytree(small_run.folder, tmp_path / "renamed")
    other = fc.bundle(folder, tmp_path / "b.zip").path
    scripts = [zipfile.ZipFile(path).read("rerun.py") for path in (archive, other)]

    assert scripts[0] == scripts[1]


@pytest.mark.slow
def test_unpacked_elsewhere_it_gives_identical_tables(archive: Path, tmp_path: Path) -> None:
    """The script runs the program in the bundle, and would find a table that differs."""
    with zipfile.ZipFile(archive) as book:
        book.extractall(tmp_path)
    done = subprocess.run([sys.executable, "rerun.py"], cwd=tmp_path, capture_output=True,
                          text=True, check=False)  # fmt: skip
    count = len(list((tmp_path / "results").glob("*.csv")))

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == f"{count} of {count} tables are identical"

    fan = tmp_path / "results" / "signs.csv"
    fan.write_text(fan.read_text() + "\n")
    again = subprocess.run([sys.executable, "rerun.py"], cwd=tmp_path, capture_output=True,
                           text=True, check=False)  # fmt: skip
    assert again.returncode == 1
    assert "differs: signs.csv" in again.stdout


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("code_sha256", "code"),
        ("lock_sha256", "requirements.lock"),
        ("specs", "models/within.toml"),
    ],
)
def test_what_changed_since_the_run_is_not_bundled(
    key: str, named: str, small_run: Results, tmp_path: Path
) -> None:
    """One message names what differs; nothing is written."""
    assert small_run.folder is not None
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    told[key] = {**told[key], named: "0" * 64} if key == "specs" else "0" * 64
    path.write_text(json.dumps(told))

    with pytest.raises(fc.ForecastError, match=f"changed since the run, or not found: {named};"):
        fc.bundle(folder)
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_results_in_memory_cannot_be_bundled(small_run: Results) -> None:
    """A bundle holds what a run wrote."""
    from dataclasses import replace

    with pytest.raises(fc.ForecastError, match="name its folder"):
        fc.bundle(replace(small_run, folder=None))


OWN = """\
name = "{name}"
label = "Own"
country = "CHN"
kind = "{kind}"
because = "A change that is made for a test alone."
{more}
"""


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("typed", ["study", "scenario"])
def test_a_study_of_ones_own_is_bundled_with_all_that_it_names(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models beside it and listed as files, parts of its mixture: unpacked, it is declared again.

    The folder that the bundle is made from has another study, which is not the run's.
    """
    mine = tmp_path / "mine"
    (mine / "models").mkdir(parents=True)
    (mine / "scenarios").mkdir()
    model = (ROOT / "models" / "rd_stock.toml").read_text()
    (mine / "models" / "own.toml").write_text(model.replace('"rd_stock"', '"own"'))
    (mine / "listed.toml").write_text(model.replace('"rd_stock"', '"listed"'))
    more = "[changes.rd_gdp]\n2035 = 0.5"
    (mine / "part.toml").write_text(OWN.format(name="part", kind="policy", more=more))
    mixture = '[[mixture]]\nscenario = "part"\nprobability = 1.0'
    file = mine / "scenarios" / "mix.toml"
    file.write_text(OWN.format(name="mix", kind="mixture", more=mixture))
    (mine / "study.toml").write_text(
        'name = "own"\ntitle = "Own"\ncountry = "CHN"\ndata = "starter-2026.07"\n'
        'models = ["own", "listed.toml"]\nscenarios = ["baseline", "mix"]\n'
        "horizon = 2040\ndraws = 200\nseed = 1\n"
        'effects = { weights = { own = 1.0 }, weights_because = "The only one." }\n'
        'baseline = { method = "chain" }\n'
    )
    (tmp_path / "study.toml").write_text('name = "another"\n')
    monkeypatch.chdir(tmp_path)
    asked = Path("mine", "study.toml" if typed == "study" else "scenarios/mix.toml")
    run = fc.run(asked, out=tmp_path / "runs", command=f"forecast run {asked}")
    assert run.folder is not None
    specs = json.loads((run.folder / "manifest.json").read_bytes())["specs"]
    assert {"models/own.toml", "models/listed.toml"} <= set(specs)

    with zipfile.ZipFile(fc.bundle(run, tmp_path / "b.zip").path) as book:
        book.extractall(tmp_path / "there")
    monkeypatch.chdir(tmp_path / "there")
    monkeypatch.setenv("FORECAST_HOME", str(tmp_path / "there"))
    again = None if typed == "study" else [file.name]

    assert declare("study.toml", scenarios=again).hashes == specs
    assert declare("study.toml", scenarios=again).known["part"].kind == "policy"
    assert len(fc.list("models")) == len(catalog.models())


def test_a_file_out_of_the_studys_folder_is_refused(
    small_run: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle is one folder: one message names what lies elsewhere."""
    text = (ROOT / "study.toml").read_text()
    (tmp_path / "study.toml").write_text(text.replace('"within"', '"../within.toml"'))
    assert small_run.folder is not None
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told, "reproduce": "forecast run study.toml"}))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(fc.ForecastError, match=r"\.\./within\.toml is not in its folder"):
        fc.bundle(folder)
