"""Models of the employment panel that several reference tests estimate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forecast.estimation.record import Estimate
from forecast.specs.model import ModelSpec

ENDOGENOUS: dict[str, Any] = {"instruments": {"n": {}, "w": {}, "k": {}}, "exogenous": []}
ONE: dict[str, Any] = {"instruments": {"n": {}}}
TABLE4 = ["w", "w_lag1", "k", "k_lag1", "k_lag2", "ys", "ys_lag1", "ys_lag2"]
SHORTER = ["w", "w_lag1", "k", "ys", "ys_lag1"]
BLUNDELL_BOND = ["w", "w_lag1", "k", "k_lag1"]
LIMITED: dict[str, Any] = {
    "instruments": {"n": {"lags": [2, 4]}, "w": {"lags": [1, 2]}},
    "exogenous": ["k", "ys", "ys_lag1"],
}


def spec_of(drivers: list[str], lags: int, years: bool = True, **more: Any) -> ModelSpec:
    """Return a model of employment, n, on drivers and their lags."""
    derive = {
        name: {"of": name[:-5], "as": "lag", "by": int(name[-1])}
        for name in drivers
        if "_lag" in name
    }
    return ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "n",
            "drivers": drivers,
            "lags": lags,
            "effects": ["year"] if years else [],
            "derive": derive,
            **({} if more.get("covariance") == "classical" else {"small_sample": False}),
            **more,
        }
    )


def gmm_keys(
    steps: int, *, plain: bool = False, system: bool = False, **options: Any
) -> dict[str, Any]:
    """Return the estimator's keys; ``plain``: neither robust nor corrected standard errors."""
    return {
        "estimator": "system_gmm" if system else "difference_gmm",
        "covariance": "classical" if plain and steps == 1 else "clustered",
        "gmm": {"steps": steps, "windmeijer": not plain, **options},
    }


def reference(table: pd.DataFrame, model: str, quantity: str, terms: list[str]) -> np.ndarray:
    """Return what another program printed, in the order of the terms."""
    rows = table[(table["model"] == model) & (table["quantity"] == quantity)]
    values = rows.drop_duplicates("term").set_index("term")["value"]
    return values.loc[terms].to_numpy(dtype=float)


def slopes(found: Estimate) -> list[int]:
    """Return the places of all terms but the constant."""
    return [j for j, term in enumerate(found.terms) if term != "const"]
