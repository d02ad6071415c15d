"""What ``forecast backtest`` adds when asked: tests against the rivals, corrected intervals."""

from __future__ import annotations

from forecast.cli.output import say
from forecast.cli.score.chain_text import plain_text
from forecast.study.scoring.record import MODEL, Backtest


def echo_comparison(found: Backtest) -> None:
    """Print the tests against rivals as text, the caveat last."""
    say(f"\n{MODEL} against each rival: share of the mean loss saved, p-values")
    say(plain_text(found.more["rivals"]))
    say("\nmodel confidence set and superior ability, p-values")
    say(plain_text(found.more["sets"]))
    say(f"\n{found.caveat}")


def echo_corrected(found: Backtest) -> None:
    """Print the coverage of corrected intervals as text."""
    say("\n80 % intervals as forecast and corrected by what was known at the origin")
    say(plain_text(found.more["corrected"], digits=1))
