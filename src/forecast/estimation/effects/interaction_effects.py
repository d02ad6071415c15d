"""The effect of a driver along the other factor of its interaction, for every model with one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.errors import EstimationError
from forecast.estimation.effects.marginal import marginal_effects
from forecast.estimation.record import Estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel

POINTS = 41
ENDS = (0.01, 0.99)  # a few city states would stretch the range to where no one else is
COLUMNS = ["model", "term", "by", "at", "effect", "conf_low", "conf_high", "country"]


def interaction_effects(
    estimates: Sequence[Estimate], panel: Panel, country: str, *, points: int = POINTS
) -> pd.DataFrame:
    """Return the effect of an interaction's first factor over the range of its second.

    For every regressor that a model declares as the product of two columns: the derivative of the
    outcome by the first (`marginal_effects`) at values of the second, everything else at the
    sample's means (Brambor, Clark and Golder 2006).

    Parameters
    ----------
    estimates : sequence of Estimate
        Those on other tables than ``panel`` must be left out.
    panel : Panel
        What the models were estimated on.
    country : str
        Whose position is wanted: its last period on record.
    points : int
        Values of the second factor, evenly from the sample's 1st to its 99th percentile.

    Returns
    -------
    pandas.DataFrame
        ``model, term, by, at, effect, conf_low, conf_high, country``: outcome units a unit of
        ``term`` with 95 % intervals; ``country`` is empty along the range and names the economy in
        the row of its own position. Interactions without one effect at a point (a factor that
        also enters with a lag or switches between regimes) have no rows.
    """
    pieces = [
        _along(one, panel, country, factors, points)
        for one in estimates
        for factors in _interactions(one)
    ]
    found = [piece for piece in pieces if piece is not None]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def _interactions(estimate: Estimate) -> list[tuple[str, str]]:
    rules = [estimate.spec.derive.get(term) for term in estimate.spec.drivers]
    return [
        (rule.of[0], rule.of[1])
        for rule in rules
        if rule is not None and rule.apply == "interaction" and len(set(rule.of)) == 2
    ]


def _along(
    estimate: Estimate, panel: Panel, country: str, factors: tuple[str, str], points: int
) -> pd.DataFrame | None:
    term, by = factors
    rows = sample(panel, estimate.spec)
    frame = rows.history.frame
    means = frame.loc[rows.index].mean(numeric_only=True)
    low, high = frame.loc[rows.index, by].quantile(list(ENDS))
    at = list(np.linspace(low, high, points))
    own = rows.history.series(country, by) if country in rows.history.countries() else None
    known = own is not None and not own.empty
    if own is not None and known:
        at.append(float(own.iloc[-1]))
    values = pd.DataFrame({**{name: [means[name]] * len(at) for name in means.index}, by: at})
    try:
        found = marginal_effects(estimate, term, values)
    except EstimationError:
        return None
    names = [""] * points + ([country] if known else [])
    banded = found.assign(model=estimate.spec.name, term=term, by=by, at=at, country=names)
    return banded[COLUMNS]
