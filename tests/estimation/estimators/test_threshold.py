"""Panel threshold regression: brute force, simulated truth, size of the test, speed."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def _panel(
    seed: int, countries: int = 40, years: int = 10, steps: tuple[float, ...] = (), kept: float = 1
) -> Panel:
    """Return y = own effect + x + sum of 1.5 x 1(q > step) + z/2 + noise."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [[f"K{c:03d}" for c in range(countries)], range(1990, 1990 + years)],
        names=["country", "year"],
    )
    q, x, z, noise = rng.normal(size=(4, len(index)))
    y = np.repeat(rng.normal(size=countries), years) + x + 0.5 * z + noise
    for step in steps:
        y = y + 1.5 * x * (q > step)
    frame = pd.DataFrame({"y": y, "x": x, "z": z, "q": q}, index)
    return Panel(frame[rng.random(len(index)) < kept], source="made")


def _estimate(panel: Panel, effects: tuple[str, ...] = ("country",), **rule: Any) -> Estimate:
    spec = ModelSpec.model_validate(
        {
            "name": "break",
            "label": "break",
            "outcome": "y",
            "drivers": ["x", "z"],
            "effects": list(effects),
            "estimator": "threshold",
            "covariance": "classical",
            "threshold": {"variable": "q", "switching": ["x"], **rule},
        }
    )
    return estimate(panel, spec)


def _brute(panel: Panel, effects: tuple[str, ...], value: float, *more: float) -> float:
    """Return the residual sum of squares with breaks at values, by explicit dummies."""
    frame = panel.frame
    parts = [np.ones((len(frame), 1)), frame[["z"]].to_numpy()]
    for effect in effects:
        parts.append(pd.get_dummies(frame.index.get_level_values(effect)).to_numpy(dtype=float))
    edges = [-np.inf, *sorted((value, *more)), np.inf]
    for low, high in pairwise(edges):
        inside = (frame["q"] > low) & (frame["q"] <= high)
        parts.append((frame["x"] * inside).to_numpy()[:, None])
    x = np.column_stack(parts)
    residuals = frame["y"] - x @ np.linalg.lstsq(x, frame["y"], rcond=None)[0]
    return float(residuals @ residuals)


@pytest.mark.parametrize("effects", [(), ("year",), ("country",), ("country", "year")])
@pytest.mark.parametrize("kept", [1.0, 0.8])
def test_sums_of_squares_by_brute_force(effects: tuple[str, ...], kept: float) -> None:
    """At every value tried the sum of squares is that of the regression with dummies."""
    panel = _panel(1, countries=12, years=8, steps=(0.3,), kept=kept)
    found = _estimate(panel, effects, grid=25, draws=0)
    search = found.tables["search"]

    brute = [_brute(panel, effects, value) for value in search["value"]]
    np.testing.assert_allclose(search["ssr"], brute, rtol=1e-10)
    assert found.stats["threshold"] == search["value"][int(np.argmin(brute))]
    np.testing.assert_allclose(np.sum(found.residuals**2), min(brute), rtol=1e-10)
    swept = found.df_resid + 3  # rows less effects and constant: F and LR divide by it
    least = min(brute)
    np.testing.assert_allclose(
        search["likelihood_ratio"],
        (np.array(brute) - least) / (least / swept),
        rtol=1e-7,
        atol=1e-9,
    )


def test_the_truth_is_found() -> None:
    """A clear break is located, its coefficients recovered, the test rejects, the set covers."""
    found = _estimate(_panel(2, steps=(0.3,)), draws=300)

    assert abs(found.stats["threshold"] - 0.3) < 0.1
    assert (
        found.stats["threshold_low"] <= 0.3 + 0.05 and found.stats["threshold_high"] >= 0.3 - 0.05
    )
    assert found.stats["p_threshold"] == 0
    low, high = found.params.iloc[:2]
    assert abs(low - 1) < 4 * found.std_errors.iloc[0]
    assert abs(high - 2.5) < 4 * found.std_errors.iloc[1]
    assert found.terms[0].startswith("x [q <= ") and found.terms[2] == "z"


def test_two_thresholds() -> None:
    """Two breaks are found, the second given the first, and the first again given the second."""
    panel = _panel(3, countries=60, steps=(-0.5, 0.8))
    found = _estimate(panel, thresholds=2, draws=200, grid=120)
    values = found.tables["threshold"]["threshold"].to_numpy()

    np.testing.assert_allclose(np.sort(values), [-0.5, 0.8], atol=0.1)
    assert list(found.tables["threshold"]["p_value"]) == [0, 0]
    assert sum(t.startswith("x [") for t in found.terms) == 3
    np.testing.assert_allclose(
        np.sum(found.residuals**2), _brute(panel, ("country",), *values), rtol=1e-10
    )


@pytest.mark.parametrize("bootstrap", ["countries", "wild"])
def test_bootstrap_is_that_of_refitted_samples(bootstrap: str) -> None:
    """Draws equal F of samples that are made and searched in full (moments of 400 against 400)."""
    panel = _panel(4, countries=15, years=6)
    found = _estimate(panel, ("country", "year"), grid=20, draws=4000, bootstrap=bootstrap)
    residuals = found.residuals.to_numpy().reshape(15, 6)
    rng = np.random.default_rng(8)
    grid = found.tables["search"]["value"]
    statistics = []
    for _ in range(400):
        if bootstrap == "wild":
            sample = residuals * rng.choice([-1.0, 1.0], size=(15, 1))
        else:
            sample = residuals[rng.integers(0, 15, 15)]
        made = Panel(panel.frame.assign(y=sample.ravel()), source="made")
        again = _estimate(made, ("country", "year"), grid=20, draws=0)
        assert list(again.tables["search"]["value"]) == list(grid)
        statistics.append(again.stats["f_threshold"])
    table = found.tables["threshold"].iloc[0]
    # standard error of a 90 % quantile of 400 draws: about 6 % of it
    assert table["critical_90"] == pytest.approx(np.quantile(statistics, 0.9), rel=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("bootstrap", ["countries", "wild"])
def test_size_of_the_test(bootstrap: str) -> None:
    """Without a break, a test at 10 % rejects in about a tenth of 300 samples."""
    rejected = [
        _estimate(_panel(100 + s, 30, 8), grid=40, draws=199, bootstrap=bootstrap, seed=s).stats[
            "p_threshold"
        ]
        <= 0.10
        for s in range(300)
    ]

    assert 0.05 < np.mean(rejected) < 0.16  # standard error 0.017


@pytest.mark.clock
def test_a_thousand_draws_in_three_seconds() -> None:
    """100 x 25 rows, 400 values, 1,000 draws take under 3 s."""
    panel = _panel(5, countries=100, years=25, steps=(0.2,))
    for bootstrap in ("countries", "wild"):
        best = np.inf
        for _ in range(2):
            start = time.perf_counter()
            _estimate(panel, ("country", "year"), bootstrap=bootstrap)
            best = min(best, time.perf_counter() - start)
        assert best < 3


def test_what_cannot_be_searched_is_refused() -> None:
    """Too few rows in a regime, a gap under the country bootstrap, a switching stranger."""
    with pytest.raises(EstimationError, match=r"no value of 'q' leaves 45%"):
        _estimate(_panel(1, steps=(0.0,)), thresholds=2, trim=0.45)
    with pytest.raises(EstimationError, match=r"needs a balanced panel"):
        _estimate(_panel(1, kept=0.9), bootstrap="countries")
    with pytest.raises(ValidationError, match=r"'threshold.switching' names 'w'"):
        _estimate(_panel(1), switching=["w"])
    with pytest.raises(EstimationError, match=r"column 'nothing' is not one of"):
        _estimate(_panel(1), variable="nothing")
