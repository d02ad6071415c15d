"""A backtest: scores, the cases behind them, and what they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from forecast.errors import ForecastError, SpecError, choose
from forecast.evaluation.comparison.tests import compare_with_rivals
from forecast.faces import Face

MODEL = "pool"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Backtest(Face):
    """What forecasts from past origins were worth.

    Attributes
    ----------
    target : {"growth", "income", "crossing", "chain"}
    source : str
        Data package and table.
    span : tuple of int
        First and last origin.
    scores : pandas.DataFrame
        ``model, horizon, score, value`` and counts; units of the target.
    groups : pandas.DataFrame or None
        Scores by group of economies or origins, where asked for.
    cases : pandas.DataFrame
        One row a model, economy, origin and horizon.
    more : dict of name to DataFrame
        Further tables: of the chain calibration, groups, differences; ``rivals`` and ``sets`` of
        tests against the rivals; ``corrected`` coverage.
    caveat : str
        What the tests against rivals do not say.
    """

    target: str
    source: str
    span: tuple[int, int]
    scores: pd.DataFrame
    groups: pd.DataFrame | None
    cases: pd.DataFrame
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    caveat: str = ""

    def facts(self) -> Mapping[str, object]:
        """Return what was forecast, from when, by whom."""
        return {
            "target": self.target,
            "data": self.source,
            "origins": f"{self.span[0]}-{self.span[1]}",
            "cases": f"{len(self.cases):,}",
            "models": [*dict.fromkeys(self.cases["model"])],
        }

    def to_frame(self, name: str = "scores") -> pd.DataFrame:
        """Return ``scores``, ``groups``, ``cases`` or one of ``more``."""
        held = {"scores": self.scores, "cases": self.cases, **self.more}
        if self.groups is not None:
            held["groups"] = self.groups
        return choose(name, held, "table", ForecastError)

    def compare(self) -> pd.DataFrame:
        """Return the tests of the shipped forecast against each of its rivals.

        The share of the mean loss saved (squared errors of numbers, Brier scores of passing), and
        p-values; of the chain the differences of its scores.

        Raises
        ------
        SpecError
            If the shipped forecast or every rival is missing.
        """
        if "differences" in self.more:
            return self.more["differences"]
        return rival_tests(self.target, self.cases)[0]["rivals"]


def rival_tests(target: str, cases: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], str]:
    """Return tests of the shipped forecast against its rivals, and what they do not say.

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
    present = list(dict.fromkeys(cases["model"]))
    if MODEL not in present or len(present) < 2:
        raise SpecError(f"--models: found {', '.join(present)}, must hold {MODEL} and a rival")
    said, came = ("probability", "event") if target == "crossing" else ("mean", "outcome")
    found = compare_with_rivals(cases.assign(loss=(cases[said] - cases[came]) ** 2), "loss")
    return {"rivals": found.rivals, "sets": found.sets}, found.caveat
