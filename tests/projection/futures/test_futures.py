"""Shared draws: the pool, failures, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast import catalog
from forecast.errors import DataError, EstimationError, ProjectionError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.income.atlas import rounded_income
from forecast.income.nominal_system import NOMINAL_SYSTEMS
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import BLOCK, Futures, Inputs
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.scenarios.project import project
from forecast.randomness import workers
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.specs.study import StudySpec
from forecast.study.prepare import plan_of
from forecast.timeseries import density


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the tables of the shipped package."""
    return Inputs(
        growth_panel=starter.panel("growth_panel"),
        annual=starter.annual(),
        sdr_parts=starter.table("sdr_parts"),
        thresholds=starter.table("thresholds"),
        population=starter.table("population_projection"),
    )


@pytest.fixture(scope="module")
def study() -> StudySpec:
    """Return the embedded study with few draws and three densities of equal weight."""
    study = catalog.study()
    names = ("auto_arima", "local_linear_trend", "convergence")
    baseline = changed(
        study.baseline,
        method="pool",
        weights=dict.fromkeys(names, 1 / 3),
        weights_rule=None,
        nominal_weights=dict.fromkeys(NOMINAL_SYSTEMS, 1 / 3),
        nominal_rule=None,
    )
    return changed(study, draws=600, horizon=2035, baseline=baseline)


@pytest.fixture(scope="module")
def estimates(inputs: Inputs, study: StudySpec) -> dict[str, Estimate]:
    """Return the study's models, estimated."""
    return {m: estimate(inputs.growth_panel, catalog.model(m)) for m in study.models}


def _draw(
    inputs: Inputs, study: StudySpec, estimates: dict[str, Estimate], seed: int = 5
) -> Futures:
    setting = prepare_futures(inputs, plan_of(study, estimates), estimates, ["rd_gdp"])
    return draw_futures(setting, Streams.of_seed(seed))


def test_each_path_comes_whole_from_one_density(
    inputs: Inputs, study: StudySpec, estimates: dict[str, Estimate]
) -> None:
    """Row i of the pool is row i of the density that its code names."""
    baseline = _draw(inputs, study, estimates).baseline
    names = [d.name for d in baseline.densities]

    assert names == list(study.baseline.weights)
    for code, one in enumerate(baseline.densities):
        rows = baseline.codes == code
        assert rows.sum() == 200
        np.testing.assert_array_equal(baseline.growth[rows], one.draws[rows])


def test_the_baseline_scenario_is_the_accounts_own_income(
    inputs: Inputs, study: StudySpec, estimates: dict[str, Estimate]
) -> None:
    """Without departures a projection adds nothing to the simulated accounts."""
    futures = _draw(inputs, study, estimates)

    found = project(futures, catalog.scenario("baseline"), {}, catalog.variables())

    np.testing.assert_array_equal(found.income, rounded_income(futures.accounts.income))
    np.testing.assert_array_equal(found.growth, futures.baseline.growth)


def test_a_density_that_fails_gives_its_weight_to_the_others(
    inputs: Inputs,
    study: StudySpec,
    estimates: dict[str, Estimate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The run goes on, reports the failure, and renormalises the weights."""

    def broken(*given: object) -> None:
        raise EstimationError("did not converge")

    monkeypatch.setitem(density._FITTED, "auto_arima", broken)

    baseline = _draw(inputs, study, estimates).baseline

    assert baseline.failures == {"auto_arima": "did not converge"}
    assert baseline.weights == pytest.approx({"local_linear_trend": 0.5, "convergence": 0.5})


def test_a_convergence_model_that_was_not_estimated_counts_as_failed(
    inputs: Inputs, study: StudySpec, estimates: dict[str, Estimate]
) -> None:
    """Without the model behind it, the convergence density is reported and left out."""
    fewer = {k: v for k, v in estimates.items() if k != study.baseline.convergence_model}

    baseline = _draw(inputs, study, fewer).baseline

    assert list(baseline.failures) == ["convergence"]
    assert "convergence" not in baseline.weights


def test_unknown_density_past_horizon_and_unknown_country_are_refused(
    inputs: Inputs, study: StudySpec, estimates: dict[str, Estimate]
) -> None:
    """Each has one message that says what would be right."""
    odd = changed(study.baseline, weights={"auto_arma": 1.0})
    with pytest.raises(ProjectionError, match="did you mean 'auto_arima'"):
        _draw(inputs, changed(study, baseline=odd), estimates)
    plan = replace(plan_of(study, estimates), horizon=2025)
    with pytest.raises(ProjectionError, match="must be after 2025"):
        prepare_futures(inputs, plan, estimates, [])
    with pytest.raises(DataError, match="'VNM' is not one of"):
        _draw(inputs, changed(study, country="VNM", marks=[]), estimates)


def test_a_scenario_about_another_country_is_refused(
    inputs: Inputs, study: StudySpec, estimates: dict[str, Estimate]
) -> None:
    """A scenario is about one economy, and the futures about another: refused by name."""
    other = changed(catalog.scenario("innovation_first"), country="VNM")

    with pytest.raises(ProjectionError, match="about VNM"):
        project(_draw(inputs, study, estimates), other, {}, catalog.variables())


def test_draws_do_not_depend_on_their_number_or_on_jobs(
    inputs: Inputs,
    study: StudySpec,
    estimates: dict[str, Estimate],
    processes_used: list[int],
) -> None:
    """The first 2,000 of 4,100 draws are those of a run of 2,000; two processes change nothing."""
    runs = {}
    for draws, jobs in ((BLOCK, 1), (2 * BLOCK + 100, 1), (2 * BLOCK + 100, 2)):
        plan = replace(plan_of(study, estimates), draws=draws)
        setting = prepare_futures(inputs, plan, estimates, ["rd_gdp"])
        with workers.working_with(workers.Workers(jobs=jobs)):
            runs[draws, jobs] = draw_futures(setting, Streams.of_seed(7))
    few, many, parallel = runs.values()

    assert set(processes_used) == {2}
    assert many.accounts.income.shape == (2 * BLOCK + 100, len(many.years))
    for found in (many, parallel):
        np.testing.assert_array_equal(few.accounts.income, found.accounts.income[:BLOCK])
    np.testing.assert_array_equal(many.accounts.threshold, parallel.accounts.threshold)
    for name, beta in many.coefficients.beta.items():
        np.testing.assert_array_equal(beta, parallel.coefficients.beta[name])
        code = many.coefficients.models.index(name)
        assert len(beta) == (many.coefficients.assignment == code).sum()
