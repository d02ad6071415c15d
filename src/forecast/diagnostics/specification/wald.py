"""Wald tests of linear and nonlinear hypotheses about coefficients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy import linalg

from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError, SpecError
from forecast.estimation.inference.expression import Smooth, evaluate, hold_terms
from forecast.estimation.record import Estimate
from forecast.statistics.significance.tails import chi2_sf, f_sf

RANK = 1e-10  # restrictions in standard-error units: a pivot below this share is a repetition


def wald(
    estimate: Estimate, hypothesis: str | Sequence[str], distribution: Literal["F", "chi2"] = "F"
) -> TestResult:
    """Return the Wald test of hypotheses about coefficients.

    W = g' (G V G')^-1 g with g the left less the right sides and G their gradient; F = W / q on
    (q, ``df_resid``) degrees of freedom, or W as chi-squared (Wooldridge 2010, section 12.6). For
    linear hypotheses g = Rb - r. A nonlinear one is tested to first order; there the statistic
    depends on how it is written (Gregory and Veall 1985), and the note says so.

    Parameters
    ----------
    estimate : Estimate
        Its own covariance enters: robust where the estimate is.
    hypothesis : str or sequence of str
        ``"rd_gdp = 0, openness = 2*rd_gdp"``: separated by commas, semicolons or lines; without
        ``=`` a side of zero is meant.
    distribution : {"F", "chi2"}

    Returns
    -------
    TestResult
        ``df`` q, ``df_denominator`` for F.

    Raises
    ------
    SpecError
        If a hypothesis cannot be read, names no coefficient, or repeats another.
    EstimationError
        If the statistic is not finite.
    """
    if distribution not in {"F", "chi2"}:
        raise SpecError(f"distribution: found {distribution!r}, must be 'F' or 'chi2'")
    sides = _restrictions(estimate, hypothesis)
    with np.errstate(over="ignore", invalid="ignore"):
        statistic, q = _quadratic_form(sides, estimate, hypothesis), len(sides)
    if not np.isfinite(statistic):
        raise EstimationError(
            f"hypothesis {hypothesis!r}: the statistic is not finite; the covariance or the "
            f"numbers of the hypothesis are too far from one another"
        )
    denominator = float(estimate.df_resid) if distribution == "F" else None
    p_value = float(
        chi2_sf(statistic, q) if denominator is None else f_sf(statistic / q, q, denominator)
    )
    statistic /= 1 if denominator is None else q
    shown = hypothesis if isinstance(hypothesis, str) else ", ".join(hypothesis)
    linear = all(one.linear for one in sides)
    return TestResult(
        name=f"Wald {distribution}",
        statistic=statistic,
        df=q,
        df_denominator=denominator,
        p_value=p_value,
        null=shown.strip(),
        note="" if linear else "nonlinear: to first order, and dependent on how it is written",
    )


def _quadratic_form(
    sides: Sequence[Smooth], estimate: Estimate, hypothesis: str | Sequence[str]
) -> float:
    """Return g' (G V G')^-1 g, in standard-error units so that no unit decides the rank."""
    steep = np.array([np.abs(one.gradient).max() for one in sides])
    gradient = np.stack([one.gradient for one in sides]) / steep[:, None]
    spread = gradient @ estimate.cov @ gradient.T
    variance = np.diag(spread)
    scale = np.sqrt(np.where(variance > 0, variance, 1.0))
    values = np.array([one.value for one in sides]) / steep / scale
    spread = spread / np.outer(scale, scale)
    pivots = np.abs(np.diag(linalg.qr(spread, pivoting=True)[1]))
    if not (variance > 0).all() or pivots.min() <= RANK * pivots.max():
        raise SpecError(
            f"hypothesis {hypothesis!r}: the restrictions are not independent of each other, or "
            f"more than the covariance has dimensions"
        )
    return float(values @ np.linalg.solve(spread, values))


def _restrictions(estimate: Estimate, hypothesis: str | Sequence[str]) -> list[Smooth]:
    texts = [hypothesis] if isinstance(hypothesis, str) else list(hypothesis)
    found = []
    for text in texts:
        # names may hold commas, as lag(x, 1) does: they are taken out before the text is cut
        held, names = hold_terms(text, estimate.terms)
        plain = tuple(names)
        for piece in filter(str.strip, re.split(r"[,;\n]", held)):
            found.append(_difference(piece, plain, estimate, text))
    if not found:
        raise SpecError(f"hypothesis {hypothesis!r}: found none")
    return found


def _difference(piece: str, names: tuple[str, ...], estimate: Estimate, text: str) -> Smooth:
    parts = re.split(r"==?", piece)
    if len(parts) > 2:
        raise SpecError(f"hypothesis {text!r}: found more than one '=' between two commas")
    left = parts[0].strip()
    right = parts[1].strip() if len(parts) == 2 else "0"
    try:
        one = evaluate(f"({left}) - ({right})", names, estimate.params.to_numpy())
    except SpecError as error:
        readable = str(error)
        for place, name in enumerate(names):
            readable = re.sub(rf"\b{name}\b", estimate.terms[place], readable)
        raise SpecError(f"hypothesis {text!r}: {readable}") from None
    if not one.gradient.any():
        raise SpecError(f"hypothesis {text!r}: found no coefficient in {piece.strip()!r}")
    return one
