"""The scores of a crossing backtest, one row a model, horizon and score."""

from __future__ import annotations

from typing import Any

import pandas as pd

from forecast.evaluation.probability_scores import brier, brier_parts, log_score_event


def score_crossing(cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``model, horizon, score, value, n`` of the cases of ``backtest_crossing``.

    ``brier`` and its parts over ten bins (``reliability``, ``resolution``, ``uncertainty``),
    ``log_score`` in nats with probabilities held between 0.001 and 0.999 (a walk that never
    passed in the draws says 0, which may not be meant), ``events`` their number.
    """
    rows: list[dict[str, Any]] = []
    for (model, horizon), group in cases.groupby(["model", "horizon"], sort=False):
        event = group["event"].to_numpy(dtype=float)
        said = group["probability"].to_numpy(dtype=float)
        parts = brier_parts(event, said)
        values = {
            "brier": float(brier(event, said).mean()),
            "log_score": float(log_score_event(event, said.clip(0.001, 0.999)).mean()),
            "reliability": parts.reliability,
            "resolution": parts.resolution,
            "uncertainty": parts.uncertainty,
            "events": float(event.sum()),
        }
        rows += [
            {"model": model, "horizon": horizon, "score": s, "value": v, "n": len(group)}
            for s, v in values.items()
        ]
    return pd.DataFrame(rows)
