"""Which economies passed and stayed, and when they stood at an income, on paths known by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast.structure.milestones.passers import lasting_passages, same_income_moments

COLUMNS = ["country", "year", "from_class", "to_class"]


def _changes(*rows: tuple[str, int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def _ratios(country: str, first: int, *ratios: float) -> pd.DataFrame:
    years = range(first, first + len(ratios))
    return pd.DataFrame({"country": country, "year": years, "ratio": ratios})


def test_a_passage_counts_if_it_lasts():
    """AAA stays, BBB falls back after two years and comes again, CCC passed too lately."""
    changes = _changes(
        ("AAA", 2000, "UM", "H"),
        ("BBB", 1995, "UM", "H"),
        ("BBB", 1997, "H", "UM"),
        ("BBB", 2003, "UM", "H"),
        ("CCC", 2024, "UM", "H"),
    )

    assert lasting_passages(changes, 2025).to_dict() == {"AAA": 2000, "BBB": 2003}
    assert lasting_passages(changes, 2025, stay=2).to_dict() == {
        "AAA": 2000, "BBB": 1995, "CCC": 2024,
    }  # fmt: skip
    assert lasting_passages(changes, 2025, since=2001).to_dict() == {"BBB": 2003}


def test_the_year_of_the_passage_is_one_of_the_stay():
    """High income in 2023, 2024 and 2025 is three years."""
    assert list(lasting_passages(_changes(("AAA", 2023, "UM", "H")), 2025)) == [2023]


def test_a_return_is_no_passage():
    """An economy that begins the record as high income has passed before it."""
    changes = _changes(("AAA", 1991, "H", "UM"), ("AAA", 1994, "UM", "H"))

    assert lasting_passages(changes, 2025).empty


def test_a_moment_lies_between_two_years():
    """From 0.8 in 2000 to 1.0 in 2001, 0.95 is three quarters on."""
    found = same_income_moments(_ratios("AAA", 2000, 0.8, 1.0, 1.1), pd.Series({"AAA": 2001}), 0.95)

    assert found.to_dict() == {"AAA": pytest.approx(2000.75)}


def test_of_two_moments_that_nearest_to_the_passage():
    """Income rises through 0.9 before 2001 and again before 2004."""
    path = _ratios("AAA", 2000, 0.8, 1.0, 0.8, 0.85, 0.95)

    early = same_income_moments(path, pd.Series({"AAA": 2000}), 0.9)
    late = same_income_moments(path, pd.Series({"AAA": 2004}), 0.9)

    assert (early.loc["AAA"], late.loc["AAA"]) == (pytest.approx(2000.5), pytest.approx(2003.5))


def test_no_moment_outside_the_window_nor_for_an_income_never_reached():
    """A rise 20 years before the passage is too far; 1.5 of the line was never reached."""
    path, passed = _ratios("AAA", 2000, 0.5, 0.7, 0.9), pd.Series({"AAA": 2021})

    assert same_income_moments(path, passed, 0.8).empty
    assert same_income_moments(path, passed, 0.8, window=20).to_dict() == {"AAA": 2001.5}
    assert same_income_moments(path, passed, 1.5, window=100).empty
