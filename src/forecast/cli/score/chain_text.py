"""The income chain's scores as ``forecast backtest --target chain`` prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ("brier", "log_score", "rps", "crps", "crps_line", "coverage_80", "pit_chi2")
SHOWN_BY = ("n", "events", "said", "came", "brier", "coverage_80")


def chain_text(scores: pd.DataFrame, more: Mapping[str, pd.DataFrame]) -> str:
    """Return scores, calibration of the chain, groups and differences as text."""
    from forecast.evaluation.chain.backtest import CHAIN

    parts = []
    for name in SHOWN:
        chosen = scores[scores["score"] == name]
        if len(chosen):
            wide = chosen.pivot_table(index="model", columns="horizon", values="value", sort=False)
            parts.append(f"{name}\n{wide.to_string(float_format='{:.4f}'.format)}")
    told = more["calibration"]
    own = told[told["model"] == CHAIN].drop(columns="model")
    if len(own):
        parts.append(f"said and came, {CHAIN}\n{plain_text(own)}")
    if "groups" in more:
        rows = more["groups"]
        rows = rows[rows["model"] == CHAIN][["by", "group", "horizon", *SHOWN_BY]]
        parts.append(f"groups, {CHAIN}\n{plain_text(rows, digits=4)}")
    if "differences" in more:
        parts.append(
            "Brier score less the rival's, 90 % over samples of economies\n"
            + plain_text(more["differences"], digits=4)
        )
    return "\n\n".join(parts)


def plain_text(frame: pd.DataFrame, digits: int = 3) -> str:
    """Return a table as text, numbers with as many decimals; what is missing is empty."""
    form = f"{{:.{digits}f}}".format
    return str(frame.to_string(index=False, na_rep="", float_format=form))
