"""Rows weighed by cluster and fitted again, against least squares with every dummy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimate import regression
from forecast.estimation.inference.covariance_blocks import cluster_codes
from forecast.estimation.inference.disturbed_dummies import refitted_columns
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.panel import Panel
from forecast.specs.formulas.formula import parse_formula


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Twelve entities in three regions, unbalanced, with weights."""
    rng = np.random.default_rng(8)
    index = pd.MultiIndex.from_product(
        [[f"e{i:02d}" for i in range(12)], range(2000, 2008)], names=["country", "year"]
    )
    frame = pd.DataFrame(rng.normal(size=(len(index), 2)), index, columns=["y", "x"])
    frame["region"] = [float(int(label[1:]) % 3) for label, _ in index]
    frame["w"] = rng.uniform(0.5, 2.0, len(index))
    return Panel(frame[rng.uniform(size=len(index)) > 0.2], "made")


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("cluster", ["country", "year", "region"])
@pytest.mark.parametrize(
    "effects",
    ["0", "country", "year", "country + year", "region^year", "country[year] + region^year"],
)
def test_weighed_residuals_are_fitted_as_with_every_dummy(
    panel: Panel, effects: str, cluster: str, weights: str | None
) -> None:
    """Signs by cluster on the residuals, then least squares again: equal to 1e-9."""
    spec = parse_formula(
        f"y ~ x | {effects}", covariance="clustered", cluster=cluster, weights=weights
    )
    problem = regression(panel, spec)
    fit, codes = least_squares(problem), cluster_codes(problem, cluster)
    signed = np.random.default_rng(3).choice([-1.0, 1.0], codes.max() + 1)[codes] * fit.residuals
    z = refitted_columns(fit.q, problem, cluster)

    root = np.ones(len(codes)) if problem.weights is None else np.sqrt(problem.weights)
    columns = [problem.x]
    for block in problem.blocks:
        dummies = (block.codes[:, None] == np.arange(block.codes.max() + 1)) * root[:, None]
        columns += [dummies, *(dummies * (slope - 2000.0)[:, None] for slope in block.slopes)]
    dense = np.hstack(columns)
    left = signed - dense @ np.linalg.lstsq(dense, signed, rcond=None)[0]
    assert_allclose(signed - z @ (z.T @ signed), left, atol=1e-9)


def test_the_wild_bootstrap_takes_clusters_of_any_column(panel: Panel) -> None:
    """Clustered by year or by the same years under another name: the same p-value."""
    years = panel.frame.index.get_level_values("year").astype(float)
    other = Panel(panel.frame.assign(wave=years), "made")
    found = []
    for name in ("year", "wave"):
        spec = parse_formula("y ~ x | country + year", covariance="clustered", cluster=name)
        problem = regression(other, spec)
        rng = np.random.default_rng(1)
        found.append(wild_bootstrap(problem, "x", rng=rng, draws=199, cluster=name).p_value)
    assert found[0] == found[1]
