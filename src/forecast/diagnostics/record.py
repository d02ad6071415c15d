"""The record that a specification test returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """A test on an estimate.

    Attributes
    ----------
    name : the test.
    statistic : its value; NaN where it cannot be formed.
    df : degrees of freedom of its distribution; None for a standard normal.
    p_value : probability of a value at least as extreme under the null; NaN where undefined.
    null : what is tested.
    note : what a reader must know about this result; empty where there is nothing.
    df_denominator : second degrees of freedom of an F distribution; None for any other.
    """

    __test__ = False  # not a pytest class, whatever its name

    name: str
    statistic: float
    df: int | None
    p_value: float
    null: str
    note: str = ""
    df_denominator: float | None = None
