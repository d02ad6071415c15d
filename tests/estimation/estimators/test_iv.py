"""Two-stage least squares with effects against linearmodels and closed forms."""

from __future__ import annotations

from collections.abc import Callable
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


@pytest.fixture(scope="module")
def panel(random_panel: Callable[..., Panel]) -> Panel:
    """Return an unbalanced panel in which x1 is endogenous, z1, z2 move it, and z2 has gaps."""
    made = random_panel(6, countries=25, years=9)
    rng = np.random.default_rng(9)
    frame = made.frame.copy()
    z = rng.normal(size=(len(frame), 2))
    shock = rng.normal(size=len(frame))
    frame["x1"] += z @ [0.8, 0.5] + shock
    frame["y"] += frame["x1"] + 2 * shock
    frame["z1"], frame["z2"] = z.T
    frame.loc[frame.index[::17], "z2"] = np.nan
    return Panel(frame, source="made")


def _estimate(panel: Panel, effects: list[str], **options: Any) -> Estimate:
    iv = options.pop("iv", {"endogenous": ["x1"], "instruments": ["z1", "z2"]})
    spec = ModelSpec.model_validate(
        {
            "name": "iv",
            "label": "iv",
            "outcome": "y",
            "drivers": ["x1", "x2"],
            "effects": effects,
            "estimator": "iv",
            "covariance": "classical",
            "iv": iv,
            **options,
        }
    )
    return estimate(panel, spec)


def _peer(panel: Panel, effects: list[str]) -> tuple[Any, pd.DataFrame]:
    """Return linearmodels' IV2SLS with explicit dummies."""
    from linearmodels.iv import IV2SLS

    frame = panel.frame[["y", "x1", "x2", "z1", "z2"]].dropna()
    parts = [frame[["x2"]]]
    for place, effect in enumerate(effects):
        dummies = pd.get_dummies(frame.index.get_level_values(effect), dtype=float)
        dummies = dummies.set_axis(frame.index).iloc[:, 1 if place else 0 :]
        parts.append(dummies.add_prefix(effect))
    if not effects:
        parts.append(pd.DataFrame({"const": 1.0}, frame.index))
    return IV2SLS(frame["y"], pd.concat(parts, axis=1), frame[["x1"]], frame[["z1", "z2"]]), frame


EFFECTS = [[], ["year"], ["country"], ["country", "year"]]


@pytest.mark.parametrize("effects", EFFECTS)
def test_coefficients_errors_and_sargan_equal_linearmodels(
    panel: Panel, effects: list[str]
) -> None:
    """Classical (debiased) results and Sargan's test equal IV2SLS with explicit dummies."""
    found = _estimate(panel, effects)
    model, _ = _peer(panel, effects)
    peer = model.fit(cov_type="unadjusted", debiased=True)

    for term in ("x1", "x2"):
        place = found.terms.index(term)
        np.testing.assert_allclose(found.params.iloc[place], peer.params[term], rtol=1e-9)
        np.testing.assert_allclose(found.std_errors.iloc[place], peer.std_errors[term], rtol=1e-9)
    np.testing.assert_allclose(found.stats["sargan"], peer.sargan.stat, rtol=1e-8)
    np.testing.assert_allclose(found.stats["sargan_p"], peer.sargan.pval, rtol=1e-8)


@pytest.mark.parametrize("effects", [[], ["country"]])
def test_clustered_errors_equal_linearmodels(panel: Panel, effects: list[str]) -> None:
    """Clustered errors without small-sample factor equal IV2SLS'."""
    found = _estimate(panel, effects, covariance="clustered", small_sample=False)
    model, frame = _peer(panel, effects)
    clusters = pd.factorize(frame.index.get_level_values("country"))[0]
    peer = model.fit(cov_type="clustered", clusters=clusters, debiased=False)

    for term in ("x1", "x2"):
        place = found.terms.index(term)
        np.testing.assert_allclose(found.std_errors.iloc[place], peer.std_errors[term], rtol=1e-8)


@pytest.mark.parametrize("effects", EFFECTS)
def test_first_stage_f(panel: Panel, effects: list[str]) -> None:
    """The F statistic is that of dropping the instruments from the first stage with dummies."""
    found = _estimate(panel, effects)
    model, frame = _peer(panel, effects)
    small = np.asarray(model.exog.ndarray)
    large = np.column_stack([small, frame[["z1", "z2"]].to_numpy()])

    def rss(x: np.ndarray) -> float:
        left = frame["x1"] - x @ np.linalg.lstsq(x, frame["x1"], rcond=None)[0]
        return float(left @ left)

    spare = len(frame) - large.shape[1]
    f = (rss(small) - rss(large)) / 2 / (rss(large) / spare)
    np.testing.assert_allclose(found.stats["first_stage_f"], f, rtol=1e-9)
    # under homoskedasticity the effective F is the F
    np.testing.assert_allclose(found.stats["effective_f"], f, rtol=1e-9)


def test_effective_f_with_one_instrument_is_the_robust_f(panel: Panel) -> None:
    """With one instrument the effective F is the squared clustered t of the first stage."""
    found = _estimate(
        panel,
        ["country"],
        covariance="clustered",
        iv={"endogenous": ["x1"], "instruments": ["z1"]},
    )
    first = estimate(
        panel,
        ModelSpec.model_validate(
            {
                "name": "first",
                "label": "first",
                "outcome": "x1",
                "drivers": ["z1", "x2"],
                "effects": ["country"],
                "estimator": "within",
            }
        ),
    )
    t = first.params.iloc[0] / first.std_errors.iloc[0]

    # z2's gaps are of no account here, and both regressions count the same coefficients
    np.testing.assert_allclose(found.stats["effective_f"], t**2, rtol=1e-2)
    assert "sargan" not in found.stats


def test_the_truth_is_found(panel: Panel) -> None:
    """Least squares is off by the correlation with the error, two stages are not."""
    found = _estimate(panel, ["country", "year"])
    biased = estimate(
        panel,
        ModelSpec.model_validate(
            {
                "name": "ols",
                "label": "ols",
                "outcome": "y",
                "drivers": ["x1", "x2"],
                "effects": ["country", "year"],
                "estimator": "within",
                "covariance": "classical",
            }
        ),
    )

    assert abs(found.params.iloc[0] - 1.0) < 4 * found.std_errors.iloc[0]
    assert biased.params.iloc[0] - 1.0 > 6 * biased.std_errors.iloc[0]


def test_rows_without_an_instrument_are_dropped(panel: Panel) -> None:
    """A missing instrument drops the row and counts it."""
    found = _estimate(panel, ["country"])

    assert found.n_obs == len(panel.frame[["y", "x1", "x2", "z1", "z2"]].dropna())
    assert found.dropped == len(panel.frame) - found.n_obs


def test_what_is_refused(panel: Panel) -> None:
    """Too few instruments, drivers as instruments, instruments that absorb or repeat."""
    for iv, message in (
        ({"endogenous": ["x1", "x2"], "instruments": ["z1"]}, "at least as many as endogenous"),
        ({"endogenous": ["x1"], "instruments": ["x2"]}, "which is in 'drivers'"),
        ({"endogenous": ["w"], "instruments": ["z1"]}, "which is not in 'drivers'"),
    ):
        with pytest.raises(ValidationError, match=message):
            _estimate(panel, [], iv=iv)
    with pytest.raises(ValidationError, match="needs a table 'iv'"):
        _estimate(panel, [], iv=None)
    twice = panel.with_columns(z3=2 * panel.frame["z1"])
    with pytest.raises(EstimationError, match="collinear"):
        _estimate(twice, [], iv={"endogenous": ["x1"], "instruments": ["z1", "z3"]})
