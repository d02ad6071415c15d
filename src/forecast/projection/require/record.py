"""What would have to happen for the line to be passed in time: question and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from forecast.faces import Face

Verdict = Literal["already", "reached", "out of reach", "wrong sign"]
Direction = Literal["up", "down", "either"]
Shape = Literal["ramp", "step"]

GROWTH = "productivity_growth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of an inversion.

    Attributes
    ----------
    by : int
        Last year that counts as in time.
    asked : float
        Probability of having passed the line by then, between 0 and 1.
    shape : str
        ``ramp``: linear from the last known year to the change in year ``by``, level afterwards;
        ``step``: the whole change from the first projected year on. Growth always steps.
    direction : str
        ``up`` searches efforts from 0 up, ``down`` from 0 down, ``either`` both, and takes the
        smaller of the two in size.
    """

    by: int
    asked: float
    shape: Shape = "ramp"
    direction: Direction = "up"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Requirement(Face):
    """The least departure that brings the probability of passing in time to what is asked.

    Attributes
    ----------
    country : str
    question : Question
    verdict : str
        ``already`` (no departure is needed), ``reached``, ``out of reach`` (nothing in the
        historical range does it) or ``wrong sign`` (the departure lowers the probability).
    effort : float
        The least one; 0 where nothing is needed, NaN where none does it.
    probability, error : float
        At that effort, and its Monte Carlo error; NaN likewise.
    effort_low, effort_high : float
        Efforts at which the frontier reaches ``asked`` less and plus 1.96 Monte Carlo errors;
        NaN where it does not within the range.
    baseline : float
        Probability without a departure.
    best, best_effort : float
        The largest probability on the frontier, and where.
    fails_again : float
        The first larger effort on the frontier at which the probability is below ``asked``
        again; NaN where it stays.
    helped : float
        Share of draws in which the largest departure searched raises income in year ``by``.
    limited_by : str
        What ends the range, in words.
    needs : pandas.DataFrame
        One row a driver: ``driver, weight, per_effort, start, change, required, low, high,
        change_years, change_share, change_count, level_share, level_count``. ``per_effort`` is the
        change that one unit of effort makes, ``start`` the baseline's value in year ``by``,
        ``low`` and ``high`` the range allowed; the shares are of recorded changes over
        ``change_years`` that are at least as large in the same direction, and of recorded levels
        at or beyond ``required``, with their counts. Changes are NaN where no effort does it.
    frontier : pandas.DataFrame
        ``by, asked, effort``, one column a driver with its value in year ``by``, ``probability,
        mc_error, gain, gain_error``, ordered by effort: an even grid and the least effort found.
    """

    country: str
    question: Question
    verdict: Verdict
    effort: float
    probability: float
    error: float
    effort_low: float
    effort_high: float
    baseline: float
    best: float
    best_effort: float
    fails_again: float
    helped: float
    limited_by: str
    needs: pd.DataFrame
    frontier: pd.DataFrame

    def facts(self) -> Mapping[str, object]:
        """Return the question and the answer."""
        return {
            "country": self.country,
            "asked": f"{self.question.asked:g} by {self.question.by}",
            "baseline": self.baseline,
            "verdict": self.verdict,
            "effort": self.effort,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return `tidy`."""
        return self.tidy()

    def glance(self) -> dict[str, Any]:
        """Return the answer as one row, without drivers and frontier."""
        return {
            "country": self.country,
            "by": self.question.by,
            "asked": self.question.asked,
            "shape": self.question.shape,
            "direction": self.question.direction,
            "verdict": self.verdict,
            "effort": self.effort,
            "effort_low": self.effort_low,
            "effort_high": self.effort_high,
            "probability": self.probability,
            "mc_error": self.error,
            "baseline": self.baseline,
            "best": self.best,
            "best_effort": self.best_effort,
            "fails_again": self.fails_again,
            "helped": self.helped,
            "limited_by": self.limited_by,
        }

    def tidy(self) -> pd.DataFrame:
        """Return one row a driver: what was asked, the verdict, and what it takes."""
        keys = ["country", "by", "asked", "shape", "direction", "verdict", "baseline", "effort"]
        answer = self.glance()
        rows = self.needs.assign(**answer)
        return rows[[*keys, *self.needs.columns, "probability", "mc_error"]]
