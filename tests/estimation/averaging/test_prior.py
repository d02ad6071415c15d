"""Priors joined with estimates: closed forms, limits, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from forecast.errors import EstimationError
from forecast.estimation.averaging.with_prior import with_prior
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

SOURCE = "A publication, table and page, with the conversion"


def _spec(**options: Any) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "name": "prior",
            "label": "prior",
            "outcome": "y",
            "drivers": ["x1", "x2", "x3"],
            "effects": ["year"],
            "estimator": "pooled",
            **options,
        }
    )


def _prior(**terms: tuple[float, float]) -> dict[str, Any]:
    return {t: {"mean": m, "sd": s, "source": SOURCE} for t, (m, s) in terms.items()}


@pytest.mark.parametrize(
    ("estimator", "effects"),
    [
        ("pooled", ["year"]),
        ("within", ["country", "year"]),
        ("random_effects", []),
        ("between", []),
    ],
)
def test_posterior_is_normal_normal(
    random_panel: Callable[..., Panel], estimator: str, effects: list[str]
) -> None:
    """Precisions add, and means weigh by them, for any linear estimator."""
    panel = random_panel(1)
    options = {"estimator": estimator, "effects": effects, "covariance": "clustered"}
    data = estimate(panel, _spec(**options))
    found = estimate(panel, _spec(**options, prior=_prior(x1=(0.5, 0.2), x3=(-1.0, 0.4))))

    rows = [data.terms.index("x1"), data.terms.index("x3")]
    pick = np.eye(len(data.terms))[rows]
    precision = np.diag([1 / 0.2**2, 1 / 0.4**2])
    cov = np.linalg.inv(np.linalg.inv(data.cov) + pick.T @ precision @ pick)
    mean = cov @ (
        np.linalg.solve(data.cov, data.params) + pick.T @ precision @ np.array([0.5, -1.0])
    )
    # the formula above inverts V; the code does not
    np.testing.assert_allclose(found.cov, cov, rtol=1e-7, atol=1e-14)
    np.testing.assert_allclose(found.params, mean, rtol=1e-8)


def test_table_shows_both(random_panel: Callable[..., Panel]) -> None:
    """The table holds prior, data and posterior of every term, and the source."""
    panel = random_panel(1)
    data = estimate(panel, _spec())
    found = estimate(panel, _spec(prior=_prior(x2=(0.1, 0.3))))
    table = found.tables["prior"].set_index("term")

    np.testing.assert_array_equal(table["data_estimate"], data.params)
    np.testing.assert_array_equal(table["data_std_error"], data.std_errors)
    np.testing.assert_array_equal(table["posterior_mean"], found.params)
    assert table.loc["x2", "source"] == SOURCE and table.loc["x1", "source"] == ""
    assert np.isnan(table.loc["x1", "prior_mean"])
    # one prior: its share of the precision is what the variance fell by
    share = 1 - (table.loc["x2", "posterior_sd"] / table.loc["x2", "data_std_error"]) ** 2
    np.testing.assert_allclose(table.loc["x2", "prior_share"], share, rtol=1e-10)
    assert table.loc["x2", "posterior_sd"] < min(0.3, table.loc["x2", "data_std_error"])


def test_limits(random_panel: Callable[..., Panel]) -> None:
    """A vague prior changes nothing; a sharp one fixes the coefficient, as a restriction would."""
    panel = random_panel(1)
    data = estimate(panel, _spec(covariance="classical"))
    vague = estimate(panel, _spec(covariance="classical", prior=_prior(x1=(9.0, 1e6))))
    sharp = estimate(panel, _spec(covariance="classical", prior=_prior(x1=(0.7, 1e-7))))

    np.testing.assert_allclose(vague.params, data.params, rtol=1e-9)
    restricted = panel.with_columns(y=panel.frame["y"] - 0.7 * panel.frame["x1"])
    others = estimate(restricted, _spec(drivers=["x2", "x3"], covariance="classical"))
    assert sharp.params.iloc[sharp.terms.index("x1")] == pytest.approx(0.7, abs=1e-9)
    for term in ("x2", "x3"):
        np.testing.assert_allclose(
            sharp.params.iloc[sharp.terms.index(term)],
            others.params.iloc[others.terms.index(term)],
            rtol=1e-8,
        )


def test_switch(random_panel: Callable[..., Panel]) -> None:
    """``use_prior = false`` keeps the data's estimate, to which the prior can be added later."""
    panel = random_panel(1)
    prior = _prior(x1=(0.5, 0.2))
    off = estimate(panel, _spec(prior=prior, use_prior=False))
    on = estimate(panel, _spec(prior=prior))

    np.testing.assert_array_equal(off.params, estimate(panel, _spec()).params)
    assert "prior" not in off.tables
    np.testing.assert_array_equal(with_prior(off).params, on.params)


def test_singular_covariance_is_no_obstacle(random_panel: Callable[..., Panel]) -> None:
    """Fewer clusters than coefficients leave V singular; the posterior exists all the same."""
    panel = random_panel(1, countries=3, kept=1.0)
    found = estimate(panel, _spec(prior=_prior(x1=(0.0, 0.1)), effects=[]))

    assert np.isfinite(found.params).all()
    assert np.linalg.eigvalsh(found.cov).min() > -1e-12


def test_what_is_refused(random_panel: Callable[..., Panel]) -> None:
    """A stranger, a spread of zero, no source, a second application, an average of models."""
    with pytest.raises(ValidationError, match="'prior' names 'x9'"):
        _spec(prior=_prior(x9=(0.0, 1.0)))
    with pytest.raises(ValidationError, match="greater than 0"):
        _spec(prior=_prior(x1=(0.0, 0.0)))
    with pytest.raises(ValidationError, match="at least 20 characters"):
        _spec(prior={"x1": {"mean": 0.0, "sd": 1.0, "source": "me"}})
    with pytest.raises(ValidationError, match="takes no table 'prior'"):
        _spec(prior=_prior(x1=(0.0, 1.0)), estimator="bma", covariance="classical")
    found = estimate(random_panel(1), _spec(prior=_prior(x1=(0.0, 1.0))))
    with pytest.raises(EstimationError, match="already part"):
        with_prior(found)
    with pytest.raises(EstimationError, match="'prior' is empty"):
        with_prior(estimate(random_panel(1), _spec()))
