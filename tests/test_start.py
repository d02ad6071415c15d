"""How the package starts: nothing slow is loaded, every public name is there, help is quick."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAVY = {"statsmodels", "pmdarima", "arch", "matplotlib", "docx", "rdata"}


def _run(
    *command: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, cwd=cwd, env=env
    )


@pytest.mark.parametrize(
    "work",
    [
        "import forecast",
        "from forecast.cli.main import app; app(['--help'], standalone_mode=False)",
    ],
    ids=["import", "help"],
)
def test_importing_the_package_loads_no_slow_library(work: str) -> None:
    """``import forecast`` and ``forecast --help`` leave even numpy's friends on the disk."""
    code = f"import sys; {work}; print(' '.join(sorted(m.split('.')[0] for m in sys.modules)))"
    loaded = set(_run(sys.executable, "-c", code).stdout.split())

    assert "forecast" in loaded
    assert loaded & (HEAVY | {"pandas", "scipy", "joblib", "pydantic", "rich"}) == set()


def test_every_public_name_can_be_called() -> None:
    """Every public name is a function or a record, whatever was imported first."""
    code = (
        "import importlib, forecast as fc\n"
        "importlib.import_module('forecast.study.run')\n"
        "for name in {*fc.__all__} - {'__version__'}:\n"
        "    assert callable(getattr(fc, name)), name\n"
    )
    result = _run(sys.executable, "-c", code)

    assert result.returncode == 0, result.stderr


@pytest.mark.clock
def test_help_answers_in_a_third_of_a_second() -> None:
    """``forecast --help`` takes under 0.3 s (the best of several, as machines are busy)."""
    command = str(Path(sys.executable).with_name("forecast"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    best = 9.9
    for _ in range(15):
        start = time.perf_counter()
        assert _run(command, "--help", env=environment).returncode == 0
        best = min(best, time.perf_counter() - start)
        if best < 0.3:
            break

    assert best < 0.3
