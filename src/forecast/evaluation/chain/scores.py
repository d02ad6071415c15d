"""Scores of the income chain's backtest: of the event, of the path, of groups, of differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.evaluation.chain.backtest import CASE, CHAIN
from forecast.evaluation.comparison.skill import loss_gap_by_block
from forecast.evaluation.crossing.groups import crossing_by_group
from forecast.evaluation.crossing.scores import score_crossing
from forecast.evaluation.scores.pit import pit_test
from forecast.evaluation.scores.probability_scores import reliability_table
from forecast.evaluation.scores.scores import bias, covered


def score_chain(cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``model, horizon, score, value, n`` of the cases of ``backtest_chain``.

    The scores of ``score_crossing``; of the chain also ``crps`` and ``crps_line`` (log points),
    ``coverage_80`` (%), ``bias`` of the median (log points), ``pit_chi2`` and ``pit_p`` (is the
    PIT even, economies being independent).
    """
    rows: list[dict[str, Any]] = []
    for (model, horizon), group in _with_paths(cases).groupby(["model", "horizon"], sort=False):
        pit = pit_test(group["pit"].to_numpy(), group["country"].to_numpy())
        values = {
            "crps": group["crps"].mean(),
            "crps_line": group["crps_line"].mean(),
            "coverage_80": _held(group).mean(),
            "bias": 100 * bias(group["outcome"].to_numpy(), group["median"].to_numpy()),
            "pit_chi2": pit.statistic,
            "pit_p": pit.p_value,
        }
        rows += [
            {"model": model, "horizon": horizon, "score": s, "value": float(v), "n": len(group)}
            for s, v in values.items()
        ]
    return pd.concat([score_crossing(cases), pd.DataFrame(rows)], ignore_index=True)


def score_chain_by(cases: pd.DataFrame, group: pd.Series, by: str) -> pd.DataFrame:
    """Return what was said of each group and what came, with coverage and CRPS of the chain.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of ``backtest_chain``.
    group : pandas.Series
        Group of each case, on the index of ``cases``.
    by : str
        What the groups are, as the column ``by``.

    Returns
    -------
    pandas.DataFrame
        ``by`` and the columns of ``crossing_by_group``; ``crps`` (log points) and ``coverage_80``
        (%), NaN of rivals.
    """
    known = _with_paths(cases.assign(group=group)).dropna(subset=["group"])
    known = known.assign(coverage_80=_held(known))
    keys = ["model", "horizon", "group"]
    paths = known.groupby(keys, sort=False)[["crps", "coverage_80"]].mean().reset_index()
    told = crossing_by_group(cases, group).merge(paths, on=keys, how="left")
    return told.assign(by=by)[["by", *[c for c in told.columns if c != "by"]]]


def chain_calibration(cases: pd.DataFrame, bins: int = 10) -> pd.DataFrame:
    """Return ``reliability_table`` of every model and horizon, those keys before its columns."""
    keys = ["model", "horizon"]
    parts = {
        key: reliability_table(
            group["event"].to_numpy(dtype=np.float64), group["probability"].to_numpy(), bins
        )
        for key, group in cases.groupby(keys, sort=False)
    }
    return pd.concat(parts, names=keys).reset_index(level=keys).reset_index(drop=True)


def chain_differences(cases: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Return the chain's Brier score less each rival's on the same cases, by horizon.

    Returns
    -------
    pandas.DataFrame
        ``rival, horizon, difference, low, high, n``: the interval is the central 90 % over samples
        of whole economies. Overlapping origins share the world's shocks, so it is rather narrow.
    """
    squared = cases.assign(loss=(cases["probability"] - cases["event"]) ** 2)
    own = squared.loc[squared["model"] == CHAIN, [*CASE, "loss"]]
    rivals = squared[squared["model"] != CHAIN].merge(own, on=CASE, suffixes=("_rival", ""))
    rows = []
    for (rival, horizon), group in rivals.groupby(["model", "horizon"], sort=False):
        gap = (group["loss"] - group["loss_rival"]).to_numpy()
        found = loss_gap_by_block(gap, group["country"].to_numpy(), rng)
        rows.append({
            "rival": rival, "horizon": horizon, "difference": found.value,
            "low": found.low, "high": found.high, "n": len(group),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["rival", "horizon", "difference", "low", "high", "n"])


def _with_paths(cases: pd.DataFrame) -> pd.DataFrame:
    return cases[cases["crps"].notna()] if "crps" in cases else cases.iloc[:0]


def _held(cases: pd.DataFrame) -> pd.Series:
    inside = covered(*(cases[c].to_numpy() for c in ("outcome", "low", "high")))
    return pd.Series(inside, index=cases.index)
