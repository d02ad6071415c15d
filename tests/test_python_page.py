"""The page "In Python" does what it shows."""

from __future__ import annotations

import re

import pytest

from places import ROOT

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|text)\n(.*?)```", PAGE, re.S)


def test_every_example_runs_and_prints_what_the_page_shows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Blocks run in their order, in one session; text after one is the head of what it printed."""
    session: dict[str, object] = {}
    printed = ""
    assert len(BLOCKS) > 5
    for kind, block in BLOCKS:
        if kind == "python":
            exec(compile(block, "docs/python.md", "exec"), session)
            printed = capsys.readouterr().out
        else:
            assert printed.startswith(block.rstrip())
