"""The least effort at which the line is passed in time with a probability asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Mask

# A grid step divided by 4e9: below what any driver is measured to.
HALVINGS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortSearch:
    """What a search along one ray found.

    Attributes
    ----------
    effort : float
        The least effort found; NaN where none on the ray does it.
    probability : float
        At that effort; NaN likewise.
    efforts : (g,) grid, 0 first, away from 0, and the least effort in its place among them.
    probabilities, errors : (g,) share of draws that pass in time, and its Monte Carlo error.
    gains, gain_errors : (g,) the share less the one at effort 0, and its Monte Carlo error, which
        is smaller than that of the two shares since they are of the same draws.
    draws : int
    """

    effort: float
    probability: float
    efforts: Array
    probabilities: Array
    errors: Array
    gains: Array
    gain_errors: Array
    draws: int


def least_effort(passed: Callable[[float], Mask], asked: float, efforts: Array) -> EffortSearch:
    """Search a ray of efforts for the least at which a share ``asked`` of draws passes in time.

    On common random numbers the share is a step function of effort, and it need not rise: draws
    of a coefficient that hurts fall out while others come in. The grid is therefore walked from 0
    to its first point that does it, and the step before that point is halved between an effort
    that does not do it and one that does, down to adjacent numbers or `HALVINGS` times. What is
    returned does it; an effort just below does not. A share that does it between two grid points
    and at neither is not found.

    Parameters
    ----------
    passed : callable
        From an effort to (draws,) whether each draw passes in time.
    asked : float
        Share between 0 and 1.
    efforts : (g,)
        Grid from 0 on, all of one sign.
    """
    found = [passed(float(effort)) for effort in efforts]
    effort, share = float("nan"), float("nan")
    reached = next((i for i, one in enumerate(found) if one.mean() >= asked), None)
    if reached is not None:
        effort, share = float(efforts[reached]), float(found[reached].mean())
        if reached > 0:
            below = float(efforts[reached - 1])
            effort, share = _halved(passed, asked, below, effort, share)
        if effort not in efforts:
            efforts = np.insert(efforts, reached, effort)
            found.insert(reached, passed(effort))
    draws = len(found[0])
    shares = np.array([one.mean() for one in found])
    differences = [one.astype(np.int8) - found[0] for one in found]
    return EffortSearch(
        effort=effort,
        probability=share,
        efforts=efforts,
        probabilities=shares,
        errors=np.sqrt(shares * (1 - shares) / draws),
        gains=np.array([one.mean() for one in differences]),
        gain_errors=np.array([one.std() for one in differences]) / np.sqrt(draws),
        draws=draws,
    )


def _halved(
    passed: Callable[[float], Mask], asked: float, below: float, above: float, share: float
) -> tuple[float, float]:
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        if middle in {below, above}:
            break
        here = float(passed(middle).mean())
        if here >= asked:
            above, share = middle, here
        else:
            below = middle
    return above, share
