"""Dynamic common correlated effects and the augmented mean group against base R's lm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pydantic import ValidationError

from estimation.heterogeneous.reference_panels import expected, found
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

CIGAR = ("cigar", "sales", ["price", "ndi"])
HOLES = ("grunfeld_holes", "inv", ["value"])
LAGGED = {"price_lag": {"of": "price", "as": "lag"}}
DYNAMIC: dict[str, tuple[tuple[str, str, list[str]], dict[str, Any]]] = {
    "dcce_cigar_3": (CIGAR, {}),
    "dcce_cigar_1": (CIGAR, {"lags": 1}),
    "dcce_cigar_panel": (CIGAR, {"averages": "panel"}),
    "dcce_cigar_jackknife": (CIGAR, {"lags": 1, "jackknife": True}),
    "dcce_cigar_trend": (CIGAR, {"lags": 2, "trend": True}),
    "dcce_cigar_lagged": (("cigar", "sales", ["price", "ndi", "price_lag"]), {"lags": 2}),
    "dcce_holes_1": (HOLES, {"lags": 1}),
    "dcce_holes_panel": (HOLES, {"lags": 1, "averages": "panel"}),
}
PANELS = {
    "produc": ("produc", "gsp", ["pcap", "pc", "emp", "unemp"]),
    "cigar": CIGAR,
    "holes": ("grunfeld_holes", "inv", ["value", "capital"]),
}
AUGMENTED = {
    f"{name}{'_imposed' * imposed}{'_trend' * trend}": (
        named,
        {"process": "imposed" if imposed else "included", "trend": bool(trend)},
    )
    for name, named in PANELS.items()
    for imposed in (0, 1)
    for trend in (0, 1)
}


def _dynamic(case: str) -> Estimate:
    named, options = DYNAMIC[case]
    derive = LAGGED if case == "dcce_cigar_lagged" else {}
    return found(*named, "dynamic_cce", lags=1, dynamic_cce=options, derive=derive)


def _expected(case: str, quantity: str, terms: list[str]) -> pd.Series:
    numbers = expected("common_factors", case, quantity)
    return numbers.rename(index={"x_lag": "price_lag"}).loc[terms]


# Averages and their lags are nearly collinear, and lm.fit decomposes raw columns: ten digits.
RTOL = 1e-10


@pytest.mark.parametrize("case", DYNAMIC)
def test_dynamic_cce_equals_lm(case: str) -> None:
    """Means over countries of lm with the averages and their lags, and their errors."""
    one = _dynamic(case)

    for quantity, values in (("coef", one.params), ("se", one.std_errors)):
        assert_allclose(values, _expected(case, quantity, list(one.terms)), rtol=RTOL)
    assert one.n_obs == int(expected("common_factors", case, "n_obs").iloc[0])


@pytest.mark.parametrize("case", ["dcce_cigar_1", "dcce_cigar_3"])
def test_dynamic_cce_equals_pydcce(case: str) -> None:
    """A port of xtdcce2, which inverts cross-products of the averages: eight digits."""
    one = _dynamic(case)

    for quantity, values in (("coef", one.params), ("se", one.std_errors)):
        numbers = expected("dynamic_cce_pydcce", case, quantity).loc[list(one.terms)]
        assert_allclose(values, numbers, rtol=1e-8)


@pytest.mark.parametrize("case", DYNAMIC)
def test_long_run_equals_lm(case: str) -> None:
    """Means over countries of what a driver and its lags come to in the long run."""
    table = _dynamic(case).tables["long_run"].set_index("term")

    for column, quantity in (("estimate", "long_run"), ("std_error", "long_run_se")):
        numbers = expected("common_factors", case, quantity).loc[list(table.index)]
        assert_allclose(table[column], numbers, rtol=1e-6)  # ratios near a zero of 1 - phi


@pytest.mark.parametrize("case", AUGMENTED)
def test_augmented_mean_group_equals_lm(case: str) -> None:
    """Both stages: the process from first differences, the means of the countries' slopes."""
    named, options = AUGMENTED[case]
    one = found(*named, "augmented_mean_group", augmented_mean_group=options)

    process = expected("common_factors", case, "process")
    assert_allclose(one.tables["common_process"]["value"], process, rtol=1e-9, atol=1e-12)
    for quantity, values in (("coef", one.params), ("se", one.std_errors)):
        assert_allclose(values, _expected(case, quantity, list(one.terms)), rtol=RTOL)


def test_without_lags_it_is_common_correlated_effects() -> None:
    """No lag of the averages, no lag of the outcome: the estimator of 2006."""
    one = found(*CIGAR, "dynamic_cce", dynamic_cce={"lags": 0})
    other = found(*CIGAR, "cce_mean_group")

    assert_allclose(one.params, other.params, rtol=1e-10)
    assert_allclose(one.cov, other.cov, rtol=1e-9)
    assert "long_run" not in one.tables


def _made(seed: int, *, dynamic: float, countries: int = 40, years: int = 60) -> Panel:
    """Return countries that load on one factor, in outcome and driver; slopes of mean 1."""
    rng = np.random.default_rng(seed)
    factor = np.zeros(years + 20)
    for t in range(1, len(factor)):
        factor[t] = 0.8 * factor[t - 1] + rng.normal()
    loads = 1 + 0.3 * rng.normal(size=(2, countries, 1))
    slopes = 1 + 0.2 * rng.normal(size=countries)
    x = loads[0] * factor + rng.normal(size=(countries, len(factor)))
    y = np.zeros_like(x)
    for t in range(1, len(factor)):
        y[:, t] = dynamic * y[:, t - 1] + slopes * x[:, t] + loads[1][:, 0] * factor[t]
        y[:, t] += rng.normal(size=countries)
    index = pd.MultiIndex.from_product(
        [[f"K{c:02d}" for c in range(countries)], range(1950, 1950 + years)],
        names=["country", "year"],
    )
    columns = {"y": y[:, 20:].ravel(), "x": x[:, 20:].ravel()}
    return Panel(pd.DataFrame(columns, index), source="made")


def _estimated(panel: Panel, estimator: str, **more: Any) -> Estimate:
    base = {"name": "m", "label": "m", "outcome": "y", "drivers": ["x"], "estimator": estimator}
    return estimate(panel, ModelSpec.model_validate({**base, **more}))


def test_a_dynamic_factor_is_removed_and_the_bias_halved() -> None:
    """A factor in outcome and driver: the mean group fails, lags of averages serve.

    phi is 0.5; its bias of order 1/T is taken off by the jackknife but for its noise.
    """
    found = {"plain": [], "jackknife": [], "mean_group": []}
    for seed in range(12):
        panel = _made(seed, dynamic=0.5)
        one = _estimated(panel, "dynamic_cce", lags=1)
        two = _estimated(panel, "dynamic_cce", lags=1, dynamic_cce={"jackknife": True})
        found["plain"].append(one.params.to_numpy())
        found["jackknife"].append(two.params.to_numpy())
        found["mean_group"].append(_estimated(panel, "mean_group", lags=1).params.to_numpy()[1:])
    phi, slope = (np.array([np.mean(v, axis=0)[k] for v in found.values()]) for k in (0, 1))

    assert abs(slope[0] - 1) < 0.05
    assert slope[2] > 1.2
    assert -0.06 < phi[0] - 0.5 < -0.01
    assert abs(phi[1] - 0.5) < abs(phi[0] - 0.5) / 2


def test_a_common_process_is_found() -> None:
    """The process follows the factor, and the slope's mean is its own."""
    panel = _made(5, dynamic=0.0)
    one = _estimated(panel, "augmented_mean_group")
    wrong = _estimated(panel, "mean_group")

    place = one.terms.index("x")
    assert abs(one.params.iloc[place] - 1) < 4 * one.std_errors.iloc[place] + 0.05
    assert wrong.params.iloc[1] > 1.2
    # years' means of the outcome are the factor's, twice its loading with the driver's
    means = panel.frame["y"].groupby("year").mean()
    value = one.tables["common_process"]["value"]
    assert np.corrcoef(value, means)[0, 1] > 0.95


def test_refusals() -> None:
    """Tables of others, effects, too short, years that nothing connects: one message each."""
    panel = _made(1, dynamic=0.5)
    with pytest.raises(ValidationError, match="takes no table 'augmented_mean_group'"):
        _estimated(panel, "dynamic_cce", augmented_mean_group={})
    with pytest.raises(ValidationError, match="takes no effects"):
        _estimated(panel, "augmented_mean_group", effects=["year"])
    with pytest.raises(EstimationError, match="no year has averages of the 20 years before it"):
        _estimated(panel, "dynamic_cce", dynamic_cce={"lags": 20}, sample={"first_year": 1995})
    with pytest.raises(EstimationError, match=r"jackknife, half of the years: country K00: .*few"):
        _estimated(panel, "dynamic_cce", dynamic_cce={"lags": 6, "jackknife": True},
                   sample={"first_year": 1980})  # fmt: skip
    apart = {"where": "year < 1970 or year > 1980"}
    with pytest.raises(EstimationError, match=r"common dynamic process.*'year 2009'"):
        _estimated(panel, "augmented_mean_group", sample=apart)
