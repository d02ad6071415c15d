"""Tests of cointegration in panels, of a model's outcome and drivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from forecast.derive.apply import add_derived
from forecast.diagnostics.cointegration.error_correction import ErrorCorrection
from forecast.diagnostics.cointegration.kao import kao
from forecast.diagnostics.cointegration.panel_cointegration import cointegration_block
from forecast.diagnostics.cointegration.pedroni import pedroni
from forecast.diagnostics.cointegration.westerlund import westerlund
from forecast.diagnostics.record import TestResult
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

TESTS: dict[str, Callable[..., TestResult]] = {
    "kao": kao,
    "pedroni": pedroni,
    "westerlund": westerlund,
}


def cointegrated(
    panel: Panel,
    spec: ModelSpec,
    name: str,
    lags: int = 1,
    draws: int = 0,
    *,
    rng: np.random.Generator | None = None,
    **options: Any,
) -> TestResult:
    """Return a test that a model's outcome and drivers are cointegrated in no country.

    It stands on the rows of `cointegration_tests`, which its note names.

    Parameters
    ----------
    name : {"kao", "pedroni", "westerlund"}
    lags : int
        Lagged changes.
    draws : int
        Bootstrap samples of ``westerlund``; 0 for its normal p-value.
    rng : numpy.random.Generator or None
        Of the bootstrap.
    **options : ``form``, ``deterministic`` of the test

    Raises
    ------
    DataError, EstimationError
        If a column does not exist, no two countries share enough years, or the test cannot be made.
    """
    what = (spec.outcome, tuple(spec.drivers))
    block = cointegration_block(add_derived(panel, spec.derive), *what, lags)
    if name == "westerlund":
        drawn = {"draws": draws, "rng": rng} if draws else {}
        options |= {"how": ErrorCorrection(lags=lags), **drawn}
    else:
        options["lags"] = lags
    found = TESTS[name](block, *what, **options)
    years = block.frame.index.get_level_values("year")
    used = f"{len(block.countries())} countries, {years.min()}-{years.max()}"
    return replace(found, note="; ".join(filter(None, [found.note, used])))
