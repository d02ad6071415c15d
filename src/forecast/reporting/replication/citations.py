"""BibTeX of what a run rests on: its data, the papers behind the question, the program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forecast.reporting.regression.latex import ESCAPES
from forecast.reporting.run_folder.manifest import DISTRIBUTION
from forecast.reporting.run_folder.saved_run import SavedRun

_ARTICLE = re.compile(
    r"(?P<author>.+?) \((?P<year>\d{4})\), (?P<title>.+), (?P<journal>[^,]+?) "
    r"(?P<volume>\d+)\((?P<number>\d+)\), (?P<pages>\d+-\d+)"
)
INSTITUTE = "{Institute of Industrial Economics, Chinese Academy of Social Sciences}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A BibTeX entry.

    Attributes
    ----------
    kind, key : str
    fields : dict
        Name to text; a text in braces is one name, other texts are escaped.
    """

    kind: str
    key: str
    fields: Mapping[str, str]

    def bibtex(self) -> str:
        """Return the entry's text."""
        lines = [f"  {name} = {{{_value(name, text)}}}" for name, text in self.fields.items()]
        return f"@{self.kind}{{{self.key},\n" + ",\n".join(lines) + "\n}\n"


PAPERS = (
    Citation(
        kind="article",
        key="cass2024modernization",
        fields={
            "author": INSTITUTE,
            "title": "China's Industrial Modernization: Development Rationale, Current Status, "
            "and Policy Directions",
            "journal": "China Economist",
            "year": "2024",
            "doi": "10.19602/j.chinaeconomist.2024.09.01",
        },
    ),
    Citation(
        kind="article",
        key="cass2024milestone",
        fields={
            "author": INSTITUTE,
            "title": "New Milestone Achievements in China's Industrial Transformation and "
            "Upgrading",
            "journal": "China Economist",
            "year": "2024",
            "doi": "10.19602/j.chinaeconomist.2024.03.01",
        },
    ),
)


def run_citations(run: SavedRun) -> list[Citation]:
    """Return an entry a source of the run's data package, the papers, and the program.

    A source whose attribution is an article has an entry for that too; each key stands once.
    """
    found = [*_of_sources(run.description.get("sources", ())), *PAPERS, _program(run)]
    return list({one.key: one for one in found}.values())


def _of_sources(sources: Iterable[Mapping[str, Any]]) -> Iterable[Citation]:
    for source in sources:
        said = str(source.get("attribution", ""))
        key = re.sub(r"[^A-Za-z0-9.-]", "-", str(source.get("key") or source.get("title")))
        article = _ARTICLE.fullmatch(said)
        publisher = said.partition(":")[0] if ":" in said else re.sub(r" \(\d{4}\)$", "", said)
        author = article["author"] if article else f"{{{publisher}}}"
        fields = {
            "author": _authors(author) if article else author,
            "title": str(source.get("title", key)),
            "year": str(source.get("vintage", ""))[:4],
            "url": str(source.get("path", "")),
            "note": f"Vintage {source.get('vintage', '')}; licence {source.get('license', '')}",
        }
        yield Citation(kind="misc", key=key, fields={k: v for k, v in fields.items() if v})
        if article:
            told = article.groupdict() | {"author": _authors(article["author"])}
            told["pages"] = told["pages"].replace("-", "--")
            first = re.split(r"[, ]", article["author"])[0].lower()
            yield Citation(kind="article", key=f"{first}{article['year']}", fields=told)


def _authors(text: str) -> str:
    return " and ".join(re.split(r", | and ", text))


def _program(run: SavedRun) -> Citation:
    code = str(run.manifest.get("code_sha256", ""))
    fields = {
        "author": "{forecast contributors}",
        "title": "forecast: when does income pass the high-income line",
        "version": run.version,
        "note": f"MIT licence; sha256 of the code {code}" if code else "MIT licence",
    }
    return Citation(kind="software", key=DISTRIBUTION, fields=fields)


def _value(name: str, text: str) -> str:
    if name in {"url", "doi"}:
        return text
    if text.startswith("{") and text.endswith("}"):
        return f"{{{_escaped(text[1:-1])}}}"
    # Titles keep their capitals.
    return f"{{{_escaped(text)}}}" if name == "title" else _escaped(text)


def _escaped(text: str) -> str:
    return "".join(ESCAPES.get(character, character) for character in text)
