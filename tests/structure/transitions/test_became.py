"""Who rose above a line, by hand, and against the passages of any history; people by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.statistics.income_classes.classes import CLASSES, class_changes
from forecast.structure.transitions.became import passage_list
from forecast.structure.transitions.passages import BOUNDARIES, class_passages, passages_by_year
from forecast.structure.transitions.spells import class_spells

records = st.dictionaries(
    st.sampled_from(["AAA", "BBB", "CCC"]),
    st.lists(st.sampled_from(CLASSES), min_size=2, max_size=15),
    min_size=1,
)


def _history(record: dict[str, list[str]]) -> pd.DataFrame:
    rows = [(c, 1990 + i, k) for c, own in record.items() for i, k in enumerate(own)]
    return pd.DataFrame(rows, columns=["country", "year", "income_class"])


def test_by_hand():
    """Two passages with a fall between them; one from two classes below."""
    history = _history({"AAA": ["LM", "UM", "UM", "H", "UM", "H", "H"], "BBB": ["LM", "H"]})
    found = passage_list(class_changes(history))

    assert found.fillna(-1).to_numpy().tolist() == [
        ["BBB", 1991, 1, "LM", -1, -1, -1, -1],
        ["AAA", 1993, 1, "UM", 2, -1, 1994, 1],
        ["AAA", 1995, 2, "UM", 1, 1, -1, -1],
    ]
    with pytest.raises(DataError, match="boundary 'rich'"):
        passage_list(class_changes(history), "rich")


@given(records, st.sampled_from(BOUNDARIES))
@settings(deadline=None, max_examples=60)
def test_it_is_the_passages_and_the_spells(record: dict[str, list[str]], boundary: str):
    """A row a passage up; years before are the spell's; who fell is who passed down later."""
    history = _history(record)
    passages = class_passages(class_changes(history))
    own = passages[passages["boundary"] == boundary]
    found = passage_list(class_changes(history), boundary)

    up = own[own["direction"] == 1]
    assert (
        found[["year", "country"]].to_numpy().tolist()
        == up[["year", "country"]].to_numpy().tolist()
    )
    spells = class_spells(history)
    spells["ends"] = spells["last"] + 1
    before = found.merge(spells, left_on=["country", "year"], right_on=["country", "ends"])
    seen = before["from_class_y"].notna()
    np.testing.assert_array_equal(before["years_before"].notna(), seen)
    np.testing.assert_array_equal(before.loc[seen, "years_before"], before.loc[seen, "years"])
    down = own[own["direction"] == -1]
    for row in found.itertuples():
        later = down[(down["country"] == row.country) & (down["year"] > row.year)]["year"]
        assert (np.isnan(row.fell) and later.empty) or row.fell == later.min()


def test_people_by_hand():
    """Millions of the year of passage, each way; an economy without a population is counted."""
    history = _history({"AAA": ["UM", "H", "UM"], "BBB": ["UM", "H", "H"], "CCC": ["UM", "H", "H"]})
    population = pd.DataFrame({
        "country": ["AAA", "AAA", "BBB"], "year": [1991, 1992, 1991],
        "population": [2e6, 3e6, 10e6],
    })  # fmt: skip
    found = passages_by_year(class_passages(class_changes(history)), population)
    high = found[found["boundary"] == "high"]

    columns = ["year", "up", "down", "people_up", "people_down", "uncounted"]
    assert high[columns].to_numpy().tolist() == [[1991, 3, 0, 12, 0, 1], [1992, 0, 1, 0, 3, 0]]
