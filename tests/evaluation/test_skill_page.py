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
