"""The search for the greatest likelihood against a simplex from a finer grid."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from forecast.timeseries.univariate.ets import fit_ets
from forecast.timeseries.univariate.smoothing import (
    DAMPING,
    HIGHEST,
    LOWEST,
    form_params,
)
from places import ROOT
from smoothed import smoothed_at

LEVELS = pd.read_csv(ROOT / "tests" / "reference" / "timeseries" / "smoothing_series.csv")
POINTS = {"ANN": (60,), "AAN": (24, 20), "AAdN": (16, 14, 5)}


def _simplex(level: np.ndarray, form: str) -> float:
    """Return the least squares that Nelder and Mead find from a grid with its bounds."""

    def squares(shares: np.ndarray) -> np.ndarray:
        full = np.zeros((3, 1, len(shares)))
        full[: shares.shape[1], 0] = shares.T
        return smoothed_at(level, form_params(full, (form,))[: 1 if form == "ANN" else 3, 0].T).sse

    axes = [np.linspace(0.0, 1.0, n) for n in POINTS[form]]
    lattice = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
    found = minimize(
        lambda share: float(np.log(squares(share[None, :])[0])),
        lattice[np.argmin(squares(lattice))],
        method="Nelder-Mead",
        bounds=[(0.0, 1.0)] * len(axes),
        options={"xatol": 1e-4, "fatol": 1e-8, "maxiter": 400},
    )
    return float(np.exp(found.fun))


@pytest.mark.parametrize("form", POINTS)
@pytest.mark.parametrize("series", ["china", "nile", "huron", "www"])
def test_squares_are_no_larger_than_a_simplex_finds(series: str, form: str) -> None:
    """Of four series and a cut of each, no form's squares are larger by more than 1e-10."""
    level = LEVELS.query("series == @series")["value"].to_numpy()

    for cut in (level, level[: len(level) * 2 // 3]):
        assert fit_ets(cut, form).sse <= _simplex(cut, form) * (1 + 1e-10)


@pytest.mark.parametrize("form", ["AAN", "AAdN"])
@pytest.mark.parametrize("seed", range(6))
def test_no_move_within_the_bounds_lowers_the_squares(seed: int, form: str) -> None:
    """At the answer, on a bound or not, no small move of any parameter has smaller squares."""
    rng = np.random.default_rng(seed)
    level = np.cumsum(np.where(np.arange(50) < 25, 4.0, 2.0) + rng.normal(0, 1, 50))
    fit = fit_ets(level, form)
    alpha, beta, phi = fit.params
    grid = [
        [np.clip(alpha + a, LOWEST, HIGHEST), beta + b, phi + (p if form == "AAdN" else 0.0)]
        for a, b, p in product((-0.01, 0.0, 0.01), repeat=3)
    ]
    inside = [
        (a, b, p)
        for a, b, p in grid
        if LOWEST <= b <= a and (form == "AAN" or DAMPING[0] <= p <= DAMPING[1])
    ]

    assert len(inside) > 3
    assert (smoothed_at(level, np.array(inside)).sse >= fit.sse * (1 - 1e-12)).all()
