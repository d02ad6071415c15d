"""``forecast seal`` and ``forecast scoreboard --sealed`` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast.cli.main import app
from forecast.sources.package.package import DataPackage
from forecast.sources.sealed import read_seals, seal_faults, sealed_table
from places import ROOT


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_seal_holds_the_world_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starter: DataPackage
) -> None:
    """Every line and view; the chances are those of ``fc.world`` to six digits."""
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path))
    done = _call("seal", "--note", "a trial")
    seals = read_seals(tmp_path / "sealed")
    told = sealed_table(seals[0])
    world = fc.world(view="none").to_frame()
    same = told[(told["line"] == "high") & (told["view"] == "none")]

    assert done.exit_code == 0
    assert seals[0].sha256 in done.stdout
    assert (seals[0].note, seals[0].package_sha256) == ("a trial", starter.sha256)
    assert told.groupby(["line", "view"]).ngroups == 6
    assert same["below"].tolist() == pytest.approx(world["below"].tolist(), abs=6e-7)

    listed = json.loads(_call("seal", "list", "--format", "json").stdout)
    assert seals[0].sha256 in {one["sha256"] for one in listed}
    assert _call("seal", "verify").exit_code == 0
    assert "no outcome yet for 2026, 2027" in _call("scoreboard", "--sealed").stdout

    table = seals[0].folder / "chances.csv"
    table.write_text(table.read_text("utf-8").replace("CHN", "IND"), encoding="utf-8")
    assert "is not the table that was sealed" in str(_call("seal", "verify").exception)


def test_the_projects_seals_are_whole() -> None:
    """Those that ship verify, and the first is of the starter."""
    shipped = ROOT / "data" / "sealed"

    assert seal_faults(shipped) == []
    assert read_seals(shipped)[0].package == "starter-2026.07"
