"""The sentence that offers another line, with the option to type."""

from __future__ import annotations

from forecast.projection.record import Projection
from forecast.reporting.wording import percent
from forecast.specs.line import LineSpec, line_options


def other_line_sentence(line: LineSpec, baseline: Projection, country: str) -> str:
    """Return why another line says more, which one, and the option that asks for it.

    Parameters
    ----------
    line : LineSpec
        `projection.scenarios.other_line`.
    baseline : Projection
    country : str
        Name of the subject.
    """
    horizon, first = int(baseline.years[-1]), int(baseline.years[0])
    why = (
        f"{country} stood above the {baseline.line} before {first}"
        if baseline.above_at_origin
        else f"{country} passes the {baseline.line} by {horizon} in "
        f"{percent(1 - baseline.crossing.never)} of paths"
    )
    return f"{why}. {offer(line)}"


def offer(line: LineSpec) -> str:
    """Return the sentence with the line and what to type, which for the default is nothing."""
    typed = " ".join(line_options(line))
    return f"The next to ask about is the {line.label}{': ' if typed else ''}{typed}."
