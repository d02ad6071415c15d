"""How many lagged changes a country's unit-root regression has: as told, or by a criterion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError, choose

Criterion = Literal["aic", "bic", "hannan_quinn", "t_test"]
# What a coefficient costs, in units of 1/n, by the number of rows n.
PENALTIES: dict[str, Callable[[int], float]] = {
    "aic": lambda n: 2.0,
    "bic": lambda n: float(np.log(n)),
    "hannan_quinn": lambda n: float(2 * np.log(np.log(n))),
    "t_test": lambda n: float("nan"),
}
SAMPLES = {"common": True, "own": False}
T_LEAST = 1.96  # of the last lag that stays (Hall 1994 at 5 %, as plm)
# Outcome and regressors of the regression with so many lags, without its first so many rows; the
# lagged level comes first, then the lagged changes.
Regression = Callable[[int, int], tuple[Vector, Matrix]]
Limit = Callable[[int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LagRule:
    """The rule by which each country's number of lagged changes is chosen.

    Attributes
    ----------
    criterion : {"aic", "bic", "hannan_quinn", "t_test"}
        The first three: log(rss/n) + k c/n, the least, with c of 2, log n and 2 log log n.
        ``t_test`` starts from the most lags and leaves the last out while its |t| is below 1.96
        (Hall 1994). As R's ``plm::purtest(lags = "AIC", "SIC", "Hall")``.
    most : largest number tried; None for 12 (T/100)^(1/4) (Schwert 1989), fewer where the series is
        too short for it.
    sample : {"common", "own"}
        Whether the regressions compared stand on the rows that the largest has (plm's ``fixedT``,
        its default), or each on all of its own. On different rows the sums of squares are of
        different outcomes, so that more lags can win by losing a large first change.
    """

    criterion: Criterion
    most: int | None = None
    sample: Literal["common", "own"] = "common"


Lags = int | Criterion | LagRule


def lag_rule(lags: Lags) -> int | LagRule:
    """Return the number of lags, or the rule that chooses it.

    Raises
    ------
    EstimationError
        If a number is negative, or the criterion or the sample is unknown.
    """
    rule = LagRule(criterion=lags) if isinstance(lags, str) else lags
    most = rule.most if isinstance(rule, LagRule) else rule
    if isinstance(rule, LagRule):
        choose(rule.criterion, PENALTIES, "lags", EstimationError)
        choose(rule.sample, SAMPLES, "lags: sample", EstimationError)
    if most is not None and most < 0:
        raise EstimationError(f"lags: found {most}, must be 0 or more")
    return rule


def lags_of(
    rule: int | LagRule,
    regression: Regression,
    length: int,
    room: int,
    *,
    limit: Limit | None = None,
    df_corrected: bool = True,
) -> int:
    """Return the number of lags of one series.

    Parameters
    ----------
    rule : int or LagRule
        A number is returned as it is.
    regression : function
        Of the lags and the rows left out: outcome and regressors.
    length : int
        Of the series.
    room : int
        Most lags that leave a row more than there are coefficients.
    limit : function or None
        Of the length: most lags that a rule without ``most`` may try, where the test's table ends.
    df_corrected : bool
        Whether ``t_test`` divides residual variances by degrees of freedom rather than by rows.

    Raises
    ------
    EstimationError
        If the rule's ``most`` is above ``room``.
    """
    if not isinstance(rule, LagRule):
        return rule
    schwert = int(12 * (length / 100) ** 0.25)
    most = min(schwert, room, schwert if limit is None else limit(length))
    if rule.most is not None:
        if rule.most > room:
            raise EstimationError(
                f"lags: most: found {rule.most}, a series of {length} values allows {max(room, 0)}"
            )
        most = rule.most
    return _best(regression, rule, max(most, 0), df_corrected)


def lags_note(lags: Sequence[int], rule: int | LagRule, *more: str) -> str:
    """Return what a reader must know about the countries' lags, and more notes that are not empty.

    Of the lags there is nothing to say where the user gave them.
    """
    own = ""
    if isinstance(rule, LagRule):
        own = f"lags by {rule.criterion}: {min(lags)} to {max(lags)}, mean {np.mean(lags):.2f}"
    return "; ".join(note for note in (own, *more) if note)


def _best(regression: Regression, rule: LagRule, most: int, df_corrected: bool) -> int:
    """Return the number of lags, 0 to ``most``, that the rule chooses."""
    if rule.criterion == "t_test":
        for lags in range(most, 0, -1):
            y, x = regression(lags, most if SAMPLES[rule.sample] else lags)
            if abs(_t_of(lags, y, x, df_corrected)) >= T_LEAST:
                return lags
        return 0
    found = []
    for lags in range(most, -1, -1):
        y, x = regression(lags, most if SAMPLES[rule.sample] else lags)
        n = len(y)
        with np.errstate(divide="ignore"):
            fit = float(np.log(_residuals(y, x) @ _residuals(y, x) / n))
        found.append(fit + x.shape[1] * PENALTIES[rule.criterion](n) / n)
    return most - int(np.argmin(found))


def _residuals(y: Vector, x: Matrix) -> Vector:
    size = np.linalg.norm(x, axis=0)
    scaled = x / np.where(size > 0, size, 1.0)
    return np.asarray(y - scaled @ np.linalg.lstsq(scaled, y, rcond=None)[0])


def _t_of(column: int, y: Vector, x: Matrix, df_corrected: bool) -> float:
    """Return the t of one regressor; 0 where it adds nothing to the others."""
    others = np.delete(x, column, axis=1)
    own = _residuals(x[:, column], others)
    rest = _residuals(y, others)
    square = float(own @ own)
    if square <= 0:
        return 0.0
    slope = float(own @ rest) / square
    resid = rest - slope * own
    variance = float(resid @ resid) / (len(y) - (x.shape[1] if df_corrected else 0))
    return slope * float(np.sqrt(square / variance)) if variance > 0 else float("inf")
