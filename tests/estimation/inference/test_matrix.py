"""Formulas x covariances x weights x conventions against pyfixest, R's plm and R's sandwich."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from places import ROOT

REFERENCE = ROOT / "tests" / "reference"
KEY = ["formula", "covariance", "weights", "convention"]


def _cases(name: str) -> list[Any]:
    """Return a case a formula and covariance, with the rows that were printed for it."""
    table = pd.read_csv(REFERENCE / name / "matrix.csv", keep_default_na=False)
    return [
        pytest.param(rows, id="|".join(key)) for key, rows in table.groupby(KEY[:2], sort=False)
    ]


PYFIXEST = {"iid": "classical", "HC1": "hc1"}
KIND = {"aweights": "analytic", "fweights": "frequency"}


@pytest.mark.parametrize("rows", _cases("pyfixest"))
def test_equals_pyfixest(rows: pd.DataFrame, states: Panel) -> None:
    """Both solve exactly, so 1e-8; sorted by size, as names differ."""
    for (formula, covariance, weights, convention), printed in rows.groupby(KEY, sort=False):
        given = _pyfixest(covariance, convention)
        if weights:
            given |= {"weights": "w", "weight_kind": KIND[weights]}
        _compare(states, formula, given, printed)


def _pyfixest(covariance: str, convention: str) -> dict[str, Any]:
    if covariance.startswith("DK"):
        return {"covariance": "driscoll_kraay", "maxlag": int(covariance[3:])}
    small = {"small_sample": False if convention == "none" else convention}
    if covariance in PYFIXEST:
        return {"covariance": PYFIXEST[covariance], **small}
    return {"covariance": "clustered", "cluster": covariance, **small}


def _compare(panel: Panel, formula: str, given: dict[str, Any], printed: pd.DataFrame) -> None:
    own = estimate(panel, formula, **given).tidy().sort_values("estimate")
    theirs = printed.sort_values("coef")
    assert len(own) == len(theirs)
    assert_allclose(own["estimate"], theirs["coef"], rtol=1e-8)
    assert_allclose(own["std_error"], theirs["se"], rtol=1e-8)


PLM: dict[str, dict[str, Any]] = {
    "classical": {"covariance": "classical"},
    "vcovHC white1 HC0": {"covariance": "hc0"},
    "vcovHC white1 HC3": {"covariance": "hc3"},
    "vcovHC arellano state HC0": {"covariance": "clustered", "small_sample": False},
    "vcovHC arellano state sss": {"covariance": "clustered", "small_sample": "plm"},
    "vcovHC arellano year sss": {
        "covariance": "clustered",
        "cluster": "year",
        "small_sample": "plm",
    },
    "vcovDC HC0": {"covariance": "two_way_clustered", "small_sample": False},
    "vcovSCC 2": {"covariance": "driscoll_kraay", "maxlag": 2},
    "vcovBK time": {"covariance": "panel_corrected"},
    "lm": {"covariance": "classical", "small_sample": "statsmodels"},
    "vcovHC HC1": {"covariance": "hc1", "small_sample": "statsmodels"},
}


@pytest.mark.parametrize("rows", _cases("plm"))
def test_equals_r(rows: pd.DataFrame, states: Panel) -> None:
    """Covariances of plm; lm with every dummy under sandwich's, its rows repeated for counts."""
    for (formula, covariance, weights, convention), printed in rows.groupby(KEY, sort=False):
        given = dict(PLM.get(covariance, {}))
        if covariance.startswith("vcovCL"):
            small = False if convention == "none" else convention
            given = {"covariance": "clustered", "cluster": covariance[7:], "small_sample": small}
        kinds = {"": [""], "f": ["frequency"], "w": ["analytic", "probability"]}[weights]
        for kind in kinds[: 1 if given["covariance"] == "classical" else 2]:
            weighed = {"weights": weights, "weight_kind": kind} if kind else {}
            _compare(states, formula, {**given, **weighed}, printed)
