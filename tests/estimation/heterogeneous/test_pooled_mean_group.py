"""The pooled mean group estimator against general optimisers in R, and against known truths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pydantic import ValidationError

from estimation.heterogeneous.reference_panels import expected, found
from forecast.diagnostics.run_test import run_test
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

GASOLINE = ("gasoline", "lgaspcar", ["lincomep", "lrpmg"])
CASES: dict[str, tuple[tuple[str, str, list[str]], dict[str, Any]]] = {
    "gasoline": (GASOLINE, {}),
    "gasoline_p2": (GASOLINE, {"p": 2, "q": {"lrpmg": 2}}),
    "gasoline_q0": (GASOLINE, {"q": {"lincomep": 0}}),
    "gasoline_trend": (GASOLINE, {"trend": True}),
    "grunfeld": (("grunfeld", "inv", ["value", "capital"]), {}),
    "grunfeld_holes": (("grunfeld_holes", "inv", ["value", "capital"]), {}),
    "grunfeld_one": (("grunfeld", "inv", ["value"]), {"q": 1}),
}


def _found(case: str, **more: Any) -> Estimate:
    named, options = CASES[case]
    return found(*named, "pooled_mean_group", pooled_mean_group={**options, **more})


def _expected(case: str, quantity: str) -> pd.Series:
    return expected("pooled_mean_group", case, quantity)


@pytest.mark.parametrize("case", CASES)
def test_coefficients_and_likelihood(case: str) -> None:
    """The maximum is that of optim and nlm; what it implies is that of lm.

    Seven digits: numDeriv's gradient, by which the script ends, has eight to ten.
    """
    one = _found(case)

    assert_allclose(one.params, _expected(case, "coef").loc[list(one.terms)], rtol=1e-7)
    assert_allclose(one.stats["loglik"], _expected(case, "loglik"), rtol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_standard_errors(case: str) -> None:
    """Of the whole information matrix, and of the spread over countries."""
    one = _found(case)

    errors = _expected(case, "se_expected").loc[list(one.terms)]
    assert_allclose(one.std_errors, errors, rtol=1e-7)


@pytest.mark.parametrize("case", CASES)
def test_observed_information(case: str) -> None:
    """Second derivatives are numDeriv's, to the six digits that these have."""
    one = _found(case, information="observed")

    errors = _expected(case, "se_observed")
    assert_allclose(one.std_errors[list(errors.index)], errors, rtol=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_hausman_against_the_mean_group(case: str) -> None:
    """The mean group without a common coefficient, and the test of the difference."""
    one = _found(case)

    table = one.tables["mean_group"].set_index("term")
    for column, quantity in (("estimate", "mean_group"), ("std_error", "mean_group_se")):
        assert_allclose(table[column], _expected(case, quantity).loc[list(table.index)], rtol=1e-8)
    tested = run_test("hausman_long_run", None, one)
    assert_allclose(tested.statistic, _expected(case, "hausman"), rtol=1e-5)
    assert ("not positive definite" in tested.note) == np.isnan(tested.p_value)
    assert tested.statistic > 0 or np.isnan(tested.p_value)


@pytest.mark.parametrize("case", CASES)
def test_countries_own_coefficients(case: str) -> None:
    """The last country's speed of adjustment and short run, with errors that know of theta's."""
    table = _found(case).tables["by_country"]

    last = table[table["unit"] == table["unit"].max()].set_index("term")
    for column, quantity in (("estimate", "own"), ("std_error", "own_se")):
        numbers = _expected(case, quantity)
        assert_allclose(last.loc[list(numbers.index), column], numbers, rtol=1e-6)


def _made(seed: int, countries: int = 25, years: int = 60) -> Panel:
    """Return countries with the long run 1, -0.5 and speeds of -0.6 to -0.2."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(countries, years, 2)).cumsum(axis=1)
    speed = -rng.uniform(0.2, 0.6, size=countries)
    short = rng.normal(0.3, 0.2, size=(countries, 2))
    y = np.zeros((countries, years))
    for t in range(1, years):
        y[:, t] = y[:, t - 1] + speed * (y[:, t - 1] - x[:, t] @ [1.0, -0.5])
        y[:, t] += np.sum(short * (x[:, t] - x[:, t - 1]), axis=1) + rng.normal(size=countries)
    index = pd.MultiIndex.from_product(
        [[f"K{c:02d}" for c in range(countries)], range(1950, 1950 + years)],
        names=["country", "year"],
    )
    columns = {"y": y.ravel(), "x1": x[:, :, 0].ravel(), "x2": x[:, :, 1].ravel()}
    return Panel(pd.DataFrame(columns, index), source="made")


def _spec(**more: Any) -> ModelSpec:
    base = {"name": "m", "label": "m", "outcome": "y", "drivers": ["x1", "x2"]}
    return ModelSpec.model_validate({**base, "estimator": "pooled_mean_group", **more})


def test_the_long_run_is_found_and_covered() -> None:
    """Of forty samples the 95 % intervals of the long run miss at most eight of eighty.

    Of eighty at 93 % (an ARDL's errors are a little small in sixty years) nine and more have a
    chance of 11 %; the mean over samples is within four standard errors.
    """
    long_runs, missed = [], 0
    for seed in range(40):
        one = estimate(_made(seed), _spec())
        ends = one.conf_int(0.05)
        truth = [1.0, -0.5]
        inside = (ends.iloc[:2, 0] < truth) & (ends.iloc[:2, 1] > truth)
        missed += int((~inside).sum())
        long_runs.append(one.params.iloc[:2].to_numpy())
    spread = np.std(long_runs, axis=0) / np.sqrt(len(long_runs))

    assert np.all(np.abs(np.mean(long_runs, axis=0) - [1.0, -0.5]) < 4 * spread + 0.01)
    assert missed <= 8


def test_sample_years_reach_back_for_lags() -> None:
    """From 1952 on, the lags of 1950 and 1951 are the panel's: as many rows as the sample has."""
    panel = _made(3)
    one = estimate(panel, _spec(sample={"first_year": 1952}, pooled_mean_group={"p": 2}))

    assert one.n_obs == 25 * 58
    assert estimate(panel, _spec(pooled_mean_group={"p": 2})).n_obs == 25 * 58


def test_refusals() -> None:
    """Lags among drivers, a q of no driver, other effects, too few rows: one message each."""
    for more, say in (
        ({"lags": 1}, "makes its own lags"),
        ({"pooled_mean_group": {"q": {"x3": 1}}}, "'pooled_mean_group.q' names 'x3'"),
        ({"effects": ["year"]}, "takes no effects"),
        ({"dynamic_cce": {}}, "takes no table 'dynamic_cce'"),
    ):
        with pytest.raises(ValidationError, match=say):
            _spec(**more)
    with pytest.raises(EstimationError, match=r"country K00: 4 rows are too few"):
        estimate(_made(1), _spec(sample={"first_year": 2006}))
    with pytest.raises(EstimationError, match="found 1 country"):
        estimate(_made(1), _spec(sample={"include": ["K01"]}))
    frame = _made(1, countries=3).frame
    grown = frame.index.get_level_values("year").to_numpy(dtype=float)
    others = frame.index.get_level_values("country") != "K01"
    exact = Panel(frame.assign(y=frame["y"].where(others, grown)), source="made")
    with pytest.raises(EstimationError, match="country K01: its own regression fits exactly"):
        estimate(exact, _spec())
