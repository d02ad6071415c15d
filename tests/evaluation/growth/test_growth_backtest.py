"""The growth backtest: no look ahead, same numbers in any number of processes, known figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.crosscountry.history import COLUMNS, growth_history
from forecast.errors import DataError, ProjectionError
from forecast.evaluation.comparison.skill import skill_by_block
from forecast.evaluation.growth.backtest import backtest_growth, backtest_income
from forecast.evaluation.growth.case_groups import case_groups
from forecast.evaluation.growth.origin import GROWTH_FORECASTS, GROWTH_HORIZONS, forecast_growth_at
from forecast.evaluation.growth.scores import case_scores, pit_table, score_growth, score_growth_by
from forecast.evaluation.scores.scores import energy_sample
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage
from forecast.sources.readers import raw

RIVALS = tuple(model for model in GROWTH_FORECASTS if model != "pool")


@pytest.fixture(scope="module")
def pwt91(starter: DataPackage) -> Panel:
    """The Penn World Table that ships with the project."""
    return starter.panel("pwt91")


@pytest.fixture(scope="module")
def pwt1001(raw_dir: Path) -> Panel:
    """Penn World Table 10.01."""
    table = raw.pwt(raw_dir, [*COLUMNS, "emp"])
    frame = table.set_index(["country", "year"]).astype(float).sort_index()
    return Panel(frame=frame, source="PWT 10.01")


def _rmse(found: pd.DataFrame, model: str, horizon: int) -> float:
    row = found[(found.model == model) & (found.horizon == horizon) & (found.score == "rmse")]
    return float(row["value"].iloc[0])


def test_origins_at_intervals_are_those_of_all(pwt91: Panel) -> None:
    """Every tenth origin alone says what it says among all of them."""
    asked: dict[str, Any] = {"origins": (1998, 2008), "horizons": (1, 10), "models": ("drift",)}

    few, every = backtest_growth(pwt91, step=10, **asked), backtest_growth(pwt91, **asked)

    assert sorted(few["origin"].unique()) == [1998, 2008]
    same = every[every["origin"].isin([1998, 2008])].reset_index(drop=True)
    pd.testing.assert_frame_equal(few, same, check_exact=True)


@pytest.mark.parametrize("future", ["missing", "noise", "gone"])
def test_nothing_after_the_origin_is_used(pwt91: Panel, future: str) -> None:
    """With the future missing, noise or cut off, every forecast is the same."""
    frame = pwt91.frame.copy()
    later = frame.index.get_level_values("year") > 1992
    if future == "missing":
        frame.loc[later] = np.nan
    elif future == "noise":
        rng = np.random.default_rng(9)
        frame.loc[later] = rng.uniform(0.1, 9.0, (int(later.sum()), frame.shape[1]))
    else:
        frame = frame[~later]
    changed = Panel(frame=frame, source="changed")

    made = [
        forecast_growth_at(growth_history(p).through(1992), GROWTH_HORIZONS, GROWTH_FORECASTS, 0)
        for p in (pwt91, changed)
    ]

    frames = [densities.frame() for densities in made]
    known = frames[0].country.isin(frames[1].country)
    # cut off, economies yet to appear take no column, which moves sums by a last digit
    exact = {"rtol": 1e-9, "atol": 1e-9} if future == "gone" else {"check_exact": True}
    pd.testing.assert_frame_equal(frames[0][known].reset_index(drop=True), frames[1], **exact)
    assert known.all()
    assert frames[0].notna().all(axis=None)
    if future != "gone":
        assert_array_equal(made[0].shocks, made[1].shocks)


@pytest.mark.parametrize("backtest", [backtest_growth, backtest_income])
def test_a_backtest_knows_the_future_only_as_outcome(
    pwt91: Panel, backtest: Callable[..., pd.DataFrame]
) -> None:
    """With another future the loop over origins, too, forecasts the same, and scores otherwise.

    Of the two origins and horizons three quarters end in the other future.
    """
    frame = pwt91.frame.copy()
    later = frame.index.get_level_values("year") > 1986
    frame.loc[later] *= np.random.default_rng(9).uniform(0.5, 2, (int(later.sum()), frame.shape[1]))
    settings = {"origins": (1985, 1986), "horizons": (1, 5)}

    one, other = (backtest(p, **settings) for p in (pwt91, Panel(frame=frame, source="changed")))

    forecast = ["model", "origin", "horizon", "country", "mean", "scale", "degrees"]
    pd.testing.assert_frame_equal(one[forecast], other[forecast], check_exact=True)
    assert (one["outcome"] != other["outcome"]).mean() > 0.7


def test_the_past_is_used(pwt91: Panel) -> None:
    """A change of last year's output changes forecasts: the test above could fail."""
    frame = pwt91.frame.copy()
    frame.loc[frame.index.get_level_values("year") == 1992, "rgdpna"] *= 1.1
    changed = Panel(frame=frame, source="changed")

    made = [
        forecast_growth_at(growth_history(p).through(1992), (5,), ("pool", "drift"), 0).frame()
        for p in (pwt91, changed)
    ]

    assert (made[0]["mean"] != made[1]["mean"]).all()


def test_a_forecast_does_not_depend_on_what_else_is_asked(pwt91: Panel) -> None:
    """One horizon and model alone have the numbers that they have among all."""
    history = growth_history(pwt91).through(1985)

    among = forecast_growth_at(history, (1, 2, 3, 5, 7, 10), GROWTH_FORECASTS, 0).frame()
    alone = forecast_growth_at(history, (7,), ("world_mean",), 0).frame()

    chosen = among[(among.model == "world_mean") & (among.horizon == 7)]
    pd.testing.assert_frame_equal(chosen.reset_index(drop=True), alone, check_exact=True)


def test_an_origin_does_not_depend_on_those_beside_it(pwt91: Panel) -> None:
    """Alone it has the numbers that it has in a range: a case makes only the origins it shows."""
    settings = {"horizons": (1, 10), "models": ("pool", "drift")}

    among = backtest_growth(pwt91, origins=(1989, 1990), **settings)
    alone = backtest_growth(pwt91, origins=(1990, 1990), **settings)

    chosen = among[among["origin"] == 1990].reset_index(drop=True)
    pd.testing.assert_frame_equal(chosen, alone, check_exact=True)


def test_two_processes_give_the_numbers_of_one(pwt91: Panel, processes_used: list[int]) -> None:
    """Forecasts and outcomes do not depend on the number of processes."""
    settings = {"origins": (1990, 1991), "horizons": (1, 5)}

    one, two = (backtest_growth(pwt91, jobs=jobs, **settings) for jobs in (1, 2))

    assert set(processes_used) == {2}
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_outcome_is_average_growth(pwt91: Panel) -> None:
    """China's outcome from 1990 over ten years is the log ratio of GDP per capita, a year."""
    cases = backtest_growth(pwt91, origins=(1990, 1990), horizons=(10,), models=("drift",))
    rows = pwt91.rows("CHN")
    output = rows["rgdpna"] / rows["pop"]

    found = cases.loc[cases.country == "CHN", "outcome"].item()

    assert_allclose(found, 10 * np.log(output[2000] / output[1990]), rtol=1e-12)


def test_origin_without_a_future_is_named(pwt91: Panel) -> None:
    """An origin from which nothing is known later ends with the years allowed."""
    with pytest.raises(ProjectionError, match="1970-2016"):
        backtest_growth(pwt91, origins=(1980, 2017), horizons=(1,))


def test_short_histories_are_named(pwt91: Panel) -> None:
    """Where no economy has twenty growth rates, the error says so."""
    years = pwt91.frame.index.get_level_values("year")
    frame = pwt91.frame.copy()
    frame.loc[years < 1990, "rgdpna"] = np.nan
    short = Panel(frame=frame, source="short")

    with pytest.raises(DataError, match="short: no economy has 20 growth rates"):
        backtest_growth(short, origins=(1990, 1991), horizons=(1,))


def test_unknown_model_is_named(pwt91: Panel) -> None:
    """A model that does not exist ends with those that do."""
    with pytest.raises(ProjectionError, match="did you mean 'drift'"):
        backtest_growth(pwt91, models=("drit",))


def test_scores_have_every_model_and_horizon(pwt91: Panel) -> None:
    """Each model, horizon and score is one row with as many cases as the others."""
    cases = backtest_growth(pwt91, origins=(1995, 1995))

    found = score_growth(cases)

    energy = found[found.score == "energy_score"]
    assert set(energy.horizon) == {5}
    assert len(energy) == len(GROWTH_FORECASTS)
    assert not found.duplicated(["model", "horizon", "score"]).any()
    assert set(found.model) == set(GROWTH_FORECASTS)
    assert found["n"].nunique() == 1
    assert found["value"].notna().all()


def test_energy_is_of_the_paths(pwt91: Panel) -> None:
    """The energy score of an economy is that of its drawn path and its outcomes."""
    history = growth_history(pwt91)
    made = forecast_growth_at(history.through(1995), (1, 2, 3, 5), ("drift",), 0)
    row = int(np.flatnonzero(made.countries == "CHN")[0])
    cases = backtest_growth(
        pwt91, origins=(1995, 1995), horizons=(1, 2, 3, 5), models=("drift",)
    ).set_index(["country", "horizon"])

    outcome = cases.loc["CHN", "outcome"].loc[[1, 2, 3, 5]].to_numpy()
    expected = energy_sample(outcome[None], made.paths(0)[[row]])

    assert_allclose(cases.loc[("CHN", 5), "energy"], expected[0], rtol=1e-12)


def test_income_is_relative_level(pwt91: Panel) -> None:
    """The outcome is 100 x log of output per head relative to the United States, no case itself.

    No change says today's level, drift adds ten times the own mean change.
    """
    cases = backtest_income(
        pwt91, origins=(1990, 1990), horizons=(10,), models=("zero_drift", "drift")
    )
    output = (pwt91.frame["rgdpo"] / pwt91.frame["pop"]).unstack("country")
    level = 100 * np.log(output["CHN"] / output["USA"])
    china = cases[cases.country == "CHN"].set_index("model")

    assert "USA" not in set(cases.country)
    assert_allclose(china["outcome"], level[2000], rtol=1e-12)
    assert_allclose(china.loc["zero_drift", "mean"], level[1990], rtol=1e-12)
    assert_allclose(china.loc["drift", "mean"], level[1990] + level[1990] - level[1980], rtol=1e-12)


def test_output_per_worker_divides_by_employment(pwt91: Panel) -> None:
    """The outcome of output per worker is growth of output less that of employment."""
    cases = backtest_growth(
        pwt91,
        variable="output_per_worker",
        origins=(1990, 1990),
        horizons=(10,),
        models=("drift",),
    )
    rows = pwt91.rows("CHN")
    output = rows["rgdpna"] / rows["emp"]

    found = cases.loc[cases.country == "CHN", "outcome"].item()

    assert_allclose(found, 10 * np.log(output[2000] / output[1990]), rtol=1e-12)


def test_unknown_variable_is_named(pwt91: Panel) -> None:
    """A variable that does not exist ends with those that do."""
    with pytest.raises(ProjectionError, match="output_per_worker"):
        backtest_growth(pwt91, variable="output")


def test_groups_share_the_cases_out(pwt91: Panel) -> None:
    """Each grouping has every case once; the pooled squared error is the groups' mean, weighted."""
    cases = backtest_growth(pwt91, origins=(1989, 1990), horizons=(5,), models=("drift",))
    whole = _rmse(score_growth(cases), "drift", 5)
    for by in ("group", "region", "decade"):
        group = case_groups(cases, by, {"CHN": "EAS", "DEU": "ECS", "JPN": ""})
        found = score_growth_by(cases, group, by)
        parts = found[found.score == "rmse"]

        assert parts["n"].sum() == len(cases)
        assert_allclose((parts["n"] * parts["value"] ** 2).sum() / len(cases), whole**2)
        names = set(parts["group"])
        if by == "decade":
            assert names == {"1980s", "1990s"}
        elif by == "region":
            assert names == {"EAS", "ECS", "unknown"}
        else:
            assert parts["n"].max() - parts["n"].min() <= 4  # thirds of two origins
    with pytest.raises(DataError, match="must be one of group, region, decade"):
        case_groups(cases, "planet", {})


def test_pit_table_adds_up(pwt91: Panel) -> None:
    """Ten tenths of every model and horizon hold all cases."""
    cases = backtest_growth(pwt91, origins=(1990, 1990), horizons=(1, 5), models=("drift",))

    table = pit_table(cases)

    assert len(table) == 20
    assert_allclose(table.groupby("horizon")["share"].sum(), 100)


@pytest.mark.raw
def test_rivals_on_pwt_1001(pwt1001: Panel) -> None:
    """On PWT 10.01, 1980-2009, 4,274 cases, the rivals have the errors measured independently."""
    cases = backtest_growth(pwt1001, horizons=(1, 5, 10), models=RIVALS)
    found = score_growth(cases)
    # measured beforehand with other code; printed to two decimals
    measured = {
        10: {"drift": 3.40, "country_mean": 3.05, "world_mean": 2.69, "fixed_shrinkage": 2.62},
        5: {"drift": 3.86, "country_mean": 3.70, "world_mean": 3.47, "fixed_shrinkage": 3.35},
        1: {"drift": 6.12, "country_mean": 6.12, "world_mean": 6.03, "fixed_shrinkage": 5.92},
    }

    assert set(found["n"]) == {4274}
    for horizon, rivals in measured.items():
        for model, value in rivals.items():
            assert round(_rmse(found, model, horizon), 2) == value, (model, horizon)


@pytest.fixture(scope="module")
def shipped(pwt1001: Panel) -> pd.DataFrame:
    """All default cases on PWT 10.01, scored."""
    return case_scores(backtest_growth(pwt1001))


@pytest.mark.raw
@pytest.mark.slow
@pytest.mark.parametrize("horizon", [5, 10])
def test_pool_beats_the_best_rival(shipped: pd.DataFrame, horizon: int) -> None:
    """The pool saves 3 % of RMSE and 4.5 % of CRPS against every rival, surely by country.

    Of CRPS 6 % against all but `long_shrinkage`, a rival that was made here.
    """
    loss = shipped[shipped.horizon == horizon].set_index(["model", "origin", "country"])
    pool = loss.loc["pool"]
    for rival in RIVALS:
        other = loss.loc[rival].reindex(pool.index)
        sharper = 0.045 if rival == "long_shrinkage" else 0.06
        for score, least in (("squared", 0.03), ("crps", sharper)):
            skill = skill_by_block(
                pool[score].to_numpy(),
                other[score].to_numpy(),
                pool.index.get_level_values("country").to_numpy(),
                np.random.default_rng(0),
                root=score == "squared",
            )
            assert skill.value > least, (rival, score)
            assert skill.low > 0, (rival, score)


@pytest.mark.raw
@pytest.mark.slow
def test_intervals_hold_what_they_say(shipped: pd.DataFrame) -> None:
    """80 % intervals hold 77 to 83 % at every horizon; by group and decade since 1990, 72 to 88."""
    pool = shipped[shipped.model == "pool"]

    held = pool.groupby("horizon")["coverage_80"].mean()
    assert held.between(77, 83).all(), held
    for by in ("group", "decade"):
        rows = pool.assign(group=case_groups(pool, by, {}))
        rows = rows[rows["group"] != "1980s"]
        held = rows.groupby(["group", "horizon"])["coverage_80"].mean()
        assert held.between(72, 88).all(), held


@pytest.mark.raw
@pytest.mark.slow
def test_intervals_hold_on_a_variable_not_looked_at(pwt1001: Panel) -> None:
    """Of output per worker, on which nothing was chosen, 80 % intervals hold 77 to 83 % too."""
    cases = backtest_growth(pwt1001, variable="output_per_worker", models=("pool",))
    found = score_growth(cases)

    assert found.loc[found.score == "coverage_80", "value"].between(77, 83).all()
