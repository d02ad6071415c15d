"""Attribution, decomposition and sensitivity of the embedded study, and drivers that wander."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from forecast.errors import ProjectionError
from forecast.estimation.estimate import estimate
from forecast.projection.drivers.driver_deviations import driver_spread
from forecast.projection.drivers.effects import deviation_growth, growth_difference
from forecast.projection.explain.attribution import TOTAL, attribute, attribution_table
from forecast.projection.explain.decomposition import decompose
from forecast.projection.explain.parameters import PARAMETERS
from forecast.projection.explain.sensitivity import sensitivity
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures, Inputs, Setting
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.scenarios.project import project
from forecast.projection.scenarios.scenario_drivers import scenario_drivers
from forecast.randomness.streams import FACTORS, Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.specs.scenario import ScenarioSpec
from forecast.study.prepare import plan_of

DRIVERS = ["rd_gdp", "manuf_share", "mht_share", "exports_gdp", "imports_gdp", "investment_gdp"]
STREAMS = Streams.of_seed(11)
SCENARIOS = {name: catalog.scenario(name) for name in catalog.scenarios()}


@pytest.fixture(scope="module")
def setting(starter: DataPackage) -> Setting:
    """Return the embedded study's setting with few draws and a near horizon."""
    inputs = Inputs(
        growth_panel=starter.panel("growth_panel"),
        annual=starter.annual(),
        sdr_parts=starter.table("sdr_parts"),
        thresholds=starter.table("thresholds"),
        population=starter.table("population_projection"),
    )
    read = catalog.study()
    equal = dict.fromkeys(("auto_arima", "local_linear_trend", "convergence"), 1 / 3)
    used = [*read.effects.weights, "rd_openness", read.baseline.convergence_model]
    estimates = {m: estimate(inputs.growth_panel, catalog.model(m)) for m in used}
    plan = replace(
        plan_of(read, estimates),
        draws=600,
        horizon=2036,
        baseline="pool",
        convergence_model=read.baseline.convergence_model,
        growth_weights=equal,
        nominal_weights={"mean_reverting": 0.5, "growth_linked": 0.5},
    )
    return prepare_futures(inputs, plan, estimates, DRIVERS)


@pytest.fixture(scope="module")
def futures(setting: Setting) -> Futures:
    """Return the study's draws."""
    return draw_futures(setting, STREAMS)


def _parts(futures: Futures, scenario: ScenarioSpec, year: int = 2033) -> pd.DataFrame:
    """Return parts by driver (rows) and variable (columns)."""
    table = attribute(futures, scenario, SCENARIOS, catalog.variables(), [2030, year])
    return table[table["year"] == year].pivot(index="driver", columns="variable", values="value")


@pytest.mark.parametrize("name", ["policy_coordination", "korean_path", "decoupling"])
def test_parts_sum_to_the_projected_effect(futures: Futures, name: str) -> None:
    """The total is the difference between two projections, and the drivers' parts sum to it."""
    found = _parts(futures, SCENARIOS[name])
    there, here = (
        project(futures, SCENARIOS[one], SCENARIOS, catalog.variables())
        for one in (name, "baseline")
    )
    at = 2033 - int(futures.years[0])
    expected = {
        "income_mean": there.income[:, at].mean() - here.income[:, at].mean(),
        "income_median": np.median(there.income[:, at]) - np.median(here.income[:, at]),
        "p_crossed": there.crossing.probability(2033) - here.crossing.probability(2033),
    }

    for variable, value in expected.items():
        # Income is rounded to 10 US$ draw by draw, so equal but for the order of the mean's sum.
        assert found.loc[TOTAL, variable] == pytest.approx(value, abs=1e-8)
        parts = found.drop(index=TOTAL)[variable].sum()
        assert parts == pytest.approx(found.loc[TOTAL, variable], abs=1e-8)


def test_equal_moves_of_exchangeable_drivers_get_equal_parts(futures: Futures) -> None:
    """Exports and imports enter every model by their sum and rise by five points each."""
    found = _parts(futures, SCENARIOS["reform_and_opening"])

    np.testing.assert_allclose(found.loc["exports_gdp"], found.loc["imports_gdp"], rtol=1e-12)


def test_drivers_that_work_together_are_attributed_from_every_subset(setting: Setting) -> None:
    """With R&D x openness in the model parts are those of the projected subsets.

    Two drivers: each gets half of what it adds first and half of what it adds last.
    """
    plan = replace(setting.plan, effect_weights={"rd_openness": 1.0})
    futures = draw_futures(replace(setting, plan=plan), STREAMS)
    moves = {"rd_gdp": {2030: 2.0}, "exports_gdp": {2030: 15.0}}

    def median(names: list[str]) -> float:
        changes = {name: moves[name] if name in names else {2030: 0.0} for name in moves}
        spec = changed(SCENARIOS["innovation_first"], changes=changes)
        found = project(futures, spec, SCENARIOS, catalog.variables())
        return float(np.median(found.income[:, 2033 - int(futures.years[0])]))

    none, first, second, both = (median(n) for n in ([], ["rd_gdp"], ["exports_gdp"], list(moves)))
    spec = changed(SCENARIOS["innovation_first"], changes=moves)
    found = _parts(futures, spec)["income_median"]

    assert both - first != second - none  # they do work together
    assert found["rd_gdp"] == pytest.approx((first - none + both - second) / 2, abs=1e-8)
    assert found["exports_gdp"] == pytest.approx((second - none + both - first) / 2, abs=1e-8)


def test_the_table_of_a_run_leaves_out_what_it_cannot_show(futures: Futures) -> None:
    """Years beyond the horizon and the baseline have no rows; no scenario, an empty table."""
    chosen = [SCENARIOS["baseline"], SCENARIOS["decoupling"]]
    table = attribution_table(futures, chosen, SCENARIOS, catalog.variables(), [2030, 2060])

    assert set(table["year"]) == {2030}
    assert set(table["scenario"]) == {"decoupling"}
    assert attribution_table(futures, [], SCENARIOS, catalog.variables()).empty


def test_what_cannot_be_attributed_is_refused(futures: Futures) -> None:
    """A year that is not projected and a scenario of another country are named."""
    with pytest.raises(ProjectionError, match="must be from 2026 to 2036"):
        attribute(futures, SCENARIOS["decoupling"], SCENARIOS, catalog.variables(), [2040])
    other = changed(SCENARIOS["decoupling"], country="VNM")
    with pytest.raises(ProjectionError, match="about VNM"):
        attribute(futures, other, SCENARIOS, catalog.variables(), [2030])


def _wandering(setting: Setting) -> Setting:
    known = setting.growth_panel.through(int(setting.years[0]) - 1)
    return replace(setting, spread=driver_spread(known, "CHN", [*DRIVERS, "pop_growth"]))


def test_a_certain_deviation_is_a_scenario(futures: Futures, setting: Setting) -> None:
    """The same path for every draw gives what a scenario with that path gives."""
    spec = SCENARIOS["korean_path"]
    paths = scenario_drivers(futures, spec, SCENARIOS, catalog.variables())
    shape = (setting.plan.draws, len(futures.years))
    away = (paths - futures.setting.drivers).loc[futures.years]
    deviations = {name: np.broadcast_to(away[name], shape) for name in DRIVERS}

    found = deviation_growth(futures.effects, deviations)

    expected = growth_difference(futures.effects, paths)
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


def test_wandering_drivers_leave_differences_between_scenarios_alone(
    futures: Futures, setting: Setting
) -> None:
    """Growth of a scenario less the baseline's is the same in every draw: effects are linear."""
    other = draw_futures(_wandering(setting), STREAMS)
    spec = SCENARIOS["korean_path"]
    there, here = (project(one, spec, SCENARIOS, catalog.variables()) for one in (other, futures))

    assert np.abs(other.baseline.growth - futures.baseline.growth).max() > 0.1
    np.testing.assert_allclose(
        there.growth - other.baseline.growth, here.growth - futures.baseline.growth, atol=1e-12
    )


def test_one_model_of_everything_leaves_choice_of_model_no_share(setting: Setting) -> None:
    """Factors without randomness have zero exactly; the rest sum to one."""
    alone = replace(
        setting,
        plan=replace(
            setting.plan,
            nominal_weights={"growth_linked": 1.0},
            effect_weights={"output_correlated": 1.0},
        ),
        densities=replace(setting.densities, weights={"local_linear_trend": 1.0}),
    )

    found = decompose(alone, STREAMS, [2030], 200)

    table = found.tidy()
    shapley = table[table["measure"] == "shapley"].pivot(
        index=["outcome", "year"], columns="factor", values="share"
    )
    assert set(shapley.columns) == set(FACTORS)
    assert (shapley[["model", "drivers"]] == 0).all(axis=None)
    np.testing.assert_allclose(shapley.sum(axis=1), 1.0, rtol=1e-12)
    assert (shapley[["coefficients", "shocks"]].loc["log_ratio"] > 0.05).all(axis=None)


def test_choice_of_model_alone_is_the_variance_between_models(setting: Setting) -> None:
    """Var(E[Y | model]) also follows from the means of a run's paths by density and system.

    Six cells of 333 paths: their means are off by 5 % of the spread of paths, so the share between
    them by 0.05^2 x 5/6 upward, which is taken out, and by some 0.02 either way.
    """
    more = replace(setting, plan=replace(setting.plan, draws=2000))
    futures = draw_futures(more, Streams.of_seed(77))
    at = 2034 - int(futures.years[0])
    ratio = 100 * np.log(futures.accounts.income[:, at] / futures.accounts.threshold[:, at])
    cells = pd.Series(ratio).groupby([futures.baseline.codes, futures.accounts.codes])
    between = (cells.count() * (cells.mean() - ratio.mean()) ** 2).sum() / len(ratio)
    within = cells.var().mean()
    expected = (between - within * 5 / len(ratio)) / ratio.var()

    table = decompose(more, STREAMS, [2034], 2000).tidy()

    one = table[(table["outcome"] == "log_ratio") & (table["factor"] == "model")]
    found = one.set_index("measure").loc["alone"]
    assert found["share"] == pytest.approx(expected, abs=4 * np.hypot(found["std_error"], 0.02))
    assert found["share"] > 0.08  # and it is there
    assert found["variance"] == pytest.approx(ratio.var(), rel=0.15)


def test_what_cannot_be_decomposed_is_refused(setting: Setting) -> None:
    """A year beyond the horizon, and fewer draws than batches."""
    with pytest.raises(ProjectionError, match="by: found 2060, must be 2026 to 2036"):
        decompose(setting, STREAMS, [2060])
    with pytest.raises(ProjectionError, match="draws: found 10"):
        decompose(setting, STREAMS, [2030], 10)


@pytest.fixture(scope="module")
def changes(setting: Setting) -> pd.DataFrame:
    """Return the sensitivity of the baseline and of one scenario."""
    chosen = [SCENARIOS["baseline"], SCENARIOS["innovation_first"]]
    return sensitivity(setting, STREAMS, chosen, SCENARIOS, catalog.variables(), [2030], 300)


def test_every_parameter_is_changed_both_ways(changes: pd.DataFrame) -> None:
    """The closed list is all there, with its values, and every part of the pools alone."""
    sides = changes.groupby("parameter")["side"].unique().map(set)

    for name, parameter in PARAMETERS.items():
        assert parameter.low < parameter.high
        assert sides[name] == {"low", "high"}
    alone = set(sides.index) - set(PARAMETERS)
    assert {"density_convergence", "nominal_growth_linked", "effects_output_correlated"} <= alone
    assert {"driver_deviations", "other_seed"} <= alone


def test_directions_that_need_no_model(changes: pd.DataFrame) -> None:
    """More income or working-age people help, a faster line hurts; on the same random numbers."""
    rows = changes[changes["scenario"] == "baseline"].set_index(["parameter", "side", "variable"])
    by = rows["change"]

    for name, sign in (("starting_income", 1), ("working_age_share", 1), ("line_growth", -1)):
        assert sign * by[name, "high", "p_crossed"] >= 0
        assert sign * by[name, "low", "p_crossed"] <= 0
    assert by["starting_income", "high", "p_crossed"] > by["starting_income", "low", "p_crossed"]
    # One percent more today is one percent more in every path, rounding to 10 US$ apart.
    median = rows["base"]["starting_income", "high", "income_median"]
    assert by["starting_income", "high", "income_median"] == pytest.approx(0.01 * median, abs=10)
    assert by["line_growth", "high", "income_median"] == 0


def test_models_behind_the_effects_move_scenarios_alone(changes: pd.DataFrame) -> None:
    """The baseline does not know which regression the scenarios use."""
    rows = changes[changes["parameter"].str.startswith("effects_")]
    here = rows["scenario"] == "baseline"

    assert (rows.loc[here, "change"] == 0).all()
    assert (rows.loc[~here & (rows["variable"] == "income_median_gain"), "change"] != 0).any()


def test_a_mixture_has_no_one_path_to_attribute(futures: Futures) -> None:
    """Asked for alone it is refused; a run's table leaves it out."""
    parts = [
        {"scenario": "decoupling", "probability": 0.5},
        {"scenario": "baseline", "probability": 0.5},
    ]
    mixed = ScenarioSpec.model_validate(
        {
            "name": "mixed", "label": "Mixed", "country": "CHN", "kind": "mixture",
            "because": "Half and half, for the sake of the test.",
            "mixture": parts,
        }
    )  # fmt: skip

    with pytest.raises(ProjectionError, match="is a mixture and has no one path"):
        attribute(futures, mixed, SCENARIOS, catalog.variables(), [2030])
    assert attribution_table(futures, [mixed], SCENARIOS, catalog.variables()).empty
