"""The year of the passage to high income, by a record of classes."""

import pandas as pd

from forecast.structure.printed.passage_years import passage_years

CHANGES = pd.DataFrame(
    [
        ("KOR", 1995, "UM", "H"), ("KOR", 1998, "H", "UM"), ("KOR", 2001, "UM", "H"),
        ("ABW", 1991, "H", "UM"), ("ABW", 1994, "UM", "H"),
        ("BRA", 2006, "LM", "UM"), ("VEN", 2015, "H", "UM"),
    ],
    columns=["country", "year", "from_class", "to_class"],
)  # fmt: skip
RELATIVE = pd.DataFrame(
    [("JPN", 1994, 3.0), ("JPN", 2024, None), ("IND", 2024, 0.2), ("BRA", 2024, 0.7)],
    columns=["country", "year", "ratio_to_line"],
)


def test_the_first_change_to_high_counts_and_reversals_are_told() -> None:
    """Also where the economy fell back, or had been high as the record begins."""
    found = passage_years(CHANGES, RELATIVE, ["KOR", "ABW"]).set_index("country")

    assert found["year"].tolist() == [1995, 1994]
    assert found["told"].tolist() == [
        "high income from 1995, fell back in 1998, again high in 2001",
        "high income from 1994, fell back in 1991",
    ]


def test_no_year_is_made_up() -> None:
    """High throughout, high and fallen for good, and never high are told apart."""
    found = passage_years(CHANGES, RELATIVE, ["JPN", "VEN", "BRA", "IND"])

    assert found["year"].isna().all()
    assert found["told"].tolist() == [
        "high income as the record begins", "high income as the record begins",
        "has not become high income", "has not become high income",
    ]  # fmt: skip
