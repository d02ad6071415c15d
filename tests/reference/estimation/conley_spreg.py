"""Standard errors of depth on mag (R's quakes) by spreg's spatial HAC, 100 km, triangular kernel.

spreg 1.9.0, libpysal, scikit-learn's haversine ball tree; run with ``quakes.csv`` written by R.
"""

import numpy as np
import pandas as pd
from libpysal.weights import Kernel, W
from sklearn.neighbors import BallTree
from spreg import OLS

quakes = pd.read_csv("quakes.csv")
places = np.radians(quakes[["lat", "long"]].to_numpy())
near, far = BallTree(places, metric="haversine").query_radius(
    places, 100.0 / 6371.0, return_distance=True
)
weights = W(
    {i: list(found) for i, found in enumerate(near)},
    {i: list(1 - one * 6371.0 / 100.0) for i, one in enumerate(far)},
    silence_warnings=True,
)
weights.set_transform("O")
weights.__class__ = Kernel  # the class that spreg asks for; libpysal's own takes no arcs here
found = OLS(
    quakes[["depth"]].to_numpy(), quakes[["mag"]].to_numpy(), gwk=weights, robust="hac",
    spat_diag=False,
)  # fmt: skip
print(*(f"{one:.12g}" for one in found.std_err))
