"""What ``forecast backtest`` adds when asked: tests against the rivals, corrected intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forecast.cli.output import say
from forecast.study.scoring.record import MODEL, Backtest

if TYPE_CHECKING:
    import pandas as pd


def echo_comparison(found: Backtest) -> None:
    """Print the tests against rivals as text, the caveat last."""
    say(f"\n{MODEL} against each rival: share of the mean loss saved, p-values")
    say(_text(found.more["rivals"]))
    say("\nmodel confidence set and superior ability, p-values")
    say(_text(found.more["sets"]))
    say(f"\n{found.caveat}")


def echo_corrected(found: Backtest) -> None:
    """Print the coverage of corrected intervals as text."""
    say("\n80 % intervals as forecast and corrected by what was known at the origin")
    say(_text(found.more["corrected"], digits=1))


def _text(frame: pd.DataFrame, digits: int = 3) -> str:
    return str(frame.to_string(index=False, na_rep="", float_format=f"{{:.{digits}f}}".format))
