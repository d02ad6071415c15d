"""Marks beyond the line: closed forms, invariants, and what the package lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast import catalog
from forecast.arrays import Paths
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.projection.explain.marks import MARKED_BY, mark_table
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures, Inputs
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.record import Projection
from forecast.projection.scenarios.project import project
from forecast.projection.scenarios.subject_line import subject_line
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.specs.line import MarkSpec, named_line
from forecast.study.inputs import projection_inputs
from forecast.study.prepare import plan_of

Toy = Callable[..., Futures]
STREAMS = Streams.of_seed(5)
VARIABLES = catalog.variables()


def _mark(kind: str, **numbers: float) -> MarkSpec:
    given = {"name": kind, "label": kind, "kind": kind, "because": "A mark of this test."}
    return MarkSpec.model_validate(given | numbers)


def _annual() -> Panel:
    """GDP per head of 10,000 US$ in 2023; real GDP grows by 4 %, population by 1 % a year."""
    years = range(2019, 2026)
    frame = pd.DataFrame(
        {"country": "CHN", "year": years, "gdp_growth": 4.0,
         "population": [1000 * 1.01**k for k in range(len(years))],
         "gdp_pc_current": [9000.0] * 4 + [10000.0, 20000.0, 5000.0]}
    )  # fmt: skip
    return Panel(frame.set_index(["country", "year"]), source="toy", step=1)


def _inputs(annual: Panel) -> Inputs:
    nothing = pd.DataFrame()
    return Inputs(
        growth_panel=annual, annual=annual, sdr_parts=nothing, thresholds=nothing,
        population=nothing,
    )  # fmt: skip


def _grown(futures: Futures, growth: Paths) -> Futures:
    """Return futures with other growth of output per worker."""
    return replace(
        futures,
        baseline=replace(futures.baseline, growth=growth),
        accounts=replace(futures.accounts, growth=growth),
    )


def _projection(futures: Futures, name: str = "baseline", more: float | Paths = 0.0) -> Projection:
    plain = project(futures, catalog.scenario("baseline"), {}, VARIABLES)
    return replace(plain, scenario=name, difference=plain.difference + more)


@pytest.mark.parametrize("ahead", [1, 3, 5])
def test_constant_growth_gives_the_exact_year(toy: Toy, ahead: int) -> None:
    """Level today times exp(0.04 k) passes a mark a hair below it in year k, above it later.

    US$ of 2023 move by two years of 4 % over 1 % and by nothing else, whatever GDP per head in
    current US$ was since; the multiple's base year lies five years back.
    """
    futures = toy(draws=11, years=8)
    grown = 1.04 / 1.01
    for mark, today, needs in (
        (_mark("gdp_pc", value=1.0, year=2023), 10_000 * grown**2, "value"),
        (_mark("multiple", of=1.0, since=2020, by=2030), grown**5, "of"),
    ):
        goal = today * np.exp(0.04 * ahead)
        marks = [
            changed(mark, **{"name": name, needs: goal * by})
            for name, by in (("under", 1 - 1e-9), ("over", 1 + 1e-9))
        ]
        found = mark_table(marks, _inputs(_annual()), futures, [_projection(futures)], STREAMS)
        found = found.set_index("mark")
        assert found["today"].to_numpy() == pytest.approx(today)
        assert list(found["median_year"]) == [2025 + ahead, 2026 + ahead]
        assert list(found["year_p10"]) == list(found["year_p90"]) == [2025 + ahead, 2026 + ahead]
        assert list(found["p_2030"]) == [1.0, float(ahead < 5)]
        assert found["p_2035"].isna().all()  # beyond the horizon
        assert (found["p_never"] == 0).all()
        if mark.by:
            assert list(found["p_due"]) == [1.0, float(ahead < 5)]


def test_a_goal_due_counts_the_year_itself(toy: Toy) -> None:
    """A path that was above the mark and fell below it has passed it, and misses the year due."""
    futures = toy(draws=4, years=5)
    growth = np.array([[30.0, 0, 0, 0, -30], [30.0, 0, 0, 0, 0], [0.0] * 5, [0.0] * 5])
    futures = _grown(futures, growth)
    mark = _mark("multiple", of=1.3, since=2020, by=2030)
    row = mark_table([mark], _inputs(_annual()), futures, [_projection(futures)], STREAMS).iloc[0]

    assert (row["p_2030"], row["p_due"], row["p_never"]) == (0.5, 0.25, 0.5)
    assert np.isnan(row["year_p90"])


@settings(
    max_examples=30, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # a maker that keeps nothing
)  # fmt: skip
@given(seed=st.integers(0, 2**32 - 1), goal=st.floats(0.5, 3))
def test_more_growth_never_delays_a_mark(toy: Toy, seed: int, goal: float) -> None:
    """Under growth that is higher in any year and lower in none; chances rise with the years."""
    rng = np.random.default_rng(seed)
    futures = toy(draws=50, years=25)
    futures = _grown(futures, rng.normal(2, 6, (50, 25)))
    more = rng.exponential(1, (50, 25)) * (rng.random((50, 25)) < 0.2)
    scenarios = [_projection(futures), _projection(futures, "more", more)]
    marks = [
        _mark("gdp_pc", value=10_000 * goal, year=2023),
        _mark("multiple", of=goal, since=2020, by=2035),
    ]
    found = mark_table(marks, _inputs(_annual()), futures, scenarios, STREAMS)

    chances = [f"p_{year}" for year in MARKED_BY]
    assert (np.diff(found[chances].to_numpy(dtype=float), axis=1) >= 0).all()
    assert (1 - found["p_2050"]).to_numpy() == pytest.approx(found["p_never"].to_numpy())
    for _, pair in found.groupby("mark"):
        base, push = (pair.set_index("scenario").loc[name] for name in ("baseline", "more"))
        assert (push[chances] >= base[chances]).all()
        assert not push["p_due"] < base["p_due"]  # missing where nothing is due
        for year in ("year_p10", "median_year", "year_p90"):
            assert np.nan_to_num(push[year], nan=9999) <= np.nan_to_num(base[year], nan=9999)


def test_what_the_package_lacks_is_a_sentence(toy: Toy) -> None:
    """The other marks stand: no GDP per head of the year, a year to come, no parity, no record."""
    futures = toy(draws=5)
    marks = [
        _mark("multiple", of=1.2, since=2020, by=2030),
        changed(_mark("gdp_pc", value=1e4, year=2026), name="to_come"),
        changed(_mark("gdp_pc", value=1e4, year=2001), name="early"),
        _mark("us_share", share=0.4),
    ]
    baseline = [_projection(futures)]
    found = mark_table(marks, _inputs(_annual()), futures, baseline, STREAMS).set_index("mark")

    assert found.loc["multiple", "note"] == ""
    assert "at most 2025" in found.loc["to_come", "note"]
    assert "not known for 2002" in found.loc["early", "note"]
    assert "purchasing power parity" in found.loc["us_share", "note"]
    assert found.loc[["to_come", "early", "us_share"], "p_2030"].isna().all()
    bare = Panel(_annual().frame.drop(columns="gdp_pc_current"), source="toy", step=1)
    lacks = mark_table([_mark("gdp_pc", value=1e4, year=2023)], _inputs(bare), futures, baseline,
                       STREAMS)  # fmt: skip
    assert "gdp_pc_current" in lacks["note"].iloc[0]
    none = mark_table([], _inputs(bare), futures, baseline, STREAMS)
    assert none.empty


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped tables."""
    return projection_inputs(starter, "CHN")


@pytest.mark.parametrize(
    ("method", "price_effect", "share"),
    [("chain", False, 0.4), ("chain", True, 0.4), ("pool", False, 0.6)],
)
def test_a_share_is_the_line_of_that_kind(
    inputs: Inputs, method: str, price_effect: bool, share: float
) -> None:
    """Chances and years equal those of `--line us_share:SHARE`, under scenarios and prices too."""
    study = changed(catalog.study(), draws=300, horizon=2050)
    baseline = changed(
        study.baseline, method=method, weights_rule=None, weights={"random_walk_drift": 1.0},
        nominal_rule=None, nominal_weights={"balassa_samuelson": 1.0},
    )  # fmt: skip
    effects = changed(study.effects, price_effect=price_effect)
    study = changed(study, effects=effects, baseline=baseline)
    names = [*study.effects.weights, study.baseline.convergence_model]
    found = {m: estimate(inputs.growth_panel, catalog.model(m)) for m in names}
    plan = plan_of(study, found)
    futures = draw_futures(prepare_futures(inputs, plan, found, ["rd_gdp"]), STREAMS)
    line = subject_line(named_line(f"us_share:{share}"), inputs, futures, STREAMS)
    specs = [catalog.scenario(name) for name in ("baseline", "innovation_first")]
    plain, against = (
        [project(futures, one, {}, VARIABLES, drawn) for one in specs] for drawn in (None, line)
    )
    table = mark_table([_mark("us_share", share=share)], inputs, futures, plain, STREAMS)

    for row, p in zip(table.to_dict("records"), against, strict=True):
        assert 0 < row["p_2035"] < 1
        assert [row[f"p_{year}"] for year in MARKED_BY] == [
            p.crossing.probability(year) for year in MARKED_BY
        ]
        assert row["p_never"] == p.crossing.never
        for name, level in (("year_p10", 0.1), ("median_year", 0.5), ("year_p90", 0.9)):
            np.testing.assert_equal(row[name], p.crossing.quantile(level))
        assert row["today"] == pytest.approx(share * futures.setting.history.income / line.last)
        assert row["passed_at_origin"] == p.above_at_origin


def test_real_income_of_china_is_the_published_growth(inputs: Inputs) -> None:
    """12,971 US$ of 2022 by three years of 5.42, 4.96 and 4.96 % over a shrinking population.

    World Bank, WDI of July 2026; 1,412,175 thousand people in 2022, 1,406,585 in 2025.
    """
    study = changed(catalog.study(), draws=100, horizon=2030)
    found = {m: estimate(inputs.growth_panel, catalog.model(m)) for m in study.effects.weights}
    futures = draw_futures(prepare_futures(inputs, plan_of(study, found), found, []), STREAMS)
    base = [project(futures, catalog.scenario("baseline"), {}, VARIABLES)]
    row = mark_table([_mark("gdp_pc", value=2e4, year=2022)], inputs, futures, base, STREAMS).iloc[
        0
    ]

    by_hand = 12_971 * 1.0542 * 1.0496 * 1.0496 * 1_412_175 / 1_406_585
    assert row["today"] == pytest.approx(by_hand, rel=1e-9)
    assert not row["passed_at_origin"]
