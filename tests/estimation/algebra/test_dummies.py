"""Swept-out effects equal explicit dummies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.sweeping import sweep
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

EFFECTS = [["country"], ["year"], ["country", "year"]]


def _spec(estimator: str, effects: list[str], **more: object) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "y",
            "drivers": ["x1", "x2", "x3"],
            "estimator": estimator,
            "effects": effects,
            "covariance": "classical",
            **more,
        }
    )


def _one_hot(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] == np.arange(group_count(codes))).astype(float)


@pytest.mark.parametrize("effects", EFFECTS)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), shape=st.sampled_from([(12, 9, 0.7), (5, 14, 0.8), (9, 6, 1)]))
def test_within_equals_least_squares_with_dummies(
    random_panel: Callable[..., Panel], effects: list[str], seed: int, shape: tuple
) -> None:
    """Slopes, residuals, variances and degrees of freedom are those of explicit dummies."""
    panel = random_panel(seed, *shape)
    rows = sample(panel, _spec("within", effects))
    dummies = np.hstack([_one_hot(getattr(rows, e)) for e in effects])
    design = np.hstack([rows.x, dummies])
    rank = np.linalg.matrix_rank(design)

    found = estimate(panel, _spec("within", effects))
    solution = np.linalg.lstsq(design, rows.y, rcond=None)[0]
    residuals = rows.y - design @ solution

    # lstsq by SVD of the dummies' matrix is good to about 1e-12 here
    np.testing.assert_allclose(found.params, solution[:3], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.residuals, residuals, atol=1e-9)
    assert found.df_resid == len(rows.y) - rank
    variance = np.linalg.pinv(design.T @ design)[:3, :3] * (residuals @ residuals) / found.df_resid
    np.testing.assert_allclose(found.cov, variance, rtol=1e-7, atol=1e-12)


def test_disconnected_sets_of_countries_and_years() -> None:
    """Two sets that share no country and no year absorb one degree of freedom less."""
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_tuples(
        [(f"A{c}", 2000 + t) for c in range(4) for t in range(5) if (c + t) % 4]
        + [(f"B{c}", 2010 + t) for c in range(3) for t in range(4)],
        names=["country", "year"],
    )
    rows = sample(
        Panel(
            pd.DataFrame(rng.normal(size=(len(index), 4)), index, ["y", "x1", "x2", "x3"]), "made"
        ),
        _spec("within", ["country", "year"]),
    )
    dummies = np.hstack([_one_hot(rows.country), _one_hot(rows.year)])

    swept = sweep(rows.x, rows.country, rows.year, ["country", "year"])

    assert swept.absorbed == np.linalg.matrix_rank(dummies) == 7 + 9 - 2
    projected = rows.x - dummies @ np.linalg.lstsq(dummies, rows.x, rcond=None)[0]
    np.testing.assert_allclose(swept.values, projected, atol=1e-12)


def test_weakly_connected_panel_is_swept_exactly() -> None:
    """A chain of countries that overlap by one year, where alternating means converge slowly."""
    chain = [(f"C{c:02d}", 1900 + c + t) for c in range(60) for t in range(2)]
    index = pd.MultiIndex.from_tuples(chain, names=["country", "year"])
    rng = np.random.default_rng(6)
    country = pd.factorize(index.get_level_values(0))[0].astype(np.int64)
    year = pd.factorize(index.get_level_values(1), sort=True)[0].astype(np.int64)
    x = rng.normal(size=(len(index), 2)) + 1e3 * country[:, None]

    swept = sweep(x, country, year, ["country", "year"]).values

    # 120 rows, 60 countries, 61 years, connected: the dummies explain everything
    assert np.abs(swept).max() < 1e-9


@pytest.mark.parametrize("estimator", ["pooled", "random_effects", "first_difference"])
def test_year_effects_beside_a_constant(random_panel: Callable[..., Panel], estimator: str) -> None:
    """Year effects leave the slopes of dummies, and the constant at which they average to zero."""
    panel = random_panel(11, countries=30)
    plain = regression(panel, _spec(estimator, []))
    found = estimate(panel, _spec(estimator, ["year"]))
    swept = regression(panel, _spec(estimator, ["year"]))
    x = plain.x
    dummies = _one_hot(plain.year)[:, 1:]
    dummies = dummies - dummies.mean(axis=0)
    y = plain.y
    if (
        estimator == "random_effects"
    ):  # theta is another one with year effects: make the columns anew
        rows = sample(panel, _spec(estimator, ["year"]))
        sizes = np.bincount(rows.country)
        stats = found.stats
        theta = 1 - np.sqrt(
            stats["sigma2_idios"] / (sizes * stats["sigma2_id"] + stats["sigma2_idios"])
        )
        values = np.column_stack([rows.y, np.ones(len(rows.y)), rows.x, dummies])
        means = np.array([values[rows.country == g].mean(axis=0) for g in range(len(sizes))])
        values = values - (theta[:, None] * means)[rows.country]
        y, x, dummies = values[:, 0], values[:, 1:5], values[:, 5:]
    design = np.hstack([x, dummies])

    solution, *_ = np.linalg.lstsq(design, y, rcond=None)

    np.testing.assert_allclose(found.params, solution[:4], rtol=1e-9)
    np.testing.assert_allclose(found.residuals, y - design @ solution, atol=1e-10)
    assert found.df_resid == len(y) - design.shape[1]
    assert swept.counted == dummies.shape[1]


def test_singletons_stay_and_are_counted(random_panel: Callable[..., Panel]) -> None:
    """A country with one row changes no slope and takes its own degree of freedom."""
    panel = random_panel(12)
    single = pd.DataFrame(
        [[5.0, 1.0, 2.0, 3.0]],
        pd.MultiIndex.from_tuples([("ZZZ", 1991)], names=["country", "year"]),
        panel.frame.columns,
    )
    more = Panel(pd.concat([panel.frame, single]), "made")
    spec = _spec("within", ["country"])

    without, found = estimate(panel, spec), estimate(more, spec)

    np.testing.assert_allclose(found.params, without.params, rtol=1e-12)
    assert found.stats["singletons"] == without.stats["singletons"] + 1
    assert (found.n_obs, found.df_resid) == (without.n_obs + 1, without.df_resid)


@pytest.mark.parametrize("size", [1.0, 1e9])
def test_absorbed_driver_is_named(random_panel: Callable[..., Panel], size: float) -> None:
    """What only varies between countries is refused by name, in any unit."""
    panel = random_panel(13)
    area = pd.Series(pd.factorize(panel.frame.index.get_level_values(0))[0], panel.frame.index)
    with_area = panel.with_columns(x3=size * (area + 0.1))

    with pytest.raises(
        EstimationError, match=r"^model 'm': 'x3': nothing is left after the country"
    ):
        estimate(with_area, _spec("within", ["country"]))
    with pytest.raises(EstimationError, match="'x3': nothing is left after the country and year"):
        estimate(with_area, _spec("within", ["country", "year"]))


def test_absorbed_combination_is_named(random_panel: Callable[..., Panel]) -> None:
    """Two drivers whose sum is a year effect are collinear once it is swept out."""
    panel = random_panel(14)
    year = panel.frame.index.get_level_values("year").to_numpy(dtype=float)
    mixed = panel.with_columns(x3=pd.Series(year, panel.frame.index) - panel.frame["x1"])

    with pytest.raises(EstimationError, match=r"collinear: 'x(1|3)' is a combination of 'x(1|3)';"):
        estimate(mixed, _spec("within", ["year"]))


def test_combination_absorbed_by_differencing_is_named(random_panel: Callable[..., Panel]) -> None:
    """Two drivers that add up to a trend are collinear with the constant in first differences."""
    panel = random_panel(15, kept=1.0)
    years = pd.Series(panel.frame.index.get_level_values("year"), panel.frame.index)
    place = years.rank(method="dense")
    mixed = panel.with_columns(x3=1e4 + place - panel.frame["x1"])

    with pytest.raises(EstimationError, match=r"collinear: .*'const'"):
        estimate(mixed, _spec("first_difference", []))
