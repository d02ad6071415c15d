"""The scores of a growth or income backtest, one row a model, horizon and score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forecast.evaluation.scores import scores
from forecast.evaluation.scores.pit import pit_counts, pit_test

COVERAGES = (50, 80, 90, 95)
_MEANS = (
    "crps", "log_score", "pinball_10", "pinball_90", "interval_score_80", "sharpness_80",
    *(f"coverage_{p}" for p in COVERAGES),
)  # fmt: skip


def case_scores(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases of ``backtest_growth`` with one column a score that averages over cases.

    Added: ``squared``, ``crps``, ``log_score``, ``pinball_10``, ``pinball_90``,
    ``interval_score_80``, ``sharpness_80`` (width of the interval), ``coverage_50`` to
    ``coverage_95`` (%), ``pit``.
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
        "sharpness_80": high - low,
        "pit": scores.pit_t(y, mean, scale, degrees),
    }
    for percent in COVERAGES:
        tail = (1 - percent / 100) / 2
        ends = (scores.quantile_t(mean, scale, degrees, q) for q in (tail, 1 - tail))
        added[f"coverage_{percent}"] = scores.covered(y, *ends)
    return cases.assign(**added)


def score_growth(cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``model, horizon, score, value, n`` of the cases of ``backtest_growth``.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of ``backtest_growth`` or ``backtest_income``; in the unit u of its outcome.

    Returns
    -------
    pandas.DataFrame
        ``rmse``, ``mae``, ``bias``, ``crps``, ``pinball_*``, ``interval_score_80``,
        ``sharpness_80`` (mean width of the 80 % interval) in u; coverage in %; ``log_score`` in
        nats; ``pit_uneven`` the mean absolute distance of the ten PIT bins from 10 %, in percentage
        points; ``pit_p`` the p-value of ``pit_test`` by country; ``energy_score`` of the path over
        1, 2, 3 and 5 years, in u, told at 5.
    """
    return _rows(case_scores(cases))


def score_growth_by(cases: pd.DataFrame, group: pd.Series, by: str) -> pd.DataFrame:
    """Return ``score_growth`` of each group of cases, with columns ``by`` and ``group`` before.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of ``backtest_growth`` or ``backtest_income``.
    group : pandas.Series
        The group's name for each row of ``cases``.
    by : str
        What the groups are.
    """
    scored = case_scores(cases)
    frames = [
        _rows(scored[group == name]).assign(by=by, group=name) for name in sorted(group.unique())
    ]
    columns = ["by", "group", "model", "horizon", "score", "value", "n"]
    return pd.concat(frames, ignore_index=True)[columns]


def pit_table(cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``model, horizon, low, high, share, n``: PIT shares in tenths, %; 10 is even."""
    rows = []
    for (model, horizon), group in case_scores(cases).groupby(["model", "horizon"], sort=False):
        counts = pit_counts(group["pit"].to_numpy())
        width = 1 / len(counts)
        rows += [
            {
                "model": model,
                "horizon": horizon,
                "low": k * width,
                "high": (k + 1) * width,
                "share": 100 * count / len(group),
                "n": len(group),
            }
            for k, count in enumerate(counts)
        ]
    return pd.DataFrame(rows)


def _rows(scored: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for (model, horizon), group in scored.groupby(["model", "horizon"], sort=False):
        y, mean = group["outcome"].to_numpy(), group["mean"].to_numpy()
        pit = group["pit"].to_numpy()
        shares = 100 * pit_counts(pit) / len(pit)
        values = {
            "rmse": scores.rmse(y, mean),
            "mae": scores.mae(y, mean),
            "bias": scores.bias(y, mean),
            **{name: float(group[name].mean()) for name in _MEANS},
            "pit_uneven": float(np.abs(shares - 100 / len(shares)).mean()),
            "pit_p": pit_test(pit, group["country"].to_numpy()).p_value,
        }
        counts = dict.fromkeys(values, len(group))
        paths = group["energy"].dropna()
        if len(paths):
            values["energy_score"], counts["energy_score"] = float(paths.mean()), len(paths)
        rows += [
            {"model": model, "horizon": horizon, "score": s, "value": v, "n": counts[s]}
            for s, v in values.items()
        ]
    return pd.DataFrame(rows)
