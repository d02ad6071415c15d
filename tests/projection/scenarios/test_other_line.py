"""The line that is offered where the one asked for says little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures, Inputs
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.record import Crossing, Projection
from forecast.projection.scenarios.other_line import other_line
from forecast.projection.scenarios.project import project
from forecast.randomness.streams import Streams
from forecast.reporting.report.other_line_text import other_line_sentence
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.specs.line import HIGH, line_options, named_line
from forecast.study.inputs import projection_inputs
from forecast.study.prepare import plan_of


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped tables: China had 14,230 US$ in 2025, the lines 1,175, 4,635, 14,375."""
    return projection_inputs(starter, "CHN")


@pytest.fixture(scope="module")
def futures(inputs: Inputs) -> Futures:
    """Return 100 futures to 2035."""
    study = changed(catalog.study(), draws=100, horizon=2035)
    names = [*study.effects.weights, study.baseline.convergence_model]
    found = {m: estimate(inputs.growth_panel, catalog.model(m)) for m in names}
    setting = prepare_futures(inputs, plan_of(study, found), found, [], departs=False)
    return draw_futures(setting, Streams.of_seed(5))


@pytest.fixture(scope="module")
def baseline(futures: Futures) -> Projection:
    """Return the baseline against the high-income line."""
    return project(futures, catalog.scenario("baseline"), {}, catalog.variables())


def _passing(baseline: Projection, paths: int, line: float = 14_700) -> Projection:
    """Return a projection in which so many of 100 paths pass a line of so many US$."""
    first = np.where(np.arange(100) < paths, 2030, 0)
    return replace(
        baseline,
        crossing=Crossing(years=baseline.years, first=first),
        threshold=np.full_like(baseline.threshold, line),
    )


def test_a_line_within_reach_needs_no_other(
    inputs: Inputs, futures: Futures, baseline: Projection
) -> None:
    """None from 5 % of paths on."""
    assert other_line(HIGH, inputs, futures, _passing(baseline, 5)) is None
    assert other_line(HIGH, inputs, futures, _passing(baseline, 4, 40_000)) is not None


def test_the_next_line_above_income(inputs: Inputs, futures: Futures, baseline: Projection) -> None:
    """The next class; above all of them the next tenth; below the one asked for, or none."""
    passed = replace(baseline, above_at_origin=True)
    poor = replace(inputs, thresholds=inputs.thresholds.assign(lower_middle_at_most=15_000))
    far = replace(inputs, thresholds=inputs.thresholds.assign(high_above=40_000))
    rich = inputs.thresholds.copy()
    rich[["low_at_most", "lower_middle_at_most", "high_above"]] /= 10
    above_all = replace(inputs, thresholds=rich)
    unknown = replace(above_all, relative_income=None)
    cases = [
        (named_line("lower_middle"), inputs, passed, "high"),
        (HIGH, replace(poor, thresholds=poor.thresholds.assign(high_above=16_000)),
         _passing(baseline, 0, 16_000), "upper_middle"),
        (HIGH, above_all, passed, "us_share:0.4"),  # 32.6 % of United States income in 2025
        (HIGH, unknown, passed, "constant:21000@2025"),  # 1.5 times 14,230
        (HIGH, far, _passing(baseline, 0, 40_000), "constant:21000@2025"),
        (named_line("us_share:0.9"), far, _passing(baseline, 0, 39_000), "constant:21000@2025"),
        (named_line("constant:50000@2025"), far, _passing(baseline, 0, 51_000), "high"),
        # Nothing farther than what is out of reach itself.
        (named_line("constant:20000@2025"), far, _passing(baseline, 0, 20_500), None),
        (HIGH, inputs, _passing(baseline, 0), None),
    ]  # fmt: skip
    for spec, given, projection, expected in cases:
        due = named_line(expected) if expected else None
        assert other_line(spec, given, futures, projection) == due, (spec, expected)


def test_the_sentence_has_what_to_type(baseline: Projection) -> None:
    """Why, which line, and an option that is read as that line."""
    line = named_line("us_share:0.4")
    said = other_line_sentence(line, replace(baseline, above_at_origin=True), "China")
    assert said.startswith("China stood above the high-income line before 2026. ")
    typed = said.split(": ")[-1].removesuffix(".")
    assert typed == " ".join(line_options(line))
    assert named_line(typed.split()[1]) == line
    assert other_line_sentence(HIGH, baseline, "China").endswith("about is the high-income line.")
