"""Confidence intervals of coefficients."""

from __future__ import annotations

import pandas as pd

from forecast.estimation.record import Estimate


def confidence_intervals(estimate: Estimate, level: float = 0.95) -> pd.DataFrame:
    """Return intervals of the t distribution with the estimate's degrees of freedom.

    Returns
    -------
    pandas.DataFrame
        Columns ``conf_low, conf_high``, outcome units per unit of the regressor; index ``term``.

    Raises
    ------
    SpecError
        If the level is not between 0 and 1.
    """
    return estimate.tidy(level).set_index("term")[["conf_low", "conf_high"]]
