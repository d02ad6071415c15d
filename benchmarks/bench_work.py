"""One piece of work by one package, timed: what `bench.py` runs, each in its own environment.

    python bench_work.py WORK PACKAGE FOLDER ROUNDS

Reads the inputs that `bench.py` wrote to FOLDER and prints the seconds of each round as JSON, after
one round that is not counted. Only what WORK needs is imported.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HORIZON = 10
PATHS = 1000


def _panel(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


def _formula(frame: pd.DataFrame) -> str:
    names = [name for name in frame.columns if name.startswith("x")]
    return f"y ~ {' + '.join(names)} | country + year"


def within_forecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return the two-way within estimate with clustered errors, by `forecast.estimate`."""
    from forecast.estimation.estimate import estimate
    from forecast.panel import Panel

    frame = _panel(folder, name)
    panel = Panel(frame.set_index(["country", "year"]), "simulated")
    return lambda: estimate(panel, _formula(frame), covariance="clustered")


def within_pyfixest(folder: Path, name: str) -> Callable[[], Any]:
    """Return the same by pyfixest."""
    import pyfixest

    frame = _panel(folder, name)
    return lambda: pyfixest.feols(_formula(frame), frame, vcov={"CRV1": "country"})


def within_linearmodels(folder: Path, name: str) -> Callable[[], Any]:
    """Return the same by linearmodels."""
    from linearmodels.panel import PanelOLS

    frame = _panel(folder, name).set_index(["country", "year"])
    drivers = frame.drop(columns="y")
    return lambda: PanelOLS(frame["y"], drivers, entity_effects=True, time_effects=True).fit(
        cov_type="clustered", cluster_entity=True
    )


def gmm_forecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return Arellano and Bond's (1991) two-step estimate by `forecast.estimate`."""
    from forecast.estimation.estimate import estimate
    from forecast.panel import Panel
    from forecast.specs.model import ModelSpec

    panel = Panel(_panel(folder, name).set_index(["country", "year"]), "plm, EmplUK")
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
    return lambda: estimate(panel, model)


def _series(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", index_col=0)


def _densities(folder: Path, name: str, module: str) -> Callable[[], Any]:
    from importlib import import_module

    made = import_module(f"forecast.timeseries.univariate.{module}")
    growth = getattr(made, f"{module}_growth")
    frame = _series(folder, name)

    def work() -> None:
        rng = np.random.default_rng(1)
        for one in frame:
            growth(frame[one].dropna(), HORIZON, PATHS, rng)

    return work


def ets_forecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return densities of exponential smoothing of every series."""
    return _densities(folder, name, "ets")


def theta_forecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return densities of the Theta method of every series."""
    return _densities(folder, name, "theta")


def arima_forecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return densities of auto-ARIMA of every series."""
    return _densities(folder, name, "auto_arima")


def _statsforecast(folder: Path, name: str, kind: str, **options: Any) -> Callable[[], Any]:
    from statsforecast import models

    levels = [one.dropna().cumsum().to_numpy() for _, one in _series(folder, name).items()]

    def work() -> None:
        for level in levels:
            getattr(models, kind)(**options).forecast(level, HORIZON, level=[80])

    return work


def ets_statsforecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return forecasts with intervals by statsforecast's AutoETS, without a season."""
    return _statsforecast(folder, name, "AutoETS", season_length=1, model="AZN")


def theta_statsforecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return forecasts with intervals by statsforecast's AutoTheta."""
    return _statsforecast(folder, name, "AutoTheta", season_length=1)


def arima_statsforecast(folder: Path, name: str) -> Callable[[], Any]:
    """Return forecasts with intervals by statsforecast's AutoARIMA."""
    return _statsforecast(folder, name, "AutoARIMA", season_length=1)


def arima_pmdarima(folder: Path, name: str) -> Callable[[], Any]:
    """Return forecasts with intervals by pmdarima."""
    import pmdarima

    levels = [one.dropna().cumsum().to_numpy() for _, one in _series(folder, name).items()]

    def work() -> None:
        for level in levels:
            fit = pmdarima.auto_arima(level, seasonal=False, suppress_warnings=True)
            fit.predict(HORIZON, return_conf_int=True)

    return work


def main() -> None:
    """Run one piece of work and print its seconds."""
    work, package, folder, rounds = sys.argv[1:5]
    kind, name = work.split(":")
    done = globals()[f"{kind}_{package}"](Path(folder), name)
    done()
    spent = []
    for _ in range(int(rounds)):
        begun = time.perf_counter()
        done()
        spent.append(time.perf_counter() - begun)
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
