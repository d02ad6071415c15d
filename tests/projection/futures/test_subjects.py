"""Any economy as the subject: which can be projected, and what the others lack."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from forecast.errors import DataError, ProjectionError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Inputs, Plan
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.futures.subjects import subject_table
from forecast.projection.regressors import raw_drivers
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.specs.earned import with_earned
from forecast.specs.study import StudySpec
from forecast.study.inputs import projection_inputs
from forecast.study.prepare import plan_of


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped tables, in which only China has annual series."""
    return projection_inputs(starter, "CHN")


@pytest.fixture(scope="module")
def study() -> StudySpec:
    """Return the embedded study to 2035, with the pool of densities and its earned weights."""
    declared = catalog.study()
    pool = changed(declared.baseline, method="pool")
    short = changed(declared, baseline=pool, draws=300, horizon=2035)
    return with_earned(short, catalog.earned_weights())


@pytest.fixture(scope="module")
def estimates(inputs: Inputs, study: StudySpec) -> dict[str, Estimate]:
    """Return the models that a projection needs, estimated."""
    names = [*study.effects.weights, study.baseline.convergence_model]
    return {m: estimate(inputs.growth_panel, catalog.model(m)) for m in names}


@pytest.fixture(scope="module")
def plan(study: StudySpec, estimates: dict[str, Estimate]) -> Plan:
    """Return what the study asks for."""
    return plan_of(study, estimates)


def _changed(inputs: Inputs, changes: dict[str, float], years: range) -> Inputs:
    """Return the inputs with China's series replaced in the years."""
    frame = inputs.annual.frame.copy()
    for name, value in changes.items():
        frame.loc[[("CHN", year) for year in years], name] = value
    return replace(inputs, annual=Panel(frame, source="changed"))


def test_china_is_projected_from_the_regimes_start(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate]
) -> None:
    """The default subject keeps its history from 1996."""
    row = subject_table(inputs, plan, estimates, ["CHN"]).iloc[0]

    assert (row["baseline"], row["origin"], row["since"]) == (True, 2025, 1996)
    assert row["reason"] == ""


def test_a_gap_moves_the_start_or_is_named(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate]
) -> None:
    """After a gap in 1999 25 years follow, and the history starts later; after 2010 too few."""
    early = _changed(inputs, {"population": np.nan}, range(1999, 2000))
    late = _changed(inputs, {"population": np.nan}, range(2010, 2011))

    assert subject_table(early, plan, estimates, ["CHN"])["since"].iloc[0] == 2001
    reason = subject_table(late, plan, estimates, ["CHN"])["reason"].iloc[0]
    assert "2011" in reason
    assert "needs at least 20" in reason


def test_a_driver_that_was_never_recorded_costs_one_density(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate]
) -> None:
    """Without R&D the convergence density is left out by name; the rest is projected."""
    bare = _changed(inputs, {"rd_gdp": np.nan}, range(1978, 2026))

    row = subject_table(bare, plan, estimates, ["CHN"]).iloc[0]

    assert row["baseline"]
    assert "CHN has no value of driver 'rd_gdp'" in row["reason"]


def test_without_departures_the_baseline_is_the_same(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate]
) -> None:
    """Leaving out the scenarios' part changes no draw of the baseline."""
    drawn = [
        draw_futures(
            prepare_futures(inputs, plan, estimates, [], departs=departs),
            Streams.of_seed(3),
        )
        for departs in (True, False)
    ]

    np.testing.assert_array_equal(drawn[0].accounts.income, drawn[1].accounts.income)


@pytest.mark.parametrize("lost", ["gap_tfp", "rd_gdp", "investment_gdp"])
def test_models_that_lack_something_give_their_weight_to_the_others(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate], lost: str
) -> None:
    """Without a gap in TFP one model is out; without a driver of all, no scenario is possible."""
    if lost == "gap_tfp":
        frame = inputs.growth_panel.frame.copy()
        frame.loc["CHN", "gap_tfp"] = np.nan
        bare = replace(inputs, growth_panel=replace(inputs.growth_panel, frame=frame))
    else:
        bare = _changed(inputs, {lost: np.nan}, range(1978, 2026))
    wants = {"gap_tfp": {"tfp_initial"}}.get(
        lost, {name for name in plan.effect_weights if lost in raw_drivers(estimates[name].spec)}
    )
    serving = [name for name in plan.effect_weights if name not in wants]

    row = subject_table(bare, plan, estimates, ["CHN"]).iloc[0]

    assert (row["baseline"], row["scenarios"]) == (True, bool(serving))
    assert row["models"] == ", ".join(serving)
    assert all(name in row["reason"] for name in wants)
    if not serving:
        with pytest.raises(ProjectionError, match="CHN can have no scenario, none of the models"):
            prepare_futures(bare, plan, estimates, ["manuf_share"])
        return
    setting = prepare_futures(bare, plan, estimates, ["manuf_share"])
    assert set(setting.unserved) == wants
    kept = {name: plan.effect_weights[name] for name in serving}
    total = sum(kept.values())
    assert setting.plan.effect_weights == pytest.approx({n: w / total for n, w in kept.items()})
    drawn = draw_futures(setting, Streams.of_seed(3))
    assert set(drawn.coefficients.models) == set(serving)


def test_where_all_models_serve_their_weights_are_untouched(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate]
) -> None:
    """Not even by a rounding."""
    setting = prepare_futures(inputs, plan, estimates, ["manuf_share"])

    assert (setting.plan, dict(setting.unserved)) == (plan, {})


def test_an_income_that_ended_long_ago_is_refused(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate]
) -> None:
    """A projection does not start more than five years before the last line."""
    old = _changed(inputs, {"gni_pc_atlas": np.nan}, range(2019, 2026))

    reason = subject_table(old, plan, estimates, ["CHN"])["reason"].iloc[0]

    assert "up to 2018 only" in reason


def test_a_package_without_the_economy_says_what_it_holds(starter: DataPackage) -> None:
    """The starter package answers for a place without income with the way to a fuller one."""
    with pytest.raises(DataError, match=r"of CHN, not of VAT.*forecast data build"):
        projection_inputs(starter, "VAT")


def test_the_chain_serves_every_economy_with_an_income(
    inputs: Inputs, plan: Plan, estimates: dict[str, Estimate]
) -> None:
    """Of the shipped package Viet Nam has a baseline and no scenarios, China both."""
    table = subject_table(inputs, replace(plan, baseline="chain"), estimates, ["CHN", "VNM", "VAT"])
    found = table.set_index("country")

    assert list(found["baseline"]) == [True, True, False]
    assert list(found["scenarios"]) == [True, False, False]
    assert "no annual series" in found.loc["VNM", "reason"]


@pytest.fixture(scope="module")
def everyone(full: DataPackage) -> Inputs:
    """Return the tables of all economies."""
    return projection_inputs(full, "CHN")


@pytest.fixture(scope="module")
def sample(everyone: Inputs, study: StudySpec) -> pd.DataFrame:
    """Return a sample of economies: euro and dollar users, gaps, no record."""
    names = [*study.effects.weights, study.baseline.convergence_model]
    found = {m: estimate(everyone.growth_panel, catalog.model(m)) for m in names}
    countries = ["CHN", "VNM", "IND", "DEU", "ECU", "ZMB", "ABW", "VEN", "UKR", "MCO"]
    return subject_table(everyone, plan_of(study, found), found, countries).set_index("country")


@pytest.mark.raw
def test_economies_with_data_are_projected(sample: pd.DataFrame) -> None:
    """Those with annual series are, Viet Nam without TFP, Zambia without one density."""
    lacking = {"VNM": "tfp_initial: VNM: no period has both growth_tfp and gap_tfp"}
    for country in ("CHN", "VNM", "IND", "DEU", "ECU"):
        assert sample.loc[country, "baseline"], sample.loc[country, "reason"]
        assert sample.loc[country, "reason"] == lacking.get(country, "")
    assert sample.loc["ZMB", "baseline"]
    assert "ZMB is not in the estimation sample" in str(sample.loc["ZMB", "reason"])


@pytest.mark.raw
@pytest.mark.parametrize(
    ("country", "lacks"),
    [
        ("ABW", "employment_rate"),
        ("VEN", "output_per_worker"),
        ("UKR", "output_per_worker"),
        ("MCO", "gni_pc_atlas"),
    ],
)
def test_an_economy_that_cannot_be_projected_says_why(
    sample: pd.DataFrame, country: str, lacks: str
) -> None:
    """The reason names the economy and the series."""
    reason = str(sample.loc[country, "reason"])

    assert not sample.loc[country, "baseline"]
    assert reason.startswith(f"{country}: ")
    assert lacks in reason
