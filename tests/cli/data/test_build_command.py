"""``forecast data build`` from files alone, the shipped table in the place of R's package."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from forecast import catalog
from forecast.cli.main import app
from forecast.sources.package.package import load
from forecast.sources.package.verify import verify
from made_world import made_world, raw_files

STARTER = catalog.package_folder("starter-2026.07")
NAME = "full-2026.07"


def test_build_needs_nothing_but_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Penn World Table 9.1 is the shipped one, to the byte; the package passes its checks."""
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "own"))
    monkeypatch.setattr("forecast.sources.readers.pwt_rda.DEBIAN", tmp_path / "none.rdb")
    world = made_world()
    raw_files(world, tmp_path / "raw")

    done = CliRunner().invoke(
        app, ["data", "build", "--raw", str(tmp_path / "raw"), "--name", NAME]
    )
    assert done.exit_code == 0, done.output
    package = load(tmp_path / "own" / NAME)

    assert verify(package.folder, catalog.variables()) == []
    pwt91 = (package.folder / "pwt91.csv").read_bytes()
    assert pwt91 == (STARTER / "pwt91.csv").read_bytes()
    assert set(package.annual().countries()) >= {"VNM", "MYS", "KAZ", "TUR", "IND", "BRA", "POL"}
    income = package.annual().series("VNM", "gni_pc_atlas")
    given = world.annual[catalog.variables().find("gni_pc_atlas").code].xs("VNM")
    assert income.to_list() == given.to_list()
