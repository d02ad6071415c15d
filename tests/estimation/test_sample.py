"""The rows a model is estimated on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def _panel() -> Panel:
    index = pd.MultiIndex.from_product(
        [["BBB", "AAA", "CCC"], [2000, 2001, 2003, 2004]], names=["country", "year"]
    )
    frame = pd.DataFrame({"y": np.arange(12.0), "x": np.arange(12.0) ** 2}, index=index)
    frame.loc[("AAA", 2001), "x"] = np.nan
    frame.loc[("CCC", 2000), "y"] = np.nan
    frame["void"] = np.nan
    frame["early"] = np.where(index.get_level_values("year") < 2002, 1.0, np.nan)
    frame["late"] = np.where(index.get_level_values("year") > 2002, 1.0, np.nan)
    return Panel(frame, source="made")


def _spec(drivers: list[str] | None = None, **more: Any) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "y",
            "drivers": drivers or ["x"],
            "estimator": "pooled",
            **more,
        }
    )


def test_complete_cases_sorted_and_coded() -> None:
    """Rows with a missing value go and are counted; codes follow the sorted labels."""
    rows = sample(_panel(), _spec())

    assert rows.dropped == 2
    assert rows.index.tolist()[:3] == [("AAA", 2000), ("AAA", 2003), ("AAA", 2004)]
    assert rows.country.tolist() == [0] * 3 + [1] * 4 + [2] * 3
    assert rows.year.tolist() == [0, 2, 3, 0, 1, 2, 3, 1, 2, 3]
    np.testing.assert_array_equal(rows.y, [4, 6, 7, 0, 1, 2, 3, 9, 10, 11])
    np.testing.assert_array_equal(rows.x[:, 0], rows.y**2)


def test_lags_reach_back_before_the_first_year() -> None:
    """Columns are derived before years are cut, in calendar time."""
    rows = sample(
        _panel(),
        _spec(
            ["x_lag"],
            derive={"x_lag": {"of": "x", "as": "lag"}},
            sample={"first_year": 2001, "include": ["BBB"]},
        ),
    )

    assert rows.index.tolist() == [("BBB", 2001), ("BBB", 2004)]
    np.testing.assert_array_equal(rows.x[:, 0], [0.0, 4.0])
    assert rows.dropped == 1  # 2003 has no 2002


def test_filters() -> None:
    """Years, countries and the least number of periods select rows; none counts as dropped."""
    rows = sample(_panel(), _spec(sample={"last_year": 2003, "exclude": ["BBB"], "min_periods": 2}))
    few = sample(_panel(), _spec(sample={"min_periods": 4}))

    assert rows.index.tolist() == [("AAA", 2000), ("AAA", 2003), ("CCC", 2001), ("CCC", 2003)]
    assert few.index.get_level_values("country").unique().tolist() == ["BBB"]
    assert few.dropped == 2


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"drivers": ["xx"]}, "column 'xx' is not one of: .*did you mean 'x'"),
        (
            {"sample": {"include": ["AAB"]}},
            "sample.include: country or group 'AAB'.*did you mean 'AAA'",
        ),
        ({"sample": {"exclude": ["ZZZ"]}}, "sample.exclude: country or group 'ZZZ'"),
        ({"sample": {"first_year": 2010}}, "no row of made .* the panel has 2000 to 2004"),
        ({"drivers": ["x", "void"]}, "column 'void' has no value in the 12 rows selected"),
        ({"drivers": ["early", "late"]}, "no row has a value of 'late' together with 'y', 'early'"),
        ({"sample": {"min_periods": 9}}, "min_periods: found 9, .* more than 4 rows"),
    ],
)
def test_what_leaves_no_sample_is_named(more: dict[str, Any], message: str) -> None:
    """Each way to end without rows has its own message, which starts with the model."""
    with pytest.raises(EstimationError, match=r"^model 'm': .*" + message):
        sample(_panel(), _spec(**more))
