"""Scores of hub files: worked by hand, against the interval form, and what is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.evaluation.published.hub_scores import FLOOR, hub_scores
from forecast.evaluation.scores.scores import interval_score
from forecast.statistics.income_classes.high_income_years import (
    high_from_changes,
    high_from_classes,
)

HIGH = pd.DataFrame(
    {
        "country": ["POL"] * 5 + ["CHN"] * 3 + ["USA"] * 5,
        "year": [*range(2008, 2013), 2008, 2009, 2010, *range(2008, 2013)],
        "high": [False, True, True, False, True] + [False] * 3 + [True] * 5,
    }
)
INCOME = pd.DataFrame({"country": ["CHN"], "year": [2012], "value": [6010.0]})


def _rows(place: str, told: dict[object, float], kind: str = "pmf") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": "team-a",
            "origin_date": "2009-07-01",
            "scenario_id": "baseline",
            "location": place,
            "target": "crossing_year" if kind == "pmf" else "gni_pc_atlas",
            "target_date": "NA" if kind == "pmf" else "2012-12-31",
            "output_type": kind,
            "output_type_id": [str(key) for key in told],
            "value": list(told.values()),
        }
    )


PMF = {2009: 0.5, 2010: 0.2, 2011: 0.1, 2012: 0.1, "never": 0.1}


def _scores(rows: pd.DataFrame) -> pd.DataFrame:
    return hub_scores(rows, HIGH, INCOME, "baseline").table


def test_a_crossing_that_came_stays() -> None:
    """Poland was high income in 2009: by 2011 it had crossed, though not high in that year."""
    table = _scores(_rows("POL", PMF))

    assert table["horizon"].tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(table["brier"], [0.25, 0.09, 0.04, 0.01], atol=1e-12)
    np.testing.assert_allclose(table["log_score"], -np.log([0.5, 0.7, 0.8, 0.9]), rtol=1e-12)


def test_years_without_a_class_are_unresolved() -> None:
    """China's class is known to 2010: the two later horizons are counted, not scored."""
    table = _scores(_rows("CHN", PMF))

    assert table["scored"].tolist() == [1, 1, 0, 0]
    assert table["unresolved"].tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(table["brier"], [0.25, 0.49, np.nan, np.nan])


def test_what_had_crossed_before_is_not_scored() -> None:
    """A crossing forecast of an economy that was high income the year before has no outcome."""
    assert _scores(_rows("USA", PMF))["scored"].tolist() == [0, 0, 0, 0]


def test_a_forecast_from_the_first_known_year_is_one_remark() -> None:
    """Whether Poland had crossed before 2008 nobody knows: no outcome, and that is said once."""
    rows = pd.concat([
        _rows("POL", {2008: 0.5, 2009: 0.3, "never": 0.2}),
        _rows("POL", PMF).assign(model="team-b"),
        _rows("CHN", {2012: 0.5, "never": 0.5}).assign(model="team-c"),  # not known yet: no remark
    ])  # fmt: skip
    found = hub_scores(rows, HIGH, INCOME, "baseline")

    scored = found.table.groupby("model")[["scored", "unresolved"]].sum()
    assert scored.loc["team-a"].tolist() == [0, 2]
    assert scored.loc["team-b"].tolist() == [4, 0]
    assert found.remarks == (
        "not scored: 1 forecasts of crossing_year whose economy has no known class in the year "
        "before",
    )


def test_without_changes_and_incomes_no_class_is_known() -> None:
    """A table of changes without rows: every crossing is unresolved, and nothing breaks."""
    changes = pd.DataFrame(columns=["country", "year", "from_class", "to_class"])
    incomes = pd.DataFrame(columns=["country", "ratio_to_line"])
    high = high_from_changes(changes, incomes, 2000, 2004)

    assert high.columns.tolist() == ["country", "year", "high"]
    assert high.empty
    table = hub_scores(_rows("POL", PMF), high, INCOME, "baseline").table
    assert table["unresolved"].tolist() == [1, 1, 1, 1]


def test_a_certain_error_has_a_finite_log_score() -> None:
    """Probabilities of 0 and 1 count as the floor's."""
    table = _scores(_rows("POL", {2009: 0.0, "never": 1.0}))

    assert table["brier"].tolist() == [1.0]
    assert table["log_score"].tolist() == pytest.approx([-np.log(FLOOR)])


@given(st.lists(st.integers(-5000, 20000), min_size=5, max_size=5))
def test_the_weighted_interval_score_is_bracher_and_others(values: list[int]) -> None:
    """Twice the mean pinball loss is eq. 2: median error and two intervals, weights alpha / 2."""
    q = sorted(float(one) for one in values)
    levels = [0.1, 0.25, 0.5, 0.75, 0.9]
    table = _scores(_rows("CHN", dict(zip(levels, q, strict=True)), "quantile"))
    y = np.array([6010.0])
    parts = 0.5 * abs(6010.0 - q[2])
    for alpha, low, high in ((0.2, q[0], q[4]), (0.5, q[1], q[3])):
        score = interval_score(y, np.array([low]), np.array([high]), 1 - alpha)[0]
        parts += alpha / 2 * score

    assert table["wis"].tolist() == pytest.approx([parts / 2.5], rel=1e-9, abs=1e-9)
    assert table["covered_80"].tolist() == [100.0 * (q[0] <= 6010 <= q[4])]
    assert table["horizon"].tolist() == [3]


def test_other_scenarios_and_types_are_counted() -> None:
    """They are conditional, or no distribution; each is said."""
    rows = pd.concat([
        _rows("POL", PMF),
        _rows("POL", PMF).assign(scenario_id="other"),
        _rows("CHN", {"0.5": 1.0}, "quantile").assign(output_type="median"),
    ])  # fmt: skip
    found = hub_scores(rows, HIGH, INCOME, "baseline")

    assert found.table["scored"].sum() == 4
    assert [text.split(" rows")[0] for text in found.remarks] == [
        "not scored: 5", "not scored: 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({2009: 0.5, "never": 0.1}, "add up to 0.6"),
        ({2009: 0.5, 2011: 0.5}, "a year between 2009 and 2011 is missing"),
        ({"soon": 1.0}, "found 'soon'"),
        ({2009: -0.5, "never": 1.5}, "must be at least 0"),
    ],
)
def test_what_is_no_distribution_is_one_message(told: dict[object, float], message: str) -> None:
    """The model and the place are named."""
    with pytest.raises(DataError, match=f"team-a, 2009-07-01, POL: .*{message}"):
        _scores(_rows("POL", told))


def test_levels_are_checked() -> None:
    """A level beyond 1 is refused."""
    with pytest.raises(DataError, match="between 0 and 1"):
        _scores(_rows("CHN", {50: 6000.0}, "quantile"))


def test_changes_say_what_classes_say() -> None:
    """History from changes, and from yearly classes, of an economy that changed twice."""
    classes = pd.DataFrame(
        {"country": "AAA", "year": range(2000, 2005), "income_class": ["UM", "H", "H", "LM*", "H"]}
    )
    changes = pd.DataFrame({
        "country": "AAA", "year": [2001, 2003, 2004], "from_class": ["UM", "H", "LM*"],
        "to_class": ["H", "LM*", "H"],
    })  # fmt: skip
    ratios = pd.DataFrame(
        {"country": ["BBB", "CCC", "CCC", "DDD"], "ratio_to_line": [2.0, 0.5, 1.5, 0.4]}
    )
    found = high_from_changes(changes, ratios, 2000, 2004)

    own = found[found["country"] == "AAA"].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, high_from_classes(classes), check_dtype=False)
    assert found.groupby("country")["high"].mean().drop("AAA").to_dict() == {"BBB": 1, "DDD": 0}
