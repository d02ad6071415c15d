"""Do higher probabilities go with events: the curve of hits over false alarms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array


def roc_curve(event: Array, probability: Array) -> pd.DataFrame:
    """Return ``threshold, false_alarms, hits``: shares warned of, from no warning to all.

    A warning is a probability at or above the threshold. Shares are of the cases without and with
    an event; NaN where there are none. Mason, I. (1982), Australian Meteorological Magazine 30.
    """
    threshold, place = np.unique(probability, return_inverse=True)
    came = np.bincount(place, event, minlength=len(threshold))[::-1]
    total = np.bincount(place, minlength=len(threshold))[::-1]
    with np.errstate(invalid="ignore"):
        hits = np.append(0.0, came.cumsum()) / came.sum()
        false = np.append(0.0, (total - came).cumsum()) / (total - came).sum()
    return pd.DataFrame(
        {"threshold": np.append(np.inf, threshold[::-1]), "false_alarms": false, "hits": hits}
    )


def roc_area(event: Array, probability: Array) -> float:
    """Return the area under the curve: the chance that an event had the higher probability.

    Ties count half; NaN where all cases are alike. Hanley, J. and McNeil, B. (1982), Radiology 143.
    """
    curve = roc_curve(event, probability)
    return float(np.trapezoid(curve["hits"], curve["false_alarms"]))
