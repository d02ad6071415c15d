"""Covariances at far levels against plm, the repair of two-way clustering, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.delta_method import delta_method
from forecast.estimation.inference.formed import formed
from forecast.panel import Panel

FAR = (
    pd.read_csv(Path(__file__).parents[2] / "reference" / "estimation" / "plm_far_levels.csv")
    .set_index(["level", "model", "kind", "term"])["std_error"]
    .sort_index()
)
KINDS: dict[str, dict[str, Any]] = {
    "white_hc0": {"covariance": "hc0"},
    "white_hc3": {"covariance": "hc3"},
    "arellano_sss": {"covariance": "clustered"},
    "arellano_hc0_time": {
        "covariance": "clustered",
        "cluster": "year",
        "small_sample": False,
    },
    "scc_2": {"covariance": "driscoll_kraay", "maxlag": 2},
    "bk_time": {"covariance": "panel_corrected"},
    "double": {"covariance": "two_way_clustered", "small_sample": False},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", ["pooling", "within"])
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_standard_errors_at_a_far_level_equal_plm(
    grunfeld: Panel, kind: str, model: str, shift: float
) -> None:
    """With and without a million added to a regressor: plm's errors without it.

    1e-10: both are double precision; of value + 1e6 (sd 1314) eps 1e6 / sd = 2e-13 is lost.
    """
    moved = grunfeld.with_columns(value=grunfeld.frame["value"] + shift)
    text = "inv ~ value + capital" + (" | country" if model == "within" else "")

    found = estimate(moved, text, **KINDS[kind])

    expected = FAR["near", model, kind].loc[["value", "capital"]]
    np.testing.assert_allclose(found.std_errors.iloc[-2:], expected, rtol=1e-10)


def _square(seed: int, size: int = 4) -> Panel:
    index = pd.MultiIndex.from_product(
        [list("ABCDEFGH")[:size], range(2000, 2000 + size)], names=["country", "year"]
    )
    values = np.random.default_rng(seed).normal(size=(len(index), 3))
    return Panel(pd.DataFrame(values, index, columns=["y", "x1", "x2"]), source="made")


def test_two_way_repair_is_the_same_however_the_regressors_are_written() -> None:
    """With a negative eigenvalue: other units, levels and combinations have the mapped matrix."""
    panel = _square(231)
    frame = panel.frame
    # x1 = 1e3 z1 + z2 + 5, x2 = z2: b_z = A' b_x
    other = panel.with_columns(x1=(frame["x1"] - frame["x2"] - 5) / 1e3)
    mixed = np.array([[1.0, 5.0, 0.0], [0.0, 1e3, 0.0], [0.0, 1.0, 1.0]])

    one, two = (estimate(p, "y ~ x1 + x2", covariance="two_way_clustered") for p in (panel, other))

    assert one.stats["negative_eigenvalues"] == two.stats["negative_eigenvalues"] == 1
    np.testing.assert_allclose(two.params, mixed @ one.params, rtol=1e-9)
    np.testing.assert_allclose(two.cov, mixed @ one.cov @ mixed.T, rtol=1e-9, atol=1e-12)
    assert "1 of 3 directions with a negative variance" in str(one)
    assert "too few clusters to rely on" in " ".join(str(one).split())


def test_two_way_repair_keeps_what_is_positive() -> None:
    """Measured by (X'X)^-1 the eigenvalue that was negative is zero, the others are positive."""
    panel = _square(231)
    one = estimate(panel, "y ~ x1 + x2", covariance="two_way_clustered")
    fit = least_squares(regression(panel, one.spec))
    back = np.linalg.solve(fit.root, np.linalg.solve(fit.root, one.cov).T)

    values = np.linalg.eigvalsh(back)

    assert values[0] == pytest.approx(0, abs=1e-12 * values[-1])
    assert (values[1:] > 1e-3 * values[-1]).all()


def test_a_variance_that_cannot_be_formed_is_refused() -> None:
    """A single coefficient with a negative two-way variance; a variance of rounding alone."""
    refused = 0
    for seed in range(40):
        try:
            found = estimate(_square(seed), "y ~ x1 | country", covariance="two_way_clustered")
        except EstimationError as error:
            refused += 1
            assert "the variance of 'x1' cannot be formed" in str(error)
        else:
            assert found.std_errors.iloc[0] > 0
    assert refused

    # two clusters, told apart by the regressor: their scores are zero but for rounding
    panel = _square(1, size=2).with_columns(x1=pd.Series([0.0, 0, 1, 1]).to_numpy())
    with pytest.raises(EstimationError, match="cannot be formed"):
        estimate(panel, "y ~ x1", covariance="clustered")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e-30])
def test_formed_names_the_coefficient(bad: float) -> None:
    """A matrix with one bad variance is refused by that coefficient's name."""
    with pytest.raises(EstimationError, match="'hc1': the variance of 'b' cannot be formed"):
        formed(np.diag([1.0, bad]), ("a", "b"), "hc1")


def test_delta_method_refuses_a_negative_variance(grunfeld: Panel) -> None:
    """An indefinite covariance (more countries than years) can have no variance of a sum."""
    from dataclasses import replace

    one = estimate(grunfeld, "inv ~ value + capital | country")
    indefinite = replace(one, cov=np.array([[1.0, -2.0], [-2.0, 1.0]]))

    with pytest.raises(EstimationError, match=r"'value \+ capital' cannot be formed"):
        delta_method(indefinite, "value + capital")


def test_a_column_and_its_copy_at_a_far_level_are_collinear(grunfeld: Panel) -> None:
    """Beside the column its copy holds nothing but rounding of its level."""
    for shift in (1e3, 1e8, 1e12):
        copy = grunfeld.with_columns(copy=grunfeld.frame["value"] + shift)
        with pytest.raises(EstimationError, match="collinear"):
            estimate(copy, "inv ~ value + copy + capital")
