"""The size of a change, read from an economy's own record or from other economies'."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.specs.scenario import Relative

YEARS = 10
NEAR = 0.25  # share of the economy's own mean within which another one's start lies
LARGE = 50e6  # people
LEAST = 20  # changes behind a quantile


def relative_size(rule: Relative, driver: str, country: str, growth_panel: Panel) -> float:
    """Return the size of a change, in the driver's unit.

    Parameters
    ----------
    rule : Relative
    driver : str
        Column of the panel.
    country : str
        The economy that the scenario is about, left out of the changes of others.
    growth_panel : Panel
        Means over five years; ``population_initial`` for large economies.

    Raises
    ------
    ProjectionError
        If the economy has no such record, or fewer than 20 changes of others are like it.
    """
    wide = growth_panel.require([driver])[driver].unstack("country")
    wide = wide.reindex(range(int(wide.index.min()), int(wide.index.max()) + 1, growth_panel.step))
    back = YEARS // growth_panel.step
    change = wide.diff(back)
    if rule.to == "own_pace":
        own = change[country].dropna() if country in change else pd.Series(dtype=float)
        if own.empty:
            raise ProjectionError(
                f"relative size of {driver!r}: {country} has no means ten years apart"
            )
        return rule.times * float(own.iloc[-1])
    foreign = [name for name in wide.columns if name != country]
    others = pd.Series(change[foreign].stack()).dropna()
    start = pd.Series(wide.shift(back)[foreign].stack()).reindex(others.index)
    if rule.to == "peers":
        own = wide[country].dropna() if country in wide else pd.Series(dtype=float)
        if own.empty:
            raise ProjectionError(f"relative size of {driver!r}: {country} has no mean of it")
        mean = float(own.iloc[-1])
        others = others[((start - mean).abs() <= NEAR * abs(mean)).to_numpy()]
    else:
        people = growth_panel.require(["population_initial"])["population_initial"]
        known = people.unstack("country").reindex(wide.index).shift(back - 1).stack()
        others = others[(known.reindex(others.index) > LARGE).to_numpy()]
    if len(others) < LEAST:
        raise ProjectionError(
            f"relative size of {driver!r}: {len(others)} changes of other economies are like "
            f"{country}'s, must be {LEAST} or more"
        )
    return rule.times * float(np.quantile(others, rule.quantile or 0.5))
