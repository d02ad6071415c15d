"""The IMF's file in each layout that it has had, from small invented editions."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from tests.places import ROOT

from forecast.errors import DataError
from forecast.sources.readers.countries import read_countries
from forecast.sources.readers.weo_file import WeoEdition, read_weo
from forecast.statistics.imf_growth import growth_per_head

COUNTRIES = read_countries(ROOT / "data" / "countries.csv")
YEARS = (2023, 2024, 2025, 2026)
# code as the IMF writes it, subject, last actual year, cells
SERIES = (
    ("CHN", "NGDPRPC", "2024", ("1,234.5", "1,300", "1365.25", "1,433.5")),
    ("CHN", "NGDP_RPCH", "2024", ("5.4", "-0.3", "n/a", "--")),
    ("UVK", "NGDP_R", "2023", ("8.1", "8.4", "", "9.0")),
    ("WBG", "LP", "0", ("5.0", "5.1", "5.2", "5.3")),
    ("EGY", "LP", "FY2024/25", ("100", "102", "104", "")),
)
EXPECTED = pd.DataFrame(
    [
        ("CHN", "NGDPRPC", 2023, 1234.5, False),
        ("CHN", "NGDPRPC", 2024, 1300.0, False),
        ("CHN", "NGDPRPC", 2025, 1365.25, True),
        ("CHN", "NGDPRPC", 2026, 1433.5, True),
        ("CHN", "NGDP_RPCH", 2023, 5.4, False),
        ("CHN", "NGDP_RPCH", 2024, -0.3, False),
        ("EGY", "LP", 2023, 100.0, False),
        ("EGY", "LP", 2024, 102.0, False),
        ("EGY", "LP", 2025, 104.0, True),
        ("PSE", "LP", 2023, 5.0, True),
        ("PSE", "LP", 2024, 5.1, True),
        ("PSE", "LP", 2025, 5.2, True),
        ("PSE", "LP", 2026, 5.3, True),
        ("XKX", "NGDP_R", 2023, 8.1, False),
        ("XKX", "NGDP_R", 2024, 8.4, True),
        ("XKX", "NGDP_R", 2026, 9.0, True),
    ],
    columns=["country", "subject", "year", "value", "estimate"],
)
NOTE = 'Source: "office", one, two. Côte.'


def tabbed(series=SERIES, group=True, footer="") -> str:
    """Return text with tabs, with a note that has quotes, commas and accents."""
    head = ["WEO Country Code", "ISO", "WEO Subject Code", "Country", "Subject Descriptor",
            "Subject Notes", "Units", "Scale", "Country/Series-specific Notes",
            *map(str, YEARS), "Estimates Start After"]  # fmt: skip
    note = '"' + NOTE.replace('"', '""') + '"'
    rows = [
        ["1", code, subject, "Name", "Title", note, "Units", "Billions", "",
         *(f'"{c}"' if "," in c else c for c in cells), last]
        for code, subject, last, cells in series
    ]  # fmt: skip
    rows += (
        [["9", "XXG", "LP", "Group", "", "", "", "", "", "1", "1", "1", "1", ""]] if group else []
    )
    return "\r\n".join("\t".join(r) for r in [head, *rows]) + "\r\n\r\n" + footer + "\r\n"


def portal_rows() -> list[list[str]]:
    """Return the cells of the data portal's layout."""
    head = ["DATASET", "SERIES_CODE", "OBS_MEASURE", "COUNTRY", "INDICATOR", "FREQUENCY", "SCALE",
            "UNIT", "PUBLICATION_DATE", "LATEST_ACTUAL_ANNUAL_DATA", *map(str, YEARS)]  # fmt: skip
    rows = [
        ["IMF.RES:WEO(9.0.0)", f"{code}.{subject}.A", "OBS_VALUE", "Name, of", "Title", "Annual",
         "Units", "Index", "2025-10-14T13:00:00Z", last, *cells]
        for code, subject, last, cells in SERIES
    ]  # fmt: skip
    group = ["x", "XXG.LP.A", *rows[0][2:10], "1", "1", "1", "1"]
    quarter = ["x", "CHN.NGDPRPC.Q", *rows[0][2:10], "1", "1", "1", "1"]
    return [head, *rows, group, quarter]


def as_csv(rows: list[list[str]]) -> str:
    """Return the cells as CSV, each in quotes."""
    return "\n".join(",".join(f'"{c}"' for c in row) for row in rows) + "\n"


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(data)
    return path


def same(found: WeoEdition, edition: str) -> None:
    """Compare with what every layout says."""
    assert found.edition == edition
    assert found.left_out == ("XXG",)
    assert_frame_equal(found.table, EXPECTED)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("latin-1"),
    ],
    ids=["utf-16", "utf-16 without its mark", "big-endian", "utf-8", "utf-8 with mark", "latin-1"],
)
def test_text_with_tabs(tmp_path: Path, encode) -> None:
    """WEO<month><year>all.xls in each encoding: separators, marks, quotes, codes of the IMF."""
    same(read_weo(put(tmp_path, "WEOOct2025all.xls", encode(tabbed())), COUNTRIES), "2025-10")


def test_csv_of_the_data_portal(tmp_path: Path) -> None:
    """One series a row, its code in SERIES_CODE, the edition in PUBLICATION_DATE."""
    path = put(tmp_path, "dataset_2026.csv", as_csv(portal_rows()).encode("utf-8"))

    same(read_weo(path, COUNTRIES), "2025-10")


def test_workbook_of_the_whole_data_set(tmp_path: Path) -> None:
    """The sheet Countries, its numbers as numbers and its years as whole numbers."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Country Groups"
    sheet = book.create_sheet("Countries")
    for row in portal_rows():
        sheet.append([_as_number(cell) for cell in row])
    book.save(tmp_path / "WEOOct2025all.xlsx")

    same(read_weo(tmp_path / "WEOOct2025all.xlsx", COUNTRIES), "2025-10")


def _as_number(cell: str) -> float | int | str | None:
    plain = cell.replace(",", "")
    try:
        return int(plain) if plain.isdigit() else float(plain)
    except ValueError:
        return cell or None


@pytest.mark.parametrize(
    ("name", "footer", "given", "edition"),
    [
        ("WEOApr2011all.xls", "", None, "2011-04"),
        ("WEOSep2011all.xls", "", None, "2011-09"),
        ("weoapril2024all.txt", "", None, "2024-04"),
        (
            "mine.txt",
            "International Monetary Fund, World Economic Outlook Database, October 2019",
            None,
            "2019-10",
        ),
        ("WEOApr2011all.xls", "", "2011-06", "2011-06"),
    ],
)
def test_the_edition_is_what_the_file_says(tmp_path, name, footer, given, edition) -> None:
    """By name, by the last line, or as the user says."""
    path = put(tmp_path, name, tabbed(footer=footer).encode("utf-16"))

    assert read_weo(path, COUNTRIES, given).edition == edition


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: "", "found nothing"),
        (lambda t: "<!DOCTYPE html><html>", "column 'ISO' is missing; found '<!DOCTYPE html>"),
        (lambda t: t.replace("ISO", "WEO Country Group Code", 1), "must be the IMF's file by cou"),
        (lambda t: t.replace("Estimates Start After", "x"), "column 'Estimates Start After' is m"),
        (lambda t: t.replace("1365.25", "1365,25"), "row 2, column 2025: found '1365,25', must be"),
        (lambda t: t.replace("1365.25", "1.365.250"), "row 2, column 2025: found '1.365.250'"),
        (lambda t: t.replace("5.4", "five"), "row 3, column 2023: found 'five', must be a number"),
        (lambda t: t.replace("5.4", "."), "row 3, column 2023: found '.', must be a number"),
        (lambda t: t.replace("NGDP_RPCH", "NGDPRPC"), "row 3: NGDPRPC of CHN is given a second"),
        (lambda t: t.replace("\t20", "\tY20"), "found no column of a year"),
        (lambda t: t.split("\r\n")[0] + "\r\n", "found no value of any economy"),
    ],
)
def test_what_is_wrong_is_said_once(tmp_path: Path, change, says: str) -> None:
    """File, row and column, what was found and what is allowed."""
    path = put(tmp_path, "WEOOct2025all.xls", change(tabbed()).encode("utf-16"))
    with pytest.raises(DataError) as error:
        read_weo(path, COUNTRIES)

    assert says in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    """No file, a folder, a binary workbook, a damaged one, no edition, an edition that is none."""
    text = tabbed().encode("utf-16")
    for path, edition, says in (
        (tmp_path / "none.xls", None, "no such file"),
        (tmp_path, None, "cannot be read"),
        (put(tmp_path, "a.xls", b"\xd0\xcf\x11\xe0" + bytes(99)), None, "a binary workbook"),
        (put(tmp_path, "b.xlsx", b"PK" + bytes(99)), None, "cannot be read as an Excel workbook"),
        (put(tmp_path, "mine.txt", text), None, "does not say its edition"),
        (put(tmp_path, "mine.txt", text), "October", "edition: found 'October'"),
    ):
        with pytest.raises(DataError, match=says):
            read_weo(path, COUNTRIES, edition)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).map(lambda v: round(v, 3)))
def test_every_number_is_read_as_printed(tmp_path_factory, value: float) -> None:
    """With a thousands separator and three decimals: the float that was printed."""
    series = [("CHN", "NGDP_R", "2024", ("1", "1", "1", f"{value:,.3f}"))]
    path = put(tmp_path_factory.mktemp("weo"), "WEOOct2025all.xls", tabbed(series).encode("utf-16"))

    assert read_weo(path, COUNTRIES).table["value"].iloc[-1] == float(f"{value:.3f}")


def test_the_view_of_an_edition_follows(tmp_path: Path) -> None:
    """Growth per head of the file's own years, from the edition's year on."""
    found = read_weo(put(tmp_path, "WEOOct2025all.xls", tabbed().encode("utf-16")), COUNTRIES)
    view = growth_per_head(found.table, int(found.edition[:4]))

    assert view.columns.tolist() == [2025, 2026]
    expected = [100 * (1365.25 / 1300 - 1), 100 * (1433.5 / 1365.25 - 1)]
    assert view.loc["CHN"].tolist() == pytest.approx(expected, rel=1e-12)
