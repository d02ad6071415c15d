"""Building the starter package from raw statistics (needs FORECAST_RAW)."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from forecast import catalog
from forecast.errors import DataError
from forecast.sources.build.deliveries import read_raw
from forecast.sources.build.starter import build_starter
from forecast.sources.readers import pwt_rda
from forecast.sources.readers.countries import read_countries
from forecast.sources.readers.raw import pwt as read_pwt
from forecast.sources.readers.raw import pwt_levels
from forecast.specs.read import read_variables
from forecast.statistics.annual_panel import annual_panel
from places import ROOT

FOLDER = ROOT / "data" / "starter-2026.07"
VARIABLES = read_variables(ROOT / "data" / "variables.toml")
GIVEN = {
    "variables": VARIABLES,
    "countries": read_countries(ROOT / "data" / "countries.csv"),
    "paper_tables": ROOT / "data" / "published" / "paper_tables.toml",
    "notes": catalog.package_notes(),
}

pytestmark = [
    pytest.mark.raw,
    pytest.mark.skipif(
        not os.environ.get("FORECAST_RAW"),
        reason="FORECAST_RAW does not name a folder of raw statistics",
    ),
]


@pytest.fixture(scope="module")
def raw() -> Path:
    """Folder of raw statistics."""
    return Path(os.environ["FORECAST_RAW"]).resolve()


def build(raw: Path, parent: Path) -> Path:
    """Build with the committed Penn World Table 9.1, which every machine has."""
    out = parent / "starter-2026.07"
    build_starter(raw, out, **GIVEN, pwt91=FOLDER / "pwt91.csv")
    return out


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file's bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_build_gives_the_committed_package_every_time(raw, tmp_path):
    """Two builds equal the committed package byte for byte."""
    first = contents(build(raw, tmp_path / "one"))
    second = contents(build(raw, tmp_path / "two"))
    committed = contents(FOLDER)

    assert committed.keys() == first.keys()
    assert [name for name in committed if committed[name] != first[name]] == []
    assert first == second


@pytest.mark.skipif(
    not pwt_rda.DEBIAN.is_file(), reason="Debian's r-cran-pwt9 is not installed here"
)
def test_build_from_r_gives_the_same_bytes(raw, tmp_path):
    """Penn World Table 9.1 read from R's package gives the committed package."""
    pytest.importorskip("rdata")
    out = tmp_path / "starter-2026.07"
    build_starter(raw, out, **GIVEN, pwt91=pwt_rda.DEBIAN)

    assert contents(FOLDER) == contents(out)


def test_annual_panel_holds_known_values_and_no_aggregates(raw):
    """China's R&D 2.577 in 2023, income 13,660 in 2024; no economy is a group."""
    statistics = read_raw(raw, VARIABLES, catalog.package_notes())
    frames = {key: statistics.frames[key] for key in ("wdi", "wdi-2025", "pwt-10.01")}
    panel = annual_panel(frames, statistics.economies(), VARIABLES, "raw")

    assert round(panel.frame.loc[("CHN", 2023), "rd_gdp"], 3) == 2.577
    assert panel.frame.loc[("CHN", 2024), "gni_pc_atlas"] == 13660
    assert round(panel.frame.loc[("CHN", 2023), "manuf_share"], 2) == 26.18
    assert not {"WLD", "HIC", "UMC", "EMU", "OED"} & set(panel.countries())
    assert set(panel.countries()) <= set(statistics.economies())
    assert panel.frame["fdi_inflow_gdp"].loc[("CHN", 2019)].round(2) == 1.29


def test_penn_world_tables_read_side_by_side(raw):
    """China's GDP of 2019: 20,572,606 million in 10.01 (2017 US$), 25,842,820 in 11.0 (2021)."""
    china = ("CHN", 2019)
    old = read_pwt(raw, ["rgdpna"]).set_index(["country", "year"])
    new = pwt_levels(raw, ["rgdpna"]).set_index(["country", "year"])

    assert round(old.loc[china, "rgdpna"]) == 20_572_606
    assert round(new.loc[china, "rgdpna"]) == 25_842_820


def test_missing_raw_file_leaves_nothing_behind(raw, tmp_path):
    """Without the thresholds the build ends with one message and an empty folder."""
    partial = tmp_path / "raw"
    partial.mkdir()
    for path in raw.glob("*.csv*"):
        if "thresholds" not in path.name:
            (partial / path.name).symlink_to(path)
    (tmp_path / "out").mkdir()
    with pytest.raises(DataError, match=r"found none; must have exactly one file income_thresh"):
        build(partial, tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []


def test_missing_column_is_named(raw, tmp_path):
    """A Penn World Table without hc is refused by file and column."""
    partial = tmp_path / "raw"
    partial.mkdir()
    for path in raw.glob("*.csv*"):
        (partial / path.name).symlink_to(path)
    pwt = partial / "pwt_10.01.csv.gz"
    text = gzip.decompress(pwt.read_bytes()).decode()
    pwt.unlink()
    pwt.write_bytes(gzip.compress(text.replace(",hc,", ",human,", 1).encode()))
    with pytest.raises(DataError, match=r"pwt_10.01.csv.gz: column 'hc' is missing"):
        build(partial, tmp_path / "out")


def test_vintage_and_name_must_agree(raw, tmp_path):
    """Raw files of July 2026 do not make a package of another month."""
    with pytest.raises(DataError, match=r"package is 'starter-2026.07'; found 'starter-2027.01'"):
        build_starter(
            raw,
            tmp_path / "starter-2027.01",
            **GIVEN,
            pwt91=FOLDER / "pwt91.csv",
        )


def test_failed_build_keeps_the_old_package(raw, tmp_path):
    """A package that is there stays as it is when the new one cannot be written."""
    out = tmp_path / "starter-2026.07"
    shutil.copytree(FOLDER, out)
    before = contents(out)
    rows = VARIABLES.table
    narrow = rows["rd_gdp"].model_copy(update={"high": 1.0})
    strict = VARIABLES.model_copy(update={"table": {**rows, "rd_gdp": narrow}})
    with pytest.raises(DataError, match=r"wdi_.*row \d+, column 'value': found .* \(rd_gdp of "):
        build_starter(raw, out, **(GIVEN | {"variables": strict}), pwt91=FOLDER / "pwt91.csv")

    assert before == contents(out)
    assert [path.name for path in tmp_path.iterdir()] == ["starter-2026.07"]
