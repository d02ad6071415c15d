"""The effect of a driver along the other factor of its interaction, for every model with one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pandas as pd

from forecast.errors import EstimationError, unknown
from forecast.estimation.effects.marginal import marginal_effects
from forecast.estimation.groupings import labels
from forecast.estimation.problem import Sample
from forecast.estimation.record import Estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

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
    found = []
    for one in estimates:
        for term, by in _interactions(one):
            with suppress(EstimationError):
                found.append(effects_along(one, panel, term, by, country=country, points=points))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def _interactions(estimate: Estimate) -> list[tuple[str, str]]:
    rules = [estimate.spec.derive.get(term) for term in estimate.spec.drivers]
    return [
        (rule.of[0], rule.of[1])
        for rule in rules
        if rule is not None and rule.apply == "interaction" and len(set(rule.of)) == 2
    ]


def effects_along(
    estimate: Estimate,
    panel: Panel,
    driver: str,
    by: str,
    *,
    country: str = "",
    points: int = POINTS,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return what one more unit of a raw column does along another, or along itself.

    Whatever links the two: products, powers, logs, polynomials, splines, slopes by a factor's
    values. Everything else is at the sample's means, a factor at its most frequent value.

    Parameters
    ----------
    estimate : Estimate
    panel : Panel
        The one of the estimate.
    driver : str
        As for `marginal_effects`.
    by : str
        A column of numbers, taken from the sample's 1st to its 99th percentile; of a factor, each
        of its values.
    country : str
        Whose position is wanted beside, in its last period on record; empty: none.
    points : int
    level : of the band; the figure speaks of 95 %.

    Returns
    -------
    pandas.DataFrame
        As `interaction_effects`, whose figure draws it.

    Raises
    ------
    EstimationError
        As for `marginal_effects`, or if there is no column ``by``.
    """
    spec, rows = estimate.spec, sample(panel, estimate.spec)
    history = rows.history
    if not history.has(by):
        raise EstimationError(
            f"model {spec.name!r}: {unknown(by, list(history.frame.columns), 'column')}"
        )
    held, factor = _held(spec, rows, by), by in _factors(spec)
    if factor:
        at = sorted(labels(history, by, rows.index).unique())
    else:
        low, high = history.frame.loc[rows.index, by].quantile(list(ENDS))
        at = list(np.linspace(low, high, points))
    own = history.series(country, by) if country in history.countries() else None
    placed = own is not None and not own.empty and not factor
    if own is not None and placed:
        at.append(float(own.iloc[-1]))
    values = pd.DataFrame({**{name: [value] * len(at) for name, value in held.items()}, by: at})
    found = marginal_effects(estimate, driver, values, level=level, panel=panel)
    names = [""] * (len(at) - placed) + [country] * placed
    return found.assign(model=spec.name, term=driver, by=by, at=at, country=names)[COLUMNS]


def _held(spec: ModelSpec, rows: Sample, by: str) -> dict[str, object]:
    """Return what all columns are held at but ``by`` and what is made of it."""
    held: dict[str, object] = {
        str(name): value
        for name, value in rows.history.frame.loc[rows.index].mean(numeric_only=True).items()
        if by not in _behind(spec, str(name))
    }
    names = _factors(spec)
    return held | {name: labels(rows.history, name, rows.index).mode().iloc[0] for name in names}


def _factors(spec: ModelSpec) -> list[str]:
    return [basis.of for basis in spec.bases.values() if basis.apply == "factor"]


def _behind(spec: ModelSpec, column: str) -> set[str]:
    """Return the columns that a derived column is made of, through all steps."""
    rule = spec.derive.get(column)
    parts = [] if rule is None else rule.of
    return {*parts, *(one for part in parts for one in _behind(spec, part))}
