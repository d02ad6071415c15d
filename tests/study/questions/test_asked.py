"""What a function is asked: years one or several, and what does nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import forecast as fc
from forecast.errors import ForecastError
from forecast.projection.scenarios.telling_years import asked_years

OLD = "starter-2026.07"
VERBS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "world": ("by", lambda by: fc.world(by=by).table.totals),
    "news": ("by", lambda by: fc.news(OLD, OLD, country="CHN", by=by)),
    "compare": ("years", lambda y: fc.compare("decoupling", draws=100, years=y).table),
    "project": ("years", lambda y: fc.project("decoupling", draws=100, years=y).years),
    "attribute": ("by", lambda by: fc.attribute("decoupling", by=by, draws=100).to_frame()),
    "decompose": ("by", lambda by: fc.decompose(by=by, draws=100).to_frame()),
}


@pytest.mark.parametrize("verb", VERBS)
def test_one_year_is_a_list_of_one(verb: str) -> None:
    """As a number of Python or numpy, alone or in a list."""
    ask = VERBS[verb][1]
    one, listed = ask(np.int64(2030)), ask([2030])

    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, listed)
    else:
        assert one == listed == (2030,)


@pytest.mark.parametrize("year", ["2030", 2030.5, [2030, None], True, ["2030"]])
@pytest.mark.parametrize("verb", [*VERBS, "sensitivity", "require", "backtest"])
def test_what_is_no_year_is_one_message(verb: str, year: object) -> None:
    """No traceback, and before any work: what was found, and what must be."""
    name, ask = {
        **VERBS,
        "sensitivity": ("by", lambda by: fc.sensitivity(by=by)),
        "require": ("by", lambda by: fc.require(by=by, probability=0.5, growth=True)),
        "backtest": ("horizons", lambda ahead: fc.backtest(horizons=ahead)),
    }[verb]
    with pytest.raises(ForecastError, match=f"{name}: found .*, must be"):
        ask(year)


@pytest.mark.parametrize("verb", [*VERBS, "sensitivity"])
def test_no_year_at_all_is_no_traceback(verb: str) -> None:
    """An empty list asks for nothing, or is refused."""
    ask = {**VERBS, "sensitivity": ("by", lambda by: fc.sensitivity(by=by, draws=100))}[verb][1]
    try:
        ask([])
    except ForecastError as error:
        assert "found none" in str(error)


def test_years_are_kept_in_the_order_given() -> None:
    """Of any iterable that is no text."""
    assert asked_years(range(2030, 2026, -1)) == (2030, 2029, 2028, 2027)
    assert asked_years(np.array([2030, 2035])) == (2030, 2035)


@pytest.mark.parametrize("origins", [2009, (2004,), ("2004", "2009")])
def test_origins_are_two_years(origins: object) -> None:
    """The first and the last."""
    with pytest.raises(ForecastError, match="origins: found"):
        fc.backtest(origins=origins)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"countries": "as_is"}, "go with panel"),
        ({"sheet": "x"}, "go with panel"),
        ({"data": OLD, "panel": "x.csv"}, "give one"),
    ],
)
def test_an_option_of_estimate_that_does_nothing_is_refused(
    given: dict[str, str], says: str
) -> None:
    """Keys without a panel, and two sources of one sample."""
    with pytest.raises(ForecastError, match=says):
        fc.estimate("pooled", **given)


@pytest.mark.parametrize("given", [{"data": OLD}, {"countries": "as_is"}, {"step": 5}])
def test_a_panel_in_the_first_place_takes_no_source_besides(given: dict[str, Any]) -> None:
    """It has its rows and its keys."""
    panel = fc.data.show(OLD).panel("growth_panel")
    with pytest.raises(ForecastError, match="besides"):
        fc.estimate(panel, "pooled", **given)
    with pytest.raises(ForecastError, match=r"two sources|has its keys"):
        fc.estimate("pooled", panel=panel, **given)


def test_sealed_scores_are_about_no_one_economy() -> None:
    """China is what the published forecasts are about; seals are of all economies."""
    assert "country" not in fc.scoreboard(sealed=True).about


def test_an_exhibit_of_ones_own_frame_names_no_column(tmp_path: Path) -> None:
    """A column that is called ``name`` is not the source under the figure; a file's name is."""
    rows = [
        ("A", year, sector, 10.0 + year - 2000 + at, 5.0 + at)
        for year in (2000, 2010)
        for at, sector in enumerate(("farms", "works", "shops"))
    ]
    columns = ["entity", "year", "sector", "value_added", "employment"]
    table = pd.DataFrame(rows, columns=columns)
    file = tmp_path / "mine.csv"
    table.to_csv(file, index=False)
    drawn = [
        fc.exhibit("decomposition", panel=one).plot()
        for one in (table.assign(name="x"), file, str(file))
    ]
    told = [" ".join(text.get_text() for text in one.findobj(Text)) for one in drawn]

    assert "own table" in told[0]
    assert all("mine.csv" in one and str(tmp_path) not in one for one in told[1:])
