"""Local projections against plm's regressions, closed forms and a known response."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import EstimationError, SpecError
from forecast.estimation.estimate import estimate
from forecast.estimation.horizons.local_projections import local_projections
from forecast.panel import Panel
from places import ROOT

REFERENCE = pd.read_csv(
    ROOT / "tests" / "reference" / "estimation" / "plm_local_projections.csv"
).set_index(["panel", "response", "horizon", "quantity"])["value"]
RTOL = 1e-9  # the same algebra; plm sweeps by means, to some ten digits
INVESTMENT = "inv ~ value + capital | country + year"


def _cut(panel: Panel) -> Panel:
    frame = panel.frame
    firm = frame.index.get_level_values("country").str[1:].astype(int)
    year = frame.index.get_level_values("year")
    return Panel(frame[(7 * firm + 3 * (year - 1935)) % 11 != 0], source="cut")


@pytest.mark.parametrize("response", ["level", "change", "sum"])
@pytest.mark.parametrize("panel", ["grunfeld", "cut"])
def test_each_horizon_equals_plm(
    plm_panel: Callable[[str], Panel], panel: str, response: Any
) -> None:
    """Response, rows, and errors: Driscoll-Kraay, clustered by firm, clustered by year."""
    data = plm_panel("grunfeld") if panel == "grunfeld" else _cut(plm_panel("grunfeld"))
    kinds: dict[str, dict[str, Any]] = {
        "driscoll_kraay": {"covariance": "driscoll_kraay"},
        "clustered": {"covariance": "clustered"},
        "by_year": {"covariance": "clustered", "cluster": "year"},
    }
    for kind, options in kinds.items():
        found = local_projections(
            data, INVESTMENT, "value", horizons=5, response=response, **options
        ).table
        expected = REFERENCE[panel, response].unstack("quantity")
        assert_allclose(found["response"], expected["response"], rtol=RTOL)
        assert found["n_obs"].tolist() == expected["n_obs"].tolist()
        assert_allclose(found["std_error"], expected[kind], rtol=RTOL)


@pytest.mark.parametrize("covariance", ["driscoll_kraay", "conley"])
def test_lags_reach_the_horizon_unless_stated(
    plm_panel: Callable[[str], Panel], covariance: str
) -> None:
    """Errors overlap by h periods; ``maxlag`` is taken as given."""
    panel = plm_panel("grunfeld")
    panel = panel.with_columns(lat=panel.frame["inv"] / 100, lon=panel.frame["value"] / 100)
    near = {"latitude": "lat", "longitude": "lon", "cutoff": 500.0}
    options: dict[str, Any] = {"covariance": covariance, "horizons": 4}
    options |= {"spatial": near} if covariance == "conley" else {}
    own, said = (
        local_projections(panel, INVESTMENT, "value", **options, **more).estimates
        for more in ({}, {"maxlag": 1})
    )

    assert [one.stats["maxlag"] for one in said] == [1.0] * 5
    assert all(one.stats["maxlag"] >= h for h, one in enumerate(own))


def test_a_horizon_is_a_model_of_its_own(plm_panel: Callable[[str], Panel]) -> None:
    """The estimate of a horizon is that of the formula written out."""
    panel = plm_panel("grunfeld")
    found = local_projections(panel, INVESTMENT, "value", horizons=3, lags=1)
    written = "lead(inv, 3) ~ value + capital + lag(inv, 1) + lag(value, 1) | country + year"
    by_hand = estimate(panel, written, covariance="clustered")

    assert_allclose(found.estimates[3].params, by_hand.params, rtol=1e-12)
    assert_allclose(found.table["std_error"][3], by_hand.bse["value"], rtol=1e-12)
    assert found.table["last_year"][3] == 1951


def test_lags_that_are_there_are_not_added_again(plm_panel: Callable[[str], Panel]) -> None:
    """A lag among the drivers, by whatever name, is one of the lags asked for."""
    panel = plm_panel("grunfeld")
    plain = local_projections(panel, INVESTMENT, "value", horizons=2, lags=2)
    own = local_projections(
        panel,
        "inv ~ value + before + capital | country + year",
        "value",
        horizons=2,
        lags=2,
        derive={"before": {"of": "value", "as": "lag"}},
    )

    assert "lag(value, 1)" not in own.estimates[0].terms
    assert_allclose(own.table["response"], plain.table["response"], rtol=1e-10)


def test_sums_are_sums_of_levels_on_the_same_rows(plm_panel: Callable[[str], Panel]) -> None:
    """Responses of sums and changes follow from those of levels where rows are the same."""
    panel = plm_panel("grunfeld")
    kept = {"sample": {"first_year": 1937, "last_year": 1950}}
    level, total, change = (
        local_projections(panel, INVESTMENT, "value", horizons=4, response=r, **kept).table
        for r in ("level", "sum", "change")
    )

    assert_allclose(total["response"], level["response"].cumsum(), rtol=1e-9)
    # y(t - 1) is among the regressors, so that taking it off changes its coefficient alone
    assert_allclose(change["response"], level["response"], rtol=1e-9)
    assert_allclose(change["std_error"], level["std_error"], rtol=1e-9)


def _simulated(seed: int, countries: int = 30, years: int = 60) -> Panel:
    """Return y(t) = 0.7 y(t - 1) + 0.5 x(t) + error, x an autoregression, after 50 years.

    Errors of a year are correlated between countries, more than year effects take up.
    """
    rng = np.random.default_rng(seed)
    start = 50
    common = rng.normal(size=(years + start, 2))
    load = rng.uniform(0.5, 1.5, size=(2, countries))
    y, x = np.zeros((2, countries))
    rows = []
    for t in range(years + start):
        x = 0.5 * x + rng.normal(size=countries) + load[0] * common[t, 0]
        y = 0.7 * y + 0.5 * x + common[t, 1] * load[1] + rng.normal(size=countries)
        if t >= start:
            rows.append(pd.DataFrame({"y": y, "x": x, "year": 1900 + t}))
    frame = pd.concat(rows)
    frame["country"] = [f"C{i:02d}" for i in frame.index]
    return Panel(frame.set_index(["country", "year"]).sort_index(), source="made")


def _truth(horizons: int) -> np.ndarray:
    """Return the response of y to x: shocks to x last by 0.5, those of y by 0.7."""
    x, y, out = 1.0, 0.0, []
    for _ in range(horizons + 1):
        y = 0.7 * y + 0.5 * x
        x *= 0.5
        out.append(y)
    return np.array(out)


@pytest.mark.parametrize(
    ("options", "least"),
    [
        ({"covariance": "clustered", "cluster": "year"}, 0.90),
        ({"covariance": "driscoll_kraay"}, 0.85),
    ],
)
def test_known_response_and_coverage(options: dict[str, str], least: float) -> None:
    """Over 40 panels the mean response is the true one, and 95 % intervals cover it.

    200 intervals, correlated within a panel: about 0.95 +- 0.04 where errors are right. Those of
    Driscoll and Kraay are known to be small with 56 years and four lags.
    """
    truth = _truth(4)
    tables = [
        local_projections(_simulated(seed), "y ~ x | year", "x", horizons=4, **options).table
        for seed in range(40)
    ]
    responses = np.array([table["response"] for table in tables])
    inside = np.array([(t["conf_low"] <= truth) & (truth <= t["conf_high"]) for t in tables])
    errors = np.array([table["std_error"] for table in tables]).mean(axis=0)
    spread = responses.std(axis=0, ddof=1)

    assert (np.abs(responses.mean(axis=0) - truth) < 3 * spread / np.sqrt(40)).all()
    assert least < inside.mean() < 0.99
    # a standard deviation of 40 draws is known to an eighth
    assert_allclose(errors, spread, rtol=0.3)


def test_country_effects_bend_responses_down_in_short_panels() -> None:
    """The bias of order 1/T (Nickell 1981; Herbst and Johannsen 2024), as the page says."""
    truth = _truth(6)
    off = [
        np.mean(
            [
                local_projections(
                    _simulated(seed, years=years), "y ~ x | country + year", "x", horizons=6
                ).table["response"]
                for seed in range(12)
            ],
            axis=0,
        )
        - truth
        for years in (30, 120)
    ]

    assert (off[0][3:] < -0.03).all()
    assert (np.abs(off[1]) < 0.5 * np.abs(off[0]))[3:].all()


def test_instrumented_shocks(plm_panel: Callable[[str], Panel]) -> None:
    """With an instrument, a horizon is two-stage least squares of the outcome later."""
    panel = plm_panel("grunfeld")
    found = local_projections(
        panel, "inv ~ 1 | country | value ~ capital", "value", horizons=2, lags=1
    )
    by_hand = estimate(
        panel, "lead(inv, 2) ~ lag(inv, 1) + lag(value, 1) | country | value ~ capital"
    )

    assert_allclose(found.table["response"][2], by_hand.params["value"], rtol=1e-10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shock": "valeu"}, "shock: .*valeu.*value"),
        ({"horizons": -1}, "horizons: found -1, must be a whole number from 0 to 100"),
        ({"lags": 21}, "lags: found 21"),
        ({"lags": "two"}, "lags: found 'two'"),
        ({"horizons": 2.5}, "horizons: found 2.5"),
        ({"response": "levels"}, "response"),
        ({"level": 1.5}, "level: found 1.5"),
        ({"level": "high"}, "level: found high"),
        (
            {"estimator": "mean_group", "covariance": "nonparametric"},
            "found estimator 'mean_group'",
        ),
        (
            {"prior": {"value": {"mean": 0.1, "sd": 0.1, "source": "what others found before"}}},
            "take no prior",
        ),
    ],
)
def test_refusals(plm_panel: Callable[[str], Panel], options: dict[str, Any], message: str) -> None:
    """What cannot be asked is one message."""
    formula = "inv ~ value + capital" + ("" if "estimator" in options else " | country")
    with pytest.raises(SpecError, match=message):
        local_projections(
            plm_panel("grunfeld"), formula, **{"shock": "value", "horizons": 2, **options}
        )


def test_a_horizon_beyond_the_sample_is_named(plm_panel: Callable[[str], Panel]) -> None:
    """The message says at which horizon rows run out."""
    with pytest.raises(EstimationError, match=r"horizon 1[0-9]: "):
        local_projections(plm_panel("grunfeld"), INVESTMENT, "value", horizons=25)
