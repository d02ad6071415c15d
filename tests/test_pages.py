"""Generated pages are what their scripts print."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from forecast.sources.package.package import DataPackage


@pytest.mark.raw
def test_evidence_page_is_current(checkout: Path, full: DataPackage) -> None:
    """Every regression of the page is that of the full package."""
    page = runpy.run_path(str(checkout / "benchmarks" / "evidence.py"))["page"](full)

    assert (checkout / "docs" / "evidence.md").read_text(encoding="utf-8") == page


def test_models_page_is_current(checkout: Path) -> None:
    """Every shipped model has its row, its note and its weight in the study."""
    page = runpy.run_path(str(checkout / "benchmarks" / "models.py"))["page"]()

    assert (checkout / "docs" / "models.md").read_text(encoding="utf-8") == page


def test_world_page_is_current(checkout: Path) -> None:
    """The table of all economies is that of the shipped package."""
    script = runpy.run_path(str(checkout / "benchmarks" / "world.py"))

    page = script["page"](script["world"]())

    assert (checkout / "docs" / "world.md").read_text(encoding="utf-8") == page


@pytest.mark.raw
def test_papers_page_is_current(checkout: Path, full: DataPackage) -> None:
    """Every row of the papers as the exhibits give it from the full package."""
    page = runpy.run_path(str(checkout / "benchmarks" / "papers.py"))["page"](full)

    assert (checkout / "docs" / "papers.md").read_text(encoding="utf-8") == page


@pytest.mark.raw
def test_gains_page_is_current(checkout: Path, full: DataPackage) -> None:
    """What every driver adds, from the full package."""
    page = runpy.run_path(str(checkout / "benchmarks" / "evidence_gains.py"))["page"](full)

    assert (checkout / "docs" / "evidence_gains.md").read_text(encoding="utf-8") == page


def test_worked_examples_page_is_current(checkout: Path) -> None:
    """Every printed figure, ours beside it, and why they differ."""
    page = runpy.run_path(str(checkout / "benchmarks" / "worked_examples.py"))["page"]()

    assert (checkout / "docs" / "worked_examples.md").read_text(encoding="utf-8") == page
