"""Bayesian model averaging against BMS, published probabilities, quadrature and brute force."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from scipy import integrate

from forecast.errors import EstimationError
from forecast.estimation.averaging.average import BayesianAverage
from forecast.estimation.averaging.bma import average_models
from forecast.estimation.averaging.evidence import HyperG
from forecast.estimation.estimate import estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "estimation"
REFERENCE = pd.read_csv(FOLDER / "bms_datafls.csv", keep_default_na=False)
PUBLISHED = pd.read_csv(FOLDER / "fls_2001_inclusion.csv")

RUNS: dict[str, dict[str, Any]] = {
    "uip": {"g": "uip", "model_prior": "uniform"},
    "bric_beta": {"g": "bric", "model_prior": "beta_binomial", "expected_size": 4.0},
    "g50_fixed": {"g": "fixed", "g_value": 50.0, "model_prior": "fixed", "expected_size": 5.0},
    "hyper": {"g": "hyper", "model_prior": "uniform"},
}


@pytest.fixture(scope="module")
def growth() -> Panel:
    """Return the 72 economies of Fernandez, Ley and Steel, one row each."""
    frame = pd.read_csv(FOLDER / "datafls.csv", index_col=0)
    frame.index = pd.MultiIndex.from_arrays(
        [[f"C{i:02d}" for i in range(len(frame))], [1992] * len(frame)], names=["country", "year"]
    )
    return Panel(frame, source="datafls")


def _spec(drivers: list[str], outcome: str = "y", **options: Any) -> ModelSpec:
    bma = options.pop("bma", {})
    return ModelSpec.model_validate(
        {
            "name": "average",
            "label": "average",
            "outcome": outcome,
            "drivers": drivers,
            "estimator": "bma",
            "covariance": "classical",
            "bma": bma,
            **options,
        }
    )


def _average(panel: Panel, spec: ModelSpec, seed: int | None = None) -> BayesianAverage:
    rng = None if seed is None else np.random.default_rng(seed)
    return average_models(sample(panel, spec), spec, rng)


def _bms(run: str, quantity: str) -> pd.Series:
    rows = REFERENCE[(REFERENCE["run"] == run) & (REFERENCE["quantity"] == quantity)]
    return rows.set_index("term")["value"].astype(float)


@pytest.fixture(scope="module")
def twelve(growth: Panel) -> Callable[[str], BayesianAverage]:
    """Return the averages over the first twelve regressors, by run."""
    names = [str(c) for c in growth.frame.columns[1:13]]
    made = {run: _average(growth, _spec(names, bma=options)) for run, options in RUNS.items()}
    return made.__getitem__


@pytest.mark.parametrize("run", RUNS)
def test_enumeration_equals_bms(twelve: Callable[[str], BayesianAverage], run: str) -> None:
    """Inclusion, moments, sizes and best models equal BMS's full enumeration."""
    found = twelve(run)
    table = found.tidy().set_index("term")
    # BMS computes the hyper-g integrals by a series that stops at about twelve digits
    rtol = 1e-10 if run == "hyper" else 1e-12

    quantities = ["pip", "mean", "mean_if_in"]
    # under hyper-g BMS's variances are not those of the posterior: see the next tests
    quantities += [] if run == "hyper" else ["sd", "sd_if_in"]
    for quantity in quantities:
        np.testing.assert_allclose(table[quantity], _bms(run, quantity)[table.index], rtol=rtol)
    # BMS prints this one with eight decimals
    np.testing.assert_allclose(
        table["positive"], _bms(run, "positive")[table.index], rtol=0, atol=1e-8
    )
    np.testing.assert_allclose(found.sizes, _bms(run, "size"), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.weights[:5], _bms(run, "best"), rtol=1e-9)


def test_as_bms_prints(twelve: Callable[[str], BayesianAverage]) -> None:
    """The inclusion probabilities that BMS prints of its 500 best models, to their precision."""
    printed = {"GDP60": 0.9999940165, "LifeExp": 0.9911157298, "PrScEnroll": 0.2376226096}
    table = twelve("uip").tidy().set_index("term")["pip"]

    for term, value in printed.items():  # the other 3,596 models hold 1e-4 of the probability
        np.testing.assert_allclose(table[term], value, rtol=5e-4)


@pytest.mark.parametrize("df", [20, 71, 400])
@pytest.mark.parametrize("size", [0, 1, 5, 9])
@pytest.mark.parametrize("r2", [0.003, 0.4, 0.95])
def test_hyper_g_equals_quadrature(df: int, size: int, r2: float) -> None:
    """Evidence and moments of the shrinkage equal numerical integrals over it."""
    r2 = r2 if size else 0.0
    prior = HyperG(a=3.0, df=df)

    def log_density(s: float) -> float:
        # p(g) = (a-2)/2 (1+g)^(-a/2) as a density of s = g/(1+g), times the likelihood ratio
        return (size + 3.0 - 4) / 2 * np.log1p(-s) - df / 2 * np.log1p(-s * r2) + np.log(0.5)

    top = max(log_density(s) for s in np.linspace(0, 1 - 1e-9, 20001)) if size else 0.0

    def moment(weight: Callable[[float], float]) -> float:
        # u = sqrt(1 - s) takes out the pole at s = 1
        def part(u: float) -> float:
            s = 1 - u * u
            return weight(s) * np.exp(log_density(s) - top) * 2 * u if u > 0 else 0.0

        peaks = np.sqrt(1 - np.array([0.5, 0.9, 0.99, 0.999]))
        return float(integrate.quad(part, 0, 1, points=peaks, epsabs=0, epsrel=1e-12, limit=400)[0])

    whole = moment(lambda s: 1.0)
    sizes, shares = np.array([size]), np.array([r2])
    found = prior.shrinkage(sizes, shares)
    np.testing.assert_allclose(
        prior.log_evidence(sizes, shares)[0], np.log(whole) + top, rtol=1e-9, atol=1e-9
    )
    for value, weight in (
        (found.first, lambda s: s),
        (found.second, lambda s: s * s),
        (found.residual, lambda s: s * (1 - s * r2)),
    ):
        np.testing.assert_allclose(value[0], moment(weight) / whole, rtol=1e-8)


@pytest.mark.parametrize("run", RUNS)
def test_draws_have_the_posteriors_moments(
    twelve: Callable[[str], BayesianAverage], run: str
) -> None:
    """Draws agree with inclusion, mean, sd and correlation, which were found without them."""
    found = twelve(run)
    number = 200_000
    draws = found.draw(number, np.random.default_rng(11))
    sd = np.sqrt(np.diag(found.cov))

    inclusion = np.mean(draws != 0, axis=0)
    error = np.sqrt(found.pip * (1 - found.pip) / number)
    assert np.all(np.abs(inclusion - found.pip) < 4.5 * error + 1e-9)
    assert np.all(np.abs(draws.mean(axis=0) - found.mean) < 4.5 * sd / np.sqrt(number))
    # rarely included regressors have heavy tails: their sd is known to about two per cent
    np.testing.assert_allclose(draws.std(axis=0), sd, rtol=0.04)
    np.testing.assert_allclose(
        np.corrcoef(draws, rowvar=False), found.cov / np.outer(sd, sd), atol=0.03
    )


@pytest.mark.parametrize("effects", [[], ["year"], ["country", "year"]])
def test_brute_force(random_panel: Callable[..., Panel], effects: list[str]) -> None:
    """With effects swept out and a regressor always in, all models fitted one by one agree."""
    panel = random_panel(2)
    bma = {"g": "fixed", "g_value": 30.0, "model_prior": "uniform", "always": ["x2"]}
    found = _average(panel, _spec(["x1", "x2", "x3"], effects=effects, bma=bma))

    frame = panel.frame.dropna()
    levels = [frame.index.get_level_values(e) for e in effects]
    dummies = [pd.get_dummies(level).to_numpy(dtype=float) for level in levels]
    basis = np.column_stack([np.ones(len(frame)), *dummies])
    left = np.eye(len(frame)) - basis @ np.linalg.pinv(basis)
    y, x = left @ frame["y"].to_numpy(), left @ frame[["x1", "x2", "x3"]].to_numpy()
    df = len(frame) - np.linalg.matrix_rank(basis)
    s, total = 30 / 31, y @ y
    weights, first, second = [], [], []
    for chosen in itertools.product([0, 1], repeat=2):
        inside = np.flatnonzero([chosen[0], 1, chosen[1]])
        part = x[:, inside]
        slopes = np.linalg.lstsq(part, y, rcond=None)[0]
        r2 = 1 - np.sum((y - part @ slopes) ** 2) / total
        weights.append(31 ** (-len(inside) / 2) * (1 - s * r2) ** (-df / 2))
        b, spread = np.zeros(3), np.zeros((3, 3))
        b[inside] = s * slopes
        spread[np.ix_(inside, inside)] = (
            s * total * (1 - s * r2) / (df - 2) * np.linalg.inv(part.T @ part)
        )
        first.append(b)
        second.append(spread + np.outer(b, b))
    share = np.array(weights) / np.sum(weights)
    mean = share @ np.array(first)

    np.testing.assert_allclose(found.mean, mean, rtol=1e-10)
    np.testing.assert_allclose(
        found.cov, np.tensordot(share, second, 1) - np.outer(mean, mean), rtol=1e-8, atol=1e-15
    )
    assert found.pip[1] == pytest.approx(1, abs=1e-14)


def test_chain_agrees_with_enumeration(growth: Panel) -> None:
    """On the same twelve regressors, the Markov chain finds what enumeration finds."""
    names = [str(c) for c in growth.frame.columns[1:13]]
    options = {"g": "bric", "model_prior": "beta_binomial"}
    exact = _average(growth, _spec(names, bma=options))
    chain = _average(growth, _spec(names, bma={**options, "search": "mc3"}), seed=4)

    # 200,000 correlated steps: standard errors of about 0.002
    np.testing.assert_allclose(chain.pip, exact.pip, atol=0.012)
    np.testing.assert_allclose(chain.mean, exact.mean, atol=0.02 * np.abs(exact.mean).max())
    assert chain.stats["corr_pmp"] > 0.999
    assert not chain.enumerated and exact.enumerated


def test_chain_agrees_with_bms(growth: Panel) -> None:
    """All 41 regressors: inclusion within Monte Carlo error of BMS's chain of three million."""
    names = [str(c) for c in growth.frame.columns[1:]]
    found = _average(growth, _spec(names, bma={"g": "bric", "model_prior": "uniform"}), seed=1)

    expected = _bms("mcmc_41", "pip")[list(found.terms)]
    np.testing.assert_allclose(found.pip, expected, atol=0.04)
    assert np.sqrt(np.mean((found.pip - expected) ** 2)) < 0.012


@pytest.mark.slow
def test_published_inclusion_probabilities(growth: Panel) -> None:
    """All 41 regressors: a long chain agrees with BMS's and with what was published."""
    names = [str(c) for c in growth.frame.columns[1:]]
    options = {"g": "bric", "model_prior": "uniform", "burn_in": 200_000, "steps": 3_000_000}
    found = _average(growth, _spec(names, bma=options), seed=2)
    table = found.tidy().set_index("term")

    np.testing.assert_allclose(table["pip"], _bms("mcmc_41", "pip")[table.index], atol=0.012)
    np.testing.assert_allclose(
        table["mean"], _bms("mcmc_41", "mean")[table.index], atol=0.02 * table["sd"].max()
    )
    printed = PUBLISHED.set_index("term")["pip"]
    # theirs rest on one chain of 1999, with weights from the models that it visited
    np.testing.assert_allclose(table["pip"].loc[printed.index], printed, atol=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("g", ["fixed", "hyper"])
def test_intervals_cover(g: str) -> None:
    """With coefficients from the prior, 90 % intervals of draws cover in about 90 % of samples."""
    rng = np.random.default_rng(7)
    names = [f"x{j}" for j in range(6)]
    index = pd.MultiIndex.from_product([[f"K{c:02d}" for c in range(60)], [2000]])
    index.names = ["country", "year"]
    options = {"g": g, "model_prior": "uniform", **({"g_value": 60.0} if g == "fixed" else {})}
    covered = []
    for _ in range(600):
        x = rng.normal(size=(60, 6))
        x -= x.mean(axis=0)
        # p(g) = (1 + g)^(-3/2) / 2 has distribution function 1 - (1 + g)^(-1/2)
        size = 60.0 if g == "fixed" else (1 - rng.random()) ** -2 - 1
        inside = np.flatnonzero(rng.random(6) < 0.5)
        beta = np.zeros(6)
        if len(inside):
            root = np.linalg.cholesky(np.linalg.inv(x[:, inside].T @ x[:, inside]))
            beta[inside] = np.sqrt(size) * root @ rng.normal(size=len(inside))
        y = x @ beta + rng.normal(size=60)
        panel = Panel(pd.DataFrame(np.column_stack([y, x]), index, ["y", *names]), source="made")
        draws = _average(panel, _spec(names, bma=options)).draw(2000, rng).sum(axis=1)
        low, high = np.quantile(draws, [0.05, 0.95])
        covered.append(low <= beta.sum() <= high)

    # standard error 0.012; where all drivers are out, sum and interval are both nearly a point
    assert 0.86 < np.mean(covered) < 0.95


@pytest.fixture(scope="module")
def eighteen() -> Panel:
    """Return a panel of 100 x 8 with 18 drivers, x0 to x17."""
    rng = np.random.default_rng(0)
    names = [f"x{j}" for j in range(18)]
    x = rng.normal(size=(800, 18))
    y = x @ rng.normal(size=18) * 0.05 + rng.normal(size=800)
    index = pd.MultiIndex.from_product([[f"K{c:03d}" for c in range(100)], range(8)])
    index.names = ["country", "year"]
    return Panel(pd.DataFrame(np.column_stack([y, x]), index, ["y", *names]), source="made")


def _of_eighteen(g: str) -> ModelSpec:
    names = [f"x{j}" for j in range(18)]
    return _spec(names, effects=["country", "year"], bma={"g": g})


@pytest.mark.parametrize("g", ["uip", "hyper"])
def test_a_quarter_of_a_million_models(eighteen: Panel, g: str) -> None:
    """All 2^18 models are visited, and the probabilities of their sizes sum to one."""
    found = average_models(sample(eighteen, _of_eighteen(g)), _of_eighteen(g))

    assert found.stats["models"] == 2**18
    np.testing.assert_allclose(found.sizes.sum(), 1, rtol=1e-12)


@pytest.mark.clock
@pytest.mark.parametrize("g", ["uip", "hyper"])
def test_a_quarter_of_a_million_models_in_three_seconds(eighteen: Panel, g: str) -> None:
    """2^18 models take under 3 s (0.7 and 1.0 s on the machine it was written on)."""
    rows = sample(eighteen, _of_eighteen(g))
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        average_models(rows, _of_eighteen(g))
        best = min(best, time.perf_counter() - start)

    assert best < 3


def test_estimate_carries_the_posterior(growth: Panel) -> None:
    """``estimate`` gives posterior means and sds as coefficients, and the tables behind them."""
    names = [str(c) for c in growth.frame.columns[1:7]]
    found = estimate(growth, _spec(names))

    assert found.terms == tuple(names)
    assert found.average is not None
    np.testing.assert_array_equal(found.params, found.average.mean)
    np.testing.assert_allclose(found.std_errors, found.tables["inclusion"]["sd"], rtol=1e-12)
    assert list(found.tables["top_models"]["rank"]) == list(range(1, 11))
    np.testing.assert_allclose(found.tables["model_size"]["probability"].sum(), 1, rtol=1e-12)


def test_units_change_coefficients_only(growth: Panel) -> None:
    """A driver in thousandths has a thousand times the coefficient and the same inclusion."""
    names = [str(c) for c in growth.frame.columns[1:8]]
    first = _average(growth, _spec(names))
    scaled = growth.with_columns(**{names[3]: growth.frame[names[3]] / 1000})
    second = _average(scaled, _spec(names))

    np.testing.assert_allclose(second.pip, first.pip, rtol=1e-12)
    np.testing.assert_allclose(second.mean[3], 1000 * first.mean[3], rtol=1e-10)


def test_what_cannot_be_averaged_is_refused(growth: Panel) -> None:
    """Collinear drivers, too many for enumeration, an unknown 'always', a size out of range."""
    names = [str(c) for c in growth.frame.columns[1:5]]
    doubled = growth.with_columns(twice=2 * growth.frame[names[0]])
    with pytest.raises(EstimationError, match=r"average.*collinear"):
        estimate(doubled, _spec([*names, "twice"]))
    many = [str(c) for c in growth.frame.columns[1:23]]
    with pytest.raises(EstimationError, match=r"at most 20 .* found 22"):
        estimate(growth, _spec(many, bma={"search": "enumerate"}))
    with pytest.raises(EstimationError, match=r"expected_size: found 9"):
        estimate(growth, _spec(names, bma={"expected_size": 9.0}))
    for bma, message in (
        ({"always": ["nothing"]}, "'bma.always' names 'nothing'"),
        ({"g": "fixed"}, "'g_value' goes with"),
        ({"model_prior": "uniform", "expected_size": 2.0}, "not 'uniform'"),
    ):
        with pytest.raises(ValidationError, match=message):
            _spec(names, bma=bma)
    with pytest.raises(ValidationError, match="takes no table 'bma'"):
        _spec(names, estimator="pooled")
