"""What may be asked for by name: the one list for the functions and for their commands."""

from __future__ import annotations

LINES = ("high", "upper_middle", "lower_middle")
"""Classes of income that are entered over a line; the first is meant where none is named."""
VIEWS = ("imf", "none")
"""Of growth: with the IMF's forecasts, or without."""
OUTPUTS = ("output_per_capita", "output_per_worker")
"""What a growth forecast is of; the first is meant where none is named."""
GROUPINGS = ("group", "region", "decade")
"""Of a backtest's cases."""
CHAIN_GROUPINGS = (*GROUPINGS, "distance", "kind")
"""Of the cases of the income chain's backtest."""
EARNED_PARTS = ("growth", "nominal")
"""Of the weights that backtests earn."""
