"""Gains of drivers out of sample: known truth, noise, no knowledge of the future, intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.evaluation.growth.driver_gains import _errors, driver_gains
from forecast.panel import Panel

ECONOMIES, YEARS, HORIZON = 60, np.arange(1960, 2020), 5


def _world(seed: int, slope: float) -> Panel:
    """Return economies whose yearly growth is 2 + slope x + noise, x lasting, beside noise z."""
    rng = np.random.default_rng(seed)
    shape = (len(YEARS), ECONOMIES)
    x = np.broadcast_to(rng.normal(size=ECONOMIES), shape)
    growth = 2 + slope * x + rng.normal(0, 2, shape)
    names = [*(f"E{i:02d}" for i in range(ECONOMIES - 1)), "USA"]
    tables = {"level": np.exp(np.cumsum(growth / 100, axis=0)), "x": x, "z": rng.normal(size=shape)}
    frame = pd.concat(
        {
            name: pd.DataFrame(values, index=YEARS, columns=names).unstack()
            for name, values in tables.items()
        },
        axis=1,
    )
    frame.index.names = ["country", "year"]
    return Panel(frame, source="made")


def _gains(panel: Panel, **options: object) -> dict[str, object]:
    rng = np.random.default_rng(1)
    sets = {"x": ["x"], "z": ["z"], "both": ["x", "z"]}
    return driver_gains(panel, sets, "level", HORIZON, rng, **options)  # type: ignore[arg-type, return-value]


def test_a_driver_that_matters_gains_what_it_explains() -> None:
    """Average growth over h years has error sd s / sqrt(h) with the driver.

    Without it the gap stands in for what the driver did so far; the part that neither gap nor
    momentum can tell stays, so the gain is above zero and below that of knowing all of slope x.
    """
    found = _gains(_world(3, slope=1.5))
    x = found["x"]
    most = 100 * (1 - (2 / np.sqrt(HORIZON)) / np.hypot(2 / np.sqrt(HORIZON), 1.5))

    assert 0 < x.low < x.gain < x.high < most + 5  # type: ignore[attr-defined]
    # with the driver what is left is the noise: 60 economies x 45 origins, overlapping
    assert x.rmse_with == pytest.approx(2 / np.sqrt(HORIZON), rel=0.05)  # type: ignore[attr-defined]


def test_noise_gains_nothing_on_average() -> None:
    """Over worlds the mean gain of a driver that is noise is not above zero."""
    gains = [_gains(_world(seed, slope=0.0), draws=50)["z"].gain for seed in range(8)]  # type: ignore[attr-defined]

    assert np.mean(gains) < 0.02
    assert max(gains) < 0.5


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), origin=st.integers(20, 50))
def test_what_comes_after_an_origin_does_not_move_its_forecast(seed: int, origin: int) -> None:
    """Errors of one origin differ by the outcome alone when later years are drawn anew."""
    rng = np.random.default_rng(seed)
    years, economies, horizon = 60, 45, 5
    base = np.concatenate(
        [np.ones((years, economies, 1)), rng.normal(size=(years, economies, 2))], axis=-1
    )
    own, ahead = rng.normal(size=(years, economies, 1)), rng.normal(size=(years, economies))
    later = ahead.copy()
    later[origin - horizon + 1 :] = rng.normal(size=later[origin - horizon + 1 :].shape)
    moved = base.copy()
    moved[origin + 1 :] = 9.0
    one, two = _errors(base, own, ahead, horizon), _errors(moved, own, later, horizon)
    assert one is not None and two is not None

    forecasts = [
        (np.sqrt(errors[0][which, origin]), outcome[origin])
        for errors, outcome in ((one, ahead), (two, later))
        for which in (0, 1)
    ]
    for which in (0, 1):
        (left, y), (right, z) = forecasts[which], forecasts[which + 2]
        # |y - f| and |z - f| of the same f: the signs that fit are found, to rounding
        same = [np.abs((y - a * left) - (z - b * right)) for a in (1, -1) for b in (1, -1)]
        assert np.min(same, axis=0).max() < 1e-9


def test_the_interval_is_that_of_economies_drawn_one_by_one() -> None:
    """Against a slow resampling of whole economies; 1,000 draws each: a tenth of the width."""
    panel = _world(5, slope=0.7)
    found = _gains(panel)["x"]
    frames = dict(tuple(panel.frame.groupby(level="country")))
    rng = np.random.default_rng(2)
    base, own, ahead = _arrays(panel, list(frames))
    errors = _errors(base, own, ahead, HORIZON)
    assert errors is not None
    squared = errors[0]
    gains = []
    for _ in range(1000):
        drawn = rng.integers(0, len(frames), len(frames))
        one, two = np.sqrt(np.nanmean(squared[:, :, drawn], axis=(1, 2)))
        gains.append(100 * (1 - two / one))
    low, high = np.quantile(gains, (0.05, 0.95))

    assert found.low == pytest.approx(low, abs=0.1 * (high - low))  # type: ignore[attr-defined]
    assert found.high == pytest.approx(high, abs=0.1 * (high - low))  # type: ignore[attr-defined]


def _arrays(panel: Panel, names: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    level = np.log(panel.frame["level"].unstack("country")[names])
    x = panel.frame["x"].unstack("country")[names]
    gap = level.sub(level["USA"], axis=0).to_numpy()
    momentum = (100 * level.diff(5) / 5).to_numpy()
    ahead = (100 * (level.shift(-HORIZON) - level) / HORIZON).to_numpy()
    base = np.stack([np.ones(gap.shape), gap, momentum], axis=-1)
    return base, x.to_numpy()[:, :, None], ahead


def test_units_decide_nothing_and_a_missing_frontier_is_named() -> None:
    """A driver in other units gains the same."""
    panel = _world(7, slope=1.0)
    scaled = panel.with_columns(x=panel.frame["x"] * 1e9)

    assert _gains(scaled)["x"].gain == pytest.approx(_gains(panel)["x"].gain, rel=1e-9)  # type: ignore[attr-defined]
    with pytest.raises(DataError, match="frontier 'XXX'"):
        _gains(panel, frontier="XXX")


def test_too_few_economies_have_no_row() -> None:
    """Nothing is forecast from fewer than forty."""
    assert _gains(_world(1, 1.0).without([f"E{i:02d}" for i in range(30)])) == {}
