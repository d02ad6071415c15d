"""Changes of income class from small histories worked by hand."""

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.statistics.income_classes.classes import class_changes


def history(**classes: dict[int, str]) -> pd.DataFrame:
    """Return a history table from {country: {year: class}}."""
    rows = [(c, y, k) for c, years in classes.items() for y, k in years.items()]
    return pd.DataFrame(rows, columns=["country", "year", "income_class"])


def test_change_is_dated_by_the_new_class():
    """UM in 2000, H in 2001 and 2002, UM in 2003: two changes, in 2001 and 2003."""
    got = class_changes(history(AAA={2000: "UM", 2001: "H", 2002: "H", 2003: "UM"}))
    expected = [("AAA", 2001, "UM", "H"), ("AAA", 2003, "H", "UM")]

    assert expected == list(got.itertuples(index=False, name=None))


def test_first_class_is_no_change_and_economies_do_not_mix():
    """Neither the first row of an economy nor the one after another economy's is a change."""
    got = class_changes(history(AAA={2000: "L", 2001: "L"}, BBB={2000: "H", 2001: "H"}))

    assert got.empty


def test_years_without_class_are_bridged():
    """H in 2000, nothing in 2001, UM in 2002: one change, in 2002."""
    got = class_changes(history(AAA={2000: "H", 2002: "UM"}))

    assert list(got.itertuples(index=False, name=None)) == [("AAA", 2002, "H", "UM")]


def test_starred_class_is_the_class():
    """LM* and then LM is no change."""
    assert class_changes(history(YEM={1988: "LM*", 1989: "LM"})).empty


def test_order_of_rows_does_not_matter():
    """A shuffled history has the same changes."""
    table = history(AAA={1990: "L", 1991: "L", 1992: "H", 1993: "H", 1994: "L"})

    pd.testing.assert_frame_equal(class_changes(table), class_changes(table.iloc[::-1]))


def test_unknown_class_is_named():
    """A class that is none of the four is refused with its place."""
    with pytest.raises(DataError, match="AAA 2001: found 'XX', must be one of L, LM, UM, H"):
        class_changes(history(AAA={2000: "L", 2001: "XX"}))
