"""Growth of real income per head between two years on record."""

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError, ProjectionError
from forecast.panel import Panel
from forecast.projection.futures.grown_since import grown_since


def _panel() -> Panel:
    """GDP grows by 10 % a year and population doubles at the end; 2021 lacks population."""
    rows = [("AAA", 2018, 10.0, 1.0), ("AAA", 2019, 10.0, 1.0), ("AAA", 2020, 10.0, 2.0),
            ("AAA", 2021, 10.0, np.nan), ("BBB", 2020, 10.0, 1.0)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["country", "year", "gdp_growth", "population"])
    return Panel(frame.set_index(["country", "year"]), source="toy", step=1)


def test_growth_is_gdp_less_population() -> None:
    """Two years at 10 % over twice the people; none at all over no year."""
    grown = grown_since(_panel(), "AAA", 2018, 2020)
    assert np.exp(grown / 100) == pytest.approx(1.1**2 / 2)
    assert grown_since(_panel(), "AAA", 2021, 2021) == 0


def test_what_is_not_known_is_named() -> None:
    """A missing figure, a year off the record, an order reversed, an economy, a column."""
    for year, until, said in (
        (2019, 2021, "not known for 2021"), (2016, 2020, "not known for 2017"),
        (2021, 2020, "at most 2020"),
    ):  # fmt: skip
        with pytest.raises(ProjectionError, match=said):
            grown_since(_panel(), "AAA", year, until)
    with pytest.raises(DataError, match="CCC: no annual record"):
        grown_since(_panel(), "CCC", 2019, 2020)
    bare = Panel(_panel().frame[["population"]], source="toy", step=1)
    with pytest.raises(DataError, match="no 'gdp_growth'"):
        grown_since(bare, "AAA", 2019, 2020)
