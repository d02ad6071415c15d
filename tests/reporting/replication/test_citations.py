"""BibTeX: every source once, articles cited as such, nothing that TeX would act on."""

from __future__ import annotations

import re

import pytest

from forecast.reporting.replication.citations import Citation, run_citations
from forecast.reporting.run_folder.saved_run import SavedRun


def _run(*sources: dict[str, str]) -> SavedRun:
    manifest = {"versions": {"highincome-forecast": "0.1.0"}}
    return SavedRun(folder=None, manifest=manifest, description={"sources": sources}, tables={})


PWT = {
    "key": "pwt",
    "title": "Penn World Table 10.01",
    "attribution": "Feenstra, Inklaar and Timmer (2015), The Next Generation of the Penn World "
    "Table, American Economic Review 105(10), 3150-3182",
    "path": "https://www.rug.nl/ggdc/",
    "license": "CC-BY-4.0",
    "vintage": "2023-01-23",
}


def test_an_attribution_that_is_an_article_is_cited_as_one() -> None:
    """Authors, year, journal, volume, number, pages; once for two tables of it."""
    found = {one.key: one for one in run_citations(_run(PWT, {**PWT, "key": "pwt-9.1"}))}
    article = found["feenstra2015"]

    assert article.kind == "article"
    assert dict(article.fields) == {
        "author": "Feenstra and Inklaar and Timmer",
        "year": "2015",
        "title": "The Next Generation of the Penn World Table",
        "journal": "American Economic Review",
        "volume": "105",
        "number": "10",
        "pages": "3150--3182",
    }
    assert [one.kind for one in found.values()].count("article") == 3  # with the two papers
    assert {"pwt", "pwt-9.1", "highincome-forecast"} <= set(found)


def test_a_publisher_is_one_author() -> None:
    """The World Bank has no first name."""
    source = {"key": "wdi", "attribution": "The World Bank: World Development Indicators"}
    text = run_citations(_run({**source, "title": "WDI"}))[0].bibtex()

    assert "author = {{The World Bank}}" in text


@pytest.mark.parametrize("hostile", ["100 % & more_#", "a}b{c", "\\input{x}", "$x^2$~"])
def test_nothing_is_left_for_tex_to_act_on(hostile: str) -> None:
    """Special characters are escaped, and braces stay in balance."""
    text = Citation(kind="misc", key="k", fields={"title": hostile}).bibtex()
    plain = re.sub(r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}", "", text)

    assert not re.search(r"(?<!\\)[&%$#_~^]", plain)
    assert not re.search(r"\\(?![&%$#_{}])", plain)
    bare = re.sub(r"\\[{}]", "", plain)
    assert bare.count("{") == bare.count("}")
