"""What README and the pages of docs show is what happens: their blocks run, in their order.

A fence names its language. Blocks of bash and Python run, one page after the other, each page in an
empty folder; a block of text that follows one is what it prints, ``...`` standing for any lines. A
block is left out by its title alone, ``title="not run: WHY"``, which the reader sees as well.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from forecast.cli.main import app
from places import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"bash", "python", "text", "toml", "json"}
TITLE = re.compile(r'title="[^"]+"')
NOT_RUN = re.compile(r'title="not run: [a-z].{10,}"')
# Whole runs and backtests: more than ten seconds a page.
SLOW = {
    "coming_from.md", "for_ministries.md", "for_research.md", "for_students.md", "tutorial.md",
}  # fmt: skip
ELSEWHERE = {"your_country.md"}  # tests/test_your_country.py, with publishers of its own


def _blocks(page: Path) -> list[tuple[str, str, str]]:
    """Return language, further words and text of each fenced block."""
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [(info.partition(" ")[0], info.partition(" ")[2], text) for _, info, text in found]


def _examples(page: Path) -> list[tuple[str, str, str | None]]:
    """Return language and text of each block that runs, and what the page says it prints."""
    blocks = [*_blocks(page), ("", "", "")]
    return [
        (language, text, following[2] if following[0] == "text" else None)
        for (language, words, text), following in pairwise(blocks)
        if language in {"bash", "python"} and not words
    ]


WITH_EXAMPLES = [
    pytest.param(page, marks=[pytest.mark.slow] if page.name in SLOW else [], id=page.name)
    for page in PAGES
    if _examples(page) and page.name not in ELSEWHERE
]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, with ``forecast`` on the path of what runs there."""
    command = tmp_path / "bin" / "forecast"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m forecast "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(command.parent), os.environ["PATH"]]))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_examples_do_what_the_page_says(page: Path, shell: Path) -> None:
    """Every line ends well, and prints what stands below it."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for language, text, said in _examples(page):
        told = _python(text, names) if language == "python" else _bash(text)
        if said is not None:
            assert re.fullmatch(_pattern(said), _stripped(told)), f"{page.name}:\n{told}"


def _python(text: str, names: dict[str, Any]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "<example>", "exec"), names)
    return printed.getvalue()


def _bash(text: str) -> str:
    return "".join(_line(line) for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    """Yield commands, a line that ends in a backslash being continued by the next."""
    yield from (line for line in text.replace("\\\n", " ").splitlines() if line.strip())


def _line(line: str) -> str:
    """Run one line; a plain call of ``forecast`` in this process, to save its start."""
    words = shlex.split(line, comments=True)
    if words[0] == "forecast" and not re.search(r"[|<>$&;*~]", line.partition(" #")[0]):
        done = CliRunner().invoke(app, words[1:])
        assert done.exit_code == 0, f"{line}: {done.stderr} {done.exception}"
        return str(done.stdout)
    ran = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, f"{line}: {ran.stderr}"
    return ran.stdout


def _stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def _pattern(said: str) -> str:
    lines = [".*" if line == "..." else re.escape(line) for line in _stripped(said).splitlines()]
    return "(?s:" + "\n".join(lines) + ")"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_run_or_says_why_not(page: Path) -> None:
    """No fence without a language, no example hidden in an indented block, no silent exemption."""
    text = page.read_text(encoding="utf-8")

    for language, words, _ in _blocks(page):
        assert language in LANGUAGES, f"{page.name}: ```{language}"
        if language in {"bash", "python"}:
            assert not words or NOT_RUN.fullmatch(words), f"{page.name}: {words}"
        assert not words or TITLE.fullmatch(words), f"{page.name}: the site needs title=: {words}"
    assert (
        re.findall(r"^ {4}(?:forecast|make|python|import|fc\.).*", FENCE.sub("", text), re.M) == []
    )


def test_an_example_that_prints_something_else_is_found() -> None:
    """A page's text is compared whole, save for the lines that it leaves out."""
    assert re.fullmatch(_pattern("a\n...\nd"), "a\nb\nc\nd")
    assert not re.fullmatch(_pattern("a 1.0"), "a 1x0")
    assert not re.fullmatch(_pattern("a"), "a\nb")
