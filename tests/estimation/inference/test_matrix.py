"""Formulas x covariances x weights x conventions against pyfixest, R's plm and R's sandwich."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast import read_panel
from forecast.estimation.estimate import estimate
from forecast.panel import Panel

REFERENCE = Path(__file__).parents[2] / "reference"
KEY = ["formula", "covariance", "weights", "convention"]


def _cases(name: str) -> list[Any]:
    """Return a case a formula and covariance, with the rows that were printed for it."""
    table = pd.read_csv(REFERENCE / name / "matrix.csv", keep_default_na=False)
    return [
        pytest.param(rows, id="|".join(key))
        for key, rows in table.groupby(KEY[:2], sort=False)
    ]


@cache
def _frame() -> pd.DataFrame:
    """The frame of pyfixest's script, which needs pyfixest for the rest alone."""
    text = (REFERENCE / "pyfixest" / "matrix.py").read_text(encoding="utf-8")
    spec = importlib.util.spec_from_loader("matrix", loader=None)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    exec(text.replace("import pyfixest as pf", ""), module.__dict__)
    found: pd.DataFrame = module.frame()
    return found


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Munnell's states, unbalanced, with gaps."""
    return read_panel(_frame(), "state", "year", countries="as_is")


PYFIXEST = {"iid": "classical", "HC1": "hc1"}
KIND = {"aweights": "analytic", "fweights": "frequency"}


@pytest.mark.parametrize("rows", _cases("pyfixest"))
def test_equals_pyfixest(rows: pd.DataFrame, panel: Panel) -> None:
    """Both solve exactly, so 1e-8; sorted by size, as names differ."""
    for (formula, covariance, weights, convention), printed in rows.groupby(KEY, sort=False):
        given = _pyfixest(covariance, convention)
        if weights:
            given |= {"weights": "w", "weight_kind": KIND[weights]}
        _compare(panel, formula, given, printed)


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
