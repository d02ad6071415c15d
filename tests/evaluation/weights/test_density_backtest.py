"""The densities' backtest: blind to the future; and the weights that they earn in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from forecast.errors import ProjectionError
from forecast.evaluation.weights.density_backtest import backtest_densities
from forecast.evaluation.weights.pool_weights import WEIGHT_RULES, earn_weights
from forecast.panel import Panel
from forecast.projection.futures.futures import Inputs
from forecast.projection.regressors import raw_drivers
from forecast.sources.package.package import DataPackage

CODES = ["BRA", "CHN", "CZE", "FRA", "JPN", "MEX", "POL", "USA"]
YEARS = range(1991, 2025)
ORIGIN = 2014


SEED = catalog.study().seed
DENSITIES = ("random_walk_drift", "local_linear_trend", "convergence")  # they take no search


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped panel with made annual series of eight economies."""
    rng = np.random.default_rng(3)
    index = pd.MultiIndex.from_product([CODES, YEARS], names=["country", "year"])
    growth = rng.normal(0.03, 0.02, (len(CODES), len(YEARS)))
    drivers = dict.fromkeys(raw_drivers(catalog.model("catch_up")), 20.0)
    frame = pd.DataFrame(
        {"output_per_worker": np.exp(growth.cumsum(axis=1)).ravel(), **drivers}, index=index
    )
    return Inputs(
        growth_panel=starter.panel("growth_panel"),
        annual=Panel(frame, source="made"),
        sdr_parts=starter.table("sdr_parts"),
        thresholds=starter.table("thresholds"),
        population=starter.table("population_projection"),
    )


def _cases(inputs: Inputs, jobs: int = 1) -> pd.DataFrame:
    return backtest_densities(
        inputs,
        DENSITIES,
        catalog.model("catch_up"),
        seed=SEED,
        origins=(ORIGIN,),
        horizons=(1, 5, 10),
        draws=300,
        jobs=jobs,
    )


@pytest.fixture(scope="module")
def cases(inputs: Inputs) -> pd.DataFrame:
    """Return the cases in one process."""
    return _cases(inputs)


def test_a_forecast_does_not_see_the_future(inputs: Inputs, cases: pd.DataFrame) -> None:
    """With everything after the origin replaced by noise, all forecasts are the same numbers."""
    rng = np.random.default_rng(4)

    def noisy(panel: Panel) -> Panel:
        frame = panel.frame.copy()
        later = frame.index.get_level_values("year") > ORIGIN
        frame.loc[later] = frame.loc[later] * rng.uniform(0.5, 1.5, frame.loc[later].shape)
        return Panel(frame, source=panel.source, step=panel.step)

    blind = replace(inputs, growth_panel=noisy(inputs.growth_panel), annual=noisy(inputs.annual))
    seen, found = cases, _cases(blind)

    np.testing.assert_array_equal(seen["mean"], found["mean"])
    assert not np.array_equal(seen["outcome"], found["outcome"])
    assert set(seen["density"]) == {"random_walk_drift", "local_linear_trend", "convergence"}
    assert set(seen["country"]) == set(CODES)


def test_two_processes_change_nothing(
    inputs: Inputs, cases: pd.DataFrame, processes_used: list[int]
) -> None:
    """Each economy has random numbers of its own."""
    pd.testing.assert_frame_equal(cases, _cases(inputs, jobs=2), check_exact=True)
    assert set(processes_used) == {2}


def test_scores_are_those_of_the_draws_distribution(inputs: Inputs, cases: pd.DataFrame) -> None:
    """A random walk's forecast of one year is Student t: mean and log density as in closed form.

    300 draws: four standard errors of the mean are 0.5 points at a spread of 2; a kernel estimate
    of that many draws is within 0.5 nats inside three standard deviations.
    """
    from scipy import stats

    walks = cases.query("density == 'random_walk_drift' and horizon == 1")
    growth = 100 * np.log(inputs.annual.frame["output_per_worker"]).unstack("country").diff()
    past = growth.loc[1992:ORIGIN]
    for row in walks.itertuples():
        own = past[row.country]
        scale = own.std(ddof=1) * np.sqrt(1 + 1 / len(own))
        exact = stats.t.logpdf(row.outcome, len(own) - 1, own.mean(), scale)

        assert abs(row.mean - own.mean()) < 0.5
        if abs(row.outcome - own.mean()) < 3 * scale:
            assert abs(row.log_density - exact) < 0.5


def test_without_a_case_the_message_says_what_is_needed(inputs: Inputs) -> None:
    """Ten years of past are not enough."""
    with pytest.raises(ProjectionError, match="12 growth rates"):
        backtest_densities(
            inputs,
            DENSITIES,
            catalog.model("catch_up"),
            seed=SEED,
            origins=(2000,),
            horizons=(1,),
            draws=100,
        )


def _scored(better: str, gain: float) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_product(
        [["a", "b"], range(40), [1, 5], ["X", "Y"]],
        names=["density", "origin", "horizon", "country"],
    )
    cases = pd.DataFrame({"log_density": rng.normal(-2, 0.1, len(index))}, index=index)
    cases["crps"] = 2.0
    cases["covered_80"] = 80.0
    cases = cases.reset_index()
    own = cases["density"] == better
    cases.loc[own, "log_density"] += gain
    cases.loc[own, "crps"] = 1.0
    return cases


def test_the_better_density_earns_the_weight() -> None:
    """Half the CRPS gives two thirds; one that is two nats better everywhere takes all."""
    found = earn_weights(_scored("b", gain=2.0))

    assert tuple(found.weights.columns) == WEIGHT_RULES
    np.testing.assert_allclose(found.weights["equal"], 0.5)
    np.testing.assert_allclose(found.weights["inverse_crps"], [1 / 3, 2 / 3])
    np.testing.assert_allclose(found.weights["stacking"], [0, 1], atol=1e-6)
    assert found.cases == 160


def test_stacking_is_at_least_as_good_as_any_rule() -> None:
    """On the cases it was earned on no other weights have a higher log score."""
    scores = earn_weights(_scored("b", gain=0.02)).scores["log_density"]

    assert scores["pool stacking"] >= scores.max() - 1e-9


def test_too_few_common_cases_are_refused() -> None:
    """Weights of a handful of cases mean nothing."""
    with pytest.raises(ProjectionError, match="at least 50"):
        earn_weights(_scored("b", gain=0.0).query("origin < 5"))
