"""The usual range where quantiles are known, and an economy's place in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.structure.manufacturing_range import QUANTILES, quantile_curves, standing

ECONOMIES, YEARS = 120, 12


def _frame(seed: int = 0) -> pd.DataFrame:
    """Return shares around a quadratic of log income, errors normal with deviation 3."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [[f"E{i:03d}" for i in range(ECONOMIES)], range(2000, 2000 + YEARS)],
        names=["country", "year"],
    )
    logs = np.repeat(rng.uniform(7, 11, ECONOMIES), YEARS) + rng.normal(0, 0.1, len(index))
    share = _middle(logs) + rng.normal(0, 3, len(index))
    return pd.DataFrame({"income": np.exp(logs), "share": share}, index=index)


def _middle(logs: np.ndarray) -> np.ndarray:
    return 15 - 1.2 * (logs - 9.2) ** 2


def test_curves_are_the_quantiles_that_were_drawn():
    """Within 0.8 of the truth on the grid: some four standard errors at its ends."""
    curves = quantile_curves(_frame(), draws=0)
    shift = curves["quantile"].map(dict(zip(QUANTILES, 3 * stats.norm.ppf(QUANTILES), strict=True)))
    truth = _middle(np.log(curves["income"].to_numpy())) + shift.to_numpy()

    assert np.abs(curves["share"] - truth).max() < 0.8
    wide = curves.pivot(index="income", columns="quantile", values="share").to_numpy()
    assert (np.diff(wide, axis=1) > 0).all()
    assert curves[["low", "high"]].isna().all(axis=None)


def test_intervals_hold_the_curve_and_its_truth():
    """80 % intervals hold the truth in most of the grid; drawn again they are the same."""
    curves = quantile_curves(_frame(1), draws=40)
    median = curves[curves["quantile"] == 0.5]
    truth = _middle(np.log(median["income"].to_numpy()))

    assert ((median["low"] < truth) & (truth < median["high"])).mean() > 0.5
    assert (curves["low"] < curves["high"]).all()
    pd.testing.assert_frame_equal(curves, quantile_curves(_frame(1), draws=40))


def test_ranks_are_conditional_quantiles():
    """An economy put at a known quantile of the errors has that rank, within 4 points."""
    frame = _frame(2)
    for quantile in (0.25, 0.5, 0.9):
        at = ("E000", 2000 + YEARS - 1)
        frame.loc[at, "share"] = _middle(
            np.log(frame.loc[[at], "income"].to_numpy())
        ) + 3 * stats.norm.ppf(quantile)
        found = standing(frame, ["E000", "XXX"])
        assert found["country"].tolist() == ["E000"]
        assert found["year"].tolist() == [2000 + YEARS - 1]
        assert found["rank"].to_numpy() == pytest.approx(100 * quantile, abs=4)
    frame.loc[at, "share"] = 90
    assert standing(frame, ["E000"])["rank"].tolist() == [99]
