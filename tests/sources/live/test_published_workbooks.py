"""Clients of published workbooks: the income classification and the Penn World Table."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.live import income_classes, penn_world_table
from forecast.specs.delivery.endpoints import FileEndpoint

OGHIST = "/OGHIST.xlsx"


def _serve(service, shapes, path, sheets):
    service.routes[path] = shapes["Reply"](body=shapes["workbook"](sheets), kind=shapes["SHEET"])


def test_classes_are_read_by_data_year(publishers, request_, session):
    """The history's cells become rows; empty cells and ``..`` do not."""
    got = income_classes.fetch(request_, session)
    classes = got.tables["classes"].set_index(["country", "year"])["income_class"]

    assert classes["CHN", 1996] == "L"
    assert classes["CHN", 1997] == "LM"
    assert classes["YEM", 1987] == "LM*"
    assert ("SSD", 2010) not in classes.index
    assert classes["SSD", 2011] == "L"
    assert set(classes.index.get_level_values("country")) == {
        "CHN", "USA", "JPN", "IND", "YEM", "SSD"
    }  # fmt: skip


def test_thresholds_are_read_from_their_sheet(publishers, request_, session):
    """Numbers in cells such as ``481-1,940`` and ``> 6,000`` become the three limits."""
    lines = income_classes.fetch(request_, session).tables["thresholds"].set_index("year")

    assert lines.loc[1987].tolist() == [480, 1940, 6000]
    assert lines.loc[2025].tolist() == [480 + 380, 1940 + 760, 6000 + 1900]
    assert list(lines.index) == list(range(1987, 2026))


def test_a_classification_is_dated_by_its_last_data_year(publishers, request_, session):
    """The classification on data of 2025 is published on 1 July 2026."""
    assert income_classes.fetch(request_, session).origins["classification"].vintage == "2026-07-01"


@pytest.mark.parametrize(("vintage", "last"), [("2024-06", 2022), ("2024-07", 2023)])
def test_a_past_vintage_ends_where_it_was_known(publishers, request_, session, vintage, last):
    """Data years published after the month asked for are left out of both tables."""
    got = income_classes.fetch(replace(request_, vintage=vintage), session)

    assert got.tables["thresholds"]["year"].max() == last
    assert got.tables["classes"]["year"].max() == last


def _cell(sheet, row, column, value):
    def change(sheets):
        sheets[sheet][row][column] = value
        return sheets

    return change


CLASS_FAULTS = {
    "a class is unknown": (
        _cell("Country Analytical History", 10, 5, "X"),
        r"row 11, CHN in 1990: found 'X', must be one of L, LM, LM\*, UM, H",
    ),
    "a threshold is gone": (
        _cell("Thresholds", 6, 5, ".."),
        "1990: found .* must be one number for low and high income",
    ),
    "groups do not meet": (
        _cell("Thresholds", 7, 5, "999-2,000"),
        "1990: found .* without gap or overlap",
    ),
    "a label is gone": (
        _cell("Thresholds", 9, 1, "Rich"),
        "found no row 'high income', must have one",
    ),
    "a sheet is gone": (
        lambda s: {
            "Country history": s["Country Analytical History"],
            "Thresholds": s["Thresholds"],
        },
        "sheet 'Country Analytical History' is not one of",
    ),
    "years are gone": (
        lambda s: s | {"Thresholds": [r for i, r in enumerate(s["Thresholds"]) if i != 5]},
        "found no row of calendar years",
    ),
    "years jump": (
        _cell("Thresholds", 5, 5, 1995),
        "years must follow one another",
    ),
    "an economy comes twice": (
        lambda s: (
            s
            | {"Country Analytical History": s["Country Analytical History"] + [["CHN", "x", "L"]]}
        ),
        r"found \(CHN, 1987\) more than once",
    ),
}


@pytest.mark.parametrize("fault", CLASS_FAULTS)
def test_a_changed_workbook_is_refused(publishers, request_, session, shapes, fault):
    """What is not as published is told with sheet, row or year."""
    change, message = CLASS_FAULTS[fault]
    _serve(publishers, shapes, OGHIST, change(shapes["oghist"]()))

    with pytest.raises(DataError, match=rf"127\.0\.0\.1/OGHIST\.xlsx.*{message}"):
        income_classes.fetch(request_, session)


def test_a_workbook_that_is_none_is_refused(publishers, request_, session, shapes):
    """A file that begins like a workbook and is none is told as such."""
    publishers.routes[OGHIST] = shapes["Reply"](body=b"PK\x03\x04 no zip", kind=shapes["SHEET"])

    with pytest.raises(DataError, match="cannot be read as an Excel workbook"):
        income_classes.fetch(request_, session)


def test_every_layout_of_the_penn_world_table_is_read(publishers, request_, session):
    """9.1, 10.01 and 11.0 order and name their columns differently; all become tables."""
    got = penn_world_table.fetch(request_, session)

    assert set(got.tables) == {"pwt91", "pwt1001", "pwt11"}
    assert {t: f["year"].max() for t, f in got.tables.items()} == {
        "pwt91": 2017, "pwt1001": 2019, "pwt11": 2023
    }  # fmt: skip
    assert got.origins["pwt-10.01"].vintage == "2023-01-23"


def test_penn_variables_have_the_dictionarys_names(publishers, request_, session, shapes):
    """TFP and human capital of 10.01 equal the workbook's cells."""
    got = penn_world_table.fetch(request_, session)
    frame = got.frames["pwt-10.01"].set_index(["country", "variable", "year"])["value"]
    columns, last = shapes["LAYOUTS"]["10.01"]
    rows = shapes["penn"](columns, last)
    cells = {(r[0], r[3]): dict(zip(rows[0], r, strict=True)) for r in rows[1:]}

    assert list(got.frames) == ["pwt-10.01"]
    for name, code in (("tfp", "rtfpna"), ("tfp_level", "ctfp"), ("human_capital", "hc")):
        assert frame["CHN", name, 2019] == cells["CHN", 2019][code]


def test_a_stata_file_is_read_too(publishers, request_, session, shapes):
    """The published Stata form gives what the workbook gives."""
    columns, last = shapes["LAYOUTS"]["10.01"]
    rows = shapes["penn"](columns, last)
    table = pd.DataFrame(rows[1:], columns=rows[0]).astype(dict.fromkeys(columns, float))
    out = io.BytesIO()
    table.astype({"year": "int16"}).to_stata(out, write_index=False)
    before = penn_world_table.fetch(request_, session).tables["pwt1001"]
    publishers.routes["/pwt/10.01"] = shapes["Reply"](
        body=out.getvalue(), kind="application/x-stata"
    )
    elsewhere = replace(session, folder=session.folder / "stata")

    after = penn_world_table.fetch(request_, elsewhere).tables["pwt1001"]

    pd.testing.assert_frame_equal(before, after)


def _column(name, new):
    def change(rows):
        place = rows[0].index(name)
        return [[*rows[0][:place], new, *rows[0][place + 1 :]], *rows[1:]]

    return change


PENN_FAULTS = {
    "a column is renamed": (_column("rtfpna", "tfp"), "column 'rtfpna' is missing; found country"),
    "a key is renamed": (_column("countrycode", "iso"), "column 'countrycode' is missing"),
    "a cell is text": (
        lambda rows: [rows[0], [*rows[1][:4], "x", *rows[1][5:]], *rows[2:]],
        r"row 2, column '\w+': found 'x', must be a number or empty",
    ),
    "a row comes twice": (lambda rows: [*rows, rows[1]], r"found \(CHN, 1985\) more than once"),
    "nothing is there": (lambda rows: [rows[0]], "found no row"),
}


@pytest.mark.parametrize("fault", PENN_FAULTS)
def test_a_changed_penn_world_table_is_refused(publishers, request_, session, shapes, fault):
    """A missing column, a cell that is no number or a row given twice is told."""
    change, message = PENN_FAULTS[fault]
    rows = change(shapes["penn"](*shapes["LAYOUTS"]["10.01"]))
    _serve(publishers, shapes, "/pwt/10.01", {"Data": rows})

    with pytest.raises(DataError, match=rf"127\.0\.0\.1/pwt/10\.01: .*{message}"):
        penn_world_table.fetch(request_, session)


def test_a_workbook_without_the_sheet_is_refused(publishers, request_, session, shapes):
    """The sheets that there are, are named."""
    _serve(publishers, shapes, "/pwt/11.0", {"Legend": [["x"]]})

    with pytest.raises(DataError, match="sheet 'Data' is not one of: Legend"):
        penn_world_table.fetch(request_, session)


def test_an_unknown_release_is_refused(publishers, request_, session):
    """A release whose layout nobody has described is not guessed."""
    endpoint = FileEndpoint(url=f"{publishers.url}/pwt/9.1")
    ends = request_.endpoints.model_copy(update={"penn_world_table": {"12.0": endpoint}})

    with pytest.raises(DataError, match=r"release '12\.0' is not one of: 10\.01, 11\.0, 9\.1"):
        penn_world_table.fetch(replace(request_, endpoints=ends), session)
