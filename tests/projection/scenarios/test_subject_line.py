"""Lines on drawn futures: shared numbers, scenarios, what is above already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast import catalog
from forecast.errors import DataError
from forecast.estimation.estimate import estimate
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures, Inputs
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.scenarios.project import project
from forecast.projection.scenarios.subject_line import subject_line
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.specs.line import HIGH, named_line
from forecast.study.inputs import projection_inputs
from forecast.study.prepare import plan_of

STREAMS = Streams.of_seed(5)


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped tables."""
    return projection_inputs(starter, "CHN")


@pytest.fixture(scope="module")
def futures(inputs: Inputs) -> Futures:
    """Return 400 futures to 2040."""
    study = changed(catalog.study(), draws=400, horizon=2040)
    names = [*study.effects.weights, study.baseline.convergence_model]
    found = {m: estimate(inputs.growth_panel, catalog.model(m)) for m in names}
    return draw_futures(prepare_futures(inputs, plan_of(study, found), found, ["rd_gdp"]), STREAMS)


def test_the_high_line_is_the_accounts_own(inputs: Inputs, futures: Futures) -> None:
    """Asked for by name or not at all, the high-income line gives the same projection."""
    line = subject_line(HIGH, inputs, futures, STREAMS)
    baseline = catalog.scenario("baseline")

    np.testing.assert_array_equal(line.values, futures.accounts.line)
    plain = project(futures, baseline, {}, catalog.variables())
    named = project(futures, baseline, {}, catalog.variables(), line)
    np.testing.assert_array_equal(plain.crossing.first, named.crossing.first)


def test_a_lower_line_is_passed_no_later(inputs: Inputs, futures: Futures) -> None:
    """A share of 0.35 is passed no later than one of 0.4 in every draw; so are constant prices."""
    baseline = catalog.scenario("baseline")
    for low, high in (
        ("us_share:0.35", "us_share:0.4"),
        ("constant:15000@2024", "constant:20000@2024"),
    ):
        first = [
            project(
                futures, baseline, {}, catalog.variables(),
                subject_line(named_line(name), inputs, futures, STREAMS),
            ).crossing.first
            for name in (low, high)
        ]  # fmt: skip
        late = [np.where(one == 0, 9999, one) for one in first]
        assert (late[0] <= late[1]).all()
        assert (late[0] < late[1]).any()


def test_a_scenario_moves_relative_income_and_not_the_line(
    inputs: Inputs, futures: Futures
) -> None:
    """Under a scenario income over the share's line rises as income does.

    Shown income is rounded to 10 US$: off by up to 5 US$ on either side.
    """
    line = subject_line(named_line("us_share:0.4"), inputs, futures, STREAMS)
    base, push = (
        project(futures, catalog.scenario(name), {}, catalog.variables(), line)
        for name in ("baseline", "innovation_first")
    )

    np.testing.assert_array_equal(base.threshold, push.threshold)
    risen = dict(push.variables())["ratio"] / dict(base.variables())["ratio"]
    assert (np.abs(push.income - risen * base.income) <= 5.01 * (1 + risen)).all()


def test_today_s_share_is_carried_from_the_last_period(inputs: Inputs, futures: Futures) -> None:
    """China's mean of 2020-24, 29.6 %, becomes 32.6 % in 2025 by income at parity of that year.

    29,160 over 89,490 international dollars (World Development Indicators, 2026-07-01), which the
    shipped package does not hold: carrying the mean on misses it by 0.8 points.
    """
    line = subject_line(named_line("us_share:0.4"), inputs, futures, STREAMS)

    assert futures.setting.history.income / line.last * 0.4 == pytest.approx(
        29_160 / 89_490, abs=0.008
    )


def test_a_line_passed_long_ago_is_said_to_be(inputs: Inputs, futures: Futures) -> None:
    """China stands above the lower-middle line: the projection says so; not so the high line."""
    baseline = catalog.scenario("baseline")
    low, high = (
        project(
            futures, baseline, {}, catalog.variables(),
            subject_line(named_line(name), inputs, futures, STREAMS),
        )
        for name in ("lower_middle", "high")
    )  # fmt: skip

    assert low.above_at_origin
    assert low.line == "lower-middle-income line"
    assert not high.above_at_origin


def test_a_share_without_parity_is_refused(inputs: Inputs, futures: Futures) -> None:
    """A package that knows no income at purchasing power parity says so."""
    with pytest.raises(DataError, match="purchasing power parity"):
        subject_line(
            named_line("us_share:0.4"), replace(inputs, relative_income=None), futures, STREAMS
        )
