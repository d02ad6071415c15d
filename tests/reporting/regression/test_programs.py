"""What other programs make of the tables: LaTeX, Word, LibreOffice, Typst."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.reporting.regression.cells import TableCells, flat_rows, page_panels
from forecast.reporting.regression.sample_tables import sample_cells
from forecast.reporting.regression.typeset import typeset, typeset_file
from forecast.sources.package.package import DataPackage
from forecast.specs.table import TableSpec
from forecast.study.sharing.table import model_cells

DOCUMENT = r"""\documentclass{article}
\usepackage{array,booktabs,longtable}
\begin{document}
\input{table.tex}
See~\ref{tab:growth}.
\end{document}
"""
# Signs with a meaning in LaTeX, in Typst or in the font encoding OT1.
HARD = r"R&D_x <10 %> | #1 {a} \b ~c^2 $5 [1] *s* @t `u` =+-/ 'v' ²"


@pytest.fixture(scope="module")
def tables(starter: DataPackage) -> dict[str, TableCells]:
    """Every shipped model in one table, the study's, a spanned one, and the samples' tables."""
    panel, words = starter.panel(), catalog.variables()
    found = []
    for name in catalog.models():
        found.append(estimate(starter.panel(catalog.model(name).table), catalog.model(name)))
    study = [one for one in found if one.spec.name in catalog.study().models]
    plain = TableSpec(caption="Growth", label="tab:growth")
    some = [one for one in found if one.spec.name in {"pooled", "within"}]
    hard = TableSpec(
        caption=HARD, label="tab:growth", note=HARD, labels={"rd_gdp": HARD},
        spanners={HARD: [1, 2]}, below="interval",
    )  # fmt: skip
    made = {
        "all": model_cells(found, {}, plain, words),
        "study": model_cells(study, {}, plain, words),
        "hard": model_cells(some, {}, hard, words),
    }
    for kind in ("descriptive", "correlation", "coverage", "balance"):
        made[kind] = sample_cells(kind, panel, catalog.model("within"), words)
    return made


@pytest.mark.tex
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_latex_sets_every_table_within_the_line(
    tables: dict[str, TableCells], tmp_path: Path
) -> None:
    """LaTeX's own class and encoding; no error, no box wider than the line or the page."""
    for name, cells in tables.items():
        (tmp_path / "table.tex").write_text(str(typeset(cells, "tex")), encoding="utf-8")
        (tmp_path / "main.tex").write_text(DOCUMENT, encoding="utf-8")
        for _ in range(2):
            ran = subprocess.run(
                ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main.tex"],
                cwd=tmp_path, capture_output=True, check=False,
            )  # fmt: skip
            assert ran.returncode == 0, (name, ran.stdout[-1000:])
        log = (tmp_path / "main.log").read_text(encoding="utf-8", errors="replace")
        assert "multiply defined" not in log, name
        # the reference below the table is found if the table has that label, and only then
        undefined = "Reference `tab:growth' on page" in log
        assert undefined == (cells.label != "tab:growth"), name
        assert "Float too large" not in log, name
        # a hundredth of an inch is seen by nobody
        wide = [w for w in re.findall(r"Overfull \\hbox \((\S+)pt", log) if float(w) > 0.72]
        assert wide == [], name
    assert {cells.label for cells in tables.values()} == {"", "tab:growth"}


def test_word_holds_a_line_a_cell_on_its_page(
    tables: dict[str, TableCells], tmp_path: Path
) -> None:
    """As many tables as panels, no cell of two lines, no table wider than the page."""
    from docx import Document

    numbers = 0
    for name, cells in tables.items():
        file = tmp_path / f"{name}.docx"
        typeset_file(cells, "docx", file)
        document = Document(str(file))
        page = document.sections[0]
        room = page.page_width - page.left_margin - page.right_margin
        panels = page_panels(cells)
        assert len(document.tables) == len(panels)
        for table, panel in zip(document.tables, panels, strict=True):
            assert len(table.columns) == len(panel.header) + 1
            assert sum(column.width for column in table.columns) <= room
            for cell in (cell for row in table.rows for cell in row.cells):
                assert len(cell.paragraphs) == 1
                assert "\n" not in cell.text
                # at 8 points a figure is 0.15 cm wide in the widest of usual fonts
                if re.fullmatch(r"[-(\[\d.,\])* ]+", cell.text):
                    numbers += 1
                    assert len(cell.text) * 0.16 < cell.width.cm
            words = {cell.text for row in table.rows for cell in row.cells}
            assert {label for part in panel.parts for label, _ in part.rows} <= words
    assert numbers > 100


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file(tables: dict[str, TableCells], tmp_path: Path) -> None:
    """It reads every caption, label and number of it, and the notes."""
    typeset_file(tables["study"], "docx", tmp_path / "study.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8",
         "study.docx"],
        cwd=tmp_path, capture_output=True, check=True, timeout=200,
    )  # fmt: skip

    text = " ".join((tmp_path / "study.txt").read_text(encoding="utf-8-sig").split())
    panels = page_panels(tables["study"])
    said = [(panel.caption, panel.notes, *(cell for row in flat_rows(panel) for cell in row))
            for panel in panels]  # fmt: skip
    assert len(panels) > 1
    assert [one for told in said for one in told if " ".join(one.split()) not in text] == []


@pytest.mark.typst
def test_typst_compiles_every_table(tables: dict[str, TableCells], tmp_path: Path) -> None:
    """Labels are found by a reference."""
    typst = pytest.importorskip("typst", reason="the package typst is not installed")
    for name, cells in tables.items():
        file = tmp_path / f"{name}.typ"
        see = "See @tab:growth.\n" if cells.label else ""
        file.write_text(f"{typeset(cells, 'typst')}\n{see}", encoding="utf-8")
        assert typst.compile(str(file)).startswith(b"%PDF")
