"""The page "Your own country" does what it says: its commands run, in their order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

PAGE = (ROOT / "docs" / "your_country.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
]


@pytest.mark.slow
def test_the_page_s_commands_run(tmp_path: Path) -> None:
    """One after the other in an empty folder, at few draws, each with exit status 0."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    command = bin_folder / "forecast"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m forecast "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    path = os.pathsep.join([str(bin_folder), os.environ["PATH"]])

    for line in COMMANDS:
        done = subprocess.run(
            line.replace("--draws 1000", "--draws 100"),
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
    assert list((tmp_path / "out").glob("chn_high_income-*/report.html"))
