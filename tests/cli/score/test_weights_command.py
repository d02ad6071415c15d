"""``forecast weights``: the nominal part beside growth, and what ``--only`` keeps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app
from forecast.evaluation.weights.nominal_backtest import NominalCases
from forecast.reporting.run_folder.earned_file import earned_toml
from forecast.sources.package.package import DataPackage
from forecast.specs.earned import EarnedWeights
from forecast.specs.read import read_declaration
from forecast.study.scoring import weights

DATA = "starter-2026.07"
GROWTH = {"stacking": {"local_linear_trend": 0.25, "convergence": 0.75}}
OLD = {"stacking": {"mean_reverting": 1.0}}


@pytest.fixture
def _made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put cases that favour one system in the place of those of all economies."""
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(80, 200))
    cases = NominalCases(
        elasticities={},
        about=pd.DataFrame({"horizon": np.repeat([1, 5], 40)}),
        draws={"mean_reverting": draws, "growth_linked": draws + 6},
        outcome=rng.normal(size=80),
    )
    monkeypatch.setattr(weights, "backtest_nominal", lambda *a, **k: cases)


def _stored(file: Path, sha256: str) -> None:
    record = {
        "package": DATA, "vintage": "2026-07-01", "sha256": sha256,
        "origins": [2004], "horizons": [1, 5], "cases": 120, "growth": GROWTH, "nominal": OLD,
    }  # fmt: skip
    file.write_text(earned_toml(record), encoding="utf-8")


def _weights(*options: str) -> Result:
    return CliRunner().invoke(app, ["weights", "--data", DATA, *options])


@pytest.mark.usefixtures("_made")
def test_one_part_alone_keeps_the_other(starter: DataPackage, tmp_path: Path) -> None:
    """The file has new nominal weights under every rule, and the growth weights it had."""
    file = tmp_path / "earned.toml"
    _stored(file, starter.sha256)

    result = _weights("--only", "nominal", "--out", str(file), "--format", "json")
    found = json.loads(result.stdout)
    earned = read_declaration(file, EarnedWeights)

    assert result.exit_code == 0
    assert (earned.growth, earned.cases, earned.origins) == (GROWTH, 120, [2004])
    assert set(earned.nominal) == {"equal", "inverse_crps", "stacking"}
    assert earned.nominal["stacking"]["mean_reverting"] > 0.99
    assert found["nominal"] == earned.nominal
    assert found["growth"] == GROWTH
    assert [row["system"] for row in found["nominal_scores"]] == ["mean_reverting", "growth_linked"]


@pytest.mark.usefixtures("_made")
def test_text_shows_weights_and_scores() -> None:
    """Without a file one part is shown by itself."""
    lines = _weights("--only", "nominal").stdout.splitlines()

    assert lines[0] == "80 cases of the nominal systems, starter-2026.07"
    assert lines[2].split() == ["system", "equal", "inverse_crps", "stacking"]
    assert lines[6].split() == ["system", "crps", "log_density", "covered_80"]


@pytest.mark.parametrize("only", ["growth", "nominal"])
def test_other_data_or_no_file_is_refused(only: str, tmp_path: Path) -> None:
    """Weights of two packages, or of one part alone, are not put into one file; it stays as is."""
    file = tmp_path / "earned.toml"
    absent = _weights("--only", only, "--out", str(file))
    _stored(file, "ab" * 32)
    before = file.read_text(encoding="utf-8")
    other = _weights("--only", only, "--out", str(file))

    assert "leave --only out" in str(absent.exception)
    assert "abababababab" in str(other.exception)
    assert file.read_text(encoding="utf-8") == before
