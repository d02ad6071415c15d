"""A level extended by the growth of another series."""

import numpy as np
import pandas as pd
from numpy.testing import assert_allclose

from forecast.statistics.splice import extend


def series(values: dict[tuple[str, int], float]) -> pd.Series:
    """Return a series on (country, year)."""
    index = pd.MultiIndex.from_tuples(list(values), names=["country", "year"])
    return pd.Series(list(values.values()), index=index, dtype=float)


LEVEL = series({("A", 2017): 90, ("A", 2018): 100, ("A", 2019): 110, ("B", 2018): 50})


def test_extension_by_a_level_follows_its_ratio():
    """110 in 2019, the other up 10 % and 20 %: 121 and 145.2."""
    other = series({("A", 2018): 4, ("A", 2019): 5, ("A", 2020): 5.5, ("A", 2021): 6.6})
    made = extend(LEVEL, other, "level")

    assert_allclose(made.values.loc["A"].loc[[2020, 2021]], [121, 145.2])
    assert made.added[made.added].index.tolist() == [("A", 2020), ("A", 2021)]


def test_extension_by_percent():
    """Growth of 5 and -10 %: 115.5 and 103.95."""
    made = extend(LEVEL, series({("A", 2020): 5, ("A", 2021): -10}), "percent")

    assert_allclose(made.values.loc["A"].loc[[2020, 2021]], [115.5, 103.95])


def test_published_values_stay_and_nothing_is_added_before_or_beyond_a_gap():
    """Holes inside are not filled, years before are not made, a gap in growth ends it."""
    holed = series({("A", 2016): 80, ("A", 2018): 100})
    other = series(
        {("A", 2014): 1, ("A", 2015): 1, ("A", 2017): 1, ("A", 2019): 10, ("A", 2021): 10}
    )
    made = extend(holed, other, "percent")

    assert made.values.index.tolist() == [("A", 2016), ("A", 2018), ("A", 2019)]
    assert_allclose(made.values.to_numpy(), [80, 100, 110])


def test_a_country_without_growth_keeps_its_level():
    """B has no growth: its one value, none added."""
    made = extend(LEVEL, series({("A", 2020): 5}), "percent")

    assert made.values.loc["B"].to_dict() == {2018: 50}
    assert not made.added.loc["B"].any()
    assert np.isfinite(made.values).all()
