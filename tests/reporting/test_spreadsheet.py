"""Workbooks as openpyxl reads them back: what a cell may hold, and what would break the file."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.reporting.spreadsheet import Sheet, workbook_bytes
from forecast.reporting.write import xml_text

openpyxl = pytest.importorskip("openpyxl")


@given(st.text(st.characters()))
def test_a_cleaned_text_is_one_that_a_parser_of_xml_takes(text: str) -> None:
    """Expat takes it, and what it took before is unchanged."""
    clean = xml_text(text)
    escaped = clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read = ElementTree.fromstring(f"<a>{escaped}</a>".encode()).text or ""

    assert read == clean.replace("\r\n", "\n").replace("\r", "\n")
    assert len(clean) == len(text)
    assert clean == text or "\ufffe" in text or "\uffff" in text or not text.isprintable()


def test_cells_are_texts_numbers_or_nothing() -> None:
    """Formulas, errors, control characters and long texts are text; no infinite number."""
    row = ["=1+1", "=1", "#N/A", "a\x08b\ufffe", "x" * 40_000, np.int64(3), (0.5, "0.00"), True,
           None, np.nan, np.inf, pd.NA]  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(workbook_bytes({"s": Sheet(rows=[row])}, "it")))
    (found,) = book["s"].iter_rows()

    # openpyxl reads a cell's text "#N/A" as an error again; the file has it as text
    assert [cell.value for cell in found[:4]] == ["'=1+1", "=1", "#N/A", "a b "]
    assert len(found[4].value) == 32_767
    assert [cell.value for cell in found[5:8]] == [3, 0.5, True]
    assert found[6].number_format == "0.00"
    assert len(found) == 8
    assert all(cell.data_type != "f" for cell in found)
