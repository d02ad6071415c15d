"""Inversion: the least effort against closed forms, and its invariants."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.arrays import Array
from forecast.errors import ProjectionError
from forecast.projection.drivers.effects import Effects
from forecast.projection.futures.futures import Futures
from forecast.projection.precedent.change_windows import change_windows
from forecast.projection.require.drivers import required_drivers
from forecast.projection.require.growth import required_growth
from forecast.projection.require.least_effort import least_effort
from forecast.projection.require.record import Question
from forecast.variables import Variable, Variables

Toy = Callable[..., Futures]

VARIABLES = Variables(
    table={
        "rd_gdp": Variable(name="rd_gdp", label="R&D", unit="% of GDP", source="t", low=0, high=7)
    }
)
MEAN, SPREAD, RD, MANUF, YEARS = -1.0, 3.0, 0.5, 0.2, 5
BY = 2030
# A share of 4,001 quantiles is exact to half a draw; p = 0.6, where the density is 0.386.
HALF_DRAW = 0.5 / 4001 / 0.386 * SPREAD
# A ramp of five years gives 1/5 + 2/5 + ... + 1 = 3 years of its full size by the fifth.
RAMP, STEP = 3.0, 5.0


def _lift(asked: float) -> float:
    """Return the log points that raise the share above the line to ``asked``."""
    return float(SPREAD * stats.norm.ppf(asked) - MEAN)


@pytest.mark.parametrize(("shape", "years"), [("ramp", RAMP), ("step", STEP)])
def test_effort_solves_the_normal_equation(toy: Toy, shape: str, years: float) -> None:
    """P = Phi((mean + rd x years x change) / spread) = p, solved for the change."""
    question = Question(by=BY, asked=0.6, shape=shape)  # type: ignore[arg-type]

    found = required_drivers(toy(), {"rd_gdp": 1.0}, VARIABLES, question, unit="own")

    assert found.verdict == "reached"
    assert found.effort == pytest.approx(_lift(0.6) / (RD * years), abs=HALF_DRAW / (RD * years))
    assert found.needs["required"].item() == pytest.approx(2.0 + found.effort)


def test_several_drivers_share_one_effort(toy: Toy) -> None:
    """Weights 1 and -2 at 0.5 and 0.2 a unit: each effort lifts growth by 0.5 - 0.4 = 0.1."""
    question = Question(by=BY, asked=0.4, shape="step")
    weights = {"rd_gdp": 1.0, "manuf_share": -2.0}

    found = required_drivers(toy(), weights, VARIABLES, question, unit="own")

    want = _lift(0.4) / (0.1 * STEP)
    assert found.effort == pytest.approx(want, abs=HALF_DRAW / (0.1 * STEP))
    np.testing.assert_allclose(found.needs["change"], [found.effort, -2 * found.effort])


def test_a_unit_of_effort_is_the_recorded_standard_deviation(toy: Toy) -> None:
    """In sd units the change is the same and the effort smaller by the standard deviation."""
    question = Question(by=BY, asked=0.6)
    own, sd = (
        required_drivers(toy(), {"rd_gdp": 1.0}, VARIABLES, question, unit=unit)
        for unit in ("own", "sd")
    )

    spread = np.std([0.0, 1.0, 4.0, 8.0, 10.0, 9.0], ddof=1)
    # Two grids enter the same step of the share at efforts that differ by their last halving.
    assert sd.effort * spread == pytest.approx(own.effort, abs=1e-6)


def test_growth_solves_the_normal_equation(toy: Toy) -> None:
    """An addition of e % a year for five years lifts log income by 5 e points."""
    found = required_growth(toy(), Question(by=BY, asked=0.6))

    assert found.effort == pytest.approx(_lift(0.6) / 5, abs=HALF_DRAW / 5)
    assert found.needs["start"].item() == 4.0
    # Accelerations on record: 2, 4, 0 and 0 points; levels 0, 2, 6 and three times 1.
    assert found.needs["change_share"].item() == 0.5
    assert found.needs["change_count"].item() == 4
    assert found.needs["level_share"].item() == pytest.approx(1 / 6)


@pytest.mark.parametrize("seed", range(5))
def test_the_effort_does_it_and_just_below_does_not(seed: int) -> None:
    """For a random step function the share at the effort is enough, just below it is not.

    Half of 500 draws is exactly what is asked: enough.
    """
    needed = np.random.default_rng(seed).normal(2.0, 1.0, 500)

    def passed(effort: float) -> np.ndarray:
        return np.asarray(needed <= effort)

    found = least_effort(passed, 0.5, np.linspace(0.0, 5.0, 41))

    assert passed(found.effort).mean() >= 0.5
    assert passed(np.nextafter(found.effort - 1e-9, -np.inf)).mean() < 0.5
    assert found.effort == pytest.approx(np.sort(needed)[249], abs=1e-9)


def test_more_is_needed_for_more_and_less_with_more_time(toy: Toy) -> None:
    """Effort rises with the probability asked and falls with a later year."""
    sure = [
        required_growth(toy(), Question(by=BY, asked=asked)).effort for asked in (0.45, 0.55, 0.65)
    ]
    late = [
        required_growth(toy(years=years), Question(by=2025 + years, asked=0.6)).effort
        for years in (3, 4, 5)
    ]

    assert sure == sorted(sure)
    assert sure[0] > 0
    assert late == sorted(late, reverse=True)
    assert late[2] < late[0]


def test_a_probability_already_met_needs_nothing(toy: Toy) -> None:
    """At mean 1 more than half pass without departure: effort 0, and the answer says so."""
    found = required_drivers(
        toy(mean=1.0), {"rd_gdp": 1.0}, VARIABLES, Question(by=BY, asked=0.5), unit="own"
    )

    assert found.verdict == "already"
    assert found.effort == 0.0
    assert found.probability == found.baseline > 0.5


def test_what_no_recorded_value_reaches_is_out_of_reach(toy: Toy) -> None:
    """R&D ends at the variable's bound of 7, below the 10 on record: a ramp lifts by 7.5."""
    found = required_drivers(
        toy(), {"rd_gdp": 1.0}, VARIABLES, Question(by=BY, asked=0.999), unit="own"
    )

    assert found.verdict == "out of reach"
    assert np.isnan(found.effort)
    assert found.frontier["rd_gdp"].max() == pytest.approx(7.0)
    assert found.best == pytest.approx(stats.norm.cdf((MEAN + 7.5) / SPREAD), abs=1 / 4001)
    assert found.limited_by == "rd_gdp at 7"


def test_the_wrong_sign_is_said_and_searched_only_when_asked(toy: Toy) -> None:
    """With a negative coefficient more R&D hurts; down, less of it does."""
    futures = toy(rd=-0.5)

    def ask(direction: str) -> object:
        question = Question(by=BY, asked=0.4, direction=direction)  # type: ignore[arg-type]
        return required_drivers(futures, {"rd_gdp": 1.0}, VARIABLES, question, unit="own")

    up, down, either = ask("up"), ask("down"), ask("either")

    assert up.verdict == "wrong sign"  # type: ignore[attr-defined]
    assert up.helped == 0.0  # type: ignore[attr-defined]
    assert down.verdict == either.verdict == "reached"  # type: ignore[attr-defined]
    assert down.effort == either.effort < 0  # type: ignore[attr-defined]
    want = _lift(0.4) / (-0.5 * RAMP)
    assert down.effort == pytest.approx(want, abs=HALF_DRAW / 1.5)  # type: ignore[attr-defined]


def test_a_share_that_falls_again_is_reported() -> None:
    """Where half of the draws drop out at 3, the least effort stands and the fall is told."""
    needed = np.linspace(0.5, 2.5, 101)

    def passed(effort: float) -> np.ndarray:
        here = needed <= effort
        return here & (np.arange(101) % 2 == 0) if effort > 3 else here

    found = least_effort(passed, 0.6, np.linspace(0.0, 5.0, 11))

    assert found.effort == pytest.approx(np.sort(needed)[60], abs=1e-9)
    assert (found.probabilities[found.efforts > 3] < 0.6).all()


def test_frontier_holds_the_answer_and_paired_errors(toy: Toy) -> None:
    """The least effort is a row; a gain of common draws is surer than its two shares."""
    found = required_drivers(
        toy(), {"rd_gdp": 1.0}, VARIABLES, Question(by=BY, asked=0.6), unit="own"
    )
    table = found.frontier

    assert found.effort in table["effort"].to_numpy()
    assert table["effort"].is_monotonic_increasing
    row = table[table["effort"] == found.effort].iloc[0]
    gain, n = row["gain"], 4001
    assert row["gain_error"] == pytest.approx(np.sqrt(gain * (1 - gain) / n))
    assert row["mc_error"] == pytest.approx(np.sqrt(0.6 * 0.4 / n), rel=1e-3)
    assert found.effort_low < found.effort < found.effort_high


def test_a_model_that_bends_is_walked_not_interpolated(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With growth rising as the square of R&D's departure, effort is the square root."""
    from forecast.projection.require import drivers as module

    def bent(effects: Effects, scenario: pd.DataFrame) -> Array:
        gap = (scenario - effects.drivers)["rd_gdp"].loc[effects.years].to_numpy()
        return np.broadcast_to(gap**2, (len(effects.coefficients.assignment), len(effects.years)))

    monkeypatch.setattr(module, "growth_difference", bent)
    question = Question(by=BY, asked=0.6, shape="step")

    found = required_drivers(toy(), {"rd_gdp": 1.0}, VARIABLES, question, unit="own")

    want = np.sqrt(_lift(0.6) / STEP)
    assert found.effort == pytest.approx(want, abs=HALF_DRAW / (2 * want * STEP) * 1.01)


@pytest.mark.parametrize(
    ("weights", "question", "says"),
    [
        ({}, {}, "no driver is named"),
        ({"rd_gpd": 1.0}, {}, "did you mean 'rd_gdp'"),
        ({"rd_gdp": 0.0}, {}, "must be a number other than 0"),
        ({"rd_gdp": 1.0}, {"by": 2031}, "by: found 2031, must be 2026 to 2030"),
        ({"rd_gdp": 1.0}, {"asked": 1.0}, "must be between 0 and 1"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(
    toy: Toy, weights: dict[str, float], question: dict[str, float], says: str
) -> None:
    """Each has one message that says what is allowed."""
    asked = Question(**({"by": BY, "asked": 0.6} | question))  # type: ignore[arg-type]

    with pytest.raises(ProjectionError, match=says):
        required_drivers(toy(), weights, VARIABLES, asked)


def test_windows_skip_no_period(toy: Toy) -> None:
    """Two periods apart: 2014 to 2024 alone, 0 to 4 and 8 to 9."""
    found = change_windows(toy().setting.growth_panel, ["rd_gdp"], 2)

    assert list(found.index) == [("AAA", 2014, 2024), ("BBB", 2014, 2024)]
    assert list(found["rd_gdp"]) == [4.0, 1.0]


def test_tidy_has_one_row_a_driver(toy: Toy) -> None:
    """Keys and the drivers' columns, one row each."""
    weights = {"rd_gdp": 1.0, "manuf_share": 1.0}
    table = required_drivers(toy(), weights, VARIABLES, Question(by=BY, asked=0.6)).tidy()

    assert isinstance(table, pd.DataFrame)
    assert list(table["driver"]) == ["rd_gdp", "manuf_share"]
    assert set(table["verdict"]) == {"reached"}
