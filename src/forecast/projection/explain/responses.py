"""What one unit more of a driver, for good, does to the level of output per worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.projection.futures.futures import Futures
from forecast.projection.regressors import raw_drivers, regressor_path
from forecast.specs.model import ModelSpec

POOL = "pool of models"  # no model can have this name: it is not one word
LEVELS = (0.1, 0.5, 0.9)
YEARS_SHOWN = 25
COLUMNS = ["model", "term", "year", "level", "value"]


def level_response(direct: Array, feedback: Array, years: Integers) -> Array:
    """Return the response of a level to a lasting change that lifts its growth by ``direct``.

    With b = direct, l = feedback and D the log difference of the level, the recursion of
    `projection.drivers.effects.growth_difference`, D_{t+1} = D_t + (b + l D_t) / 100 with
    D_0 = 0, is

        D_t = b ((1 + l/100)^t - 1) / l,    b t / 100 where l = 0:

    a level effect of -b/l in logs where the economy converges (l < 0).

    Parameters
    ----------
    direct : (draws,) % a year
    feedback : (draws,) % a year of growth for one log point (1.0) of the level
    years : (t,) whole years since the change, 0 or more

    Returns
    -------
    (draws, t) 100 (exp(D_t) - 1), % of the level without the change.
    """
    rate = np.log1p(feedback[:, None] / 100) * years
    still = feedback[:, None] == 0
    slope = np.where(still, 1.0, feedback[:, None])
    per_unit = np.where(still, years / 100, np.expm1(rate) / slope)
    return np.asarray(100 * np.expm1(direct[:, None] * per_unit), dtype=float)


def responses(futures: Futures, moved: Sequence[str], years: int = YEARS_SHOWN) -> pd.DataFrame:
    """Return responses to a lasting rise of each driver, by model behind the effects.

    Coefficients are the draws that the scenarios use. The rise is of the regressor: a sum (openness
    is exports plus imports) rises by one in equal parts. Regressors are those of the last
    projected year, the change long past, so that one with a lag responds at once; an interaction
    is taken at the baseline's drivers and at the first projected year's gap. A model of total
    factor productivity counts one for one, as in the projections.

    Parameters
    ----------
    futures : Futures
    moved : sequence of str
        Raw drivers that the scenarios move; others have no rows.
    years : int
        Years after the rise; year 0 is the rise itself.

    Returns
    -------
    pandas.DataFrame
        ``model, term, year, level, value``: the quantile ``level`` of the draws, % of the level.
        Model `POOL` is all draws together, in which a model without the driver counts as zero.
    """
    time = np.arange(years + 1)
    specs = {name: futures.setting.estimates[name].spec for name in futures.coefficients.models}
    pieces = []
    for term, shock in _shocks(specs.values(), moved).items():
        drawn = {name: _of_model(futures, name, shock, time) for name in specs}
        pieces += [_rows(name, term, d, time) for name, d in drawn.items() if d.any()]
        pieces.append(_rows(POOL, term, np.concatenate(list(drawn.values())), time))
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=COLUMNS)


def _of_model(futures: Futures, name: str, shock: Mapping[str, float], time: Integers) -> Array:
    coefficients, spec = futures.coefficients, futures.setting.estimates[name].spec
    beta = coefficients.beta[name]
    rows = coefficients.assignment == coefficients.models.index(name)
    touched = [raw for raw in raw_drivers(spec) if raw in shock]
    if not touched:
        return np.zeros((len(beta), len(time)))
    risen = futures.setting.drivers.copy()
    for raw in touched:
        risen[raw] += shock[raw]
    last, step = futures.years[-1:], futures.setting.growth_panel.step
    here, there = (
        regressor_path(spec, path, last, step) for path in (futures.setting.drivers, risen)
    )
    gap = futures.gaps[spec.outcome][rows, 0]
    direct = beta @ (there.level - here.level)[0] + beta @ (there.slope - here.slope)[0] * gap
    return level_response(direct, beta @ there.slope[0], time)


def _shocks(specs: Iterable[ModelSpec], moved: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return, by regressor that moves, the raw drivers behind it and the share of each."""
    shocks: dict[str, dict[str, float]] = {}
    for spec in specs:
        sums = {term: spec.derive[term].of for term in spec.drivers if _is_plain_sum(term, spec)}
        summed = {raw for parts in sums.values() for raw in parts}
        own = [raw for raw in raw_drivers(spec) if raw not in summed]
        for term in [*(t for t in spec.drivers if t in sums or t in own), *own]:
            parts = sums.get(term, [term])
            if set(parts) & set(moved):
                shocks.setdefault(term, dict.fromkeys(parts, 1 / len(parts)))
    return shocks


def _is_plain_sum(term: str, spec: ModelSpec) -> bool:
    """Whether a regressor is a sum of raw drivers, so that it has a unit of its own."""
    rule = spec.derive.get(term)
    if rule is None or rule.apply != "sum" or rule.scale != 1:
        return False
    return not any(raw in spec.derive for raw in rule.of)


def _rows(model: str, term: str, draws: Array, time: Integers) -> pd.DataFrame:
    values = np.quantile(draws, LEVELS, axis=0)
    return pd.DataFrame(
        {
            "model": model,
            "term": term,
            "year": np.tile(time, len(LEVELS)),
            "level": np.repeat(LEVELS, len(time)),
            "value": values.ravel(),
        }
    )
