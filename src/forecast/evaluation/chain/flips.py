"""How often a forecast of one event changes its mind from origin to origin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array


def flip_flop(cases: pd.DataFrame, least: int = 3) -> pd.DataFrame:
    """Return how much the probability of passing by one year goes back and forth.

    A sequence is what a model said of one economy and one year of passage, from successive origins
    ever nearer to it, for as long as the economy was a case. Its index is the sum of the absolute
    changes less what the range needs, over the number of changes less one.

    Parameters
    ----------
    cases : pandas.DataFrame
        ``model, origin, horizon, country, probability``.
    least : int
        Forecasts that a sequence must have.

    Returns
    -------
    pandas.DataFrame
        ``model, sequences``; ``flip_flop``, the mean index, probability; ``change``, the mean
        absolute change; ``reversals``, changes of sign over 2 % each as a share of pairs of
        changes.

    References
    ----------
    Griffiths, D., Foley, M., Ioannou, I. and Leeuwenburg, T. (2019), Flip-Flop Index: quantifying
    revision stability for fixed-event forecasts, Meteorological Applications 26.
    """
    told = cases.assign(target=cases["origin"] + cases["horizon"])
    told = told.sort_values(["model", "country", "target", "origin"])
    rows = []
    for model, own in told.groupby("model", sort=False):
        found = [
            part
            for _, one in own.groupby(["country", "target"], sort=False)
            for part in _runs(one, least)
        ]
        changes = [np.diff(part) for part in found]
        turns = [(np.sign(c[1:]) != np.sign(c[:-1])) & _large(c) for c in changes]
        rows.append({
            "model": model,
            "sequences": len(found),
            "flip_flop": float(np.mean([_index(part) for part in found])) if found else np.nan,
            "change": float(np.abs(np.concatenate(changes)).mean()) if found else np.nan,
            "reversals": float(np.concatenate(turns).mean()) if found else np.nan,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _large(changes: Array) -> Array:
    return np.asarray(np.minimum(np.abs(changes[1:]), np.abs(changes[:-1])) > 0.02)


def _runs(one: pd.DataFrame, least: int) -> list[Array]:
    """Return the probabilities of unbroken runs of origins that are long enough."""
    origin = one["origin"].to_numpy()
    said = one["probability"].to_numpy(dtype=np.float64)
    parts = np.split(said, np.flatnonzero(np.diff(origin) != 1) + 1)
    return [part for part in parts if len(part) >= least]


def _index(said: Array) -> float:
    moved = float(np.abs(np.diff(said)).sum() - (said.max() - said.min()))
    return moved / (len(said) - 2)
