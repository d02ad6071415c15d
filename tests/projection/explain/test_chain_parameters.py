"""The income chain's numbers, one at a time: each moves the answer, and the right way."""

import numpy as np
import pytest

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.projection.explain.chain_parameters import CHAIN_PARAMETERS
from forecast.projection.explain.decomposition import decompose
from forecast.projection.explain.sensitivity import sensitivity
from forecast.projection.futures.futures import Setting
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.study.inputs import projection_inputs
from forecast.study.prepare import plan_of

STREAMS = Streams.of_seed(3)
SCENARIOS = {name: catalog.scenario(name) for name in ("baseline", "innovation_first")}


@pytest.fixture(scope="module")
def setting(starter: DataPackage) -> Setting:
    """Return what China's baseline from the income chain is drawn from, to 2033."""
    inputs = projection_inputs(starter, "CHN")
    study = changed(catalog.study(), horizon=2033)
    found = {n: estimate(inputs.growth_panel, catalog.model(n)) for n in study.effects.weights}
    return prepare_futures(inputs, plan_of(study, found), found, ["rd_gdp"])


def test_every_number_moves_the_answer_its_way(setting: Setting) -> None:
    """Higher growth, a rising rate and more income today help, in every draw alike."""
    table = sensitivity(
        setting, STREAMS, list(SCENARIOS.values()), SCENARIOS, catalog.variables(), [2030], 300
    )
    rows = table.set_index(["scenario", "parameter", "side", "variable"])["change"]
    base = rows["baseline"]
    for name in ("growth_mean", "real_rate_drift", "starting_income"):
        assert base[name, "low", "p_crossed"] < 0 < base[name, "high", "p_crossed"]
    # half a point a year more growth for five years, to rounding to 10 US$ and the draws' order
    start = table[table["variable"] == "income_median"]["base"].iloc[0]
    risen = base["growth_mean", "high", "income_median"] / start
    assert risen == pytest.approx(np.expm1(0.005 * 5), abs=0.002)
    for name in ("growth_scale", "real_rate_scale"):
        assert base[name, "low", "p_crossed"] > base[name, "high", "p_crossed"]
    assert set(CHAIN_PARAMETERS) <= set(table["parameter"])
    assert rows["innovation_first", "effects_rd_stock", "alone", "income_median_gain"] > 0


def test_growth_and_the_exchange_rate_are_behind_the_variance(setting: Setting) -> None:
    """Shares sum to one; ages have none, since the chain is of growth per head."""
    found = decompose(setting, STREAMS, [2030], 400)
    table = found.tidy()
    assert set(table["outcome"]) == {"crossing_year", "crossed", "log_ratio"}
    first = table[table["measure"] == "shapley"].groupby("factor")["share"].first()

    assert first["population"] == 0
    assert first["shocks"] + first["exchange_rate"] > 0.6
    assert first.sum() == pytest.approx(1.0, abs=1e-6)
