"""Panels of a table: every column once, every cell once, no line wider than asked for."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import SpecError
from forecast.reporting.regression.cells import SINGLE, TableCells, TablePart, page_panels
from forecast.reporting.regression.plain import text_panels
from forecast.reporting.regression.typeset import MAKERS, typeset_file
from forecast.reporting.regression.words import ENDINGS, TABLE_FORMS, form_of

CELL = st.sampled_from(["", "-0.123\n(0.045)", "12.345***\n(1.234)", "yes"])


@st.composite
def cells(draw: st.DrawFn) -> TableCells:
    """Return a table of up to 20 columns and 12 rows."""
    wide = draw(st.integers(1, 20))
    rows = draw(st.lists(st.tuples(*[CELL] * wide), min_size=1, max_size=12))
    words = st.text("abc DE-", min_size=1, max_size=40).map(lambda t: f"w {t}")
    labelled = tuple((draw(words), row) for row in rows)
    header = tuple(f"({i + 1}) {draw(words)}" for i in range(wide))
    about = TablePart(rows=(("Observations", ("100",) * wide),), about=True)
    return TableCells(
        header=header, parts=(TablePart(rows=labelled), about), apart=draw(st.booleans())
    )


@given(cells(), st.integers(1, 7))
def test_panels_hold_every_cell_once(table: TableCells, most: int) -> None:
    """Columns in their order, at most as many as asked for; what is set apart is not lost."""
    panels = page_panels(table, most)
    listed = [one for one in panels if one.listed]
    columns = [h for one in panels if one not in listed for h in one.header]
    found = [t for p in panels for part in p.parts for _, ts in part.rows for t in ts if t]
    names = [ts[0] for one in listed for part in one.parts for _, ts in part.rows]

    assert columns == list(table.header)
    assert max(len(one.header) for one in panels if one not in listed) <= most
    given_ = [t for part in table.parts for _, ts in part.rows for t in ts if t]
    assert sorted([*given_, *names]) == sorted(found)
    if listed:
        assert len(names) >= SINGLE


@given(cells(), st.integers(60, 140))
def test_text_is_never_wider_than_the_line(table: TableCells, width: int) -> None:
    """Labels and words wrap; numbers stay whole."""
    text = text_panels(table, width)
    wanted = {line for p in table.parts for _, ts in p.rows for t in ts for line in t.split("\n")}

    assert max(len(line) for line in text.splitlines()) <= width
    assert all(number in text for number in wanted)


def test_endings_and_forms_agree() -> None:
    """Every form has a maker and an ending; a conflict is refused."""
    from pathlib import Path

    assert tuple(MAKERS) == TABLE_FORMS
    assert set(ENDINGS.values()) == set(TABLE_FORMS)
    for ending, form in ENDINGS.items():
        assert form_of(None, Path(f"t{ending.upper()}")) == form
        for other in TABLE_FORMS:
            if other != form:
                with pytest.raises(SpecError, match="its ending means"):
                    form_of(other, Path(f"t{ending}"))
    assert form_of("csv", Path("t.out")) == "csv"


HOSTILE = "a\x00b\x08c\x0b\ud800\uffff\U0001f600"


@pytest.mark.parametrize("form", MAKERS)
def test_no_character_makes_a_form_unreadable(form: str, tmp_path: Path) -> None:
    """Control characters, halves of pairs and non-characters anywhere are spaces in every form."""
    table = TableCells(
        header=(HOSTILE, HOSTILE),
        spanners=(HOSTILE, HOSTILE),
        parts=(TablePart(rows=((HOSTILE, (HOSTILE, "1.0")),), heading=HOSTILE),),
        notes=HOSTILE,
        caption=HOSTILE,
        label=HOSTILE,
    )
    made = typeset_file(table, form, tmp_path / "table")
    if form == "docx":
        document = Document(BytesIO(bytes(made)))
        text = document.tables[0].rows[-1].cells[0].text
    elif form == "xlsx":
        text = (
            pytest.importorskip("openpyxl").load_workbook(BytesIO(bytes(made)))["table"]["A6"].value
        )
    else:
        text = str(made)

    assert "a b c" in " ".join(text.split())
    assert not set(text) & set("\x00\x08\x0b\ud800\uffff")
