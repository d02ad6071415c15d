"""The records that tests return: one test, or several as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isnan

import pandas as pd

from forecast.faces import Face

COLUMNS = (
    "of", "test", "title", "statistic", "distribution", "df", "df_denominator", "p_value", "null",
    "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TestResult(Face):
    """A test: numbers, and what they are to be read by. The decision is the reader's.

    Attributes
    ----------
    name : the test.
    statistic : its value; NaN where it cannot be formed.
    df : degrees of freedom of its distribution; None for one that has none.
    p_value : probability of a value at least as extreme under the null; NaN where undefined.
    null : what is tested.
    note : what a reader must know about this result; empty where there is nothing.
    df_denominator : second degrees of freedom of an F distribution; None for any other.
    distribution : ``normal``, ``chi2``, ``F``, ``t``, ``mixture`` (of chi-squared), ``tabulated``
        (critical values or a fitted surface) or ``bootstrap``; where it is not said, what the
        degrees of freedom tell.
    """

    __test__ = False  # not a pytest class, whatever its name

    name: str
    statistic: float
    df: int | None
    p_value: float
    null: str
    note: str = ""
    df_denominator: float | None = None
    distribution: str = ""

    def __post_init__(self) -> None:
        """Say which distribution the degrees of freedom belong to, where it is not said."""
        usual = "normal" if self.df is None else "chi2" if self.df_denominator is None else "F"
        object.__setattr__(self, "distribution", self.distribution or usual)

    @classmethod
    def unformed(cls, name: str, why: str) -> TestResult:
        """Return a test that cannot be formed: missing numbers, and the reason in ``note``."""
        nan = float("nan")
        return cls(name=name, statistic=nan, df=None, p_value=nan, null="", note=why)

    @property
    def law(self) -> str:
        """The distribution under the null with its degrees of freedom, such as ``F(2, 188)``."""
        inside = [f"{d:g}" for d in (self.df, self.df_denominator) if d is not None]
        return f"{self.distribution}({', '.join(inside)})" if inside else self.distribution

    def facts(self) -> Mapping[str, object]:
        """Return test, statistic, distribution, p-value and null."""
        return {
            "test": self.name,
            "statistic": self.statistic,
            "distribution under the null": self.law,
            "p-value": "none" if isnan(self.p_value) else self.p_value,
            "null": self.null,
        }

    def row(self) -> dict[str, object]:
        """Return the numbers and words by column; missing degrees of freedom are NaN."""
        nan = float("nan")
        return {
            "title": self.name,
            "statistic": self.statistic,
            "distribution": self.distribution,
            "df": nan if self.df is None else float(self.df),
            "df_denominator": nan if self.df_denominator is None else float(self.df_denominator),
            "p_value": self.p_value,
            "null": self.null,
            "note": self.note,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row: ``title, statistic, distribution, df, df_denominator, p_value, ...``."""
        return pd.DataFrame([self.row()])


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TestTable(Face):
    """Several tests, of one estimate, model or column or of several.

    Attributes
    ----------
    results : (what it is of, name in the table of tests, result) each
    left_out : mapping of what is left out to the reason
    source : str
        Data that the tests are made on.
    """

    __test__ = False

    results: tuple[tuple[str, str, TestResult], ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def __iter__(self) -> Iterator[TestResult]:
        """Return the results one after another."""
        return (one for _, _, one in self.results)

    def __len__(self) -> int:
        """Return the number of tests."""
        return len(self.results)

    def facts(self) -> Mapping[str, object]:
        """Return what was tested, by which tests, and on which data."""
        return {
            "of": list(dict.fromkeys(of for of, _, _ in self.results)),
            "tests": list(dict.fromkeys(name for _, name, _ in self.results)),
            "left out": list(self.left_out),
            "data": self.source,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row a test: what it is of, its name, and the columns of a result."""
        rows = [{"of": of, "test": name, **one.row()} for of, name, one in self.results]
        return pd.DataFrame(rows, columns=list(COLUMNS))
