"""Robust, clustered, panel-corrected, jackknife covariances against plm, sandwich, refits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.leave_one_out import leave_one_out
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from places import ROOT

REFERENCE = (
    pd.read_csv(ROOT / "tests" / "reference" / "diagnostics" / "panel_tests.csv")
    .set_index(["panel", "test", "quantity"])["value"]
    .sort_index()
)
PANELS = ("grunfeld", "holes", "tails", "emplUK")
MODELS: dict[str, dict[str, Any]] = {
    "pooled": {"estimator": "pooled"},
    "within_country": {"effects": "country"},
    "within_both": {"effects": "country + year"},
    "random": {"estimator": "random_effects"},
}
KINDS: dict[str, dict[str, Any]] = {
    **{f"white_HC{j}": {"covariance": f"hc{j}"} for j in range(4)},
    **{
        f"arellano_{name}_HC{j}": {"covariance": f"clustered_hc{j}", "cluster": by}
        for j in (1, 2, 3)
        for name, by in (("group", "country"), ("time", "year"))
    },
    "bk_time": {"covariance": "panel_corrected"},
}
# Same algebra in double precision; random effects carry the rounding of their components.
RTOL = 1e-9


def _estimate(panel: Panel, name: str, model: str, **options: Any) -> Estimate:
    text = "inv ~ value + capital"
    if name == "emplUK":
        text = "log(emp) ~ log(wage) + log(capital) + log(output)"
    settings = {**MODELS[model], **options}
    effects = settings.pop("effects", "")
    return estimate(panel, f"{text} | {effects}" if effects else text, **settings)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("kind", KINDS)
def test_standard_errors_equal_plm(
    plm_panel: Callable[[str], Panel], panel: str, model: str, kind: str
) -> None:
    """HC0 to HC3, clustered HC1 to HC3 and PCSE equal plm's vcovHC and vcovBK."""
    if (panel, f"{model}/{kind}") not in REFERENCE.index.droplevel(2):
        pytest.skip("plm gave no number")

    found = _estimate(plm_panel(panel), panel, model, **KINDS[kind])

    expected = REFERENCE[panel, f"{model}/{kind}"].loc[list(found.terms)]
    np.testing.assert_allclose(found.std_errors, expected, rtol=RTOL)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("kind", ["hc0", "hc1", "hc2", "hc3"])
def test_pooled_equals_sandwich(plm_panel: Callable[[str], Panel], panel: str, kind: str) -> None:
    """Without effects the four are also those of the R package sandwich on lm."""
    found = _estimate(plm_panel(panel), panel, "pooled", covariance=kind)

    expected = REFERENCE[panel, f"lm/sandwich_{kind.upper()}"].loc[list(found.terms)]
    np.testing.assert_allclose(found.std_errors, expected, rtol=RTOL)


@pytest.mark.parametrize("effects", ["", "country", "year", "country + year", "const + year"])
@pytest.mark.parametrize("cluster", ["country", "year"])
def test_leaving_out_equals_estimating_again(
    random_panel: Callable[..., Panel], effects: str, cluster: str
) -> None:
    """Coefficients without each cluster are those of a new estimate on the other rows."""
    panel = random_panel(3)
    if effects == "const + year":
        spec = estimate(panel, "y ~ x1 + x2 | year", estimator="pooled").spec
    else:
        spec = estimate(panel, "y ~ x1 + x2" + (f" | {effects}" if effects else "")).spec
    problem = regression(panel, spec)
    fit = least_squares(problem)
    found = fit.params + leave_one_out(fit, problem, cluster)

    frame = panel.frame
    labels = sorted(frame.index.get_level_values(cluster).unique())
    for g, label in enumerate(labels):
        rest = frame[frame.index.get_level_values(cluster) != label]
        again = estimate(Panel(rest, "rest"), spec)
        # beside year effects the constant is that of the rows at hand: the slopes are compared
        kept = slice(1 if effects == "const + year" else 0, None)
        np.testing.assert_allclose(found[g][kept], again.params[kept], rtol=1e-8, atol=1e-10)


def test_jackknife_by_its_formula(random_panel: Callable[..., Panel]) -> None:
    """The jackknife is (G-1)/G times the sum of squared distances of estimates made again."""
    panel = random_panel(8)
    found = estimate(panel, "y ~ x1 + x2 | country + year", covariance="jackknife")
    names = panel.countries()
    apart = np.stack(
        [estimate(panel.without([c]), found.spec).params - found.params for c in names]
    )

    expected = (len(names) - 1) / len(names) * apart.T @ apart
    np.testing.assert_allclose(found.cov, expected, rtol=1e-8)
    assert found.df_resid == len(names) - 1


def test_jackknife_of_single_rows_is_hc3(grunfeld: Panel) -> None:
    """With one row a cluster the jackknife is HC3 times (m-1)/m, as for the between estimator."""
    jackknife = estimate(grunfeld, "inv ~ value", estimator="between", covariance="jackknife")
    robust = estimate(grunfeld, "inv ~ value", estimator="between", covariance="hc3")

    np.testing.assert_allclose(jackknife.cov, robust.cov * 9 / 10, rtol=1e-9)


def test_hc2_is_unbiased_under_equal_variances(random_panel: Callable[..., Panel]) -> None:
    """HC2's expectation under s2 I is s2 (X'X)^-1: checked by replacing squared residuals."""
    from forecast.estimation.inference.covariance_blocks import leverages, sandwich

    problem = regression(random_panel(2), estimate(random_panel(2), "y ~ x1 + x2").spec)
    fit = least_squares(problem)
    left = 1 - leverages(fit, problem)  # the expectation of e_i^2 / s2
    meat = (fit.q * (left / left)[:, None]).T @ fit.q

    np.testing.assert_allclose(sandwich(fit, meat), fit.root @ fit.root.T, rtol=1e-10)


def test_units_change_nothing(plm_panel: Callable[[str], Panel]) -> None:
    """T statistics are free of the drivers' units under every covariance."""
    panel = plm_panel("tails")
    scaled = panel.with_columns(capital=1e7 * panel.frame["capital"])
    for kind in ("hc2", "hc3", "clustered_hc3", "panel_corrected", "jackknife"):
        one, two = (
            estimate(p, "inv ~ value + capital | country", covariance=kind).tidy()["statistic"]
            for p in (panel, scaled)
        )
        np.testing.assert_allclose(one, two, rtol=1e-8)


def test_leverage_of_one_is_refused() -> None:
    """A row that a regressor alone explains has no HC3."""
    index = pd.MultiIndex.from_product([["A", "B", "C"], [2000, 2001]], names=["country", "year"])
    frame = pd.DataFrame({"y": [1.0, 2, 4, 3, 5, 7], "x": [0, 0, 0, 0, 0, 1.0]}, index=index)

    with pytest.raises(EstimationError, match="C 2001 has leverage one"):
        estimate(Panel(frame, "made"), "y ~ x", covariance="hc3")
