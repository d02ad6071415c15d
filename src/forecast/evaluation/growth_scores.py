"""The scores of a growth backtest, one row a model, horizon and score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forecast.evaluation import scores

COVERAGES = (50, 80, 90, 95)
DECILES = 10


def case_scores(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases of ``backtest_growth`` with one column a score that averages over cases.

    Added: ``squared``, ``crps``, ``log_score``, ``pinball_10``, ``pinball_90``,
    ``interval_score_80``, ``coverage_50`` to ``coverage_95`` (%), ``pit``.
    """
    y, mean, scale, degrees = (
        cases[c].to_numpy(dtype=np.float64) for c in ("outcome", "mean", "scale", "degrees")
    )
    low, high = (scores.quantile_t(mean, scale, degrees, q) for q in (0.1, 0.9))
    added = {
        "squared": (y - mean) ** 2,
        "crps": scores.crps_t(y, mean, scale, degrees),
        "log_score": scores.log_score_t(y, mean, scale, degrees),
        "pinball_10": scores.pinball(y, low, 0.1),
        "pinball_90": scores.pinball(y, high, 0.9),
        "interval_score_80": scores.interval_score(y, low, high, 0.8),
        "pit": scores.pit_t(y, mean, scale, degrees),
    }
    for percent in COVERAGES:
        tail = (1 - percent / 100) / 2
        ends = (scores.quantile_t(mean, scale, degrees, q) for q in (tail, 1 - tail))
        added[f"coverage_{percent}"] = scores.covered(y, *ends)
    return cases.assign(**added)


def score_growth(cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``model, horizon, score, value, n`` of the cases of ``backtest_growth``.

    ``rmse``, ``mae``, ``bias``, ``crps``, ``pinball_*`` and ``interval_score_80`` in percentage
    points a year, coverage in %, ``log_score`` in nats, ``pit_uneven`` the mean absolute distance
    of the ten PIT bins from 10 %, in percentage points.
    """
    means = [
        "crps", "log_score", "pinball_10", "pinball_90", "interval_score_80",
        *(f"coverage_{p}" for p in COVERAGES),
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for (model, horizon), group in case_scores(cases).groupby(["model", "horizon"], sort=False):
        y, mean = group["outcome"].to_numpy(), group["mean"].to_numpy()
        values = {
            "rmse": scores.rmse(y, mean),
            "mae": scores.mae(y, mean),
            "bias": scores.bias(y, mean),
            **{name: float(group[name].mean()) for name in means},
            "pit_uneven": _uneven(group["pit"].to_numpy()),
        }
        rows += [
            {"model": model, "horizon": horizon, "score": s, "value": v, "n": len(group)}
            for s, v in values.items()
        ]
    return pd.DataFrame(rows)


def _uneven(pit: scores.Array) -> float:
    counts, _ = np.histogram(pit, bins=DECILES, range=(0, 1))
    return float(np.abs(100 * counts / max(len(pit), 1) - 100 / DECILES).mean())
