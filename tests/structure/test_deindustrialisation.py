"""Flags of premature deindustrialisation on paths known by hand, and their order by threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.structure.deindustrialisation import (
    ALONE,
    CITED,
    FALLING,
    SCREENS,
    deindustrialised,
    first_flags,
    flagged_spells,
)

LIMITS = {"income": 11_750.0, "employment": 18.0, "value_added": 18.0}
YEARS = range(1990, 2002)


def _frame(**columns: object) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([["AAA"], YEARS], names=["country", "year"])
    usual = {"income": 5000.0, "value_added": 20.0, "employment": 15.0}
    return pd.DataFrame({**usual, **columns}, index=index, dtype=float)


def _years(flagged: pd.Series) -> list[int]:
    return flagged[flagged.fillna(False)].index.get_level_values("year").tolist()


def test_the_cited_rule_holds_its_bounds():
    """Income below, employment at most, value added at least: each bound from either side."""
    income = [11_749, 11_750, *[5000] * 10]
    employment = [18, 18, 18, 18.01, *[15] * 8]
    value_added = [18, 18, 18, 18, 17.99, *[18] * 7]
    found = deindustrialised(
        _frame(income=income, employment=employment, value_added=value_added), CITED, **LIMITS
    )

    assert _years(found) == [1990, 1992, *range(1995, 2002)]


def test_shares_must_have_fallen_over_five_years():
    """A fall from 1996 on is seen from there; before, and for five years, there is nothing to say.

    Value added rises again in 2000, above its level of 1995.
    """
    value_added = [*[16] * 6, 15, 14, 13, 12, 17, 11]
    employment = [*[16] * 6, 15, 14, 13, 12, 11, 10]
    found = deindustrialised(
        _frame(employment=employment, value_added=value_added), FALLING, **LIMITS
    )

    assert found.isna().sum() == 5
    assert _years(found) == [1996, 1997, 1998, 1999, 2001]


def test_value_added_alone_asks_for_a_year_above():
    """At most 18 after 18.5: not before it, and employment is not read."""
    value_added = [17, 17, 18.5, 18, 17, 19, 17, *[17] * 5]
    frame = _frame(value_added=value_added).drop(columns="employment")

    assert _years(deindustrialised(frame, ALONE, **LIMITS)) == [1993, 1994, *range(1996, 2002)]


def test_spells_and_first_flags():
    """Two spells, the second to the end of the record; a missing year parts them and is no flag."""
    frame = _frame(employment=[25, 25, 15, 15, np.nan, *[25] * 3, *[15] * 4])
    flagged = deindustrialised(frame, CITED, **LIMITS)
    spells, first = flagged_spells(frame, flagged), first_flags(flagged)

    assert spells[["first", "last", "years", "goes_on"]].to_numpy().tolist() == [
        [1992, 1993, 2, False],
        [1998, 2001, 4, True],
    ]
    assert first.loc["AAA"].tolist() == [1992, True]
    # Flagged from its first year: when it began is not in the record.
    assert first_flags(flagged.loc[["AAA"], 1992:]).loc["AAA"].tolist() == [1992, False]
    assert first_flags(flagged.loc[["AAA"], 1994:1997]).loc["AAA"].tolist() == [np.inf, False]


def test_nothing_flagged_is_an_empty_table():
    """Columns are there, rows are not."""
    frame = _frame(income=50_000.0)

    for rule in SCREENS:
        assert flagged_spells(frame, deindustrialised(frame, rule, **LIMITS)).empty


SHARE = st.floats(0, 40) | st.just(np.nan)
LOOSER = {  # by rule: threshold and the direction in which it loosens
    CITED: {"income": 1, "employment": 1, "value_added": -1},
    FALLING: {"income": 1, "employment": 1, "value_added": 1},
    ALONE: {"income": 1, "employment": 1},
}


@given(
    value_added=st.lists(SHARE, min_size=12, max_size=12),
    employment=st.lists(SHARE, min_size=12, max_size=12),
    income=st.lists(st.floats(100, 30_000), min_size=12, max_size=12),
    by=st.floats(0, 10),
)
@settings(max_examples=60, deadline=None)
def test_a_looser_threshold_flags_a_superset(
    value_added: list[float], employment: list[float], income: list[float], by: float
):
    """Whatever the paths; and what is known does not depend on thresholds."""
    frame = _frame(value_added=value_added, employment=employment, income=income)
    for rule, directions in LOOSER.items():
        tight = deindustrialised(frame, rule, **LIMITS)
        for name, sign in directions.items():
            step = by * (1000 if name == "income" else 1)
            limits = {**LIMITS, name: LIMITS[name] + sign * step}
            loose = deindustrialised(frame, rule, **limits)
            assert set(_years(tight)) <= set(_years(loose))
            assert (loose.isna() == tight.isna()).all()


def test_a_mistake_is_named():
    """The rule, and the column."""
    with pytest.raises(DataError, match="rule of deindustrialisation"):
        deindustrialised(_frame(), "fallen", **LIMITS)
    with pytest.raises(DataError, match="'employment' is missing"):
        deindustrialised(_frame().drop(columns="employment"), CITED, **LIMITS)
