"""Readers of raw files: types, and one message for what is missing."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from forecast.errors import DataError
from forecast.sources.package.text_table import read_text, to_floats
from forecast.sources.readers import pwt_rda, raw
from forecast.sources.readers.published import read_paper_tables

WDI = "iso3,year,indicator,value\nNAM,2000,SP.POP.TOTL,1950000\nCHN,2001,SP.POP.TOTL,0.1\n"


def put(folder: Path, name: str, text: str) -> Path:
    """Write a raw file, compressed if its name says so."""
    data = text.encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def test_indicators_are_read_with_their_types(tmp_path):
    """Codes stay text (Namibia's NAM is no missing value), numbers are numbers."""
    put(tmp_path, "wdi_2026-07-01.csv.gz", WDI)
    got = raw.indicators(tmp_path)

    assert list(got.columns) == ["country", "year", "code", "value"]
    assert got["country"].tolist() == ["NAM", "CHN"]
    assert got["value"].tolist() == [1950000.0, 0.1]
    assert raw.vintage(tmp_path) == "2026-07-01"


def test_missing_folder_is_named(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(DataError, match=r"nowhere: no such folder of raw files"):
        raw.indicators(tmp_path / "nowhere")


def test_missing_file_is_named(tmp_path):
    """A folder without the file names the file's pattern."""
    with pytest.raises(DataError, match=r"found none; must have exactly one file wdi_"):
        raw.indicators(tmp_path)


def test_two_vintages_are_refused(tmp_path):
    """Two files of one kind are ambiguous: both are named."""
    put(tmp_path, "wdi_2026-07-01.csv.gz", WDI)
    put(tmp_path, "wdi_2025-07-01.csv.gz", WDI)
    with pytest.raises(DataError, match=r"found wdi_2025-07-01.csv.gz, wdi_2026-07-01.csv.gz"):
        raw.indicators(tmp_path)


def test_missing_column_is_named(tmp_path):
    """A file without the value column is refused with what it has."""
    put(tmp_path, "wdi_2026-07-01.csv.gz", "iso3,year,indicator,amount\nCHN,2001,X,1\n")
    with pytest.raises(DataError, match=r"column 'value' is missing; found .*amount"):
        raw.indicators(tmp_path)


def test_text_for_a_number_is_named(tmp_path):
    """A word where a number must be is named with file, column and row."""
    put(tmp_path, "wdi_2026-07-01.csv.gz", WDI.replace("0.1", "n/a"))
    with pytest.raises(DataError, match=r"csv.gz: 'value' in data row 2: found 'n/a'"):
        raw.indicators(tmp_path)


def test_damaged_archive_is_named(tmp_path):
    """A compressed file cut short gives one message."""
    path = put(tmp_path, "wdi_2026-07-01.csv.gz", WDI * 50)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataError, match=r"wdi_2026-07-01.csv.gz: cannot be read"):
        raw.indicators(tmp_path)


def test_numbers_are_read_without_loss():
    """Reading gives back the float that was printed with 17 digits, for a million-fold range."""
    values = np.random.default_rng(3).lognormal(sigma=20, size=2000)
    text = "x\n" + "".join(f"{v:.17g}\n" for v in values)
    table = read_text(text.encode(), "made up")

    assert np.array_equal(values, to_floats(table["x"], "made up"))


@pytest.mark.parametrize("text", ["a,b\n1,2,\n3,4,\n", "a,b\n1,2,3\n"])
def test_columns_are_never_moved(text):
    """Rows longer than the header are refused: the first column would become a label."""
    with pytest.raises(DataError, match=r"made up: .*more cells than the header"):
        read_text(text.encode(), "made up")


def test_missing_r_package_tells_the_ways_out(tmp_path):
    """Without R's package the message names the Debian package and both options."""
    with pytest.raises(DataError, match=r"r-cran-pwt9.*--pwt9.*--pwt91"):
        pwt_rda.read_pwt91(tmp_path / "Rdata.rdb")


@pytest.mark.skipif(
    not pwt_rda.DEBIAN.is_file(), reason="Debian's r-cran-pwt9 is not installed here"
)
def test_damaged_r_database_is_named(tmp_path):
    """A lazy-load database with wrong bytes gives one message."""
    pytest.importorskip("rdata")
    data = bytearray(pwt_rda.DEBIAN.read_bytes())
    data[1_300_000:1_301_000] = bytes(1000)
    (tmp_path / "Rdata.rdb").write_bytes(data)
    (tmp_path / "Rdata.rdx").write_bytes(pwt_rda.DEBIAN.with_suffix(".rdx").read_bytes())
    with pytest.raises(DataError, match=r"Rdata.rdb: pwt9.1: damaged"):
        pwt_rda.read_pwt91(tmp_path / "Rdata.rdb")


def test_printed_figures_with_a_dash_are_left_out(tmp_path):
    """An empty cell is a dash in the paper: no row; the others keep year and value."""
    text = "[[table]]\nname = 't'\nnote = 'n'\ncolumns = ['a', 'b']\n"
    rows = "rows = [['BRA', [2020, 1.15], []]]\n"
    got = read_paper_tables(put(tmp_path, "paper.toml", text + rows))

    assert got.to_numpy().tolist() == [["t", "BRA", "a", 1.15, 2020, "n"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[table]]\nname = 't'\nnote = ''\ncolumns = ['a']\nrows = [['B']]", r"t: B: found 0 cel"),
        ("[[table]]\nname = 't'\ncolumns = ['a']\nrows = []", r"table 't': 'note' is missing"),
        ("[[table]\n", r"not valid TOML"),
    ],
)
def test_printed_figures_that_are_misstated(tmp_path, text, message):
    """A row without its cell, a table without its note, a file that is no TOML."""
    with pytest.raises(DataError, match=message):
        read_paper_tables(put(tmp_path, "paper.toml", text))
