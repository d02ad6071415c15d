"""Case files: levels by hand, an economy without a past, the verdict's horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.errors import ProjectionError
from forecast.evaluation.growth.case_file import case_file, case_verdicts
from forecast.reporting.figures.case import draw_case
from forecast.reporting.figures.style import render


def _cases() -> pd.DataFrame:
    rows = [
        ("pool", origin, h, "KOR", 2.0, 1.0, 5.0, 3.0)
        for origin, longest in ((1980, 15), (2000, 5))
        for h in (1, 2, 3, 5, 10, 15)
        if h <= longest
    ]
    columns = [
        "model", "origin", "horizon", "country", "mean", "scale", "degrees", "outcome",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _output() -> pd.Series:
    return pd.Series(5 * 1.03 ** np.arange(56), index=range(1950, 2006))


def test_bands_start_at_the_record_and_compound_the_quantile() -> None:
    """Ten years at 2 % a year said, and at its 10 % quantile, from the index of 1980."""
    found = case_file(_cases(), _output(), "KOR", (1980,))
    wide = found.pivot(index="year", columns=["origin", "variable"], values="value")
    start = 100 * 1.03**30

    np.testing.assert_allclose(wide.loc[1980], start)
    np.testing.assert_allclose(wide.loc[1990, (1980, "median")], start * np.exp(0.2))
    low = stats.t.ppf(0.1, 5, 2.0, 1.0)
    np.testing.assert_allclose(wide.loc[1990, (1980, "low_80")], start * np.exp(low / 10))
    assert 1995 not in wide[1980].dropna().index
    np.testing.assert_allclose(wide.loc[2005, (0, "recorded")], 100 * 1.03**55)


def test_the_verdict_is_at_the_longest_known_horizon_up_to_ten_years() -> None:
    """1980 is judged after ten years, not fifteen; 2000 after five."""
    found = case_verdicts(_cases(), ("KOR",), (1980, 2000))

    assert found["horizon"].tolist() == [10, 5]
    np.testing.assert_allclose(found["pit"], stats.t.cdf(3.0, 5, 2.0, 1.0))
    assert found["inside"].all() == (abs(stats.t.ppf(0.9, 5)) >= 1)


def test_an_economy_without_a_forecast_is_named() -> None:
    """Too short a past at all origins: one message."""
    with pytest.raises(ProjectionError, match="XKX: no forecast from 1980"):
        case_file(_cases(), _output(), "XKX", (1980,))


def test_the_figure_has_a_fan_for_each_origin_and_the_same_bytes_twice() -> None:
    """Two origins, two bands; drawing again gives the same bytes."""
    case = case_file(_cases(), _output(), "KOR", (1980, 2000))
    figure = draw_case(case, "Korea", "made data")

    assert len(figure.axes[0].collections) == 2
    assert render(figure, "png") == render(draw_case(case, "Korea", "made data"), "png")
