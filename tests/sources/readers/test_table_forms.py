"""One table in every form that is exchanged gives one panel."""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import os
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.sources.readers.tables import record
from forecast.study.own_panel import read_panel

ARROW = importlib.util.find_spec("pyarrow") is not None
YEARS = range(2000, 2006)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Return a table of three firms with numbers, gaps and a truth value."""
    rng = np.random.default_rng(11)
    keys = [(firm, year) for firm in ("Ada", "Bob", "Cyd") for year in YEARS]
    made = pd.DataFrame(keys, columns=["firm", "t"])
    made["x"] = rng.normal(1000, 900, len(made)).round(3)
    made["y"] = rng.normal(size=len(made)).round(4)
    made.loc[[2, 7], "x"] = np.nan
    made["d"] = made["t"] > 2002
    return made


def _comma(frame: pd.DataFrame, path: Path) -> None:
    text = frame.to_csv(index=False, sep=";", decimal=",")
    path.write_text(text, encoding="cp1252")


FORMS: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    "a.csv": lambda f, p: f.to_csv(p, index=False),
    "b.tsv": lambda f, p: f.to_csv(p, index=False, sep="\t"),
    "c.txt": lambda f, p: f.to_csv(p, index=False, sep="|"),
    "semicolon.csv": _comma,
    "bom.csv": lambda f, p: f.to_csv(p, index=False, encoding="utf-8-sig"),
    "utf16.csv": lambda f, p: f.to_csv(p, index=False, encoding="utf-16", sep="\t"),
    "utf16le.csv": lambda f, p: f.to_csv(p, index=False, encoding="utf-16-le"),
    "utf16be.csv": lambda f, p: f.to_csv(p, index=False, encoding="utf-16-be"),
    "packed.csv.gz": lambda f, p: p.write_bytes(gzip.compress(f.to_csv(index=False).encode())),
    "numbered.csv": lambda f, p: f.to_csv(p),
    "book.xlsx": lambda f, p: f.to_excel(p, index=False),
    "stata.dta": lambda f, p: f.assign(d=f["d"].astype(int)).to_stata(p, write_index=False),
    "arrow.parquet": lambda f, p: f.to_parquet(p),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_panel(name: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    """Values are equal to the last digit, whatever carries them."""
    if name.endswith("parquet") and not ARROW:
        pytest.skip("needs pyarrow, of the extra [exchange]")
    FORMS[name](frame, tmp_path / name)

    found = read_panel(tmp_path / name, "firm", "t")

    expected = read_panel(frame, "firm", "t")
    assert len(expected.frame) == len(frame)
    pd.testing.assert_frame_equal(found.frame, expected.frame, check_exact=True)


def test_frames_are_read_by_columns_or_by_index(frame: pd.DataFrame) -> None:
    """Keys may be levels of the index; two named levels need not be named again."""
    expected = read_panel(frame, "firm", "t").frame

    for indexed in (["firm", "t"], ["t"]):
        found = read_panel(frame.set_index(indexed), "firm", "t").frame
        pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_frame_equal(read_panel(frame.set_index(["firm", "t"])).frame, expected)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.assign(t=10**5000), "t is 'a number of more than 4,300 digits'"),
        (
            lambda f: f.assign(firm=pd.Series("\ud800", f.index, dtype=object)),
            r"firm is '\\ud800', must be text",
        ),
        (
            lambda f: f.set_axis(pd.Index([*f.columns[:4], "\udfff"], dtype=object), axis=1),
            r"column '\\udfff': is no text",
        ),
        (lambda f: f.assign(firm=None), "row 1: no firm"),
        (lambda f: pd.concat({"a": f}, axis=1), "have 2 levels"),
        (lambda f: f.iloc[:0], "no row"),
        (lambda f: f.set_index("x").assign(x=1), "level of the index and a column"),
        (lambda f: f.assign(t=f["t"] + 0.5), "t is '2000.5'"),
        (lambda f: f[["firm", "t"]].assign(x=[[1]] * len(f)), r"row 1 holds '\[1\]'"),
        (lambda f: f[["firm", "t"]].assign(x=1j), "row 1 holds"),
        (lambda f: f[["firm", "t"]].assign(x=np.inf), "row 1 holds 'inf'"),
    ],
)
def test_odd_frames_are_one_message(
    change: Callable[[pd.DataFrame], pd.DataFrame], says: str, frame: pd.DataFrame
) -> None:
    """Giant integers, lone surrogates, levels of columns, lists in cells."""
    with pytest.raises(DataError, match=says):
        read_panel(change(frame), "firm", "t")


def test_periods_in_other_forms(frame: pd.DataFrame) -> None:
    """Dates of a year's first or last day, annual periods and 1999.0 are years."""
    expected = read_panel(frame, "firm", "t").frame
    years = frame["t"]
    forms = [
        pd.to_datetime(years.astype(str) + "-12-31"),
        pd.PeriodIndex(years.astype(str), freq="Y"),
        years.astype(float),
        years.astype(str) + ".0",
        "YR" + years.astype(str),
    ]
    for form in forms:
        pd.testing.assert_frame_equal(read_panel(frame.assign(t=form), "firm", "t").frame, expected)


HEAD = '"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-07-01",\n\n'


def test_the_world_banks_wide_file(tmp_path: Path) -> None:
    """Four lines above the header, years in columns, aggregates left out, Namibia kept."""
    text = HEAD + (
        '"Country Name","Country Code","Indicator Name","Indicator Code","1999","2000","2001",\n'
        '"China","CHN","Growth","G","1","2","",\n'
        '"Namibia","NAM","Growth","G","4","..","6",\n'
        '"World","WLD","Growth","G","7","8","9",\n'
    )
    path = tmp_path / "API.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")

    for entity in ("Country Code", "Country Name"):
        panel = read_panel(path, entity, "year")
        assert panel.countries() == ["CHN", "NAM"]
        np.testing.assert_array_equal(panel.frame["G"], [1, 2, np.nan, 4, np.nan, 6])
        assert "4 line(s) above the header" in panel.reading
        assert "1 aggregate(s) left out (W" in panel.reading


def test_the_databanks_layout(tmp_path: Path) -> None:
    """Headers like 1960 [YR1960], two series, a block of notes below."""
    path = tmp_path / "d.csv"
    path.write_text(
        "Country Name,Country Code,Series Name,Series Code,1960 [YR1960],1965 [YR1965]\n"
        '"Korea, Rep.",KOR,Growth,G,1,2\n"Korea, Rep.",KOR,Trade,T,..,4\n'
        '"Egypt, Arab Rep.",EGY,Growth,G,5,6\n\n\n'
        "Data from database: World Development Indicators,,,,,\nLast Updated: 07/01/2026,,,,,\n",
        encoding="utf-8",
    )
    panel = read_panel(path, "Country Name", "year")

    assert panel.step == 5
    assert panel.countries() == ["EGY", "KOR"]
    np.testing.assert_array_equal(
        panel.frame.to_numpy(), [[5, np.nan], [6, np.nan], [1, np.nan], [2, 4]]
    )
    assert "2 line(s) below the table" in panel.reading
    path.write_text(path.read_text().replace("5,6", "5,six"))
    with pytest.raises(DataError, match="column 'G': row 4 holds 'six'"):
        read_panel(path, "Country Name", "year").require(["G"])


def test_the_imfs_file(tmp_path: Path) -> None:
    """The World Economic Outlook's text is read by its own reader, subjects as columns."""
    path = tmp_path / "WEOApr2025all.xls"
    path.write_bytes(
        (
            "WEO Country Code\tISO\tWEO Subject Code\tCountry\t2023\t2024\tEstimates Start After\n"
            "924\tCHN\tNGDP_RPCH\tChina\t5.4\t5.0\t2023\n"
            '924\tCHN\tNGDPD\tChina\t"18,270.4"\tn/a\t2023\n'
            "967\tUVK\tNGDP_RPCH\tKosovo\t--\t4.4\t2023\n"
        ).encode("utf-16")
    )
    panel = read_panel(path, "ISO", "year")

    assert panel.countries() == ["CHN", "XKX"]
    assert panel.frame.loc[("CHN", 2023), "NGDPD"] == 18270.4
    assert "edition 2025-04" in panel.reading


def test_a_comma_is_for_thousands_or_for_decimals_as_the_file_shows(tmp_path: Path) -> None:
    """1.234,5 and 1,5 show a decimal comma; the line that says what was read says so."""
    path = tmp_path / "p.csv"
    path.write_text("c;t;x;z\nA;1;1.234,5;1.000\nA;2;0,5;2.000\n")
    panel = read_panel(path, "c", "t")

    assert panel.frame["x"].tolist() == [1234.5, 0.5]
    assert panel.frame["z"].tolist() == [1000, 2000]
    assert "separated by semicolon" in panel.reading
    assert "decimal comma" in panel.reading


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # a text of pairs does not make thousands of numbers with three decimals
        ('c,t,x,n\nA,1,954.612,"52,13"\nA,2,865.118,"48,2"\n', [954.612, 865.118]),
        ('c,t,x,n\nA,1,"1,234",z\nA,2,"2,345",z\n', [1234, 2345]),
        ('c,t,x,n\nA,1,"1,5",z\nA,2,"2,345",z\n', [1.5, 2.345]),
        ("c;t;x;n\nA;1;1,234;z\nA;2;2,345;z\n", [1.234, 2.345]),
        ("c;t;x;n\nA;1;1,234;0.5\nA;2;2,345;1\n", [1234, 2345]),
        ("c\tt\tx\tn\nA\t1\t1,234\tz\nA\t2\t2,345\tz\n", [1234, 2345]),
        ("c\tt\tx\tn\nA\t1\t1,2\tz\nA\t2\t2,3\tz\n", [1.2, 2.3]),
    ],
)
def test_which_mark_is_before_decimals(tmp_path: Path, text: str, values: list[float]) -> None:
    """By what the cells show, and by the separator where they show nothing."""
    (tmp_path / "p.csv").write_text(text)

    assert read_panel(tmp_path / "p.csv", "c", "t").frame["x"].tolist() == values


def test_a_workbook_that_is_not_one(tmp_path: Path) -> None:
    """A packed folder, a workbook in a workbook, and one that unpacks to more than is read."""
    path = tmp_path / "a.xlsx"
    pd.DataFrame({"c": ["A"], "t": [1], "x": [2]}).to_excel(path, index=False)
    inner = path.read_bytes()
    for parts in ({"a.csv": b"c,t,x"}, {"inner.xlsx": inner}, {"xl/workbook.xml": b"<a>" * 5000}):
        with zipfile.ZipFile(path, "w") as book:
            for name, data in parts.items():
                book.writestr(name, data)
        with pytest.raises(DataError, match="cannot be read as an Excel workbook"):
            read_panel(path, "c", "t")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/a.xml", bytes(401_000_000))
    with pytest.raises(DataError, match="bytes in the workbook, at most 400,000,000 are read"):
        read_panel(path, "c", "t")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 40, "cannot be read as an Excel workbook"),
        ("a.xlsx", b"c,t,x\nA,1,2\n", "cannot be read as an Excel workbook"),
        ("a.dta", b"\x76\x02\x01" + b"\xff" * 300, "cannot be read as a Stata file"),
        ("a.csv.gz", b"\x1f\x8b\x08\0damaged", "cannot be read"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 40, "binary workbook"),
        ("a.csv", bytes(range(256)) * 8, "is no text"),
        ("a.csv", b"c,t," + b",".join(b"x%d" % i for i in range(100_000)), "at most 10,000 are"),
        ("a.csv", b"c,t,x\n" + b"A,1," + b"9" * 200_000, "cannot be read as a table"),
    ],
)
def test_damaged_files_are_one_message(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    """A file that is not what it seems is refused, whatever its parser makes of it."""
    (tmp_path / name).write_bytes(data)

    with pytest.raises(DataError, match=says):
        read_panel(tmp_path / name, "c", "t")


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    """Opening a pipe would wait for someone to write."""
    os.mkfifo(tmp_path / "pipe.csv")

    with pytest.raises(DataError, match="not a file"):
        read_panel(tmp_path / "pipe.csv", "c", "t")


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    if ARROW:
        monkeypatch.delattr(importlib.import_module("pyarrow"), "parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)

    with pytest.raises(
        DataError, match=r"needs pyarrow, found none; install the extra \[exchange\]"
    ):
        read_panel(tmp_path / "a.parquet", "c", "t")


@pytest.mark.clock
def test_a_table_at_the_limit_is_refused_soon(tmp_path: Path) -> None:
    """More cells than are read: one message within ten seconds."""
    path = tmp_path / "big.csv"
    path.write_text("c,t,x\n" + "".join(f"A,{i},1\n" for i in range(1_100_000)))
    begun = time.perf_counter()

    with pytest.raises(DataError, match="more than 3,000,000 cells"):
        read_panel(path, "c", "t")
    assert time.perf_counter() - begun < 10


def test_a_panel_knows_why_a_column_is_not_there(frame: pd.DataFrame) -> None:
    """The reason stays with the panel through its verbs."""
    panel: Panel = read_panel(frame.assign(note="text"), "firm", "t")

    for derived in (panel, panel.through(2003), panel.without(["Ada"])):
        with pytest.raises(DataError, match="column 'note': row 1 holds 'text'"):
            derived.require(["note"])


def test_numbers_of_a_frame_are_no_cells_of_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ten cells of text and thirty numbers: each kind up to its own limit, in three forms."""
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"firm": list("ABCDE") * 2, "year": [2000] * 5 + [2001] * 5})
    frame = frame.assign(x=np.arange(10.0), y=1.0)
    frame.to_stata(tmp_path / "panel.dta", write_index=False)
    frame.to_parquet(tmp_path / "panel.parquet")
    for source in (frame, tmp_path / "panel.dta", tmp_path / "panel.parquet"):
        for limit, most, told in (("CELLS", 9, "9 cells"), ("NUMBERS", 29, "29 numbers")):
            with monkeypatch.context() as patch:
                patch.setattr(record, "CELLS", 10)
                patch.setattr(record, "NUMBERS", 30)
                assert len(read_panel(source, "firm", "year").frame) == 10
                patch.setattr(record, limit, most)
                with pytest.raises(DataError, match=f"found more than {told}"):
                    read_panel(source, "firm", "year")
