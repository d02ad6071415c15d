"""Printed figures beside a record: which value is taken, the difference, and what is told."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from forecast.structure.printed.compare_printed import RECORD, ROUNDING, compare_printed

CELL = {"country": "KOR", "indicator": "rd", "value": 2.11, "year": 1996}
PRINTED = pd.DataFrame([CELL])
YEARS = st.integers(1960, 2025)
SHARES = st.floats(0, 100, allow_nan=False)


def _record(*rows: tuple[int, int, float, float], country: str = "KOR") -> pd.DataFrame:
    return pd.DataFrame([(country, "rd", *row) for row in rows], columns=RECORD)


def _row(record: pd.DataFrame, printed: pd.DataFrame = PRINTED, **asked: int) -> pd.Series:
    years = {"KOR": asked["year"]} if asked else None
    table = compare_printed(
        printed, record, ["KOR"], missing={"rd": "bring it"}, edition="edition", years=years
    )
    assert len(table) == 1
    return table.iloc[0]


def test_the_printed_year_is_taken_where_it_is() -> None:
    """Its value, and the newest beside it."""
    row = _row(_record((1995, 1995, 2.0, 0), (1996, 1996, 2.5, 0), (2023, 2023, 5.0, 0)))

    assert (row["value"], row["value_year"], row["latest"], row["latest_year"]) == (
        2.5, "1996", 5.0, "2023",
    )  # fmt: skip
    assert row["difference"] == 2.5 - 2.11
    assert row["reason"] == "edition"


def test_a_year_before_the_record_has_the_first_value_and_no_difference() -> None:
    """Another year's value is shown as such and not compared."""
    row = _row(_record((1999, 1999, 2.0, 0), (2001, 2001, 2.2, 0)))

    assert (row["value_year"], row["reason"]) == ("1999", "the series begins in 1999")
    assert pd.isna(row["difference"])
    row = _row(_record((1990, 1990, 2.0, 0)))
    assert (row["value_year"], row["reason"]) == ("1990", "the series ends in 1990")
    row = _row(_record((1990, 1990, 2.0, 0), (1997, 1997, 2.1, 0)))
    assert (row["value_year"], row["reason"]) == ("1997", "no value for 1996")


def test_a_mean_serves_where_there_are_no_years_and_says_so() -> None:
    """A mean of the printed year's period has a difference; years go before means."""
    mean = (1995, 1999, 2.0, 0.4)
    row = _row(_record(mean))

    assert row["value_year"] == "mean of 1995-99"
    assert row["difference"] == 2.0 - 2.11
    assert row["reason"] == "a mean of years; imputed of its years: 40%, a run of equal values"
    assert _row(_record(mean, (2001, 2001, 3.0, 0)))["value_year"] == "2001"


def test_a_cell_without_a_value_says_what_would_bring_one() -> None:
    """An indicator in no table names the file; one that others have names the economy."""
    assert _row(_record())["reason"] == "bring it"
    assert (
        _row(_record((1996, 1996, 1.0, 0), country="JPN"))["reason"] == "no value of this economy"
    )


def test_an_economy_that_is_not_printed_has_its_last_value() -> None:
    """No printed figure, no difference."""
    row = _row(_record((1996, 1996, 1.0, 1), (1997, 1997, 1.0, 1)), PRINTED[:0])

    assert (row["value"], row["value_year"]) == (1.0, "1997")
    assert pd.isna(row["printed"])
    assert pd.isna(row["difference"])
    assert row["reason"] == "imputed: a run of equal values"


@given(
    values=st.dictionaries(YEARS, SHARES, min_size=1),
    means=st.dictionaries(st.sampled_from(range(1964, 2025, 5)), SHARES),
    printed=SHARES,
    year=YEARS,
    asked=st.none() | YEARS,
    annual=st.booleans(),
)
def test_a_difference_is_value_less_printed_of_the_printed_year(
    values: dict[int, float],
    means: dict[int, float],
    printed: float,
    year: int,
    asked: int | None,
    annual: bool,
) -> None:
    """Exactly, and only there; what is off by more than rounding has a reason."""
    rows = [(last - 4, last, value, 0.0) for last, value in means.items()]
    rows += [(y, y, value, 0.0) for y, value in values.items()] if annual or not means else []
    cells = pd.DataFrame([{**CELL, "value": printed, "year": year}])
    row = _row(_record(*rows), cells, **({} if asked is None else {"year": asked}))
    label = str(row["value_year"])
    mean = label.startswith("mean of ")
    first = int(label[8:12]) if mean else int(label)
    last = first + 4 if mean else first

    held = {(a, b): v for a, b, v, _ in rows}
    assert row["value"] == held[first, last]
    if first <= year <= last:
        assert row["difference"] == row["value"] - printed
        assert row["reason"]
        assert (row["reason"] == "agrees to rounding") <= (abs(row["difference"]) <= ROUNDING)
    else:
        assert pd.isna(row["difference"])
        assert row["reason"]
    wanted = year if asked is None else asked
    single = [y for y, b, _, _ in rows if y == b]
    if wanted in single:
        assert (first, last) == (wanted, wanted)
