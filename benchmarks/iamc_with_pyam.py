"""Open an IAMC export with pyam, in an environment of its own; asks the package index.

    forecast export RUN --to iamc --out run.csv
    python benchmarks/iamc_with_pyam.py run.csv

Prints what pyam found: scenarios, variables, years, rows. An error of pyam ends it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

OPEN = """
import sys
import pyam

found = pyam.IamDataFrame(sys.argv[1])
print("pyam", pyam.__version__)
print("scenarios", len(found.scenario), "variables", len(found.variable), "units", len(found.unit))
print("regions", found.region, "years", min(found.year), max(found.year), "rows", len(found.data))
"""


def main(path: Path) -> int:
    """Make the environment, install pyam and open the file; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        # ixmp4, which pyam needs, does not load with SQLAlchemy 2.1
        install = [python, "-m", "pip", "install", "--quiet", "pyam-iamc", "sqlalchemy<2.1"]
        subprocess.run(install, check=True)
        return subprocess.run([python, "-c", OPEN, str(path.resolve())], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
