"""What one unit more of a driver, for good, does to the level of output per worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.projection.drivers.effects import model_growth
from forecast.projection.futures.futures import Futures
from forecast.projection.regressors import gap_outcome, made_of, raw_drivers, regressor_path
from forecast.randomness.draw_quantiles import draw_quantiles
from forecast.specs.model import ModelSpec

POOL = "pool of models"  # no model can have this name: it is not one word
LEVELS = (0.1, 0.5, 0.9)
YEARS_SHOWN = 25
COLUMNS = ["model", "term", "year", "level", "value"]


def responses(futures: Futures, moved: Sequence[str], years: int = YEARS_SHOWN) -> pd.DataFrame:
    """Return responses to a lasting rise of each driver, by model behind the effects.

    Coefficients, gaps and the recursion are those of the scenarios (`model_growth`): the driver
    rises by one unit as the projection begins and stays there, and the response comes as the model
    has it, late where the driver is an initial value, by and by where R&D builds a stock that
    depreciates, dying out or building up by the gap's coefficient, with capital following where
    the model says so. A sum (openness is exports plus imports) rises by one in equal parts.

    Parameters
    ----------
    futures : Futures
    moved : sequence of str
        Raw drivers that the scenarios move; others have no rows.
    years : int
        Years after the rise, the projected ones at most; year 0 is the rise itself.

    Returns
    -------
    pandas.DataFrame
        ``model, term, year, level, value``: the quantile ``level`` of the draws, % of the level.
        Model `POOL` is all draws together, in which a model without the driver counts as zero.
    """
    specs = {name: futures.setting.estimates[name].spec for name in futures.coefficients.models}
    ahead = futures.years[:years]
    time = np.arange(len(ahead) + 1)
    pieces = []
    for term, shock in _shocks(specs.values(), moved).items():
        drawn = {name: _of_model(futures, name, shock, ahead) for name in specs}
        pieces += [_rows(name, term, d, time) for name, d in drawn.items() if d.any()]
        pieces.append(_rows(POOL, term, np.concatenate(list(drawn.values())), time))
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=COLUMNS)


def _of_model(futures: Futures, name: str, shock: Mapping[str, float], ahead: Integers) -> Array:
    """Return the level's response of one model's draws, (draws, t + 1), %; zero in year 0."""
    coefficients, spec = futures.coefficients, futures.setting.estimates[name].spec
    beta = coefficients.beta[name]
    touched = [raw for raw in raw_drivers(spec) if raw in shock]
    if not touched:
        return np.zeros((len(beta), len(ahead) + 1))
    held = futures.setting.drivers
    risen = held.copy()
    for raw in touched:
        risen.loc[risen.index >= ahead[0], raw] += shock[raw]
    step = futures.setting.growth_panel.step
    here, there = (regressor_path(spec, path, ahead, step) for path in (held, risen))
    rows = coefficients.assignment == coefficients.models.index(name)
    growth = model_growth(
        beta, here, there, futures.gaps[gap_outcome(spec)][rows, : len(ahead)], spec.capital
    )
    level = np.cumsum(np.pad(growth, ((0, 0), (1, 0))), axis=1)
    return np.asarray(100 * np.expm1(level / 100))


def _shocks(specs: Iterable[ModelSpec], moved: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return, by what rises, the raw drivers behind it and the share of each.

    A sum of raw drivers rises as one where a model has them in no other way.
    """
    shocks: dict[str, dict[str, float]] = {}
    for spec in specs:
        summed = _summed(spec)
        inside = {raw for parts in summed.values() for raw in parts}
        for term in [*summed, *(raw for raw in raw_drivers(spec) if raw not in inside)]:
            parts = summed.get(term, [term])
            if set(parts) & set(moved):
                shocks.setdefault(term, dict.fromkeys(parts, 1 / len(parts)))
    return shocks


def _summed(spec: ModelSpec) -> dict[str, list[str]]:
    """Return the sums of raw drivers behind a model's regressors, each under its plain name."""
    found = {}
    for term, rule in spec.derive.items():
        if rule.apply == "sum" and rule.scale == 1 and not any(n in spec.derive for n in rule.of):
            found[made_of(term)] = [made_of(name) for name in rule.of]
    return found


def _rows(model: str, term: str, draws: Array, time: Integers) -> pd.DataFrame:
    values = draw_quantiles(draws, LEVELS)
    return pd.DataFrame(
        {
            "model": model,
            "term": term,
            "year": np.tile(time, len(LEVELS)),
            "level": np.repeat(LEVELS, len(time)),
            "value": values.ravel(),
        }
    )
