"""The scoreboard: outcomes by hand, rivals blind to what came, windows that are still open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.evaluation.published.passage_chances import passage_chances
from forecast.evaluation.published.scoreboard import (
    outcomes,
    score_growth_forecasts,
    score_passage_forecasts,
    summarise_growth,
)
from forecast.evaluation.published.world_growth import mean_growth
from forecast.panel import Panel
from forecast.sources.readers.published_forecasts import read_published_forecasts

YEARS = range(1990, 2011)


def _row(**given: object) -> dict[str, object]:
    row = {
        "id": "a", "made": "2005-03", "by": "x", "target": "gdp_growth", "first_year": 2005,
        "last_year": 2007, "value": 6.0, "source_kind": "secondary", "note": "",
    }  # fmt: skip
    return {**row, **given}


def _came() -> pd.DataFrame:
    growth = pd.Series(np.arange(21.0), index=YEARS)
    return pd.DataFrame(dict.fromkeys(outcomes(_annual()).columns, growth))


def _annual() -> pd.DataFrame:
    size = len(YEARS)
    return pd.DataFrame(
        {
            "gdp_growth": np.full(size, 5.0),
            "population": 100 * 1.01 ** np.arange(size),
            "output_per_worker": 2 * 1.03 ** np.arange(size),
        },
        index=YEARS,
    )


def test_outcomes_are_percent_growth() -> None:
    """5 % of GDP with 1 % of people is 1.05 / 1.01 - 1 a head; output a worker grows by 3 %."""
    found = outcomes(_annual()).loc[2000]

    np.testing.assert_allclose(found["gdp_growth"], 5.0)
    np.testing.assert_allclose(found["gdp_per_capita_growth"], 100 * (1.05 / 1.01 - 1))
    np.testing.assert_allclose(found["labour_productivity_growth"], 3.0)


def test_a_growth_forecast_and_its_rivals_by_hand() -> None:
    """Growth of year y is y - 1990: 2005-07 averages 16, the ten years to 2004 average 9.5."""
    world = _came() * 0 + 2.0

    found = score_growth_forecasts(pd.DataFrame([_row()]), _came(), world).iloc[0]

    assert (found["outcome"], found["error"], found["years_known"]) == (16.0, -10.0, 3)
    assert (found["drift"], found["world_mean"]) == (9.5, 2.0)
    np.testing.assert_allclose(found["fixed_shrinkage"], 0.3 * 9.5 + 0.7 * 2)
    np.testing.assert_allclose(found["error_drift"], 9.5 - 16)


def test_rivals_do_not_see_what_came() -> None:
    """Noise in the years from the making on leaves every rival's forecast as it was."""
    rng = np.random.default_rng(1)
    noisy = _came()
    noisy.loc[2005:] += rng.normal(0, 5, noisy.loc[2005:].shape)
    rows = pd.DataFrame([_row()])

    seen = score_growth_forecasts(rows, _came(), _came()).iloc[0]
    found = score_growth_forecasts(rows, noisy, noisy).iloc[0]

    for rival in ("drift", "world_mean", "fixed_shrinkage"):
        assert seen[rival] == found[rival]
    assert seen["outcome"] != found["outcome"]


def test_a_window_not_over_counts_its_known_years_and_one_not_begun_none() -> None:
    """2009-2015 has two known years by 2010; 2020-2025 has no outcome and enters no mean."""
    rows = pd.DataFrame(
        [
            _row(first_year=2009, last_year=2015),
            _row(id="b", first_year=2020, last_year=2025),
        ]
    )

    scored = score_growth_forecasts(rows, _came(), _came())
    summary = summarise_growth(scored)

    assert scored["years_known"].tolist() == [2, 0]
    assert np.isnan(scored["outcome"].iloc[1])
    assert (summary["n"].iloc[0], summary["complete"].iloc[0]) == (1, 0)
    np.testing.assert_allclose(summary["mae"].iloc[0], abs(6 - 19.5))


def test_passage_not_yet_is_late_at_least_and_a_later_year_is_open() -> None:
    """Known to 2010, never above: 2008 is late by three years or more, 2012 is open."""
    ratio = pd.Series(np.linspace(-1.1, -0.1, 21), index=YEARS)
    rows = pd.DataFrame(
        [
            _row(target="passage", made="2002-01", last_year=2008),
            _row(id="b", target="passage", made="2009-01", last_year=2012),
        ]
    )

    found = score_passage_forecasts(rows, ratio)

    assert found["outcome"].tolist() == ["not by 2010", "open"]
    assert found["years_late"].iloc[0] == 3
    # 0.05 a year: from -0.55 in 2001, the line is first exceeded in the twelfth year.
    assert found["drift"].iloc[0] == 2013


def test_passage_that_came_is_dated() -> None:
    """Above from 2009 on: a forecast of 2007 was two years early."""
    ratio = pd.Series(np.where(np.arange(21) >= 19, 0.1, -0.5), index=YEARS, dtype=float)
    rows = pd.DataFrame([_row(target="passage", made="2002-01", last_year=2007)])

    found = score_passage_forecasts(rows, ratio).iloc[0]

    assert (found["outcome"], found["years_late"]) == ("passed in 2009", 2)


def test_the_methods_chance_rises_with_the_year_named() -> None:
    """From one origin, passing by a later year is at least as likely; no case, no chance."""
    rng = np.random.default_rng(2)
    steps = rng.normal(0.01, 0.05, (30, 15)).cumsum(axis=0) - 0.6
    ratios = pd.DataFrame(steps, index=range(1990, 2020), columns=[f"C{i:02d}" for i in range(15)])
    ratios["C00"] = np.linspace(-0.9, -0.2, 30)

    found = passage_chances(ratios, "C00", [(2015, 2018), (2015, 2024)])["probability"]

    assert 0 <= found.iloc[0] <= found.iloc[1] <= 1
    assert passage_chances(ratios, "ZZZ", [(2015, 2018)]).empty


def test_world_growth_counts_every_economy_alike() -> None:
    """Two economies growing by 2 and 4 % give 3 %, whatever their size."""
    index = pd.MultiIndex.from_product([["A", "B"], range(2000, 2004)], names=["country", "year"])
    gdp = np.concatenate([100 * 1.02 ** np.arange(4), 9 * 1.04 ** np.arange(4)])
    frame = pd.DataFrame({"rgdpna": gdp, "pop": 1.0, "emp": 0.5}, index=index)

    found = mean_growth(Panel(frame, source="made"))

    np.testing.assert_allclose(found.loc[2001:], 3.0)


def test_the_shipped_table_is_sound_and_says_where_figures_were_seen() -> None:
    """Every row has a maker, a window and a source kind; no original was at hand."""
    table = read_published_forecasts(catalog.home() / "data" / "published_forecasts.csv")

    assert set(table["source_kind"]) == {"secondary"}
    assert (table["target"] == "passage").sum() == 5
