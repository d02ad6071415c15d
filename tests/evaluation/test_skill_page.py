"""The pages of skill are what their scripts print."""

import runpy
from pathlib import Path

import pytest

from forecast import catalog
from forecast.sources.build.full import build_full
from forecast.sources.readers.countries import read_countries
from forecast.specs.read import read_variables


@pytest.mark.raw
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["skill", "skill_crossing", "skill_intervals", "cases", "scoreboard"]
)
def test_skill_page_is_current(checkout: Path, raw_dir: Path, tmp_path: Path, name: str) -> None:
    """Built again from the raw statistics, the page is the one in docs."""
    full = build_full(
        raw_dir,
        tmp_path / "full-2026.07",
        variables=read_variables(checkout / "data" / "variables.toml"),
        countries=read_countries(checkout / "data" / "countries.csv"),
        paper_tables=checkout / "data" / "published" / "paper_tables.toml",
        notes=catalog.package_notes(),
        pwt91_csv=checkout / "data" / "starter-2026.07" / "pwt91.csv",
    )

    page = runpy.run_path(str(checkout / "benchmarks" / f"{name}.py"))["page"](full)

    assert (checkout / "docs" / f"{name}.md").read_text(encoding="utf-8") == page
