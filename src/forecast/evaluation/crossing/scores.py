"""The scores of a crossing backtest, one row a model, horizon and score."""

from __future__ import annotations

from typing import Any

import pandas as pd

from forecast.evaluation.scores.discrimination import roc_area
from forecast.evaluation.scores.isotonic_scores import isotonic_parts
from forecast.evaluation.scores.probability_scores import brier, brier_parts, log_score_event
from forecast.evaluation.scores.ranked_scores import ranked_probability


def score_crossing(cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``model, horizon, score, value, n`` of the cases of ``backtest_crossing``.

    ``brier`` and its parts over ten bins (``reliability``, ``resolution``, ``uncertainty``; with
    ``within`` they sum to it) and without bins (``miscalibration``, ``discrimination``),
    ``log_score`` in nats with probabilities held between 0.001 and 0.999 (a walk that never
    passed in the draws says 0, which may not be meant), ``roc_area``, ``events`` their number.
    ``rps`` is the ranked probability score of the time of passing (within the first horizon,
    between it and the second, ..., never), under the longest horizon; of the cases whose future is
    known over all horizons.
    """
    rows: list[dict[str, Any]] = []
    for (model, horizon), group in cases.groupby(["model", "horizon"], sort=False):
        event = group["event"].to_numpy(dtype=float)
        said = group["probability"].to_numpy(dtype=float)
        parts, isotonic = brier_parts(event, said), isotonic_parts(event, said)
        values = {
            "brier": float(brier(event, said).mean()),
            "log_score": float(log_score_event(event, said.clip(0.001, 0.999)).mean()),
            "reliability": parts.reliability,
            "resolution": parts.resolution,
            "uncertainty": parts.uncertainty,
            "within": parts.within,
            "miscalibration": isotonic.miscalibration,
            "discrimination": isotonic.discrimination,
            "roc_area": roc_area(event, said),
            "events": float(event.sum()),
        }
        rows += [
            {"model": model, "horizon": horizon, "score": s, "value": v, "n": len(group)}
            for s, v in values.items()
        ]
    return pd.DataFrame([*rows, *_ranked(cases)])


def _ranked(cases: pd.DataFrame) -> list[dict[str, Any]]:
    horizons = sorted(cases["horizon"].unique())
    wide = cases.pivot(
        index=["model", "origin", "country"], columns="horizon", values=["event", "probability"]
    ).dropna()
    if len(horizons) < 2 or wide.empty:
        return []
    scored = pd.Series(
        ranked_probability(
            wide["event"][horizons].to_numpy(dtype=float),
            wide["probability"][horizons].to_numpy(dtype=float),
        ),
        index=wide.index,
    )
    return [
        {
            "model": model,
            "horizon": horizons[-1],
            "score": "rps",
            "value": float(values.mean()),
            "n": len(values),
        }
        for model, values in scored.groupby("model", sort=False)
    ]
