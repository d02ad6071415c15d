"""``forecast news`` as a user types it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app
from forecast.projection.explain.news import PARTS
from forecast.sources.package.package import DESCRIPTION, DataPackage
from forecast.study.packages.sealing import make_seal

STARTER = "starter-2026.07"


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["news", *arguments])


@pytest.fixture(scope="module")
def dearer(starter: DataPackage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped package with the IMF a point a year more hopeful of China's growth."""
    folder = tmp_path_factory.mktemp("news") / "starter-2026.08"
    shutil.copytree(starter.folder, folder)
    path = folder / starter.resources["chain_moments"].file
    moments = pd.read_csv(path)
    row = (moments["country"] == "CHN") & (moments["view"] == "imf")
    for years in range(1, 11):
        moments.loc[row, f"growth_mean_{years}"] += 0.01 * years
    moments.to_csv(path, index=False)
    told = json.loads((folder / DESCRIPTION).read_text("utf-8"))
    for one in told["resources"]:
        if one["name"] == "chain_moments":
            one["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    (folder / DESCRIPTION).write_text(json.dumps(told), encoding="utf-8")
    return folder


def test_the_imfs_news_are_told(dearer: Path) -> None:
    """All of China's change is the IMF's; of 20 economies it moved most, the others not at all."""
    one = pd.read_csv(
        io.StringIO(_call(STARTER, str(dearer), "--country", "CHN", "--format", "csv").stdout)
    )
    told = json.loads(_call(STARTER, str(dearer), "--format", "json").stdout)["news"]

    assert one["year"].tolist() == [2026, 2027, 2028, 2030, 2035]
    assert (one["change"] > 0.005).all()
    assert one["imf"].tolist() == pytest.approx(one["change"].tolist(), abs=1e-3)
    assert one["old"].tolist() == pytest.approx([0.581, 0.697, 0.764, 0.854, 0.926], abs=6e-4)
    assert (told[0]["country"], len(told)) == ("CHN", 20)
    assert {row[part] for row in told[1:] for part in PARTS} == {0}


def test_a_seal_stands_for_its_package(
    dearer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name or folder, against a package; text fits eighty columns."""
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path))
    seal = make_seal("2031-01-02")
    done = _call(seal.name, str(dearer), "--country", "CHN", "--by", "2030")

    assert done.exit_code == 0
    assert "CHN 2030" in done.stdout
    again = _call(str(seal.folder), str(dearer), "--country", "CHN", "--by", "2030")
    assert again.stdout == done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_seal_whose_package_is_gone_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its probabilities are at hand, what they were made from is not."""
    monkeypatch.setattr("forecast.study.news.catalog.package_folders", list)

    said = str(_call("0001-2026-11-28", STARTER).exception)

    assert "its package starter-2026.07 (sha256" in said
    assert "is not at hand" in said


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["nobody-2020.01", STARTER], "'nobody-2020.01' is not one of"),
        ([STARTER, STARTER, "--country", "XXX"], "country 'XXX': not known"),
        ([STARTER, STARTER, "--country", "Vatican"], "'VAT' is not one of"),
        ([STARTER, STARTER, "--by", "2050"], "must lie within 2026-2035"),
    ],
)
def test_a_mistake_is_named(asked: list[str], says: str) -> None:
    """What was found, and what is allowed."""
    assert says in str(_call(*asked).exception)
