"""Unit-root tests of a panel's column, lags as a number or by a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.cips import cips
from forecast.diagnostics.unit_roots.fisher import fisher_unit_root
from forecast.diagnostics.unit_roots.im_pesaran_shin import im_pesaran_shin
from forecast.diagnostics.unit_roots.lag_order import Criterion, LagRule, Lags
from forecast.diagnostics.unit_roots.levin_lin_chu import levin_lin_chu
from forecast.errors import EstimationError
from forecast.panel import Panel

TESTS: dict[str, Callable[..., TestResult]] = {
    "levin_lin_chu": levin_lin_chu,
    "im_pesaran_shin": im_pesaran_shin,
    "fisher": fisher_unit_root,
    "cips": cips,
}


def root_of_panel(
    panel: Panel,
    column: str,
    name: str,
    lags: int | Criterion = 1,
    most_lags: int | None = None,
    lag_sample: Literal["common", "own"] | None = None,
    **options: Any,
) -> TestResult:
    """Return a test that every country's series has a unit root.

    Parameters
    ----------
    name : {"levin_lin_chu", "im_pesaran_shin", "fisher", "cips"}
    lags : int or criterion
        Lagged changes.
    most_lags, lag_sample : ``most`` and ``sample`` of `LagRule`, of a criterion alone
    **options : of the test

    Raises
    ------
    DataError, EstimationError
        If the column does not exist, a number of lags is to be chosen, or the test cannot be made.
    """
    chosen: Lags = lags
    if most_lags is not None or lag_sample is not None:
        if isinstance(lags, int):
            raise EstimationError(
                f"{name}: 'most_lags' and 'lag_sample' go with lags by a criterion, such as "
                f"lags='aic'; found lags={lags}"
            )
        chosen = LagRule(criterion=lags, most=most_lags, sample=lag_sample or "common")
    return TESTS[name](panel, column, lags=chosen, **options)
