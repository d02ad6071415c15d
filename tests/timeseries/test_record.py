"""Series that do not vary, or follow a rule exactly: a finite result or one plain refusal."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast.arrays import Array
from forecast.errors import EstimationError
from forecast.timeseries.bvar.growth import bvar_system_growth
from forecast.timeseries.density import GROWTH_MODELS, forecast_growth
from forecast.timeseries.hierarchical.growth import hierarchical_growth
from forecast.timeseries.hierarchical.record import LevelPanel, Sampling
from forecast.timeseries.record import checked_growth
from forecast.timeseries.series.breaks import mean_breaks
from forecast.timeseries.series.series_tests import NULLS
from forecast.timeseries.series.unit_roots import Trend, engle_granger, unit_root_test
from forecast.timeseries.systems.var import var_density
from forecast.timeseries.systems.varx import draw_varx, varx_posterior
from forecast.timeseries.systems.vecm import vecm_density

T = 40
TIME = np.arange(float(T))
NOISE = np.random.default_rng(1).normal(size=(T, 2))
STILL: Mapping[str, Array] = {
    "zero": np.zeros(T),
    "constant": np.full(T, 0.1),
    "rounding": 3 + 1e-13 * np.sin(TIME),
}
# Exact by some rule, though they move; and multiples of the noise beside them.
EXACT: Mapping[str, Array] = {
    "line": 1 + 0.1 * TIME,
    "slow line": 1 + 1e-6 * TIME,
    "square": TIME**2 / 100,
    "growth": 1.05**TIME,
    "alternating": 3 + (-1.0) ** TIME,
    "cycle": np.tile([1.0, 2.0, 3.0, 4.0], T // 4),
    "wave": np.sin(TIME),
    "step": np.repeat([3.0, 4.0], T // 2),
    "last year": np.r_[np.full(T - 1, 3.0), 4.0],
    "spike": np.r_[np.full(T // 2, 3.0), -40.0, np.full(T // 2 - 1, 3.0)],
}
REPEATED: Mapping[str, Array] = {
    "multiple": 2 * NOISE[:, 0],
    "near multiple": 2 * NOISE[:, 0] + 1e-9 * NOISE[:, 1],
    "a year late": np.r_[0.0, NOISE[:-1, 0]],
}
ALL = {**STILL, **EXACT, **REPEATED}
YEARS = pd.RangeIndex(1980, 1980 + T)


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


def _frame(values: Array) -> pd.DataFrame:
    return pd.DataFrame({"noise": NOISE[:, 0], "still": values}, index=YEARS)


def _varx(values: Array) -> Array:
    return draw_varx(
        varx_posterior(np.column_stack([NOISE[:, 0], values]), NOISE[:, 1]), 20, _rng()
    ).root


SYSTEMS: Mapping[str, Callable[[Array], Array]] = {
    "var": lambda x: var_density(_frame(x), 4, 20, _rng()).draws,
    "vecm": lambda x: vecm_density(_frame(x), 4, 20, _rng()).draws,
    "vecm of sums": lambda x: vecm_density(_frame(x).cumsum(), 4, 20, _rng()).draws,
    "bvar": lambda x: bvar_system_growth(_frame(x), 4, 20, _rng()).draws,
    "varx": _varx,
}


@pytest.mark.parametrize("name", GROWTH_MODELS)
@pytest.mark.parametrize("kind", [*STILL, *EXACT])
def test_densities_of_growth(name: str, kind: str) -> None:
    """Growth that does not vary is refused by every model; growth by rule has finite draws."""
    series = pd.Series(ALL[kind], index=YEARS)

    if kind in STILL:
        with pytest.raises(EstimationError, match="in every year and does not vary"):
            forecast_growth(name, series, 4, 50, _rng())
        return
    try:
        found = forecast_growth(name, series, 4, 50, _rng())
    except EstimationError as error:
        assert name == "auto_arima"
        assert "no variance" in str(error)
    else:
        assert np.isfinite(found.draws).all()
        assert np.isfinite(found.point).all()


@given(
    value=st.floats(-1e3, 1e3),
    slope=st.one_of(st.just(0.0), st.floats(-1, 1)),
    jump=st.one_of(st.just(0.0), st.floats(-50, 50)),
    years=st.integers(8, 60),
    name=st.sampled_from(sorted(set(GROWTH_MODELS) - {"auto_arima"})),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_line_with_a_jump(
    value: float, slope: float, jump: float, years: int, name: str
) -> None:
    """A constant, a line or either with a jump gives finite draws or the project's error."""
    values = value + slope * np.arange(years)
    values[years // 2 :] += jump
    series = pd.Series(values, index=range(1960, 1960 + years))
    try:
        found = forecast_growth(name, series, 3, 20, _rng())
    except EstimationError as error:
        assert name in str(error)
    else:
        assert np.isfinite(found.draws).all()


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("kind", ALL)
def test_systems(name: str, kind: str) -> None:
    """A system with such a series has finite draws, or is refused in one sentence."""
    try:
        found = SYSTEMS[name](ALL[kind])
    except EstimationError as error:
        assert "\n" not in str(error)
    else:
        assert kind not in STILL
        assert np.isfinite(found).all()


@pytest.mark.parametrize("kind", STILL)
def test_systems_name_the_series(kind: str) -> None:
    """Where there are names, the message has the one that does not vary."""
    for name in ("var", "vecm", "bvar"):
        with pytest.raises(EstimationError, match="still"):
            SYSTEMS[name](STILL[kind])
    with pytest.raises(EstimationError, match="variable 2"):
        SYSTEMS["varx"](STILL[kind])
    with pytest.raises(EstimationError, match="growth is"):
        varx_posterior(NOISE, STILL[kind])


def test_degenerate_sizes_of_systems() -> None:
    """Too many lags, no horizon, no draws, hardly a year: each is one sentence."""
    frame = _frame(NOISE[:, 1])
    for call, message in (
        (lambda: var_density(frame, 3, 20, _rng(), lags=50), "lags must be 1 to 39"),
        (lambda: var_density(frame, 3, 20, _rng(), lags=30), "too few degrees of freedom"),
        (lambda: var_density(frame, -1, 20, _rng()), "horizon and draws"),
        (lambda: var_density(frame, 3, 0, _rng()), "horizon and draws"),
        (lambda: var_density(frame[:3], 3, 20, _rng()), "too few for 4 lags"),
        (lambda: vecm_density(frame, 3, 20, _rng(), lags=50), "lags must be 1 to 39"),
        (lambda: vecm_density(frame, 0, 20, _rng()), "horizon and draws"),
        (lambda: vecm_density(frame[:4], 3, 20, _rng()), "too few degrees of freedom"),
        (lambda: bvar_system_growth(frame, 3, 0, _rng()), "horizon and draws"),
        (lambda: bvar_system_growth(frame[:4], 3, 20, _rng()), "need at least"),
    ):
        with pytest.raises(EstimationError, match=message):
            call()


def test_the_hierarchical_model_holds_still_economies() -> None:
    """Beside others, an economy whose output never changes has finite draws around no growth."""
    walk = np.cumsum(2 + np.random.default_rng(3).normal(size=(3, T)), axis=1)
    panel = LevelPanel(
        years=YEARS.to_numpy(),
        countries=("US", "A", "B", "still", "line"),
        levels=np.vstack([1000 + walk, np.full(T, 500.0), 600 + 3 * TIME]),
        leader="US",
    )
    for country, growth in (("still", 0.0), ("line", 3.0)):
        found = hierarchical_growth(
            panel, country, 4, 100, _rng(), sampling=Sampling(draws=40, burn=40)
        )
        assert np.isfinite(found.draws).all()
        # Their own shocks are the smallest of the panel's, whose standard deviation is one.
        assert abs(np.median(found.draws[:, 0]) - growth) < 1


@pytest.mark.parametrize("trend", ["c", "ct"])
@pytest.mark.parametrize("test", NULLS)
@pytest.mark.parametrize("kind", [*STILL, *EXACT])
def test_unit_roots(test: str, kind: str, trend: Trend) -> None:
    """A finite statistic with a p-value from 0 to 1, or one sentence; still series are refused."""
    try:
        found = unit_root_test(test, ALL[kind], trend)
    except EstimationError as error:
        assert "\n" not in str(error)
    else:
        assert kind not in STILL
        assert abs(found.statistic) < 1e6
        assert 0 <= found.p_value <= 1


@pytest.mark.parametrize("kind", ALL)
def test_cointegration(kind: str) -> None:
    """Engle and Granger's test on either side of such a series: finite, or refused."""
    for first, other in ((ALL[kind], NOISE[:, 0]), (NOISE[:, 0], ALL[kind])):
        try:
            found = engle_granger(first, other[:, None])
        except EstimationError as error:
            assert "\n" not in str(error)
        else:
            assert kind not in (*STILL, "multiple")
            assert np.isfinite(found.statistic)
            assert 0 <= found.p_value <= 1


@pytest.mark.parametrize("kind", [*STILL, *EXACT])
def test_breaks(kind: str) -> None:
    """Still series are refused; a pure step has its one break; all criteria are finite."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = mean_breaks(ALL[kind])
        except EstimationError as error:
            assert kind in STILL
            assert "does not vary" in str(error)
        else:
            assert np.isfinite(found.bic).all()
            assert np.isfinite(found.sup_f).all()
            if kind == "step":
                assert (found.by_bic, found.sequential) == (1, 1)


def test_growth_that_hardly_varies_is_growth() -> None:
    """A thousandth of a point a year is kept; rounding of a logarithm is not."""
    steady = 100 * np.diff(np.log(7e11 * 1.03 ** np.arange(31)))
    moving = steady + 1e-3 * np.sin(np.arange(30))

    with pytest.raises(EstimationError, match=r"toy: growth is 2\.95588 in every year"):
        checked_growth(pd.Series(steady, index=range(1990, 2020)), 10, "toy")
    np.testing.assert_array_equal(
        checked_growth(pd.Series(moving, index=range(1990, 2020)), 10, "toy"), moving
    )
