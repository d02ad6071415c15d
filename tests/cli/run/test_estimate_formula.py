"""``forecast estimate "y ~ x | firm + year" --panel FILE``, and the same in a TOML file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from forecast.cli.main import app

FORMULA = "sales ~ lag(size) + i(sector) | firm + t"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Firms in sectors, the keys called by the user's own words."""
    rng = np.random.default_rng(5)
    firms, years = 12, 7
    frame = pd.DataFrame(
        {
            "firm": np.repeat([f"f{i}" for i in range(firms)], years),
            "t": np.tile(np.arange(2000, 2000 + years), firms),
            "size": rng.normal(size=firms * years),
            "sector": rng.choice(["steel", "cloth"], firms * years),
            "staff": rng.integers(1, 9, firms * years),
        }
    )
    frame["sales"] = frame["size"] + rng.normal(size=len(frame))
    path = tmp_path / "firms.csv"
    frame.to_csv(path, index=False)
    return path


def _estimates(*arguments: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(app, ["estimate", *arguments, "--format", "json"])
    assert result.exit_code == 0, result.output
    rows: list[dict[str, object]] = json.loads(result.stdout)["estimates"]
    return rows


def test_keys_are_the_effects_of_the_formula(file: Path) -> None:
    """Entity and period need not be said again, and give what they give when said."""
    panel = ["--panel", str(file)]

    found = _estimates(FORMULA, *panel)

    assert [row["term"] for row in found] == ["lag(size, 1)", "sector[steel]"]
    assert found == _estimates(FORMULA, *panel, "--entity", "firm", "--time", "t")


def test_a_file_may_say_the_formula(file: Path, tmp_path: Path) -> None:
    """TOML and the command line give the same estimate."""
    (tmp_path / "sales.toml").write_text(
        f'formula = "{FORMULA}"\ncovariance = "clustered"\ncluster = ["sector", "t"]\n'
        'small_sample = "fixest"\nweights = "staff"\n[sample]\nwhere = "size > -1"\n'
    )
    options = ["--covariance", "clustered", "--cluster", "sector,t", "--small-sample", "fixest"]
    options += ["--weights", "staff", "--where", "size > -1", "--panel", str(file)]

    said = _estimates(str(tmp_path / "sales.toml"), "--panel", str(file))

    typed = _estimates(FORMULA, *options)
    assert [{**row, "model": ""} for row in said] == [{**row, "model": ""} for row in typed]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sales ~ size | firm"], "names both columns as effects"),
        (["sales ~ size | sector + staff"], "name the keys with --entity and --time"),
        (
            ["within", "--where", "size > 0", "--entity", "firm", "--time", "t"],
            "goes with a formula",
        ),
        ([FORMULA, "--where", "size >"], "cannot be read"),
        ([FORMULA, "--where", "import os"], "cannot be read"),
        ([FORMULA, "--where", "size.real > 0"], "cannot be used"),
        ([FORMULA, "--where", "size"], "is no condition"),
    ],
)
def test_refusals(arguments: list[str], message: str, file: Path) -> None:
    """One message, status 2, no traceback."""
    result = CliRunner().invoke(app, ["estimate", *arguments, "--panel", str(file)])

    assert result.exit_code != 0
    told = result.output + str(result.exception or "")
    assert message in " ".join(told.split())
