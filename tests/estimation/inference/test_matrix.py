"""Formulas x covariances x weights x conventions against pyfixest, R's plm and R's sandwich."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from places import ROOT

KEY = ["formula", "covariance", "weights", "convention"]
# Of a column of weights what it is here; of pyfixest's kinds, which are all of column w.
KINDS = {
    "": [{}],
    "f": [{"weights": "f", "weight_kind": "frequency"}],
    "w": [{"weights": "w", "weight_kind": kind} for kind in ("analytic", "probability")],
    "aweights": [{"weights": "w", "weight_kind": "analytic"}],
    "fweights": [{"weights": "w", "weight_kind": "frequency"}],
}
COVARIANCES: dict[str, dict[str, Any]] = {
    "iid": {"covariance": "classical"},
    "HC1": {"covariance": "hc1"},
    "DK 1": {"covariance": "driscoll_kraay", "maxlag": 1},
    "DK 3": {"covariance": "driscoll_kraay", "maxlag": 3},
    "classical": {"covariance": "classical"},
    "vcovHC white1 HC0": {"covariance": "hc0"},
    "vcovHC white1 HC3": {"covariance": "hc3"},
    "vcovHC arellano state HC0": {"cluster": "state"},
    "vcovHC arellano state sss": {"cluster": "state"},
    "vcovHC arellano year sss": {"cluster": "year"},
    "vcovDC HC0": {"covariance": "two_way_clustered"},
    "vcovSCC 2": {"covariance": "driscoll_kraay", "maxlag": 2},
    "vcovBK time": {"covariance": "panel_corrected"},
    "lm": {"covariance": "classical"},
    "vcovHC HC1": {"covariance": "hc1"},
}
# Which take no convention: of these "none" is printed.
PLAIN = (
    *("DK 1", "DK 3", "classical", "vcovHC white1 HC0", "vcovHC white1 HC3", "vcovSCC 2"),
    "vcovBK time",
)


def _cases(name: str) -> list[Any]:
    """Return a case a formula, covariance, kind of weights and convention that was printed."""
    path = ROOT / "tests" / "reference" / name / "matrix.csv"
    table = pd.read_csv(path, keep_default_na=False)
    return [
        pytest.param(
            formula,
            {**_given(covariance, convention), **kind},
            rows.sort_values("coef")[["coef", "se"]],
            id="|".join([formula, covariance, kind.get("weight_kind", ""), convention]),
        )
        for (formula, covariance, weights, convention), rows in table.groupby(KEY, sort=False)
        for kind in KINDS[weights]
        if not (covariance == "lm" and kind.get("weight_kind") == "probability")
    ]


def _given(covariance: str, convention: str) -> dict[str, Any]:
    named = COVARIANCES.get(covariance, {"cluster": covariance.removeprefix("vcovCL ")})
    small = {"small_sample": False if convention == "none" else convention}
    return {"covariance": "clustered", **named, **({} if covariance in PLAIN else small)}


@pytest.mark.parametrize(("formula", "given", "printed"), _cases("pyfixest"))
def test_equals_pyfixest(
    formula: str, given: dict[str, Any], printed: pd.DataFrame, states: Panel
) -> None:
    """Both solve exactly, so 1e-8; sorted by size, as names differ."""
    own = estimate(states, formula, **given).tidy().sort_values("estimate")
    assert_allclose(own[["estimate", "std_error"]], printed, rtol=1e-8)


@pytest.mark.parametrize(("formula", "given", "printed"), _cases("plm"))
def test_equals_r(
    formula: str, given: dict[str, Any], printed: pd.DataFrame, states: Panel
) -> None:
    """Covariances of plm; lm with every dummy under sandwich's, its rows repeated for counts.

    1e-8: sandwich multiplies the inverse of all dummies' products, which leaves nine digits.
    """
    own = estimate(states, formula, **given).tidy().sort_values("estimate")
    assert_allclose(own[["estimate", "std_error"]], printed, rtol=1e-8)
