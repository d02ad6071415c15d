"""A build killed at any moment leaves the old package or the new one, whole."""

import gzip
import os
import random
import shutil
import signal
import time
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

ROOT = Path(__file__).parents[2]
VARIABLES = read_variables(ROOT / "data" / "variables.toml")
COUNTRIES = read_countries(ROOT / "data" / "countries.csv")
NAME = "full-2026.07"
KEPT = ["CHN", "USA", "JPN", "GBR", "DEU", "FRA", "EMU", "KOR", "BRA", "IND"]
KILLS = 12

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
            pwt91_csv=csv,
        )

    return run


def killed_after(seconds: float, build: Callable[[Path], None], parent: Path) -> bool:
    """Build in a process of its own, kill it after so long; return whether it was still at it."""
    child = os.fork()
    if child == 0:  # pragma: no cover
        try:
            build(parent)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("there", [True, False], ids=["old package there", "nothing there"])
def test_killed_build_leaves_old_or_new(build, tmp_path, there):
    """Killed at a dozen moments: the target is whole, old or new, and verifies; never half."""
    begun = time.perf_counter()
    build(tmp_path / "timed")
    length = time.perf_counter() - begun
    new = load(tmp_path / "timed" / NAME).sha256
    old_folder = tmp_path / "old"
    shutil.copytree(tmp_path / "timed" / NAME, old_folder)
    description = old_folder / "datapackage.json"
    description.write_text(description.read_text().replace("Annual panel of", "Old panel of"))
    old = load(old_folder).sha256
    parent, seen, interrupted = tmp_path / "target", set(), 0
    moments = random.Random(20260701)
    for turn in range(KILLS):
        shutil.rmtree(parent / NAME, ignore_errors=True)
        parent.mkdir(exist_ok=True)
        if there:
            shutil.copytree(old_folder, parent / NAME)
        # Two kills of three fall into the writing, the last part of a build.
        share = moments.uniform(0, 0.6) if turn % 3 == 0 else moments.uniform(0.6, 1.0)
        interrupted += killed_after(share * length, build, parent)
        if (parent / NAME).exists():
            assert verify(parent / NAME, VARIABLES) == []
            seen.add(load(parent / NAME).sha256)
        else:
            assert not there
            seen.add("nothing")

    assert seen <= ({old, new} if there else {"nothing", new})
    assert interrupted >= KILLS / 4  # a busy machine shifts the moments, not the rule
    build(parent)
    assert [p.name for p in parent.iterdir()] == [NAME]  # what the dead left behind is gone


def test_a_dead_builds_folder_is_no_package(tmp_path, monkeypatch):
    """A hidden folder beside the packages is not listed."""
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path))
    shutil.copytree(ROOT / "data" / "starter-2026.07", tmp_path / ".full-2026.07.123.abc")

    assert [folder.name for folder in catalog.package_folders()] == ["starter-2026.07"]
