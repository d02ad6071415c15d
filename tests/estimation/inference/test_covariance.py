"""Conventions of covariances that plm does not print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def _spec(**more: Any) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "y",
            "drivers": ["x1", "x2", "x3"],
            "estimator": "within",
            "effects": ["country", "year"],
            **more,
        }
    )


def test_two_way_small_sample_factors(random_panel: Callable[..., Panel]) -> None:
    """Each part of the two-way sum carries the factor of its own number of clusters."""
    panel = random_panel(1, countries=40, years=15)
    part = {
        by: estimate(panel, _spec(covariance="clustered", cluster=by)).cov
        for by in ("country", "year")
    }
    plain = {
        by: estimate(panel, _spec(covariance="clustered", cluster=by, small_sample=False)).cov
        for by in ("country", "year")
    }
    raw = estimate(panel, _spec(covariance="two_way_clustered", small_sample=False))
    found = estimate(panel, _spec(covariance="two_way_clustered"))
    by_row = plain["country"] + plain["year"] - raw.cov
    rows = raw.n_obs

    expected = part["country"] + part["year"] - rows / (rows - 3) * by_row

    assert "negative_eigenvalues" not in found.stats
    np.testing.assert_allclose(found.cov, expected, rtol=1e-10)
    assert found.df_resid == 14


CLUSTERED = ("clustered", "clustered_hc1", "clustered_hc2", "clustered_hc3", "jackknife")


def test_clusters_set_the_degrees_of_freedom(random_panel: Callable[..., Panel]) -> None:
    """Clustered: G - 1; classical and Driscoll-Kraay: of the regression."""
    panel = random_panel(2)
    df = {
        kind: estimate(panel, _spec(covariance=kind)).df_resid
        for kind in (*CLUSTERED, "classical", "driscoll_kraay")
    }

    assert {df[kind] for kind in CLUSTERED} == {len(panel.countries()) - 1}
    assert df["classical"] == df["driscoll_kraay"] == len(panel.frame) - 12 - 9 + 1 - 3


def test_hc1_counts_the_year_dummies_beside_a_constant(random_panel: Callable[..., Panel]) -> None:
    """As columns of their own: HC1 is HC0 times m / (m - k), k with constant and years."""
    panel = random_panel(2)
    spec = {"estimator": "pooled", "effects": ["year"]}

    hc0, hc1 = (estimate(panel, _spec(covariance=kind, **spec)) for kind in ("hc0", "hc1"))

    rows, years = hc0.n_obs, panel.frame.index.get_level_values("year").nunique()
    np.testing.assert_allclose(hc1.cov, hc0.cov * rows / (rows - 3 - years), rtol=1e-12)


def test_driscoll_kraay_of_linearmodels(random_panel: Callable[..., Panel]) -> None:
    """Its Bartlett errors are ours, times sqrt(n / (n - absorbed)) where it counts the effects.

    For country effects in a balanced panel that factor is sqrt(T / (T - 1)).
    """
    from linearmodels.panel import PanelOLS

    panel = random_panel(3)
    model = PanelOLS(
        panel.frame["y"], panel.frame[["x1", "x2", "x3"]], entity_effects=True, time_effects=True
    )
    options = {"cov_type": "kernel", "kernel": "bartlett", "bandwidth": 2, "debiased": False}
    plain = model.fit(**options, auto_df=False, count_effects=False)
    counted = model.fit(**options)

    found = estimate(panel, _spec(covariance="driscoll_kraay", maxlag=2))

    rows, absorbed = found.n_obs, 12 + 9 - 1
    np.testing.assert_allclose(found.std_errors, plain.std_errors, rtol=1e-9)
    np.testing.assert_allclose(
        found.std_errors * np.sqrt(rows / (rows - absorbed)), counted.std_errors, rtol=1e-9
    )


@pytest.mark.parametrize(("years", "lags"), [(9, 2), (20, 2), (60, 3)])
def test_default_lags(random_panel: Callable[..., Panel], years: int, lags: int) -> None:
    """Without maxlag, floor(4 (T / 100)^(2/9)) lags are taken."""
    panel = random_panel(4, countries=4, years=years)

    found = estimate(panel, _spec(covariance="driscoll_kraay"))

    assert found.stats["maxlag"] == lags


def test_repaired_two_way_matrix_is_positive_semidefinite() -> None:
    """Where country + year - row has a negative eigenvalue it is set to zero, and said."""
    import pandas as pd

    found = None
    for seed in range(50):
        rng = np.random.default_rng(seed)
        index = pd.MultiIndex.from_product([list("ABCD"), range(4)], names=["country", "year"])
        frame = pd.DataFrame(rng.normal(size=(16, 4)), index, ["y", "x1", "x2", "x3"])
        found = estimate(Panel(frame, "made"), _spec(covariance="two_way_clustered"))
        if "negative_eigenvalues" in found.stats:
            break
    assert found is not None
    assert found.stats["negative_eigenvalues"] >= 1
    assert np.linalg.eigvalsh(found.cov).min() >= -1e-12 * np.abs(found.cov).max()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"covariance": "driscoll_kraay", "maxlag": 9},
            "maxlag: found 9, must be below .* 9 years",
        ),
        (
            {"covariance": "two_way_clustered", "estimator": "between", "effects": []},
            "found 1 cluster by year, .*the between estimator has no years",
        ),
    ],
)
def test_refusals(
    random_panel: Callable[..., Panel], options: dict[str, Any], message: str
) -> None:
    """A covariance that the rows cannot carry is refused with its reason."""
    with pytest.raises(EstimationError, match="^model 'm': .*" + message):
        estimate(random_panel(5), _spec(**options))
