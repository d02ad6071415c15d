"""Draws of `ets_growth` and `theta_growth` on `smoothing_series.csv`, seed 3.

    git worktree add ../before 844f9dd
    PYTHONPATH=../before/src python smoothing_draws.py > smoothing_draws.csv

The numbers are of the code that took a QR decomposition at each point of the grid, Nelder and
Mead's simplex for the point, and a new fit for every call: with today's code the test would compare
it with itself, so this ends there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from forecast.timeseries.univariate import ets
from forecast.timeseries.univariate.ets import ets_growth
from forecast.timeseries.univariate.theta import theta_growth

if hasattr(ets, "fit_ets_posterior"):
    raise SystemExit("smoothing_draws.py: this is today's code; see above")
rows = pd.read_csv(Path(__file__).with_name("smoothing_series.csv"))
print("series,model,draw,year,growth")
for name, one in rows.groupby("series"):
    growth = pd.Series(np.diff(one["value"]), index=range(1, len(one)))
    for model, grown in (("ets", ets_growth), ("theta", theta_growth)):
        drawn = grown(growth, 3, 20, np.random.default_rng(3)).draws
        for (draw, year), value in np.ndenumerate(drawn):
            print(f"{name},{model},{draw},{year},{float(value)!r}")
