"""What ``forecast backtest`` adds when asked: tests against the rivals, corrected intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forecast.cli.output import rows_of, say
from forecast.errors import SpecError

if TYPE_CHECKING:
    import pandas as pd

MODEL = "pool"


def comparison(target: str, cases: pd.DataFrame) -> dict[str, Any]:
    """Return the tests of the shipped forecast against its rivals, ready for JSON.

    Squared errors of numbers; Brier scores of passing.

    Parameters
    ----------
    target : str
        ``crossing``, or one whose cases have ``mean`` and ``outcome``, such as ``growth``.
    cases : pandas.DataFrame
        Of ``backtest_growth`` or ``backtest_crossing``, of ``pool`` and at least one rival.

    Raises
    ------
    SpecError
        If ``pool`` or every rival is missing.
    """
    from forecast.evaluation.comparison.tests import compare_with_rivals

    present = list(dict.fromkeys(cases["model"]))
    if MODEL not in present or len(present) < 2:
        raise SpecError(f"--models: found {', '.join(present)}, must hold {MODEL} and a rival")
    said, came = ("probability", "event") if target == "crossing" else ("mean", "outcome")
    found = compare_with_rivals(cases.assign(loss=(cases[said] - cases[came]) ** 2), "loss")
    return {
        "rivals": rows_of(found.rivals),
        "sets": rows_of(found.sets),
        "caveat": found.caveat,
    }


def echo_comparison(found: dict[str, Any]) -> None:
    """Print the result of ``comparison`` as text, the caveat last."""
    import pandas as pd

    say(f"\n{MODEL} against each rival: share of the mean loss saved, p-values")
    say(_text(pd.DataFrame(found["rivals"])))
    say("\nmodel confidence set and superior ability, p-values")
    say(_text(pd.DataFrame(found["sets"])))
    say(f"\n{found['caveat']}")


def corrected(cases: pd.DataFrame) -> list[dict[str, Any]]:
    """Return coverage and width of ``pool``'s 80 % intervals of growth before and after correction.

    One row a method (split, adaptive) and horizon; nothing else that is printed uses the corrected
    intervals.

    Raises
    ------
    SpecError
        If ``pool`` is missing.
    """
    import pandas as pd

    from forecast.evaluation.conformal.intervals import (
        METHODS,
        conformal_coverage,
        conformal_intervals,
    )

    own = cases[cases["model"] == MODEL]
    if own.empty:
        raise SpecError(f"--models: found no {MODEL}, must hold it")
    tables = [
        conformal_coverage(conformal_intervals(own, method=method)).assign(method=method)
        for method in METHODS
    ]
    return rows_of(pd.concat(tables, ignore_index=True))


def echo_corrected(rows: list[dict[str, Any]]) -> None:
    """Print the result of ``corrected`` as text."""
    import pandas as pd

    say("\n80 % intervals as forecast and corrected by what was known at the origin")
    say(_text(pd.DataFrame(rows), digits=1))


def _text(frame: pd.DataFrame, digits: int = 3) -> str:
    return str(frame.to_string(index=False, na_rep="", float_format=f"{{:.{digits}f}}".format))
