"""The IMF's view at an origin, by hand."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.imf_view import edition_growth, imf_view, view_ahead
from forecast.errors import DataError

KEYS = ["edition_year", "season", "country", "year", "indicator", "value"]


@pytest.fixture
def editions() -> pd.DataFrame:
    """A fall edition in rates, a newer one in levels that grow by 4 %, and a spring edition."""
    rows = [(2010, "F", "C000", 2010 + k, "ngdp_rpch", 3.0 + k) for k in range(6)]
    rows += [(2010, "F", "C000", 2010 + k, "NGDP_R", 100 * 1.5**k) for k in range(6)]
    rows += [(2012, "F", "C001", 2012 + k, "NGDP_R", 100 * 1.04**k) for k in range(6)]
    rows += [(2011, "S", "C000", 2011 + k, "ngdp_rpch", 7.0) for k in range(5)]
    return pd.DataFrame(rows, columns=KEYS)


def test_rates_come_before_levels(editions: pd.DataFrame) -> None:
    """An edition given in rates is not read from levels; one without them is."""
    found = edition_growth(editions)
    fall = found[(found["edition_year"] == 2010) & (found["season"] == "F")]
    newer = found[found["edition_year"] == 2012]

    assert_allclose(fall["growth"], 3.0 + np.arange(6))
    assert_allclose(newer["growth"], 4.0)
    assert newer["year"].min() == 2013


def test_view_is_cumulated_per_head(editions: pd.DataFrame, simulated_chain: ChainRecord) -> None:
    """Logs of growth less population's 1 %, summed; spring editions belong to the year before."""
    growth = edition_growth(editions)

    fall = imf_view(growth, simulated_chain).loc[(2010, "C000")]
    spring = imf_view(growth, simulated_chain, "spring").loc[(2010, "C000")]

    assert_allclose(fall, np.cumsum(np.log1p((4 + np.arange(5)) / 100) - 0.01), rtol=1e-12)
    assert_allclose(spring, np.arange(1, 6) * (np.log(1.07) - 0.01), rtol=1e-12)


def test_the_fifth_years_rate_is_carried_on(
    editions: pd.DataFrame, simulated_chain: ChainRecord
) -> None:
    """Years six to ten each add what the fifth added."""
    view = imf_view(edition_growth(editions), simulated_chain)
    ahead = view_ahead(view, simulated_chain)[:, simulated_chain.years == 2010, 0][:, 0]

    last = np.log1p(0.08) - 0.01
    assert_allclose(np.diff(ahead)[4:], last, rtol=1e-12)
    assert_allclose(ahead[:5], view.loc[(2010, "C000")], rtol=1e-12)


def test_a_wrong_season_is_named(editions: pd.DataFrame, simulated_chain: ChainRecord) -> None:
    """The seasons that there are stand in the message."""
    with pytest.raises(DataError, match="fall, spring"):
        imf_view(edition_growth(editions), simulated_chain, "winter")
