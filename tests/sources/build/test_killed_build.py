"""A build killed at any moment leaves the old package or the new one, whole."""

import gzip
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from forecast import catalog
from forecast.sources.build.full import build_full
from forecast.sources.package.package import load
from forecast.sources.package.verify import verify
from forecast.sources.readers.countries import read_countries
from forecast.specs.read import read_variables
from places import ROOT

VARIABLES = read_variables(ROOT / "data" / "variables.toml")
COUNTRIES = read_countries(ROOT / "data" / "countries.csv")
NAME = "full-2026.07"
KEPT = ["CHN", "USA", "JPN", "GBR", "DEU", "FRA", "EMU", "KOR", "BRA", "IND"]

pytestmark = [
    pytest.mark.raw,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the build to be killed is a fork"),
]


@pytest.fixture(scope="module")
def small_raw(raw_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw files cut to ten economies, so that a build takes half a second."""
    folder = tmp_path_factory.mktemp("small")
    for path in raw_dir.glob("*.csv*"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        place = next((c for c in ("iso3", "countrycode") if c in frame), None)
        if place:
            frame = frame[frame[place].isin(KEPT)]
        elif "country_code" in frame or "entity" in frame:
            frame = frame.head(2000)
        text = frame.to_csv(index=False)
        data = text.encode()
        (folder / path.name).write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return folder


@pytest.fixture(scope="module")
def build(small_raw: Path) -> Callable[[Path], None]:
    """Build the small package into a folder's parent."""
    pwt91 = pd.read_csv(ROOT / "data" / "starter-2026.07" / "pwt91.csv")
    csv = small_raw / "pwt91.csv"
    pwt91[pwt91["country"].isin(KEPT)].to_csv(csv, index=False)

    def run(parent: Path) -> None:
        build_full(
            small_raw,
            parent / NAME,
            variables=VARIABLES,
            countries=COUNTRIES,
            paper_tables=ROOT / "data" / "published" / "paper_tables.toml",
            notes=catalog.package_notes(),
            pwt91=csv,
        )

    return run


def test_killed_build_leaves_the_old(build, killed_before, tmp_path):
    """Killed as it reaches for the folder, or writes: the old package stays and verifies.

    Each moment of the writing itself: ``test_killed_writing_leaves_old_or_new``.
    """
    parent = tmp_path / "target"
    build(parent)
    description = parent / NAME / "datapackage.json"
    description.write_text(description.read_text().replace("Annual panel of", "Old panel of"))
    old = load(parent / NAME).sha256
    for moment in (1, 10, 20):
        assert killed_before(moment, lambda: build(parent), parent)
        assert verify(parent / NAME, VARIABLES) == []
        assert load(parent / NAME).sha256 == old

    build(parent)
    assert load(parent / NAME).sha256 != old
    assert [p.name for p in parent.iterdir()] == [NAME]  # what the dead left behind is gone


def test_a_dead_builds_folder_is_no_package(tmp_path, monkeypatch):
    """A hidden folder beside the packages is not listed."""
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path))
    shutil.copytree(ROOT / "data" / "starter-2026.07", tmp_path / ".full-2026.07.123.abc")

    assert [folder.name for folder in catalog.package_folders()] == ["starter-2026.07"]
