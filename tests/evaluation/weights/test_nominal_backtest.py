"""The nominal systems' backtest: blind to the future; and the weights that they earn in it."""

from __future__ import annotations

import runpy
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from forecast.errors import DataError, ProjectionError
from forecast.evaluation.weights.kernel_density import log_kernel_density
from forecast.evaluation.weights.nominal_backtest import NominalCases, backtest_nominal
from forecast.evaluation.weights.nominal_weights import (
    LEAST_LOG_DENSITY,
    inverse_crps_weights,
    mean_nominal_scores,
    nominal_scores,
    nominal_weights,
)
from forecast.evaluation.weights.pool_weights import WEIGHT_RULES
from forecast.income.nominal_system import NOMINAL_SYSTEMS
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage

CODES = ["BRA", "CHN", "CZE", "MEX", "POL", "THA", "TUR", "USA"]
YEARS = range(1986, 2026)
ORIGIN = 2012
GIVEN = ("output_per_worker_pwt", "share_15_64")  # known to a forecast after its origin


@pytest.fixture(scope="module")
def annual() -> Panel:
    """Return made series of eight economies: growth, prices, an exchange rate and income."""
    rng = np.random.default_rng(7)
    shape = (len(CODES), len(YEARS))
    index = pd.MultiIndex.from_product([CODES, YEARS], names=["country", "year"])
    work = rng.normal(0.02, 0.02, shape)
    prices = rng.normal(0.03, 0.02, shape)
    rate = prices - 0.02 + rng.normal(0, 0.04, shape)
    jobs = rng.normal(0, 0.004, shape)
    value = work + jobs + prices - rate
    frame = pd.DataFrame(
        {
            "output_per_worker_pwt": np.exp(work.cumsum(axis=1)).ravel(),
            "employment_pwt": 0.5 * np.exp((0.01 + jobs).cumsum(axis=1)).ravel(),
            "population": np.exp(0.01 * np.ones(shape).cumsum(axis=1)).ravel(),
            "share_15_64": 65 * np.exp(rng.normal(0, 0.002, shape).cumsum(axis=1)).ravel(),
            "gdp_growth": 100 * np.expm1(work + jobs + 0.01).ravel(),
            "gdp_deflator_inflation": 100 * np.expm1(prices).ravel(),
            "exchange_rate": 3 * np.exp(rate.cumsum(axis=1)).ravel(),
            "gni_pc_atlas": 2000 * np.exp(value.cumsum(axis=1)).ravel(),
        },
        index=index,
    )
    return Panel(frame, source="made")


def _backtest(
    annual: Panel,
    starter: DataPackage,
    noise: np.random.Generator | None = None,
    origins: Sequence[int] = (ORIGIN,),
) -> NominalCases:
    """Return the cases of one origin; ``noise`` falls on line and basket after it."""
    thresholds, parts = starter.table("thresholds"), starter.table("sdr_parts").copy()
    if noise is not None:
        thresholds = thresholds.astype(float)
        for table, column in ((thresholds, "high_above"), (parts, "value")):
            late = table["year"] > ORIGIN
            table.loc[late, column] *= noise.uniform(0.5, 1.5, late.sum())
    return backtest_nominal(annual, thresholds, parts, origins=origins, horizons=(1, 5), draws=60)


@pytest.fixture(scope="module")
def seen(annual: Panel, starter: DataPackage) -> NominalCases:
    """Return the cases as they are."""
    return _backtest(annual, starter)


def test_a_forecast_does_not_see_the_future(
    annual: Panel, starter: DataPackage, seen: NominalCases
) -> None:
    """All but growth and the working-age share replaced by noise after the origin: same draws."""
    rng = np.random.default_rng(8)
    frame = annual.frame.copy()
    late = frame.index.get_level_values("year") > ORIGIN
    hidden = [name for name in frame if name not in GIVEN]
    frame.loc[late, hidden] *= rng.uniform(0.5, 1.5, (late.sum(), len(hidden)))

    found = _backtest(Panel(frame, source="noise"), starter, noise=rng)

    assert found.elasticities == seen.elasticities
    pd.testing.assert_frame_equal(found.about, seen.about)
    for name in NOMINAL_SYSTEMS:
        assert_array_equal(found.draws[name], seen.draws[name])
    assert not np.isclose(found.outcome, seen.outcome).any()


def test_growth_that_happened_is_given(
    annual: Panel, starter: DataPackage, seen: NominalCases
) -> None:
    """A point of growth more in each year after the origin raises every forecast by its number."""
    frame = annual.frame.copy()
    years = frame.index.get_level_values("year").to_numpy()
    frame["output_per_worker_pwt"] *= np.exp(0.01 * np.maximum(years - ORIGIN, 0))

    found = _backtest(Panel(frame, source="faster"), starter)

    # A system that growth hardly moves: 1 and 5 log points, prices and rate taking half at most.
    gain = np.median(found.draws["mean_reverting"] - seen.draws["mean_reverting"], axis=1)
    ahead = seen.about["horizon"].to_numpy()
    assert (gain > 0).all()
    assert np.median(gain[ahead == 5]) > 2.5
    assert_array_equal(found.outcome, seen.outcome)


def test_cases_are_every_economy_and_horizon(annual: Panel, seen: NominalCases) -> None:
    """Sixteen cases; the outcome is the log of published income over the published line."""
    assert len(seen.about) == len(seen.outcome) == 16
    assert list(seen.draws) == list(NOMINAL_SYSTEMS)
    assert {drawn.shape for drawn in seen.draws.values()} == {(16, 60)}
    row = seen.about.index[seen.about["country"].eq("POL") & seen.about["horizon"].eq(5)]
    income = annual.frame.loc[("POL", 2017), "gni_pc_atlas"]
    # The high-income line of 2017 is 12,055 US$ (World Bank).
    assert_allclose(seen.outcome[row], 100 * np.log(income / 12055), rtol=1e-12)


def test_kinds_of_economies(annual: Panel, starter: DataPackage) -> None:
    """One year of 30 % inflation is not calm; 6 % growth, then none, is fast and slowed."""
    frame = annual.frame.copy()
    frame.loc[("BRA", 2005), "gdp_deflator_inflation"] = 30.0
    years = np.array(YEARS)
    path = 0.06 * (np.minimum(years, ORIGIN) - 1986)
    swing = 0.01 * (years % 2)  # growth that never varies explains nothing
    frame.loc[("POL", slice(None)), "output_per_worker_pwt"] = np.exp(path + swing)

    about = _backtest(Panel(frame, source="kinds"), starter).about.set_index("country")

    assert not about.loc["BRA", "calm"].any()
    assert about.loc["POL", ["calm", "fast", "slowed"]].all(axis=None)
    assert not about.loc[["BRA", "USA"], "slowed"].any()


def test_without_a_case_the_message_says_what_is_needed(
    annual: Panel, starter: DataPackage
) -> None:
    """Nothing is published after the last year; the shipped package has one economy alone."""
    with pytest.raises(ProjectionError, match="11 unbroken years"):
        _backtest(annual, starter, origins=(2025,))
    with pytest.raises(DataError, match="all economies"):
        _backtest(starter.annual(), starter)


def _made(outcome: np.ndarray, draws: dict[str, np.ndarray], horizon: np.ndarray) -> NominalCases:
    return NominalCases(
        elasticities={}, about=pd.DataFrame({"horizon": horizon}), draws=draws, outcome=outcome
    )


def test_weights_by_hand() -> None:
    """Mean CRPS 1 and 2 at one year, 4 and 2 at five: inverses 5/8 and 1/2, weights 5/9 and 4/9."""
    crps = np.array([[0.5, 1.0], [1.5, 3.0], [4.0, 2.0]])

    found = inverse_crps_weights(crps, np.array([1, 1, 5]))

    assert_allclose(found, [5 / 9, 4 / 9], rtol=1e-12)


def test_the_better_system_earns_the_weight() -> None:
    """A system whose draws are the truth's gets nearly all by stacking, more than a third by CRPS.

    200 cases of N(0, 1); the others are off by three standard deviations or three times as wide.
    With the exact densities stacking gives 1, 0, 0 in expectation; 0.9 leaves room for chance.
    """
    rng = np.random.default_rng(2)
    normal = rng.normal(size=(200, 300))
    cases = _made(
        rng.normal(size=200),
        {"off": normal + 3, "true": normal, "wide": 3 * normal},
        np.repeat([1, 5], 100),
    )

    found = nominal_weights(cases)

    assert tuple(found.columns) == WEIGHT_RULES
    assert_allclose(found.sum(), 1.0, rtol=1e-12)
    assert_allclose(found["equal"], 1 / 3)
    assert found.loc["true", "stacking"] > 0.9
    assert list(found["inverse_crps"].sort_values().index) == ["off", "wide", "true"]


def test_mixed_truth_is_stacked_in_its_shares() -> None:
    """Outcomes that come from one system in 70 % of cases, from a distant one in 30 %: 0.7, 0.3.

    The two hardly overlap, so the weights are the shares, to what overlap and kernels leave: 0.01.
    """
    rng = np.random.default_rng(3)
    normal = rng.normal(size=(200, 300))
    outcome = np.where(np.arange(200) < 140, -10.0, 10.0) + rng.normal(size=200)

    found = nominal_weights(
        _made(outcome, {"low": normal - 10, "high": normal + 10}, np.ones(200, dtype=int))
    )

    assert_allclose(found["stacking"], [0.7, 0.3], atol=0.01)


def test_mean_scores_are_those_of_a_normal() -> None:
    """Draws and outcomes N(0, 1): CRPS 1/sqrt(pi), log density -(1 + log 2 pi)/2, covered 80 %.

    2,000 cases: four standard errors are 0.04, 0.065 and 3.6 points; kernels of 300 draws, whose
    bandwidth widens the density, add up to 0.03 nats.
    """
    rng = np.random.default_rng(4)
    cases = _made(
        rng.normal(size=2000), {"one": rng.normal(size=(2000, 300))}, np.ones(2000, dtype=int)
    )

    found = mean_nominal_scores(cases).loc["one"]

    assert_allclose(found["crps"], 1 / np.sqrt(np.pi), atol=0.04)
    assert_allclose(found["log_density"], -0.5 * (1 + np.log(2 * np.pi)), atol=0.1)
    assert_allclose(found["covered_80"], 80.0, atol=3.6)


def test_one_case_far_out_does_not_decide_alone() -> None:
    """Its density is floored at a millionth per log point."""
    draws = {"one": np.random.default_rng(5).normal(size=(1, 300))}

    _, log_density = nominal_scores(_made(np.array([80.0]), draws, np.array([1])))

    assert pytest.approx(np.log(1e-6)) == LEAST_LOG_DENSITY
    assert_allclose(log_density, np.log(1e-6), rtol=1e-12)


def test_kernel_density_is_scipys() -> None:
    """With the same bandwidth, scipy's kernel estimate of the same draws is the same number."""
    draws = np.random.default_rng(6).standard_t(4, size=(3, 200))
    outcome = np.array([0.0, 1.5, -4.0])
    low, high = np.quantile(draws, [0.25, 0.75], axis=1)
    spread = np.minimum(draws.std(axis=1, ddof=1), (high - low) / 1.34)
    width = 0.9 * spread * 200**-0.2

    expected = [
        stats.gaussian_kde(row, bw_method=w / row.std(ddof=1)).logpdf(at)[0]
        for row, w, at in zip(draws, width, outcome, strict=True)
    ]

    assert_allclose(log_kernel_density(outcome, draws), expected, rtol=1e-10)


@pytest.mark.raw
@pytest.mark.slow
def test_the_section_is_current(checkout: Path, full: DataPackage) -> None:
    """Built again from the raw statistics, the section of the method page is the one in docs."""
    script = runpy.run_path(str(checkout / "benchmarks" / "nominal_systems.py"))

    page = script["page"](full, script["NOMINAL_DRAWS"])

    whole = (checkout / "docs" / "methods" / "income_accounting.md").read_text(encoding="utf-8")
    assert page in whole
