"""Times of kernels of estimation that no peer is measured beside: for `bench.py`.

Each is the best of several repetitions on one core, data in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.averaging.bma import average_models
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.estimators.within import within
from forecast.estimation.inference.covariance import covariance
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def best(work: Callable[[], object], times: int) -> float:
    """Return the shortest of ``times`` runs, in milliseconds."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return 1000 * min(spent)


def panel(countries: int, years: int, regressors: int, seed: int = 1) -> Panel:
    """Return a balanced panel with country and year effects."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [[f"C{i:03d}" for i in range(countries)], range(1960, 1960 + years)],
        names=["country", "year"],
    )
    x = rng.standard_normal((len(index), regressors))
    effect = np.repeat(rng.standard_normal(countries), years)
    y = x.sum(axis=1) + effect + rng.standard_normal(len(index))
    names = [f"x{i + 1}" for i in range(regressors)]
    return Panel(pd.DataFrame({"y": y, **dict(zip(names, x.T, strict=True))}, index), "simulated")


def spec(regressors: int, **given: object) -> ModelSpec:
    """Return a two-way within model with clustered errors, or what ``given`` makes of it."""
    base = {
        "name": "benchmark",
        "label": "benchmark",
        "outcome": "y",
        "drivers": [f"x{i + 1}" for i in range(regressors)],
        "effects": ["country", "year"],
        "estimator": "within",
    }
    return ModelSpec.model_validate(base | given)


def bootstrap_rows() -> list[tuple[str, float]]:
    """Return times of the within kernel and of the wild cluster bootstrap, 150 x 60 x 6."""
    data, model = panel(150, 60, 6), spec(6)
    rows = sample(data, model)
    problem = regression(data, model)

    def kernel() -> None:
        made = within(rows, model)
        covariance(least_squares(made), made, model)

    def draw(draws: int) -> Callable[[], object]:
        rng = np.random.default_rng(1)
        return lambda: wild_bootstrap(problem, "x1", rng=rng, draws=draws)

    return [
        ("two-way within, clustered, 150 x 60 x 6, arrays in memory", best(kernel, 30)),
        *((f"wild cluster bootstrap, {n:,} draws", best(draw(n), 5)) for n in (999, 9999)),
    ]


def averaging_rows() -> list[tuple[str, float]]:
    """Return the time of averaging over all 2^18 models."""
    model = spec(18, effects=[], estimator="bma", covariance="classical", bma={})
    rows = sample(panel(100, 6, 18, seed=2), model)
    work = "Bayesian model averaging, 2^18 models"
    return [(work, best(lambda: average_models(rows, model), 2))]


def threshold_rows() -> list[tuple[str, float]]:
    """Return the time of a panel threshold regression with 1,000 bootstrap draws."""
    data = panel(100, 25, 2, seed=3)
    model = spec(
        2,
        effects=["country"],
        estimator="threshold",
        threshold={"variable": "x2", "switching": ["x1"], "draws": 1000},
    )
    return [
        (
            "panel threshold, 100 x 25, 1,000 draws",
            best(lambda: estimate(data, model), 2),
        )
    ]
