"""What was sealed, scored on what came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.evaluation.scores.probability_scores import brier, log_score_event

FLOOR = 0.0002
"""Probabilities nearer to 0 or 1 count as this: half of one error vector in 2,900."""


def score_sealed(table: pd.DataFrame, origin: int, incomes: pd.DataFrame) -> pd.DataFrame:
    """Return scores of sealed chances by line, view, event and years ahead.

    Events: ``passed``, of economies below the line at the origin, being above it in a year after
    the origin by the year told; ``below``, of those above it, being below in that year. A passage
    counts as known, whether it came or not, only where the incomes of all years since the origin
    are: a year's passages are known before the rest's lack of them, and would weigh too much.

    Parameters
    ----------
    table : pandas.DataFrame
        ``line, view, country, year, passed, below``; ``passed`` missing for economies above.
    origin : int
    incomes : pandas.DataFrame
        ``line, country, year, relative`` (log income over the line), as known now.

    Returns
    -------
    pandas.DataFrame
        ``line, view, event, years_ahead, year, known, open`` (forecasts with and without an
        outcome), ``said, came`` (means over the known), ``brier, log_score``; the last four missing
        where nothing is known.
    """
    outcomes = _outcomes(incomes, origin)
    both = table.merge(outcomes, on=["line", "country", "year"], how="left")
    both = both.assign(ahead=both["year"] - origin)
    rising = both["passed"].notna()
    events = {
        "passed": both[rising].assign(said=both["passed"], event=both["outcome_passed"]),
        "below": both[~rising].assign(said=both["below"], event=both["outcome_below"]),
    }
    rows = []
    for event, cases in events.items():
        for (line, view, ahead), group in cases.groupby(["line", "view", "ahead"], sort=False):
            told = _scores(group["said"].to_numpy(np.float64), group["event"].to_numpy(np.float64))
            place = {"event": event, "years_ahead": ahead, "year": group["year"].iloc[0]}
            rows.append({"line": line, "view": view, **place, **told})
    return pd.DataFrame(rows)


def _outcomes(incomes: pd.DataFrame, origin: int) -> pd.DataFrame:
    """Return ``outcome_passed`` and ``outcome_below`` by line, country and year after the origin.

    1 where the event came, 0 where it did not; ``outcome_passed`` is missing after a gap.
    """
    later = incomes[incomes["year"] > origin].sort_values("year")
    place = [later["line"], later["country"]]
    above = (later["relative"] > 0).astype(np.float64)
    unbroken = later.groupby(place).cumcount() + 1 == later["year"] - origin
    return later[["line", "country", "year"]].assign(
        outcome_passed=above.groupby(place).cummax().where(unbroken),
        outcome_below=1 - above,
    )


def _scores(said: Array, event: Array) -> dict[str, float]:
    known = np.isfinite(event)
    counts = {"known": int(known.sum()), "open": int((~known).sum())}
    if not known.any():
        return counts | dict.fromkeys(("said", "came", "brier", "log_score"), np.nan)
    p, came = np.clip(said[known], FLOOR, 1 - FLOOR), event[known]
    return counts | {
        "said": float(said[known].mean()),
        "came": float(came.mean()),
        "brier": float(brier(came, said[known]).mean()),
        "log_score": float(log_score_event(came, p).mean()),
    }
