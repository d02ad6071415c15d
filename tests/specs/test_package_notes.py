"""The notes of data packages: what they name exists, and a slip is told by its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast import catalog
from forecast.errors import SpecError
from forecast.sources.build.notes import full_notes, starter_notes
from forecast.specs.delivery.package_notes import PackageNotes
from forecast.specs.read import read_declaration

FILE = Path(__file__).resolve().parents[2] / "data" / "package_notes.toml"


def test_notes_become_those_of_the_tables() -> None:
    """A fault's name becomes its sentence, a source that is not there is left out."""
    told = catalog.package_notes()

    starter = starter_notes(told, {"rd_gdp": "wdi"})
    full = full_notes(told, {"rd_gdp": "wdi"}, ("wdi",))

    assert list(starter) == list(told.starter)
    assert list(full) == told.full_order
    assert starter["annual"].variable_sources == {"rd_gdp": "wdi"}
    assert full["growth_panel"].sources == ("wdi",)
    assert full["growth_panel"].faults[0] == told.faults["mht_imputed"]
    assert full["annual"].title != starter["annual"].title
    for note in (*starter.values(), *full.values()):
        assert all(" " in fault for fault in note.faults)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"mht_imputed", "pwt_rounded"', '"mht_imputd", "pwt_rounded"', r"faults: found 'mht_imp"),
        ('sources = ["classification"]', 'sources = ["classes"]', r"sources: found 'classes'"),
        ('    "dropped",\n', "", r"full_order: 'dropped' is missing"),
        ('    "dropped",\n', '    "droped",\n', r"full_order: found 'droped'"),
        ("step = 5", 'step = "5"', r"step: found '5'"),
        ("made = ", "how = ", r"how: unknown key"),
    ],
)
def test_a_slip_is_refused_by_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    """An unknown name, an unknown key and a number in quotes each end in one sentence."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "package_notes.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(SpecError, match=message):
        read_declaration(path, PackageNotes)
