"""A scenario's prices: income moves by more than growth, everywhere alike."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.projection.explain.attribution import attribution_table
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.scenarios.project import project
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.study.inputs import projection_inputs
from forecast.study.prepare import plan_of

NAMES = ("baseline", "innovation_first")


@pytest.fixture(scope="module")
def futures(starter: DataPackage) -> Futures:
    """Return draws of a study that asks for the price effect."""
    inputs = projection_inputs(starter, "CHN")
    declared = catalog.study()
    effects = changed(declared.effects, price_effect=True)
    study = changed(declared, effects=effects, draws=300, horizon=2040)
    found = {n: estimate(inputs.growth_panel, catalog.model(n)) for n in study.effects.weights}
    plan = plan_of(study, found)
    assert plan.price_elasticity == pytest.approx(0.176)
    return draw_futures(prepare_futures(inputs, plan, found, ["rd_gdp"]), Streams.of_seed(2))


def test_income_moves_by_growth_and_prices(futures: Futures) -> None:
    """After years of it, income's change is growth's times about one and the elasticity."""
    known, variables = {n: catalog.scenario(n) for n in NAMES}, catalog.variables()
    base, push = (project(futures, known[n], known, variables) for n in NAMES)
    change = np.log1p(push.income_change(base) / 100)
    grown = np.cumsum(push.growth - base.growth, axis=1) / 100

    raised = np.abs(grown[:, -1]) > 0.002
    ratio = change[raised, -1] / grown[raised, -1]
    assert (ratio > 1.1).all()
    assert (ratio < 1.18).all()
    rounded = 5.01 * (1 + np.exp(change))
    assert (np.abs(push.income - np.exp(change) * base.income) <= rounded).all()


def test_attribution_adds_up_to_it(futures: Futures) -> None:
    """The parts' total is the projection's own change of mean income."""
    known, variables = {n: catalog.scenario(n) for n in NAMES}, catalog.variables()
    base, push = (project(futures, known[n], known, variables) for n in NAMES)
    table = attribution_table(futures, [known[n] for n in NAMES], known, variables)
    total = table[(table["driver"] == "total") & (table["variable"] == "income_mean")]
    last = total[total["year"] == total["year"].max()]
    at = int(last["year"].iloc[0]) - futures.origin - 1

    # income is compared unrounded there and shown to 10 US$ here
    gained = push.income[:, at].mean() - base.income[:, at].mean()
    assert_allclose(last["value"].iloc[0], gained, atol=10)
    plain = replace(futures.setting.plan, price_elasticity=0.0)
    without = replace(futures, setting=replace(futures.setting, plan=plain))
    less = project(without, known["innovation_first"], known, variables).income[:, at].mean()
    assert less != push.income[:, at].mean()
