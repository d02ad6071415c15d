"""A forecast against each of its rivals: what it saves, and whether that may be chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.evaluation.comparison.bootstrap import confidence_set, superior_ability
from forecast.evaluation.comparison.conditional import conditional_ability
from forecast.evaluation.comparison.losses import losses_by_origin
from forecast.evaluation.comparison.skill import diebold_mariano, skill_by_block

LEVEL = 0.1
MIN_ORIGINS = 10  # below it no test by origin is made
MIN_BLOCKS = 3  # of the horizon's length: with fewer the bootstrap draws the sample itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A forecast and its rivals.

    Attributes
    ----------
    rivals : pandas.DataFrame
        ``horizon, rival, origins, saved, low, high`` (share of the rival's mean loss, with a 95 %
        interval from drawing whole countries), ``dm_p`` (Diebold-Mariano, Harvey's correction),
        ``gw_p`` (Giacomini-White, constant and last known difference) and ``gw_own`` (share of
        origins at which that favours the forecast). Tests on means over countries by origin; NaN
        where fewer than ``MIN_ORIGINS`` are left.
    sets : pandas.DataFrame
        ``horizon, model, mean_loss, mcs_p`` of all models, and ``spa_p`` of the forecast (small
        where a rival beats it). NaN where origins are fewer than ``MIN_BLOCKS`` horizons.
    caveat : str
        How many of the tests come out small by chance alone.
    """

    rivals: pd.DataFrame
    sets: pd.DataFrame
    caveat: str


def compare_with_rivals(
    cases: pd.DataFrame, loss: str, *, model: str = "pool", seed: int = 0
) -> Comparison:
    """Return the tests of one model against all others, at every horizon.

    Parameters
    ----------
    cases : pandas.DataFrame
        ``model, origin, horizon, country`` and the column ``loss``; lower is better.
    loss : str
    model : str
        The forecast that is tested.
    seed : int
        Of the bootstraps.
    """
    rng = np.random.default_rng(seed)
    rivals: list[dict[str, Any]] = []
    sets: list[dict[str, Any]] = []
    for horizon in sorted(cases["horizon"].unique()):
        table = losses_by_origin(cases, loss, horizon)
        rows = cases[cases["horizon"] == horizon]
        wide = rows.pivot(index=["origin", "country"], columns="model", values=loss).dropna()
        blocks = wide.index.get_level_values("country").to_numpy()
        for rival in [name for name in table.columns if name != model]:
            skill = skill_by_block(wide[model].to_numpy(), wide[rival].to_numpy(), blocks, rng)
            rivals.append(
                {"horizon": int(horizon), "rival": rival, "origins": len(table),
                 "saved": skill.value, "low": skill.low, "high": skill.high,
                 **_by_origin(table, model, rival, int(horizon))}
            )  # fmt: skip
        sets += _sets(table, model, int(horizon), rng)
    found = pd.DataFrame(rivals)
    return Comparison(rivals=found, sets=pd.DataFrame(sets), caveat=_caveat(found))


def _by_origin(table: pd.DataFrame, model: str, rival: str, horizon: int) -> dict[str, float]:
    own, other = table[model].to_numpy(), table[rival].to_numpy()
    if len(table) < MIN_ORIGINS:
        return {"dm_p": np.nan, "gw_p": np.nan, "gw_own": np.nan}
    found = {"dm_p": diebold_mariano(other, own, horizon).p_value, "gw_p": np.nan, "gw_own": np.nan}
    if len(table) - horizon >= MIN_ORIGINS:
        given = conditional_ability(other, own, horizon)
        found |= {"gw_p": given.p_value, "gw_own": given.second_better}
    return found


def _sets(
    table: pd.DataFrame, model: str, horizon: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    inside, best = pd.Series(np.nan, index=table.columns), np.nan
    least = max(MIN_ORIGINS, MIN_BLOCKS * horizon)
    if len(table) >= least and table.shape[1] > 1:
        inside = confidence_set(table, horizon, rng)
        best = superior_ability(table, model, horizon, rng).p_value
    return [
        {
            "horizon": horizon,
            "model": name,
            "mean_loss": float(table[name].mean()),
            "mcs_p": float(inside[name]),
            "spa_p": best if name == model else np.nan,
        }
        for name in table.columns
    ]


def _caveat(rivals: pd.DataFrame) -> str:
    if rivals.empty:
        return "One model alone: nothing is compared."
    made = rivals[["dm_p", "gw_p"]].to_numpy(dtype=np.float64)
    number, small = int(np.isfinite(made).sum()), int((made < LEVEL).sum())
    return (
        f"{number} tests, {small} with p below {LEVEL}; about {number * LEVEL:.1f} would be by "
        "chance alone if all forecasts were equally good. The tests share data and are not "
        "independent; origins closer than the horizon overlap and say less than their number. The "
        "model confidence set takes the number of models into account, not the number of horizons."
    )
