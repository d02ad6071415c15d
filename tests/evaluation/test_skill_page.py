"""The pages of skill are what their scripts print."""

import runpy
from pathlib import Path

import pytest

from forecast.sources.package.package import DataPackage


@pytest.mark.raw
@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["skill", "skill_chain", "skill_crossing", "skill_intervals", "cases", "scoreboard"],
)
def test_skill_page_is_current(checkout: Path, full: DataPackage, name: str) -> None:
    """Built again from the raw statistics, the page is the one in docs."""
    page = runpy.run_path(str(checkout / "benchmarks" / f"{name}.py"))["page"](full)

    assert (checkout / "docs" / f"{name}.md").read_text(encoding="utf-8") == page


def test_what_reports_quote_is_the_pages(checkout: Path) -> None:
    """Scores in data/chain_record.csv are those of docs/skill_chain.md."""
    made = runpy.run_path(str(checkout / "benchmarks" / "skill_chain.py"))["record_of"]
    page = (checkout / "docs" / "skill_chain.md").read_text(encoding="utf-8")

    assert (checkout / "data" / "chain_record.csv").read_text(encoding="utf-8") == made(page)
    assert made(page).count("\n") == 12
