"""The script of a bundle that runs once more and compares tables byte for byte."""

from __future__ import annotations

from collections.abc import Sequence

_SCRIPT = '''\
"""Run the study once more and compare every table with the one in results/, byte for byte.

    python rerun.py [--jobs N]

Exit status 0: all tables are identical; 1: some are not, and are named.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMMAND = {words}


def main():
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    places = {{"FORECAST_HOME": str(HERE), "FORECAST_DATA": str(HERE / "data")}}
    places["PYTHONPATH"] = str(HERE / "src")
    subprocess.run(
        [sys.executable, "-m", "forecast", *COMMAND, "--out", "rerun", *sys.argv[1:]],
        cwd=HERE,
        env={{**os.environ, **threads, **places}},
        check=True,
    )
    tables = sorted((HERE / "results").glob("*.csv"))
    # the folder is named by the run, whatever the one in results/ was called since
    new = max((HERE / "rerun").glob("*/manifest.json"), key=os.path.getmtime).parent
    different = [t.name for t in tables if not same(t, new / t.name)]
    for name in different:
        print(f"differs: {{name}}")
    print(f"{{len(tables) - len(different)}} of {{len(tables)}} tables are identical")
    return 1 if different or not tables else 0


def same(old, new):
    return new.is_file() and old.read_bytes() == new.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
'''


def rerun_script(words: Sequence[str]) -> str:
    """Return the text of ``rerun.py``, which runs ``words``, the command after ``forecast``."""
    return _SCRIPT.format(words=repr(list(words)))
