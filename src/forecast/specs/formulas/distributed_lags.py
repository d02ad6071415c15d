"""``l(x, 0:2)``: several lags, leads or differences of a term, as so many terms."""

from __future__ import annotations

import re

from forecast.errors import SpecError
from forecast.specs.formulas.terms import closing

CALL = re.compile(r"(?<![\w.])(l|lag|f|lead)\s*\(")
RANGE = re.compile(r",\s*(-?\d+)\s*:\s*(-?\d+)\s*$")
MOST = 50


def written_out(right: str, what: str) -> str:
    """Return the terms with every range of lags as a sum: ``(x + l(x, 1) + l(x, 2))``.

    A lag of 0 is the term itself, a negative one a lead.

    Raises
    ------
    SpecError
        If a range runs backwards or has more than 50 lags.
    """
    made, position = "", 0
    while found := CALL.search(right, position):
        end = closing(right, found.end() - 1)
        inner = right[found.end() : end]
        span = RANGE.search(inner)
        if span is None:
            made += right[position : found.end()]
            position = found.end()
            continue
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first <= MOST:
            raise SpecError(
                f"{what}: {right[found.start() : end + 1]}: must run upwards, {MOST} at most"
            )
        term = inner[: span.start()].strip()
        sign = -1 if found[1] in ("f", "lead") else 1
        terms = [_shifted(term, sign * by) for by in range(first, last + 1)]
        made += right[position : found.start()] + f"({' + '.join(terms)})"
        position = end + 1
    return made + right[position:]


def _shifted(term: str, by: int) -> str:
    if by == 0:
        return term
    return f"lag({term}, {by})" if by > 0 else f"lead({term}, {-by})"
