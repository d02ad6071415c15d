"""Every array alias, once: what an array holds, and by its name how many dimensions it has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]  # of any shape, which the docstring gives
Vector = NDArray[np.float64]  # (n,)
Matrix = NDArray[np.float64]  # (n, k)
Cube = NDArray[np.float64]  # (series, n, k)
Paths = NDArray[np.float64]  # (draws, years)
Draws = NDArray[np.float64]  # (draws, horizon)
Integers = NDArray[np.int64]  # years, counts, positions
Codes = NDArray[np.int64]  # (n,) of groups, 0..G-1
Masks = NDArray[np.int64]  # subsets, bit j for member j
Mask = NDArray[np.bool_]
Labels = NDArray[np.str_]  # (n,) names
Arrays = dict[str, NDArray[Any]]
