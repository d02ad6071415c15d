"""Two editions compared: counts, sizes, and a change of base told from a revision."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.statistics.revisions import revisions

YEARS = range(2000, 2010)


def edition(**countries: list[float]) -> pd.DataFrame:
    """Return variable x of countries, from 2000 on."""
    return pd.DataFrame(
        [
            {"country": c, "year": y, "variable": "x", "value": v}
            for c, values in countries.items()
            for y, v in zip(YEARS, values, strict=False)
        ]
    )


GROWING = [100 * 1.03**t for t in range(10)]


def test_the_same_twice_is_no_revision():
    """An edition compared with itself: nothing revised, new or gone."""
    told = revisions(edition(CHN=GROWING), edition(CHN=GROWING)).by_variable.iloc[0]

    assert (told["common"], told["revised"], told["new"], told["gone"]) == (10, 0, 0, 0)
    assert told["rebased"] == 0


def test_another_base_year_is_a_level_shift_and_no_more():
    """All years times 1.1: rebased, shift of 10 %, nothing revised beside it."""
    after = edition(CHN=[1.1 * v for v in GROWING])
    told = revisions(edition(CHN=GROWING), after)
    own = told.by_country.iloc[0]

    assert bool(own["rebased"])
    assert_allclose(own["level_shift"], 10.0)
    assert told.by_variable["net_revised"].iloc[0] == 0
    assert_allclose(own["growth_after"], own["growth_before"])


def test_a_revision_beside_a_change_of_base_is_found():
    """Times 1.1, and 5 % more in 2007: not rebased; 2007 is the largest, alone beyond 0.2 %."""
    values = [1.1 * v for v in GROWING]
    values[7] *= 1.05
    told = revisions(edition(CHN=GROWING, USA=GROWING), edition(CHN=values, USA=GROWING))
    own = told.by_country.set_index("country").loc["CHN"]
    cells = told.cells.set_index(["country", "year"])

    assert not own["rebased"]
    assert own["largest_year"] == 2007
    assert_allclose(cells.loc[("CHN", 2007), "net_percent"], 5.0)
    assert told.by_variable["net_revised"].iloc[0] == 1
    assert told.by_variable["largest_country"].iloc[0] == "CHN"


def test_counts_of_new_and_gone_values():
    """Two years fewer of A, a country more: 2 gone, 10 new, 8 in common."""
    before, after = edition(A=GROWING), edition(A=GROWING[:8], B=GROWING)
    told = revisions(before, after).by_variable.iloc[0]

    assert (told["common"], told["new"], told["gone"]) == (8, 10, 2)


def test_growth_is_the_average_log_growth_of_each_edition():
    """3 % a year before, 2 % after: 100 log 1.03 and 100 log 1.02."""
    slower = [100 * 1.02**t for t in range(10)]
    own = revisions(edition(A=GROWING), edition(A=slower)).by_country.iloc[0]

    assert_allclose(own["growth_before"], 100 * np.log(1.03))
    assert_allclose(own["growth_after"], 100 * np.log(1.02))


def test_zeros_and_changes_of_sign_are_compared_in_the_unit():
    """0 to 2 and -1 to 1 have no ratio: they count as revised, largest in the unit."""
    told = revisions(edition(A=[0.0, -1.0]), edition(A=[2.0, 1.0])).by_variable.iloc[0]

    assert told["revised"] == 2
    assert told["net_revised"] == 0


def test_negative_series_have_ratios():
    """Imports entered as negative numbers, all times 1.2: rebased by 20 %."""
    before = edition(A=[-v for v in GROWING])
    own = revisions(before, edition(A=[-1.2 * v for v in GROWING])).by_country.iloc[0]

    assert bool(own["rebased"])
    assert_allclose(own["level_shift"], 20.0)


def test_tolerance_hides_rounding():
    """Seven of ten values (100, 103 and 106.09 have two decimals) are rounded: none at 1e-4."""
    rounded = edition(A=[round(v, 2) for v in GROWING])

    assert revisions(edition(A=GROWING), rounded).by_variable["revised"].iloc[0] == 7
    loose = revisions(edition(A=GROWING), rounded, tolerance=1e-4)
    assert loose.by_variable["revised"].iloc[0] == 0


def test_nothing_in_common_is_said():
    """Another variable, or other countries: one message."""
    other = edition(A=GROWING).assign(variable="y")
    with pytest.raises(DataError, match=r"no variable in common; found x and y"):
        revisions(edition(A=GROWING), other)
    with pytest.raises(DataError, match=r"no value of the same country"):
        revisions(edition(A=GROWING), edition(B=GROWING))
