"""From when the two exchange rates are compared, and to when the second is chained."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.income.conversion_rate import FIRST_YEAR, conversion_rate

YEARS = range(1990, 2006)


def _economy(broken: int, last: int = 2005) -> pd.DataFrame:
    """Return an economy whose official rate rises by 10 %, in one year by 20 % more than paid."""
    index = pd.Index(YEARS, name="year")
    rate = 2.0 * 1.1 ** np.arange(len(index))
    frame = pd.DataFrame(
        {
            "gdp_growth": 3.0,
            "gdp_deflator_inflation": 10.0,
            # in US$: real growth of 3 %, prices up as much as the rate
            "gdp_pc_current": 1000 * 1.03 ** np.arange(len(index)),
            "population": 1e6,
            "exchange_rate": rate,
        },
        index=index,
    )
    frame.loc[broken:, "exchange_rate"] *= 1.2
    frame.loc[last + 1 :, "gdp_pc_current"] = np.nan
    return frame


def test_years_before_the_first_are_not_compared() -> None:
    """A break in 1995 leaves the official rate, one in 1996 does not; another year may be given."""
    assert FIRST_YEAR == 1996
    for broken, first_year, kept in [
        (1995, 1996, True),
        (1996, 1996, False),
        (1995, 1995, False),
        (1999, 2000, True),
        (2000, 2000, False),
    ]:
        economy = _economy(broken)

        found = conversion_rate(economy, first_year)

        assert found.equals(economy["exchange_rate"]) == kept, (broken, first_year)
    assert conversion_rate(_economy(1995)).equals(_economy(1995)["exchange_rate"])


@pytest.mark.parametrize("last", [2005, 2002])
def test_the_second_rate_runs_back_from_its_last_year(last: int) -> None:
    """It grows by 10 % in all years, those before the comparison too, and ends where known."""
    economy = _economy(1998, last)

    found = conversion_rate(economy)

    assert found.loc[last + 1 :].isna().all()
    assert_allclose(found.loc[:last].pct_change().dropna(), 0.1, rtol=1e-12)
    assert found.loc[:last].notna().all()
    assert found.loc[last] == economy["exchange_rate"].iloc[-1]
