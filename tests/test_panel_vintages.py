"""A panel as it was published at a date."""

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.panel import Panel


def frame(values: dict[tuple[str, int], dict[str, float]]) -> pd.DataFrame:
    """Return rows on (country, year)."""
    made = pd.DataFrame.from_dict(values, orient="index")
    made.index = pd.MultiIndex.from_tuples(made.index, names=["country", "year"])
    return made.sort_index()


OLD = frame({("A", 2000): {"tfp": 0.9}, ("B", 2000): {"tfp": 0.7}})
NEW = frame({("A", 2000): {"tfp": 0.8}, ("A", 2001): {"tfp": 0.85}})
BANK = frame({("A", 2000): {"rd": 2.4}})
PANEL = Panel(
    NEW.join(BANK, how="outer"),
    source="toy",
    editions={"2019-04": OLD, "2023-01-23": NEW, "2026-07-01": BANK},
)


def test_each_column_is_its_last_edition_of_the_date():
    """In 2020 the edition of 2019, in 2024 that of 2023; the R&D of 2026 is in neither."""
    then, later = PANEL.as_of("2020-06"), PANEL.as_of("2024-01-01")

    assert then.frame["tfp"].to_dict() == {("A", 2000): 0.9, ("B", 2000): 0.7}
    assert list(then.frame.columns) == ["tfp"]
    assert later.frame["tfp"].to_dict() == {("A", 2000): 0.8, ("A", 2001): 0.85}


def test_a_country_dropped_by_an_edition_does_not_come_back():
    """B is in the edition of 2019 only: not in the panel as of 2024."""
    assert PANEL.as_of("2024").countries() == ["A"]


def test_a_month_includes_its_days():
    """As of 2023-01 the edition of the 23rd is known, as of the 22nd it is not."""
    assert PANEL.as_of("2023-01").frame.loc[("A", 2000), "tfp"] == 0.8
    assert PANEL.as_of("2023-01-22").frame.loc[("A", 2000), "tfp"] == 0.9


def test_the_last_vintage_is_the_panel_itself():
    """As of today nothing is different."""
    pd.testing.assert_frame_equal(PANEL.as_of("2027").frame[["tfp", "rd"]], PANEL.frame)


def test_time_and_vintage_cut_independently():
    """Through 2000 as of 2024, in either order: the same rows."""
    one = PANEL.through(2000).as_of("2024").frame
    other = PANEL.as_of("2024").through(2000).frame

    pd.testing.assert_frame_equal(one, other)
    assert PANEL.without(["A"]).as_of("2020").countries() == ["B"]


def test_nothing_that_old_and_no_dates_are_told():
    """Before the first edition, and in a panel without editions: one message each."""
    with pytest.raises(DataError, match=r"nothing was published by '2018'; .* 2019-04, 2023-01-23"):
        PANEL.as_of("2018")
    with pytest.raises(DataError, match=r"holds one vintage of unknown date"):
        Panel(NEW, source="toy").as_of("2024")
