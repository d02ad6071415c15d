"""The worked examples of CONTRIBUTING.md do what the page says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from forecast import catalog
from forecast.cli.main import app
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.sources.build.starter import build_starter
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.countries import read_countries
from forecast.specs.changed import changed
from forecast.specs.read import read_model, read_variables
from places import ROOT

ESTIMATOR = Path("src/forecast/estimation/estimators/long_difference.py")
FENCE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = dict(FENCE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home like the checkout's, with the page's declarations added."""
    for name in ("models", "scenarios", "data"):
        (tmp_path / name).mkdir()
        for path in (ROOT / name).iterdir():
            (tmp_path / name / path.name).symlink_to(path)
    (tmp_path / "study.toml").symlink_to(ROOT / "study.toml")
    for place in ("scenarios/investment_slows.toml", "models/pooled_savings.toml"):
        (tmp_path / place).write_text(EXAMPLES[place], encoding="utf-8")
    dictionary = tmp_path / "data" / "variables.toml"
    text = dictionary.read_text(encoding="utf-8")
    dictionary.unlink()
    dictionary.write_text(f"{text}\n{EXAMPLES['data/variables.toml']}", encoding="utf-8")
    monkeypatch.setenv("FORECAST_HOME", str(tmp_path))
    return tmp_path


def _forecast(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_every_example_has_a_test() -> None:
    """The page's blocks are the ones that are walked through here."""
    assert set(EXAMPLES) == {
        "scenarios/investment_slows.toml",
        "models/pooled_savings.toml",
        "data/variables.toml",
        str(ESTIMATOR),
        "src/forecast/specs/estimators.py",
    }


def test_a_scenario_is_one_file(own_home: Path) -> None:
    """The scenario is listed, shown and projected with no other change."""
    assert "investment_slows" in _forecast("list", "scenarios")
    assert "-5" in _forecast("show", "investment_slows")
    assert "investment_slows" in _forecast("project", "investment_slows", "--draws", "100")


def test_a_model_is_one_file(own_home: Path) -> None:
    """The model is listed and estimated with no other change, derived column included."""
    assert "pooled_savings" in _forecast("list", "models")
    table = _forecast("estimate", "pooled_savings", "--format", "json")

    assert "savings_gdp" in table
    assert "rd_catch_up" in table


def test_a_driver_is_one_row(own_home: Path) -> None:
    """The driver is in the dictionary, and a model finds a package's column under its name."""
    assert "credit_gdp" in read_variables(own_home / "data" / "variables.toml").drivers()
    assert "credit_gdp" in _forecast("list", "variables")


@pytest.mark.raw
def test_a_driver_reaches_the_growth_panel(
    own_home: Path, raw_dir: Path, starter: DataPackage
) -> None:
    """A package built with the new row has its period means, and a model can use them."""
    package = build_starter(
        raw_dir,
        own_home / "built" / starter.name,
        variables=read_variables(own_home / "data" / "variables.toml"),
        countries=read_countries(ROOT / "data" / "countries.csv"),
        paper_tables=ROOT / "data" / "published" / "paper_tables.toml",
        notes=catalog.package_notes(),
        pwt91=starter.folder / "pwt91.csv",
    )
    spec = read_model(own_home / "models" / "pooled_savings.toml")
    found = estimate(package.panel(), changed(spec, drivers=["credit_gdp"], expected_sign={}))

    assert found.n_obs > 500
    assert "credit_gdp" in found.terms


def test_an_estimator_is_one_file_and_one_row(grunfeld: Panel, tmp_path: Path) -> None:
    """With its file and its row, a copy of the package estimates it like any other.

    The coefficients are those of least squares on 1954 less 1935.
    """
    copy = shutil.copytree(ROOT / "src" / "forecast", tmp_path / "forecast")
    place = ESTIMATOR.relative_to("src/forecast")
    (copy / place).write_text(EXAMPLES[str(ESTIMATOR)], encoding="utf-8")
    table = copy / "specs" / "estimators.py"
    rows = table.read_text(encoding="utf-8").rstrip().removesuffix("}")
    row = EXAMPLES["src/forecast/specs/estimators.py"]
    table.write_text(f"{rows}{row}}}\n", encoding="utf-8")
    grunfeld.frame.reset_index().to_csv(tmp_path / "grunfeld.csv", index=False)

    found = _estimated_by(tmp_path)

    ends = grunfeld.frame.unstack("country")
    change = (ends.loc[1954] - ends.loc[1935]).unstack(0)
    x = np.column_stack([np.ones(len(change)), change[["value", "capital"]]])
    expected = np.linalg.lstsq(x, change["inv"].to_numpy(), rcond=None)[0]
    # Ten rows, well conditioned: two solvers agree to rounding.
    assert_allclose(found, expected, rtol=1e-9)


def _estimated_by(folder: Path) -> list[float]:
    """Return the coefficients that the package below ``folder`` finds."""
    code = (
        "import json, forecast as fc\n"
        "panel = fc.read_panel('grunfeld.csv', 'country', 'year')\n"
        "spec = dict(estimator='long_difference', covariance='classical')\n"
        "found = fc.estimate(panel, 'inv ~ value + capital', **spec)\n"
        "print(json.dumps(list(found.params)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "FORECAST_HOME": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return [float(value) for value in json.loads(done.stdout)]
